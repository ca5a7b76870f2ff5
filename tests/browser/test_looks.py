"""The page on a phone, in the dark, and at a small laptop's size."""

import re

import pytest
from playwright.sync_api import expect

from panoseg.demo.gallery import GALLERY, open_scene
from tests.browser.screen import places

FIRST = next(iter(GALLERY))
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_a_phone_needs_no_sideways_scrolling(visit):
    screen = visit(**PHONE).wait_for_map(open_scene(FIRST))
    width = screen.page.evaluate("document.documentElement.scrollWidth")
    main = screen.page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth")
    assert (width, main) == (390, 0)
    box = screen.viewer.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_a_tap_names_the_segment_until_the_next(visit, core):
    screen = visit(**PHONE).wait_for_map(open_scene(FIRST))
    for segment, place in places(core(open_scene(FIRST)))[:2]:
        screen.page.touchscreen.tap(*screen.place_of(*place))
        expect(screen.tip.locator("b")).to_have_text(f"{segment.label} {segment.id}")
        expect(screen.tip).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_systems_scheme(visit, scheme):
    screen = visit(color_scheme=scheme).wait_for_map(open_scene(FIRST))
    for place in (screen.page.get_by_test_id("stApp"), screen.page.get_by_test_id("stSidebar")):
        assert (_brightness(place, "background-color") < 60) == (scheme == "dark")
    assert (_brightness(screen.viewer, "color") > 200) == (scheme == "dark")


def test_a_small_laptop_shows_the_picture_and_the_thresholds_at_once(visit):
    screen = visit(viewport={"width": 1280, "height": 800}).wait_for_map(open_scene(FIRST))
    assert screen.page.evaluate("document.documentElement.scrollWidth") == 1280
    expect(screen.photo).to_be_in_viewport(ratio=1)
    for slider in ("Score", "Mask", "Overlap"):
        part = screen.page.get_by_role("slider", name=slider, exact=True)
        expect(part).to_be_in_viewport(ratio=1)


def _brightness(place, property_):
    color = place.evaluate(f"element => getComputedStyle(element).getPropertyValue('{property_}')")
    return sum(float(number) for number in re.findall(r"[\d.]+", color)[:3]) / 3
