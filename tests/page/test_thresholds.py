"""Thresholds and switches change what is shown, and never cost a forward pass."""

import numpy as np
import pytest

import panoseg
from panoseg import Prediction, Thresholds
from tests.fakes import VOCABULARY, fake_prediction
from tests.page.page import Page, as_read


def test_the_page_opens_on_a_segmented_picture(page, models):
    assert page.shows_its_segments
    assert page.labels == ["sky", "grass", "person", "person", "ball"]
    assert page.errors == []
    assert models.demo.calls == 1


def test_the_picture_gets_the_map_of_the_core(page):
    height, width = page.photo["height"], page.photo["width"]
    expected = panoseg.panoptic(fake_prediction((height, width)))
    np.testing.assert_array_equal(page.ids, expected.id_map)


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("slider", ["score", "mask", "overlap"])
def test_a_threshold_at_its_end_needs_no_forward_pass(page, models, slider, value):
    page.move(slider, value)
    assert page.map["stamp"] == str(Thresholds(**{slider: value}))
    height, width = page.photo["height"], page.photo["width"]
    expected = panoseg.panoptic(fake_prediction((height, width)), Thresholds(**{slider: value}))
    np.testing.assert_array_equal(page.ids, expected.id_map)
    assert models.demo.calls == 1


def test_all_thresholds_at_both_ends_and_back(page, models):
    for value in (0.0, 1.0):
        for slider in ("score", "mask", "overlap"):
            page.move(slider, value)
    for slider, value in (("score", 0.8), ("mask", 0.5), ("overlap", 0.8)):
        page.move(slider, value)
    assert page.labels == ["sky", "grass", "person", "person", "ball"]
    assert models.demo.calls == 1


def test_a_lower_score_finds_more(page):
    page.move("score", 0.4)
    assert page.labels == ["sky", "grass", "person", "person", "ball", "kite"]


@pytest.mark.parametrize("slider", ["score", "mask"])
def test_where_everything_is_filtered_away_the_page_names_the_threshold(page, slider):
    page.move(slider, 1.0)
    assert page.labels == []
    nothing = page.map["nothing"]
    assert f"The {slider} threshold of 1.00 filters everything away" in as_read(nothing)
    assert page.errors == []


def test_where_everything_is_occluded_the_page_names_the_overlap(models):
    models.demo.predict_many = lambda photos, **options: [*map(two_people_who_cover_each_other, photos)]
    page = Page()
    assert page.labels == ["person", "person"]
    page.move("overlap", 1.0)
    assert page.labels == []
    nothing = page.map["nothing"]
    assert "The overlap threshold of 1.00 filters everything away" in as_read(nothing)
    assert "keeps 0.80 of its mask" in as_read(nothing)


def two_people_who_cover_each_other(photo, **_):
    """Each is 40 columns wide, and 8 of them go to the other."""
    masks = np.full((2, 48, 64), -9.0)
    masks[0, :, :40], masks[1, :, 24:] = 5, 5
    masks[0, :, 24:32], masks[1, :, 32:40] = 9, 9
    no_doubt = np.full((2, len(VOCABULARY) + 1), -9.0)
    no_doubt[:, VOCABULARY.labels.index("person")] = 9
    size = masks.shape[1:]
    return Prediction(no_doubt, masks, size, size, photo.size, VOCABULARY)


def test_an_empty_picture_fills_again(page):
    page.move("score", 1.0)
    assert "filters everything away" in page.map["nothing"]
    page.move("score", 0.8)
    assert page.labels == ["sky", "grass", "person", "person", "ball"]
    assert page.map["nothing"] == ""
