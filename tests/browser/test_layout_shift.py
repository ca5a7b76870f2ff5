"""Nothing on the page moves by itself: layout shifts from its opening over a tour of every control."""

import re

import pytest
from playwright.sync_api import expect

import panoseg
from panoseg import Thresholds
from panoseg.demo.gallery import GALLERY, open_scene
from tests.browser.export_sheet import open_sheet
from tests.browser.layout_shifts import MOST, WATCH_SHIFTS, assert_still, begin_step, go_far_away, shifts
from tests.browser.screen import inside, places
from tests.browser.test_looks import PHONE
from tests.page.page import photo_file

pytestmark = pytest.mark.own_server

SECOND = list(GALLERY)[1]


LAPTOP = {"viewport": {"width": 1280, "height": 720}}
on_laptop_and_phone = pytest.mark.parametrize(
    "touring", [LAPTOP, PHONE], ids=["laptop", "phone"], indirect=True
)


@pytest.fixture
def touring(visit, photo, request):
    screen = visit(init_script=WATCH_SHIFTS, **getattr(request, "param", LAPTOP))
    screen.wait_for_map(photo).wait_for_page()
    go_far_away(screen.page)
    return screen


@pytest.fixture
def step(touring):
    """`step(name)`: what comes now, once everything before has come to rest."""

    def begin(name):
        touring.wait_for_rerun()
        begin_step(touring, name)

    return begin


def test_a_watcher_sees_what_moves(touring):
    """The measure itself: an element that comes in above moves all others."""
    before = sum(shift.value for shift in shifts(touring) if not shift.expected)
    begin_step(touring, "a banner")
    touring.page.evaluate(
        """() => {
          const banner = document.createElement("div");
          banner.style.height = "120px";
          document.querySelector("[data-testid=stMainBlockContainer]").prepend(banner);
        }"""
    )
    touring.page.wait_for_function("window.shifts.some(({ step }) => step === 'a banner')")
    assert sum(s.value for s in shifts(touring) if not s.expected) > before + MOST


