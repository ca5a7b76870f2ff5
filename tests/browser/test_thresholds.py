"""Thresholds by keyboard: new segments in a moment, and never the photo again."""

import re
from dataclasses import replace

from playwright.sync_api import expect

from panoseg import Thresholds
from panoseg.demo.gallery import GALLERY, open_scene
from tests.browser.screen import assert_painted, masks_of

FIRST = next(iter(GALLERY))


def test_a_moved_threshold_shows_what_the_core_finds(visit, core):
    photo = open_scene(FIRST)
    screen = visit().wait_for_map(photo)
    screen.received.clear()
    asked = []
    screen.page.on("request", lambda request: asked.append(request.url))

    screen.press_keys("Mask", *["ArrowRight"] * 20)

    moved = Thresholds(mask=0.7)
    screen.wait_for_map(photo, moved)
    assert (core(photo).id_map != core(photo, moved).id_map).any()
    assert_painted(screen.painted("masks"), masks_of(core(photo, moved)))
    # However many of the twenty steps the server saw, it sent maps and no photo.
    received = [frame.encode() if isinstance(frame, str) else frame for frame in screen.received]
    assert received
    assert not [address for address in asked if "/photo/" in address]
    assert max(len(frame) for frame in received) < 100_000


def test_thresholds_reach_both_ends(visit, core):
    photo, thresholds = open_scene(FIRST), Thresholds()
    screen = visit().wait_for_map(photo)
    for slider, key, value in (
        ("Score", "Home", 0.0),
        ("Overlap", "Home", 0.0),
        ("Mask", "Home", 0.0),
        ("Mask", "End", 1.0),
        ("Overlap", "End", 1.0),
        ("Score", "End", 1.0),
    ):
        screen.press_keys(slider, key)
        thresholds = replace(thresholds, **{slider.lower(): value})
        screen.wait_for_map(photo, thresholds)
        segmentation = core(photo, thresholds)
        screen.wait_for_shown(len(segmentation.segments))
        assert_painted(screen.painted("masks"), masks_of(segmentation))
    expect(screen.viewer.locator(".notice")).to_contain_text(
        "The score threshold of 1.00 filters everything away"
    )
    expect(screen.viewer).to_contain_text("No segments.")


def test_the_address_is_a_link_to_what_is_chosen(visit, core):
    photo = open_scene(FIRST)
    screen = visit().wait_for_map(photo)
    screen.press_keys("Score", "End")
    screen.choose_task("Semantic")
    screen.wait_for_map(photo, Thresholds(score=1.0))
    expect(screen.page).to_have_url(re.compile(r"\?(?=.*score=1)(?=.*task=semantic)"))
    screen.page.reload()
    screen.wait_for_map(photo, Thresholds(score=1.0))
    expect(screen.viewer).to_have_attribute("data-task", "semantic")
