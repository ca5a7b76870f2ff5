"""Tasks, near misses and doubt in the picture."""

import math
import re

import pytest
from playwright.sync_api import expect

import panoseg
from panoseg import Thresholds
from panoseg.merging import query_mask
from tests.browser.screen import assert_painted, assert_pixels_agree, masks_of


def test_each_task_is_painted_as_the_core_has_it(screen, photo, predict):
    prediction = predict(photo)
    for task, segmentation in (
        ("Instances", panoseg.instances(prediction, Thresholds().score).flatten()),
        ("Semantic", panoseg.semantic(prediction)),
        ("Panoptic", panoseg.panoptic(prediction)),
    ):
        screen.choose_task(task)
        labels = [f"{segment.label} {segment.id}" for segment in segmentation.segments]
        names = screen.page.locator(".row .name")
        expect(names).to_have_count(len(labels))
        expect(screen.viewer).to_have_attribute("data-task", task.lower())
        assert sorted(names.all_text_contents()) == sorted(labels)
        assert_painted(screen.painted("masks"), masks_of(segmentation))


@pytest.fixture
def missed(screen, photo, predict):
    """The likeliest near miss where every segment is one, with the page at that threshold."""
    thresholds = Thresholds(score=1.0)
    screen.press_keys("Score", "End")
    screen.wait_for_map(photo, thresholds)
    screen.open_tab("Near misses")
    missing = [c for c in panoseg.candidates(predict(photo), thresholds) if c.segment_id == 0 and c.original]
    return max(missing, key=lambda candidate: (candidate.label != "no object", candidate.score))


def row_of(screen, candidate):
    return screen.page.locator(f'.miss[data-query="{candidate.query}"]')


def test_a_near_miss_is_striped_where_its_mask_is(screen, photo, predict, missed):
    show = row_of(screen, missed).get_by_role("button", name=re.compile(f"^{missed.label}"))
    show.click()
    expect(screen.viewer).to_have_attribute("data-near-miss", missed.label)
    striped = screen.painted("light")[..., 3] > 0
    assert_pixels_agree(striped, query_mask(predict(photo), missed.query))
    expect(show).to_have_attribute("aria-pressed", "true")
    show.click()
    screen.page.mouse.move(1, 1)  # a row that is pointed at shows its mask, too
    expect(screen.viewer).to_have_attribute("data-near-miss", "")
    assert not screen.painted("light").any()


def test_a_near_miss_comes_back_with_one_click_and_goes_with_one_undo(screen, photo, predict, core, missed):
    expect(screen.viewer).to_have_attribute("data-segments", "0")
    row_of(screen, missed).get_by_role("button", name=f"Bring back {missed.label}").click()
    score = math.ceil(100 * missed.score) - 1
    back = Thresholds(score=score / 100)
    screen.wait_for_map(photo, back)
    queries = {c.query for c in panoseg.candidates(predict(photo), back) if c.segment_id}
    assert missed.query in queries
    expect(screen.viewer).to_have_attribute("data-segments", str(len(core(photo, back).segments)))
    expect(screen.page.get_by_role("slider", name="Score", exact=True)).to_have_value(f"{back.score:g}")
    screen.page.keyboard.press("Control+z")
    screen.wait_for_map(photo, Thresholds(score=1.0))
    expect(screen.viewer).to_have_attribute("data-segments", "0")
    expect(row_of(screen, missed)).to_be_visible()


def test_doubt_takes_the_place_of_the_colors(screen, photo, predict):
    screen.press("Where is it unsure?")
    expect(screen.viewer).to_have_attribute("data-doubt", "shown")
    heat = screen.painted("masks")
    margin = panoseg.margin(predict(photo))
    borders = masks_of(panoseg.panoptic(predict(photo)))[..., 3] == 255
    sure, unsure = margin > 0.9, (margin < 0.1) & ~borders
    assert not heat[sure & ~borders].any()
    assert (heat[unsure][:, 3] > 200).all()
    assert (heat[unsure][:, 0] > heat[unsure][:, 2] + 50).all()  # red, not blue
    screen.press("Where is it unsure?")
    expect(screen.viewer).to_have_attribute("data-doubt", "")


def test_the_landscape_says_what_the_slider_shows(screen, photo, predict):
    now = panoseg.landscape(predict(photo)).at(0.8)
    words = f"{now.things} things and {now.stuff} stuff cover {100 * now.coverage:.0f} % of the picture"
    expect(screen.page.get_by_role("img", name=words)).to_be_visible()
