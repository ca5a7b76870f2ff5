"""The cut-out keeps visible segments untouched, and nothing of what is around them."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

import panoseg
from panoseg.export import cutout_png
from tests.export import samples


def pixels_of(data):
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.mode) == ("PNG", "RGBA")
        return np.asarray(image)


@pytest.mark.parametrize("visible", [None, {3}, {2, 5}, set(), {99}])
def test_visible_segments_stay_and_the_rest_is_gone(visible):
    photo, segmentation = samples.photo(), samples.segmentation()
    pixels = pixels_of(cutout_png(photo, segmentation, visible=visible))
    ids = {1, 2, 3, 4, 5} if visible is None else visible
    inside = np.isin(segmentation.id_map, list(ids))
    np.testing.assert_array_equal(pixels[inside, :3], photo.pixels[inside])
    assert (pixels[inside, 3] == 255).all()
    assert not pixels[~inside].any()


def test_another_size_is_refused():
    segmentation, _ = samples.labelled("dot")
    with pytest.raises(panoseg.InvalidValueError, match="wanted the same size"):
        cutout_png(samples.photo(), segmentation)
