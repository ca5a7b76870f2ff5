"""Looking closer: zoom and pan by wheel, drag, fingers and keys; what is near stays near."""

import pytest
from playwright.sync_api import expect

from panoseg import Thresholds
from panoseg.demo.gallery import GALLERY, open_scene
from tests.browser.screen import inside
from tests.browser.test_looks import PHONE

SECOND = list(GALLERY)[1]


def wait_for_zoom(screen, condition):
    screen.page.wait_for_function(f"(zoom => {condition})(Number(window.viewer().dataset.zoom))")


def test_the_wheel_zooms_to_the_pointer(screen, core, photo):
    segmentation = core(photo)
    place = inside(segmentation, 1)
    before = screen.place_of(*place)
    screen.page.mouse.move(*before)
    screen.page.keyboard.down("Control")
    screen.page.mouse.wheel(0, -500)
    screen.page.keyboard.up("Control")
    wait_for_zoom(screen, "zoom > 2")
    # A wheel's place is told in whole pixels of the window.
    assert screen.place_of(*place) == pytest.approx(before, abs=3)
    expect(screen.photo).to_have_css("image-rendering", "pixelated")
    screen.page.mouse.move(before[0] + 1, before[1])
    label = segmentation.segments[0].label
    expect(screen.tip.locator("b")).to_have_text(f"{label} 1")


def test_the_wheel_scrolls_the_page_until_the_picture_has_the_focus(screen):
    # In a window that is too low for the viewer; in any other, nothing scrolls.
    screen.page.set_viewport_size({"width": 1280, "height": 300})
    main = screen.page.get_by_test_id("stMain")
    screen.point_at(480, 320)
    screen.page.mouse.wheel(0, 60)
    screen.page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 0")
    assert screen.zoom == 1
    main.evaluate("main => main.scrollTo(0, 0)")
    screen.board.focus()
    screen.point_at(480, 320)
    screen.page.mouse.wheel(0, -300)
    wait_for_zoom(screen, "zoom > 1.5")
    # Out again, and further: then the page scrolls.
    screen.page.mouse.wheel(0, 2000)
    wait_for_zoom(screen, "zoom === 1")
    screen.page.mouse.wheel(0, 60)
    screen.page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 0")


def test_keys_zoom_move_and_fit(screen):
    screen.type_keys("+", "+")
    wait_for_zoom(screen, "zoom === 2.25")
    left, _ = screen.place_of(480, 320)
    screen.page.keyboard.press("ArrowRight")
    box = screen.stage.bounding_box()
    screen.page.wait_for_function(
        "x => Math.abs(window.viewer().querySelector('canvas.photo').getBoundingClientRect().x - x) < 1",
        arg=box["x"] + box["width"] * (0.5 - 0.5 * 2.25 - 0.15),
    )
    assert screen.place_of(480, 320)[0] == pytest.approx(left - 0.15 * box["width"], abs=1)
    screen.page.keyboard.press("0")
    wait_for_zoom(screen, "zoom === 1")
    screen.page.keyboard.press("1")
    expect(screen.page.get_by_role("button", name="Zoom 100 %")).to_be_visible()
    shown = screen.photo.bounding_box()
    assert shown["width"] == pytest.approx(960, abs=1)


def test_a_drag_moves_the_picture_and_selects_nothing(screen):
    screen.type_keys("+", "+")
    wait_for_zoom(screen, "zoom > 2")
    box = screen.stage.bounding_box()
    before = screen.photo.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    screen.page.mouse.move(*middle)
    screen.page.mouse.down()
    screen.page.mouse.move(middle[0] + 60, middle[1] + 30, steps=4)
    screen.page.mouse.up()
    screen.page.wait_for_function(
        "x => Math.abs(window.viewer().querySelector('canvas.photo').getBoundingClientRect().x - x) < 1",
        arg=before["x"] + 60,
    )
    assert screen.photo.bounding_box()["y"] == pytest.approx(before["y"] + 30, abs=1)
    expect(screen.viewer).to_have_attribute("data-selected", "0")


def test_the_view_outlives_thresholds_hiding_and_the_theme(screen, core, photo):
    screen.type_keys("+", "+", "ArrowRight", "ArrowDown")
    wait_for_zoom(screen, "zoom === 2.25")
    place = screen.place_of(480, 320)
    screen.toggle(core(photo).segments[0])
    screen.press_keys("Score", "ArrowLeft")
    screen.wait_for_map(photo, Thresholds(score=0.79))
    screen.page.emulate_media(color_scheme="dark")
    expect(screen.page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(18, 20, 28)")
    assert screen.zoom == 2.25
    assert screen.place_of(480, 320) == pytest.approx(place, abs=1)


def test_another_picture_is_shown_whole(screen):
    screen.type_keys("+")
    screen.go_to(GALLERY[SECOND])
    screen.wait_for_map(open_scene(SECOND))
    wait_for_zoom(screen, "zoom === 1")


def test_double_click_and_f_zoom_to_the_segment(screen, core, photo):
    segmentation = core(photo)
    small = min((s for s in segmentation.segments if inside(segmentation, s.id)), key=lambda s: s.area)
    left, top, width, height = small.bbox
    screen.click_at(*inside(segmentation, small.id), times=2)
    wait_for_zoom(screen, "zoom > 2")
    screen.wait_for_selected(small)
    box = screen.stage.bounding_box()
    for corner in ((left, top), (left + width - 1, top + height - 1)):
        x, y = screen.place_of(*corner)
        assert box["x"] <= x <= box["x"] + box["width"]
        assert box["y"] <= y <= box["y"] + box["height"]
    screen.page.mouse.move(5, 5)
    screen.type_keys("f")
    wait_for_zoom(screen, "zoom === 1")
    screen.type_keys("f")
    wait_for_zoom(screen, "zoom > 2")


def test_two_fingers_zoom(visit, photo):
    screen = visit(**PHONE).wait_for_map(photo)
    box = screen.stage.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = screen.page.context.new_cdp_session(screen.page)

    def fingers(kind, *places):
        points = [{"x": px, "y": py, "id": number} for number, (px, py) in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", (x - 20, y), (x + 20, y))
    for spread in (30, 40, 60):
        fingers("touchMove", (x - spread, y), (x + spread, y))
    fingers("touchEnd")
    wait_for_zoom(screen, "zoom > 2.5 && zoom < 3.5")
    expect(screen.viewer).to_have_attribute("data-selected", "0")
    # Now one finger moves the picture.
    before = screen.photo.bounding_box()["x"]
    fingers("touchStart", (x, y))
    for step in (10, 20, 40):
        fingers("touchMove", (x + step, y))
    fingers("touchEnd")
    screen.page.wait_for_function(
        "x => window.viewer().querySelector('canvas.photo').getBoundingClientRect().x > x", arg=before + 25
    )