@pytest.mark.parametrize("options", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_it_opens_without_a_jump_whatever_comes_late(visit, photo, options, record_property):
    screen = visit(init_script=WATCH_SHIFTS, is_far=True, **options)
    assert_still(screen.wait_for_map(photo).wait_for_page(), record_property)


def test_picture_list_and_toolbar_stand_still(touring, step, segmentation, photo, record_property):
    page = touring.page
    step("pointing at segments")
    for _, place in places(segmentation)[:6]:
        touring.point_at(*place)
    step("clicking into the picture")
    for segment in [s for s in segmentation.segments if inside(segmentation, s.id)][:6]:
        touring.click_at(*inside(segmentation, segment.id))
        touring.wait_for_rerun()
    step("keys of the picture")
    for key in ("n", "n", "p", "h", "i", "a", "f", "f", "Escape", "+", "ArrowLeft", "1", "0", "?"):
        touring.type_keys(key)
    page.keyboard.press("Escape")
    for name in ("None", "All"):
        step(f"the list's {name}")
        touring.press(name)
        touring.wait_for_rerun()
    step("the list's filter")
    page.get_by_role("searchbox").fill(segmentation.segments[0].label)
    page.get_by_role("searchbox").fill("")
    for name in ("Labels", "Cut out", "Before and after", "Where is it unsure?", "Colours", "Outlines"):
        for way in ("on", "off"):
            step(f"{name} {way}")
            touring.press(name)
            touring.wait_for_rerun()
    step("colours by")
    for way in ("label", "score", "segment"):
        page.get_by_role("combobox", name="Colour by").select_option(way)
    step("strength")
    touring.press_keys("Opacity", "ArrowLeft", "ArrowRight")
    touring.press_keys("Outline width", "ArrowRight", "ArrowLeft")
    for name in ("Zoom in", "Zoom out", "Fit", "Keys"):
        step(name)
        touring.press(name)
    touring.press("Close")
    assert_still(touring, record_property)


@on_laptop_and_phone
def test_thresholds_and_tabs_stand_still(touring, step, photo, record_property):
    for name in ("Score", "Mask", "Overlap"):
        for key in ("ArrowLeft", "ArrowRight", "Home", "End"):
            step(f"{name} {key}")
            touring.press_keys(name, key)
            touring.wait_for_rerun()
        step(f"{name} typed")
        typed = touring.page.get_by_role("spinbutton", name=f"{name} as a number")
        typed.fill("0.85")
        typed.press("Enter")
        touring.wait_for_rerun()
    for name in ("Undo", "Redo", "The paper's values"):
        step(name)
        touring.press(name)
        touring.wait_for_rerun()
    touring.wait_for_map(photo, Thresholds())
    for tab in ("Near misses", "Numbers", "Segments"):
        step(f"the tab {tab}")
        touring.open_tab(tab)
    step("the table's order")
    touring.open_tab("Numbers")
    touring.page.get_by_role("columnheader", name="Score").get_by_role("button").click()
    step("a near miss below the sliders")
    touring.press_keys("Score", "End")
    touring.wait_for_map(photo, Thresholds(score=1.0))
    touring.page.locator(".returning").first.click()
    touring.wait_for_rerun()
    step("a near miss")
    touring.open_tab("Near misses")
    touring.press_keys("Score", "End")
    touring.wait_for_map(photo, Thresholds(score=1.0))
    touring.page.locator(".miss-pick").first.click()
    touring.wait_for_rerun()
    step("a near miss comes back")
    touring.page.locator(".bring-back").first.click()
    touring.wait_for_rerun()
    assert_still(touring, record_property)


@on_laptop_and_phone
def test_pictures_tasks_and_menus_stand_still(touring, step, photo, record_property):
    for task in ("Instances", "Semantic", "Panoptic"):
        step(f"the task {task}")
        touring.choose_task(task)
        expect(touring.viewer).to_have_attribute("data-task", task.lower())
    step("another scene")
    touring.go_to(GALLERY[SECOND])
    touring.wait_for_map(open_scene(SECOND))
    data = photo_file(width=96, height=240, shade=31)
    step("an upload")
    touring.upload("tall.jpg", data)
    touring.wait_for_map(panoseg.open_photo(data))
    touring.wait_for_rerun()
    step("a file that is refused")
    touring.upload("notes.jpg", b"Milk, bread and oranges.\n" * 9)
    expect(touring.alerts).to_have_count(1)
    step("taking uploads away")
    touring.take_out("notes.jpg")
    touring.take_out("tall.jpg")
    touring.wait_for_map(photo)
    step("the model's menu")
    with touring.menu("Model") as page:
        step("the input size")
        page.get_by_role("radio", name="Custom").click()
        expect(touring.shows("Sees the picture at 480 × 320.")).to_be_visible()
        touring.wait_for_rerun()
        page.get_by_role("radio", name=re.compile("^As shipped")).click()
        expect(touring.shows("Sees the picture at 256 × 256.")).to_be_visible()
        touring.wait_for_rerun()
        begin_step(touring, "the model's menu closes")
    step("the export sheet")
    sheet = open_sheet(touring)
    sheet.choose("csv")
    step("the export sheet closes")
    sheet.close()
    assert_still(touring, record_property)


def test_a_message_is_seen_once_it_has_its_words(screen):
    screen.upload("notes.jpg", b"Milk, bread and oranges.\n" * 9)
    cross = screen.page.get_by_role("button", name="Close this message")
    expect(cross).to_be_visible()
    # As Streamlit sends it bit by bit, and takes it away.
    screen.alerts.evaluate("(alert) => alert.remove()")
    expect(cross).to_be_hidden()


def test_what_the_page_waits_for_is_said_once_its_script_is_there(screen):
    over = screen.page.locator(".st-key-over-picture")
    # As Streamlit holds the place of words whose script is on its way, and then shows them.
    over.evaluate("""(over) => {
      over.innerHTML = '<div class="coming"><div style="width: 40px; height: 40px"></div></div>';
    }""")
    expect(over.locator(".coming")).to_be_hidden()
    over.evaluate("(over) => { over.querySelector('.coming').innerHTML = '<p>Looking at it …</p>'; }")
    expect(over.locator(".coming")).to_be_visible()


@pytest.mark.parametrize("options", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_message_that_comes_pushes_none_that_is_there(visit, photo, options):
    screen = visit(**options).wait_for_map(photo).wait_for_page()
    data = photo_file(width=96, height=240, shade=32)
    screen.upload("tall.jpg", data)
    screen.wait_for_map(panoseg.open_photo(data)).wait_for_page()
    advice = screen.page.locator(".st-key-notice-advice")
    before = advice.bounding_box()
    screen.upload("notes.jpg", b"Milk, bread and oranges.\n" * 9)
    expect(screen.alerts).to_be_visible()
    assert advice.bounding_box() == before
    box, window = screen.alerts.bounding_box(), options["viewport"]
    assert box["y"] > 0 and box["y"] + box["height"] < window["height"]


def test_a_comparison_comes_and_goes_without_a_jump(touring, step, photo, record_property):
    for rival in ("Other settings", "Annotation", "Other model", "Other settings"):
        step(f"comparing with: {rival}")
        touring.choose_rival(rival)
        touring.wait_for_rerun()
    for side in (touring, touring.beside):
        expect(side.viewer).to_have_attribute("data-outcomes", "shown")
    step("settings of the right")
    with touring.menu("Reference"):
        step("settings of the right move")
        slider = touring.page.get_by_test_id("stSlider").filter(has_text="Right score")
        assert slider.bounding_box()["width"] >= 160  # room for a hundred steps
        touring.press_keys("Right score", "Home", "ArrowRight")
        touring.beside.wait_for_map(photo, Thresholds(score=0.01))
        touring.wait_for_rerun()
    step("the tab Differences")
    touring.open_tab("Differences")
    touring.page.get_by_role("tabpanel", name="Differences").get_by_role("button").first.click()
    step("comparing with: Nothing")
    touring.choose_rival("Nothing")
    expect(touring.beside.viewer).to_have_count(0)
    touring.wait_for_rerun()
    assert_still(touring, record_property)


@on_laptop_and_phone
@pytest.mark.parametrize(
    ("opener", "box", "below"),
    [
        (".st-key-model-menu", ".st-key-model-box", ".st-key-input"),
        (".st-key-export", "[role=dialog]", ".st-key-download"),
    ],
    ids=["model", "export"],
)
def test_a_control_whose_script_comes_late_pushes_nothing(touring, opener, box, below):
    page, held = touring.page, []

    def place():
        outer, inner = (page.locator(each).bounding_box() for each in (box, below))
        return inner["y"] - outer["y"]

    page.route("**/static/js/*", lambda route: held.append(route) if held is not None else route.continue_())
    page.locator(opener).get_by_role("button").first.click()
    coming = page.locator(box).get_by_test_id("stSkeleton")
    expect(coming.first).to_be_visible()
    expect(page.locator(below)).to_be_visible()
    before = place()
    routes, held = held, None
    for route in routes:
        route.continue_()
    expect(coming).to_have_count(0)
    assert place() == pytest.approx(before, abs=1)
