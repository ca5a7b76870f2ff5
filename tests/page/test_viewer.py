"""What Python sends to the viewer."""

import base64
import io
import json
import zlib
from typing import get_args

import numpy as np
import pytest
from PIL import Image

from panoseg import Photo, Segment, Segmentation
from panoseg.drawing import ColorBy
from panoseg.page import display_size, viewer
from panoseg.page.look import Style
from panoseg.page.viewer import payloads, photo_file


def grid(count, size):
    """A segmentation of `count` vertical stripes."""
    height, width = size
    id_map = np.tile(np.arange(width) * count // width + 1, (height, 1))
    segments = []
    for number in range(1, count + 1):
        columns = np.flatnonzero(id_map[0] == number)
        box = (int(columns[0]), 0, len(columns), height)
        segments.append(Segment(number, 0, "=stripe", "thing", 0.9, len(columns) * height, box, (number,)))
    return Segmentation(id_map, tuple(segments))


def ids_of(payload):
    dtype = {1: "u1", 2: "<u2"}[payload["bytes_per_id"]]
    data = zlib.decompress(base64.b64decode(payload["ids"]))
    return np.frombuffer(data, dtype).reshape(payload["height"], payload["width"])


def test_a_map_of_moderate_size_is_sent_pixel_by_pixel():
    segmentation = grid(7, (40, 61))
    payload = viewer.map_payload(segmentation)
    np.testing.assert_array_equal(ids_of(payload), segmentation.id_map)
    assert payload["scale"] == 1
    assert payload["area"] == 40 * 61
    assert [s["key"] for s in payload["segments"]] == [f"query-{n}-0" for n in range(1, 8)]


def test_many_segments_travel_as_words():
    segmentation = grid(300, (4, 600))
    np.testing.assert_array_equal(ids_of(viewer.map_payload(segmentation)), segmentation.id_map)


def test_a_large_map_is_shown_reduced_and_its_numbers_stay_at_full_size():
    segmentation = grid(9, (3000, 4000))
    payload = viewer.map_payload(segmentation)
    ids = ids_of(payload)
    assert ids.size <= display_size.MAX_DISPLAY_PIXELS * 1.01
    assert payload["width"] / payload["height"] == pytest.approx(4 / 3, rel=1e-2)
    for segment, sent in zip(segmentation.segments, payload["segments"], strict=True):
        assert sent["area"] == segment.area
        left, top, width, height = sent["box"]
        rows, columns = np.nonzero(ids == segment.id)
        assert left <= columns.min() <= columns.max() < left + width <= payload["width"]
        assert top <= rows.min() <= rows.max() < top + height <= payload["height"]


def test_a_display_pixel_shows_the_photo_pixel_under_its_center():
    segmentation = grid(4000, (2000, 4000))
    ids = ids_of(viewer.map_payload(segmentation))
    scale = 4000 / ids.shape[1]
    np.testing.assert_array_equal(ids[0], ((np.arange(ids.shape[1]) + 0.5) * scale).astype(int) + 1)


def test_payloads_are_plain_json():
    segmentation = grid(3, (8, 9))
    assert json.loads(json.dumps(viewer.map_payload(segmentation)))["bytes_per_id"] == 1


@pytest.mark.parametrize("size", [(8, 6_000_000), (6_000_000, 8), (5000, 5000), (8, 8)])
def test_display_size_is_bounded_and_never_empty(size):
    height, width = display_size.display_size(size)
    assert 1 <= height <= size[0]
    assert 1 <= width <= size[1]
    assert max(height, width) <= display_size.MAX_DISPLAY_SIDE
    assert height * width <= 1.01 * display_size.MAX_DISPLAY_PIXELS


def test_the_photo_travels_as_a_picture_of_display_size():
    photo = Photo.from_pixels(np.zeros((3000, 4000, 3), np.uint8), "<b>night</b>.jpg")
    payload = payloads.photo_payload(photo, "pictures/photo.jpg")
    size = display_size.display_size((3000, 4000))
    assert (payload["height"], payload["width"]) == size
    assert (payload["key"], payload["url"]) == (photo.digest, "pictures/photo.jpg")
    file = photo_file.photo_file(photo.digest, photo.pixels)
    with Image.open(io.BytesIO(file)) as picture:
        assert (picture.format, picture.size) == ("JPEG", size[::-1])
    assert photo_file.photo_file(photo.digest, photo.pixels) is file, "it was made again"
    photo_file.forget_photo_files()
    assert photo_file.photo_file(photo.digest, photo.pixels) is not file


def test_the_browser_is_told_every_way_to_colour_and_the_style_at_first():
    rules = json.loads(json.dumps(payloads.drawing_rules()))
    assert tuple(rules["color_by"]) == get_args(ColorBy)
    assert Style(**rules["style"]) == Style()
