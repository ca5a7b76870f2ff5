"""What page.css takes for granted of Streamlit's page, which an upgrade may name otherwise."""

import re

import pytest

from panoseg.page import header

CSS = "\n".join(path.read_text(encoding="utf-8") for path in header.STYLES)
# Before the page is there, or a control's script.
TESTIDS = sorted(set(re.findall(r'\[data-testid="(\w+)"\]', CSS)) - {"stAppSkeleton", "stSkeleton"})
# Not always there, or on the Collection page.
KEYS = sorted(
    set(re.findall(r"\.st-key-([\w-]+)", CSS))
    - {"waiting", "export-preview", "export-in-the-dark", "pixel-size", "to-picture", "second-to-come"}
)
PREFIXES = sorted(set(re.findall(r'\[class\*="st-key-([\w-]+)"\]', CSS)))


@pytest.fixture
def everything(screen):
    """A page that shows all that is styled: two pictures, a message, and a menu that says something."""
    screen.upload("notes.jpg", b"Milk, bread and oranges.\n" * 9)
    screen.alerts.first.wait_for()
    screen.choose_rival("Other settings")
    screen.page.locator(".st-key-title-right").wait_for()
    screen.wait_for_page().page.locator(".st-key-model-menu").get_by_role("button").first.click()
    screen.page.get_by_role("combobox", name="Model").wait_for()
    screen.page.get_by_test_id("stCaptionContainer").first.wait_for()
    return screen.page


def test_what_is_styled_is_there(everything):
    selectors = [
        *(f'[data-testid="{name}"]' for name in TESTIDS),
        *(f".st-key-{name}" for name in KEYS),
        *(f'[class*="st-key-{name}"]' for name in PREFIXES),
        ".stElementContainer",
    ]
    assert [selector for selector in selectors if not everything.locator(selector).count()] == []


def test_elements_that_only_carry_data_take_no_room(everything):
    places = everything.locator('.stElementContainer[class*="st-key-viewer-"]').evaluate_all(
        "(elements) => elements.map((element) => [getComputedStyle(element).position, element.offsetHeight])"
    )
    assert places
    assert all(place == ["absolute", 0] for place in places)
