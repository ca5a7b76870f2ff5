"""The id map survives its PNG file, and the file is what its name says."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from panoseg import InvalidValueError, Segment, Segmentation
from panoseg.export import id_map_png
from tests.export import samples


@pytest.mark.parametrize("segmentation", [samples.segmentation(), samples.empty()], ids=["some", "none"])
def test_ids_read_back_equal(segmentation):
    with Image.open(BytesIO(id_map_png(segmentation))) as image:
        assert (image.format, image.mode) == ("PNG", "I;16")
        np.testing.assert_array_equal(np.asarray(image), segmentation.id_map)


def test_the_header_says_16_bit_grey():
    data = id_map_png(samples.segmentation())
    assert (data[24], data[25]) == (16, 0)  # bit depth and colour type of the PNG's IHDR


def many(count):
    segments = tuple(Segment(i, 0, "dot", "thing", 0.5, 1, (i - 1, 0, 1, 1)) for i in range(1, count + 1))
    return Segmentation(np.arange(1, count + 1, dtype=np.int32)[None], segments)


def test_every_16_bit_id_fits_and_one_more_is_refused():
    most = many(65535)
    with Image.open(BytesIO(id_map_png(most))) as image:
        np.testing.assert_array_equal(np.asarray(image), most.id_map)
    with pytest.raises(InvalidValueError, match="up to 65535, got 65536 segments"):
        id_map_png(many(65536))
