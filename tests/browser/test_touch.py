"""The page under fingers, at twice the size, with the system's own colours, and without motion."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_looks import PHONE, SIDEWAYS, TABLET, assert_nothing_scrolls

FINGER = 44
"""Pixels (WCAG 2.5.5)."""

TOO_SMALL = """([root, least]) => {
  const around = ":is(.st-key-bar, .st-key-title-right, [data-testid=stPopoverBody])";
  const all = [...document.querySelectorAll(`${around} :is(button, a)`)];
  all.push(...root.querySelectorAll("button, select, input:not([type=file]), [role=tab]"));
  const fields = document.querySelectorAll("[data-testid=stPopoverBody] input[type=text]");
  all.push(...[...fields].map((field) => field.parentElement)); // the box that one sees
  return all.filter((each) => each.checkVisibility({ visibilityProperty: true })).flatMap((each) => {
    const { width, height } = each.getBoundingClientRect();
    if (Math.round(width) >= least && Math.round(height) >= least) return [];
    return [`${each.getAttribute("aria-label") ?? each.textContent}: ${width} × ${height}`];
  });
}"""


@pytest.mark.parametrize("device", [PHONE, SIDEWAYS, TABLET], ids=["phone", "sideways", "tablet"])
def test_a_finger_meets_everything(visit, photo, device):
    screen = visit(**device).wait_for_map(photo).wait_for_page()
    for tab in ("Near misses", "Numbers", "Segments"):
        screen.tab(tab).tap()
        small = screen.viewer.evaluate(f"root => ({TOO_SMALL})([root, {FINGER}])")
        assert small == []
    expect(screen.page.get_by_role("button", name="Open photo")).to_be_in_viewport(ratio=1)
    for menu in ("Compare", "Model"):
        with screen.menu(menu):
            assert screen.viewer.evaluate(f"root => ({TOO_SMALL})([root, {FINGER}])") == []
    assert screen.page.evaluate("document.documentElement.scrollWidth") == device["viewport"]["width"]


def test_text_at_twice_its_size_loses_nothing(visit, photo):
    """A laptop's window at 200 %: half as many pixels, each twice as large."""
    size = (640, 360)
    screen = visit(viewport={"width": 640, "height": 360}, device_scale_factor=2).wait_for_map(photo)
    screen.wait_for_page()
    assert screen.page.evaluate("document.documentElement.scrollWidth") == size[0]
    for name in ("Score", "Mask", "Overlap"):
        slider = screen.page.get_by_role("slider", name=name, exact=True)
        slider.scroll_into_view_if_needed()
        expect(slider).to_be_in_viewport(ratio=1)
    screen.tab("Numbers").scroll_into_view_if_needed()
    screen.open_tab("Numbers")
    expect(screen.numbers.last).to_be_attached()
    screen.choose_rival("Other settings")
    expect(screen.beside.viewer).to_have_attribute("data-outcomes", "shown")
    for side in (screen, screen.beside):
        assert side.stage.bounding_box()["height"] > 100


def test_colours_that_mean_something_stay_where_the_system_has_its_own(visit, photo, segmentation):
    screen = visit(forced_colors="active").wait_for_map(photo).wait_for_page()
    colors = screen.page.locator(".row .swatch").evaluate_all(
        "all => all.map((each) => getComputedStyle(each).backgroundColor)"
    )
    wanted = {"rgb({}, {}, {})".format(*segment.color) for segment in segmentation.segments}
    assert set(colors) <= wanted
    assert len(set(colors)) > 5
    chosen = screen.page.get_by_role("tab", selected=True)
    outline = "control => getComputedStyle(control).outlineStyle"
    assert chosen.evaluate(outline) == "solid"
    tasks = [screen.page.get_by_role("radio", name=name) for name in ("Panoptic", "Instances")]
    assert [task.evaluate(outline) for task in tasks] == ["solid", "none"]
    screen.page.keyboard.press("Tab")
    tasks[1].focus()
    assert tasks[1].evaluate(outline) == "solid"


def test_nothing_moves_for_who_wants_no_motion(visit, photo):
    moving = "busy => getComputedStyle(busy, '::before').animationName"
    screen = visit(reduced_motion="reduce").wait_for_map(photo)
    assert screen.page.locator(".busy").evaluate(moving) == "none"
    assert visit().wait_for_map(photo).page.locator(".busy").evaluate(moving) == "pulse"


def test_a_tablet_held_upright_shows_everything_at_once(visit, photo):
    screen = visit(**TABLET).wait_for_map(photo).wait_for_page()
    assert_nothing_scrolls(screen, (768, 1024))
