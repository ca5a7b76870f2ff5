"""The page on a phone, in the dark, and at a small laptop's size."""

import re

import pytest
from playwright.sync_api import expect

from panoseg.demo.gallery import GALLERY, open_scene
from tests.browser.screen import places
from tests.page.page import photo_file

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
    for place in (screen.page.get_by_test_id("stApp"), screen.page.get_by_role("toolbar")):
        assert (_brightness(place, "background-color") < 60) == (scheme == "dark")
    assert (_brightness(screen.viewer, "color") > 200) == (scheme == "dark")


@pytest.mark.parametrize("size", [(1280, 720), (1280, 800), (1920, 1080)])
def test_a_window_shows_everything_at_once_and_nothing_scrolls(visit, size):
    width, height = size
    screen = (
        visit(viewport={"width": width, "height": height}).wait_for_map(open_scene(FIRST)).wait_for_page()
    )
    assert_nothing_scrolls(screen, size)
    for part in (
        screen.photo,
        *(screen.page.get_by_role("slider", name=name, exact=True) for name in ("Score", "Mask", "Overlap")),
        screen.page.get_by_role("button", name="Open photo"),
        screen.page.get_by_role("toolbar"),
        screen.page.get_by_role("tablist"),
    ):
        expect(part).to_be_in_viewport(ratio=1)
    for tab in ("Near misses", "Numbers", "Segments"):
        screen.open_tab(tab)
        assert_nothing_scrolls(screen, size)
    screen.upload("tall.jpg", photo_file(width=120, height=900))  # neither its shape nor its notice
    expect(screen.current_tile).to_have_accessible_name("tall.jpg")
    screen.wait_for_rerun()
    expect(screen.shows("The demo model knows only its drawn world")).to_be_visible()
    assert_nothing_scrolls(screen, size)


def assert_nothing_scrolls(screen, size):
    """The page is as large as the window, once the viewer has measured what stands above it."""
    screen.page.wait_for_function(
        """([width, height]) => {
          const main = document.querySelector("[data-testid=stMain]");
          const page = document.documentElement;
          return page.scrollWidth === width && page.scrollHeight === height
            && main.scrollWidth <= main.clientWidth && main.scrollHeight <= main.clientHeight;
        }""",
        arg=list(size),
    )


def _brightness(place, property_):
    color = place.evaluate(f"element => getComputedStyle(element).getPropertyValue('{property_}')")
    return sum(float(number) for number in re.findall(r"[\d.]+", color)[:3]) / 3
