"""The page on a phone, in the dark, and at a small laptop's size."""

import re
from itertools import combinations

import pytest
from playwright.sync_api import expect

import panoseg
from panoseg.demo.gallery import GALLERY, open_scene
from tests.browser.export_sheet import open_sheet
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


def test_a_tab_that_is_tapped_on_a_phone_comes_into_sight(visit):
    screen = visit(**PHONE).wait_for_map(open_scene(FIRST)).wait_for_page()
    screen.tab("Numbers").tap()
    expect(screen.numbers.first).to_be_in_viewport(ratio=1)


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
    download = open_sheet(screen).download_button
    words, ground = (_brightness(download, name) for name in ("color", "background-color"))
    assert abs(words - ground) > 110


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


@pytest.mark.parametrize("options", [{}, PHONE], ids=["laptop", "phone"])
def test_tools_keep_their_place_whatever_the_pictures_shape(visit, options):
    """And no picture lies under them."""
    screen = visit(**options).wait_for_map(open_scene(FIRST)).wait_for_page()
    tools = screen.page.get_by_role("toolbar")
    before = [part.bounding_box() for part in (tools, screen.board, screen.tab("Segments"))]
    for name, size in (("tall.jpg", (120, 900)), ("wide.jpg", (1600, 120))):
        data = photo_file(width=size[0], height=size[1], shade=size[1] % 97)
        screen.upload(name, data)
        screen.wait_for_map(panoseg.open_photo(data)).wait_for_page()
        assert [part.bounding_box() for part in (tools, screen.board, screen.tab("Segments"))] == before
        picture = screen.stage.bounding_box()
        assert picture["y"] + picture["height"] <= tools.bounding_box()["y"]
        middle = picture["x"] + picture["width"] / 2
        assert middle == pytest.approx(before[1]["x"] + before[1]["width"] / 2, abs=1)
        assert picture["width"] / picture["height"] == pytest.approx(size[0] / size[1], rel=0.02)


SIDEWAYS = {**PHONE, "viewport": {"width": 844, "height": 390}}
TABLET = {**PHONE, "viewport": {"width": 768, "height": 1024}}
LAPTOP = {"viewport": {"width": 1280, "height": 720}}


@pytest.mark.parametrize("options", [PHONE, SIDEWAYS, LAPTOP], ids=["phone", "sideways", "laptop"])
def test_no_message_lies_over_another_or_over_what_explains_the_colours(visit, photo, options):
    screen = visit(**options).wait_for_map(photo).wait_for_page()
    screen.page.get_by_role("combobox", name="Colour by").select_option("score")
    screen.press("None")
    expect(screen.notice).to_contain_text("Every segment is hidden")
    legend = screen.page.get_by_role("group", name="What the colours mean")
    said = [legend, screen.notice, screen.page.get_by_role("toolbar")]
    screen.upload("notes.jpg", b"Milk, bread and oranges.\n" * 9)
    expect(screen.alerts).to_have_count(1)
    for part in (*said, screen.alerts):
        expect(part).to_be_in_viewport(ratio=1)
    assert_apart(*said, screen.alerts)
    # What is known of a pinned segment has a place of its own, too.
    screen.press("All")
    screen.type_keys("n", "k")
    card = screen.page.locator(".pin-card")
    expect(card).to_contain_text("It is segment")
    expect(legend).to_be_hidden()
    assert_apart(card, screen.page.get_by_role("toolbar"))
    if options is LAPTOP:
        assert_apart(card, screen.alerts)


def test_a_phone_held_sideways_shows_a_comparison_at_once(visit, photo):
    screen = visit(**SIDEWAYS).wait_for_map(photo).wait_for_page()
    screen.choose_rival("Other settings")
    expect(screen.beside.viewer).to_have_attribute("data-outcomes", "shown")
    screen.wait_for_rerun()
    assert_nothing_scrolls(screen, (844, 390))
    assert_titles_are_whole(screen)
    slider = screen.page.get_by_role("slider", name="Score", exact=True)
    outcome = screen.page.get_by_role("list", name="Outcome")
    pictures = screen.stage, screen.beside.stage
    for part in (*pictures, slider, outcome):
        expect(part).to_be_in_viewport(ratio=1)
    assert_apart(*pictures, slider)


def assert_titles_are_whole(screen):
    """Of both pictures of a comparison: model and settings, to the last digit."""
    titles = screen.page.locator("[class*=st-key-title-] p", has_text="overlap")
    expect(titles).to_have_count(2)
    cut_off = "p => p.scrollWidth > p.clientWidth || p.scrollHeight > p.clientHeight + 1"
    assert titles.evaluate_all(f"titles => titles.filter({cut_off})") == []


@pytest.mark.parametrize("options", [PHONE, {}], ids=["phone", "laptop"])
def test_what_is_said_in_the_picture_has_one_place_whatever_it_is(visit, photo, options):
    screen = visit(**options).wait_for_map(photo).wait_for_page()
    screen.press("None")
    expect(screen.notice).to_contain_text("Every segment is hidden")
    place = screen.notice.bounding_box()
    screen.press_keys("Score", "End")
    expect(screen.notice).to_contain_text("The score threshold of 1.00 filters everything away")
    assert screen.notice.bounding_box() == place


CUT_OFF = """() => [...document.querySelectorAll(".st-key-bar :is(button, a, label) p")].filter((words) => {
  const { left, right } = words.getBoundingClientRect();
  const seen = getComputedStyle(words).position !== "absolute" && words.checkVisibility();
  return seen && (words.scrollWidth > words.clientWidth + 1 || left < 0 || right > innerWidth);
}).map((words) => words.textContent)"""


@pytest.mark.parametrize("width", [390, 768, 1024, 1200])
def test_the_bar_says_everything_in_full(visit, width):
    options = PHONE if width < 640 else {}
    screen = visit(**{**options, "viewport": {"width": width, "height": 800}})
    screen.wait_for_map(open_scene(FIRST)).wait_for_page()
    assert screen.page.evaluate(CUT_OFF) == []
    menu = screen.page.get_by_test_id("stMainMenu")
    end = menu.bounding_box()["x"] if menu.is_visible() else width
    for name in ("Compare", "Camera", "Export"):
        box = screen.page.locator(".st-key-bar").get_by_role("button", name=name).last.bounding_box()
        assert box["x"] + box["width"] <= end
    with screen.menu("Model"):
        expect(screen.page.get_by_role("radio", name=re.compile("^As shipped")).first).to_be_visible()
        assert (
            screen.page.locator(".st-key-model-box label p").evaluate_all(
                "all => all.filter((p) => p.scrollWidth > p.clientWidth + 1).map((p) => p.textContent)"
            )
            == []
        )


def assert_apart(*parts):
    """No two of what is seen share a pixel."""
    boxes = [part.bounding_box() for part in parts]
    for one, other in combinations(boxes, 2):
        across = min(each["x"] + each["width"] for each in (one, other)) - max(one["x"], other["x"])
        down = min(each["y"] + each["height"] for each in (one, other)) - max(one["y"], other["y"])
        assert min(across, down) < 0.5, (one, other)


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
