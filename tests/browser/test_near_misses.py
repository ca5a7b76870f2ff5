"""Tasks, near misses and doubt in the picture."""

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
        screen.choose_source(task)
        labels = [f"{segment.label} {segment.id}" for segment in segmentation.segments]
        names = screen.page.locator(".row .name")
        expect(names).to_have_count(len(labels))
        expect(screen.viewer).to_have_attribute("data-task", task.lower())
        assert sorted(names.all_text_contents()) == sorted(labels)
        assert_painted(screen.painted("masks"), masks_of(segmentation))


def test_a_near_miss_is_striped_where_its_mask_is(screen, photo, predict):
    prediction, thresholds = predict(photo), Thresholds(score=1.0)
    screen.press_keys("Score", "End")
    screen.wait_for_map(photo, thresholds)
    missing = [c for c in panoseg.candidates(prediction, thresholds) if c.segment_id == 0 and c.original]
    likeliest = max(missing, key=lambda candidate: (candidate.label != "no object", candidate.score))
    screen.select_row(0)
    expect(screen.viewer).to_have_attribute("data-near-miss", likeliest.label)
    striped = screen.painted("light")[..., 3] > 0
    assert_pixels_agree(striped, query_mask(prediction, likeliest.query))
    expect(screen.shows("striped in the picture")).to_be_visible()


def test_doubt_takes_the_place_of_the_colors(screen, photo, predict):
    screen.page.get_by_text("Where is it unsure?").click()
    expect(screen.viewer).to_have_attribute("data-doubt", "shown")
    heat = screen.painted("masks")
    margin = panoseg.margin(predict(photo))
    borders = masks_of(panoseg.panoptic(predict(photo)))[..., 3] == 255
    sure, unsure = margin > 0.9, (margin < 0.1) & ~borders
    assert not heat[sure & ~borders].any()
    assert (heat[unsure][:, 3] > 200).all()
    assert (heat[unsure][:, 0] > heat[unsure][:, 2] + 50).all()  # red, not blue
    screen.page.get_by_text("Where is it unsure?").click()
    expect(screen.viewer).to_have_attribute("data-doubt", "")


def test_the_landscape_says_what_the_slider_shows(screen, photo, predict):
    now = panoseg.landscape(predict(photo)).at(0.8)
    words = f"{now.things} things and {now.stuff} stuff cover {100 * now.coverage:.0f} % of the picture"
    expect(screen.page.get_by_role("img", name=words)).to_be_visible()
