import numpy as np
import pytest

import panoseg
from panoseg.drawing import OUTLINE, _Boxes, draw_overlay
from panoseg.label_colors import label_color
from panoseg.palette import outcome_color, score_color

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


def test_selected_segments_stand_out():
    drawn = np.asarray(draw_overlay(PHOTO, SEGMENTATION, 0.6, selected={2}, outlines=False))
    np.testing.assert_array_equal(
        drawn[:, 2:4], np.rint(0.25 * PIXELS[:, 2:4] + 0.75 * np.array([0, 0, 255]))
    )
    faint = (1 - 0.21) * PIXELS[:, :2] + 0.21 * np.array([255, 0, 0])
    np.testing.assert_allclose(drawn[:, :2], faint, atol=0.51)
    plain = draw_overlay(PHOTO, SEGMENTATION, 0.6, selected={99}, outlines=False)
    assert plain == draw_overlay(PHOTO, SEGMENTATION, 0.6, outlines=False)


def test_outlines_grow_to_both_sides():
    def outlined(width):
        drawn = np.asarray(draw_overlay(PHOTO, SEGMENTATION, visible={2}, outline_width=width))
        return np.flatnonzero((drawn[0] == OUTLINE).all(axis=-1)).tolist()

    assert outlined(1) == [1, 3]
    assert outlined(2) == [1, 2, 3, 4]
    assert outlined(9) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(("color_by", "color"), [("label", label_color("ball")), ("score", score_color(0.9))])
def test_other_ways_to_colour(color_by, color):
    drawn = np.asarray(draw_overlay(PHOTO, SEGMENTATION, 1, color_by=color_by, outlines=False))
    assert (drawn[ID_MAP == 2] == color).all()


def test_outcomes_of_a_comparison_are_colours():
    style = {"color_by": "outcome", "outlines": False}
    drawn = np.asarray(draw_overlay(PHOTO, SEGMENTATION, 1, outcomes={1: "match", 2: "left"}, **style))
    assert (drawn[ID_MAP == 1] == outcome_color("match")).all()
    assert (drawn[ID_MAP == 2] == outcome_color("left")).all()
    drawn = np.asarray(draw_overlay(PHOTO, SEGMENTATION, 1, outcomes={}, **style))
    assert (drawn[ID_MAP > 0] == outcome_color("uncounted")).all()


def test_a_cut_out_is_the_photo_inside_and_nothing_outside():
    drawn = np.asarray(draw_overlay(PHOTO, SEGMENTATION, cutout=True, visible={2}, outlines=False))
    assert drawn.shape == (4, 6, 4)
    np.testing.assert_array_equal(drawn[ID_MAP == 2][:, :3], PIXELS[ID_MAP == 2])
    np.testing.assert_array_equal(drawn[..., 3], 255 * (ID_MAP == 2))
    assert not drawn[ID_MAP != 2].any()
    chosen = draw_overlay(PHOTO, SEGMENTATION, cutout=True, selected={1}, outlines=False)
    np.testing.assert_array_equal(np.asarray(chosen)[..., 3], 255 * (ID_MAP == 1))


def test_labels_stand_at_inner_points():
    size = (200, 400)
    ids = np.ones(size, int)
    ids[:, 300:] = 2
    segments = (
        panoseg.Segment(1, 0, "sky", "stuff", 0.9, 60_000, (0, 0, 300, 200), color=(255, 0, 0)),
        panoseg.Segment(2, 1, "ball", "thing", 0.9, 20_000, (300, 0, 100, 200), color=(0, 0, 255)),
    )
    photo = panoseg.Photo.from_pixels(np.zeros((*size, 3), np.uint8), "black")
    segmentation = panoseg.Segmentation(ids, segments)
    for visible in ({1}, {2}):
        bare = np.asarray(draw_overlay(photo, segmentation, visible=visible, outlines=False)).astype(int)
        named = np.asarray(draw_overlay(photo, segmentation, visible=visible, outlines=False, labels=True))
        changed = (bare != named).any(axis=-1)
        (id_,) = visible
        assert changed[ids == id_].any()
        assert not changed[ids != id_].any()


def test_the_photo_is_not_touched():
    before = PHOTO.pixels.copy()
    draw_overlay(PHOTO, SEGMENTATION)
    np.testing.assert_array_equal(PHOTO.pixels, before)


def test_bands_do_not_show(monkeypatch):
    whole = np.asarray(draw_overlay(PHOTO, SEGMENTATION))
    monkeypatch.setattr("panoseg.drawing._BAND_PIXELS", 7)
    np.testing.assert_array_equal(np.asarray(draw_overlay(PHOTO, SEGMENTATION)), whole)


@pytest.mark.parametrize("choice", [{"outline_width": 0}, {"color_by": "mood"}, {"color_by": "outcome"}])
def test_rejects_a_style_that_is_none(choice):
    with pytest.raises(panoseg.InvalidValueError, match="wanted"):
        draw_overlay(PHOTO, SEGMENTATION, **choice)


@pytest.mark.parametrize("opacity", [-0.1, 1.1])
def test_rejects_an_opacity_outside_0_to_1(opacity):
    with pytest.raises(panoseg.InvalidValueError, match="from 0 to 1"):
        draw_overlay(PHOTO, SEGMENTATION, opacity)


def test_rejects_another_size():
    other = panoseg.Photo.from_pixels(PIXELS[:2], "other")
    with pytest.raises(panoseg.InvalidValueError, match="6×4 pixels, the photo 6×2"):
        draw_overlay(other, SEGMENTATION)


class Listed(list):
    def __contains__(self, item):
        raise AssertionError("searched from its start for every segment")


def test_visible_segments_may_come_in_a_list():
    drawn = draw_overlay(PHOTO, SEGMENTATION, visible=Listed([2]))
    assert drawn == draw_overlay(PHOTO, SEGMENTATION, visible={2})


def test_labels_never_overlap_and_the_largest_stay():
    """As many as fit: what was left out would overlap one that is there."""
    taken, rng = _Boxes(cell=40), np.random.default_rng(1)
    corners = rng.uniform(-20, 300, (500, 2))
    boxes = [
        (x, y, x + w, y + h) for (x, y), (w, h) in zip(corners, rng.uniform(5, 90, (500, 2)), strict=True)
    ]
    kept = []
    for box in boxes:
        free = not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in kept)
        assert taken.claim(box) == free
        if free:
            kept.append(box)
    assert 10 < len(kept) < 400
