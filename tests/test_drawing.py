import numpy as np
import pytest

import panoseg
from panoseg.drawing import OUTLINE, draw_overlay

PIXELS = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
PHOTO = panoseg.Photo.from_pixels(PIXELS, "test")
ID_MAP = np.array([[1, 1, 2, 2, 0, 0]] * 4)
SEGMENTATION = panoseg.Segmentation(
    ID_MAP,
    (
        panoseg.Segment(1, 0, "sky", "stuff", 0.9, 8, (0, 0, 2, 4), color=(255, 0, 0)),
        panoseg.Segment(2, 1, "ball", "thing", 0.9, 8, (2, 0, 2, 4), color=(0, 0, 255)),
    ),
)


def test_blends_colors_and_leaves_void_alone():
    drawn = np.asarray(draw_overlay(PHOTO, SEGMENTATION, 0.6, outlines=False))
    np.testing.assert_array_equal(drawn[:, 4:], PIXELS[:, 4:])
    np.testing.assert_array_equal(drawn[:, :2], np.rint(0.4 * PIXELS[:, :2] + 0.6 * np.array([255, 0, 0])))
    np.testing.assert_array_equal(drawn[:, 2:4], np.rint(0.4 * PIXELS[:, 2:4] + 0.6 * np.array([0, 0, 255])))


def test_opacity_at_both_ends():
    photo_only = np.asarray(draw_overlay(PHOTO, SEGMENTATION, 0, outlines=False))
    np.testing.assert_array_equal(photo_only, PIXELS)
    color_only = np.asarray(draw_overlay(PHOTO, SEGMENTATION, 1, outlines=False))
    assert (color_only[ID_MAP == 1] == (255, 0, 0)).all()


def test_hidden_segments_are_not_painted():
    drawn = np.asarray(draw_overlay(PHOTO, SEGMENTATION, visible={2}, outlines=False))
    np.testing.assert_array_equal(drawn[ID_MAP == 1], PIXELS[ID_MAP == 1])
    assert (drawn[ID_MAP == 2] != PIXELS[ID_MAP == 2]).any()


def test_outlines_run_where_shown_segments_end():
    def outlined(visible):
        drawn = np.asarray(draw_overlay(PHOTO, SEGMENTATION, visible=visible))
        return np.flatnonzero((drawn[0] == OUTLINE).all(axis=-1)).tolist()

    assert outlined(None) == [1, 3]
    assert outlined({1}) == [1]
    assert outlined({2}) == [1, 3]
    assert outlined(set()) == []


def test_the_photo_is_not_touched():
    before = PHOTO.pixels.copy()
    draw_overlay(PHOTO, SEGMENTATION)
    np.testing.assert_array_equal(PHOTO.pixels, before)


def test_bands_do_not_show(monkeypatch):
    whole = np.asarray(draw_overlay(PHOTO, SEGMENTATION))
    monkeypatch.setattr("panoseg.drawing._BAND_PIXELS", 7)
    np.testing.assert_array_equal(np.asarray(draw_overlay(PHOTO, SEGMENTATION)), whole)


@pytest.mark.parametrize("opacity", [-0.1, 1.1])
def test_rejects_an_opacity_outside_0_to_1(opacity):
    with pytest.raises(panoseg.InvalidValueError, match="from 0 to 1"):
        draw_overlay(PHOTO, SEGMENTATION, opacity)


def test_rejects_another_size():
    other = panoseg.Photo.from_pixels(PIXELS[:2], "other")
    with pytest.raises(panoseg.InvalidValueError, match="6×4 pixels, the photo 6×2"):
        draw_overlay(other, SEGMENTATION)
