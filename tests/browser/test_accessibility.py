"""What axe-core finds on the page: nothing serious, in every state, both themes, and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from panoseg import Thresholds
from tests.browser.accessibility import examine
from tests.browser.export_sheet import open_sheet
from tests.browser.test_looks import PHONE

pytestmark = pytest.mark.own_server

NAMES = "all => all.map((each) => each.getAttribute('aria-label'))"


def test_it_finds_what_is_wrong(screen):
    screen.viewer.evaluate("viewer => viewer.querySelector('.color-by').removeAttribute('aria-label')")
    screen.viewer.evaluate("viewer => viewer.querySelector('.color-by').removeAttribute('title')")
    assert any("select-name" in found for found in examine(screen, "spoilt"))


def test_every_button_for_help_says_what_it_helps_with(screen):
    helping = screen.page.get_by_role("button", name=re.compile("^Help"))
    with screen.menu("Model"):
        expect(helping).to_have_count(2)
        found = helping.evaluate_all(NAMES)
    screen.choose_rival("Other settings")
    with screen.menu("Reference"):
        expect(helping).to_have_count(4)
        found += helping.evaluate_all(NAMES)
    assert all(name.startswith("Help for ") for name in found)
    assert len(set(found)) == len(found)


def states(screen, photo):
    """Name of each state that the page is brought into."""
    yield "the picture"
    for tab in ("Numbers", "Near misses"):
        if tab == "Near misses":
            screen.press_keys("Score", "End")
            screen.wait_for_map(photo, Thresholds(score=1.0))
        screen.open_tab(tab)
        yield f"the tab {tab}"
    screen.press("The paper's values")
    screen.wait_for_map(photo)
    screen.open_tab("Segments")
    screen.type_keys("n", "l", "w")
    yield "something selected, with labels and the wipe"
    screen.type_keys("l", "w", "Escape", "?")
    yield "the keys' sheet"
    screen.press("First steps")
    yield "the first steps"
    for step in ("second", "third"):
        screen.press("Next")
        yield f"the {step} of them"
    screen.press("Done")
    screen.type_keys("n", "k")
    yield "a pinned segment"
    screen.type_keys("Escape", "Escape")
    screen.type_keys("e")
    for tab in ("Step by step", "Queries", "Three tasks", "Glossary"):
        screen.open_tab(tab)
        expect(screen.page.get_by_role("tabpanel", name=tab)).not_to_contain_text("One moment")
        yield f"how it works: {tab}"
    screen.page.keyboard.press("Escape")
    with screen.menu("Model"):
        yield "the model's menu"
    sheet = open_sheet(screen)
    yield "the export sheet"
    sheet.close()
    screen.upload("notes.jpg", b"Milk, bread and oranges.\n" * 9)
    expect(screen.alerts).to_have_count(1)
    yield "a refused file"
    for rival in ("Other model", "Annotation"):
        screen.choose_rival(rival)
        yield f"a place for: {rival}"
    screen.choose_rival("Other settings")
    for side in (screen, screen.beside):
        expect(side.viewer).to_have_attribute("data-outcomes", "shown")
    with screen.menu("Reference"):
        yield "the settings of the right"
    screen.open_tab("Differences")
    yield "a comparison"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 1280, "height": 720}}, PHONE], ids=["laptop", "phone"]
)
def test_nothing_serious_anywhere(visit, photo, scheme, options):
    screen = visit(color_scheme=scheme, **options).wait_for_map(photo).wait_for_page()
    found = [line for state in states(screen, photo) for line in examine(screen, state)]
    assert not found, "\n".join(dict.fromkeys(found))
