"""PNG and JSON agree with each other and with the segmentation, by the COCO panoptic format."""

import json
import zipfile
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from panoseg import InvalidValueError, Segment, Segmentation, Vocabulary
from panoseg.export import coco_panoptic
from panoseg.export.coco_panoptic import coco_digits
from tests.export import samples
from tests.fakes import VOCABULARY


def unpacked(data):
    """(pixels of the PNG, the JSON's content, names in the archive)."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        png, text = (archive.read(name) for name in names)
    with Image.open(BytesIO(png)) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        return np.asarray(image).astype(int), json.loads(text), names


def ids_in(pixels):
    return pixels[..., 0] + 256 * pixels[..., 1] + 65536 * pixels[..., 2]


def test_ids_match_both_ways():
    segmentation = samples.segmentation()
    pixels, description, _ = unpacked(coco_panoptic("holiday.jpg", segmentation, VOCABULARY))
    ids = ids_in(pixels)
    np.testing.assert_array_equal(ids, segmentation.id_map)
    (annotation,) = description["annotations"]
    listed = {segment["id"] for segment in annotation["segments_info"]}
    assert listed == set(np.unique(ids)) - {0}


def test_each_segment_is_described_as_its_pixels_are():
    segmentation = samples.segmentation()
    pixels, description, _ = unpacked(coco_panoptic("holiday.jpg", segmentation, VOCABULARY))
    for segment in description["annotations"][0]["segments_info"]:
        rows, columns = np.nonzero(ids_in(pixels) == segment["id"])
        x, y = int(columns.min()), int(rows.min())
        assert segment["bbox"] == [x, y, int(columns.max()) - x + 1, int(rows.max()) - y + 1]
        assert segment["area"] == len(rows)
        assert segment["iscrowd"] == 0


def test_categories_are_the_data_sets_own():
    _, description, _ = unpacked(coco_panoptic("holiday.jpg", samples.segmentation(), VOCABULARY))
    categories = {category["id"]: category for category in description["categories"]}
    assert categories[187] == {"id": 187, "name": "sky", "isthing": 0}
    assert categories[1] == {"id": 1, "name": "person", "isthing": 1}
    infos = description["annotations"][0]["segments_info"]
    assert [segment["category_id"] for segment in infos] == [187, 193, 1, 1, 37]


def test_file_names_and_image_ids_refer_to_each_other():
    _, description, names = unpacked(coco_panoptic("holiday.jpg", samples.segmentation(), VOCABULARY))
    assert names == ["holiday-panoptic.png", "holiday-panoptic.json"]
    (image,), (annotation,) = description["images"], description["annotations"]
    assert image == {"id": annotation["image_id"], "file_name": "holiday.jpg", "width": 50, "height": 36}
    assert annotation["file_name"] == names[0]


def test_file_names_have_their_suffix_always():
    _, description, _ = unpacked(coco_panoptic("Red bus", samples.segmentation(), VOCABULARY))
    assert description["images"][0]["file_name"] == "Red bus.png"
    assert description["annotations"][0]["file_name"] == "Red bus-panoptic.png"


def test_large_ids_use_every_channel():
    count = 66_000
    segments = tuple(Segment(i, 0, "dot", "thing", 0.5, 1, (i - 1, 0, 1, 1)) for i in range(1, count + 1))
    segmentation = Segmentation(np.arange(1, count + 1, dtype=np.int32)[None], segments)
    pixels, _, _ = unpacked(coco_panoptic("x", segmentation, Vocabulary(["dot"], things=[0])))
    np.testing.assert_array_equal(ids_in(pixels)[0], np.arange(1, count + 1))


def test_an_empty_segmentation_is_all_void():
    pixels, description, _ = unpacked(coco_panoptic("x.png", samples.empty(), VOCABULARY))
    assert not pixels.any()
    assert description["annotations"][0]["segments_info"] == []


def test_equal_segmentations_give_equal_archives_at_any_time():
    first, second = (coco_panoptic("x.png", samples.segmentation(), VOCABULARY) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_foreign_vocabulary_is_refused():
    with pytest.raises(InvalidValueError, match="class ids from 0 to 0, got 1"):
        coco_panoptic("x.png", samples.segmentation(), Vocabulary(["sky"], things=[]))


@pytest.mark.parametrize("largest", [255, 256, 65535, 65536, 2**24 - 1])
def test_digits_hold_every_id(largest):
    ids = np.array([[0, 1, largest], [largest - 1, largest // 2, 7]], np.int32)
    np.testing.assert_array_equal(coco_digits(ids).astype(int) @ [1, 256, 65536], ids)
