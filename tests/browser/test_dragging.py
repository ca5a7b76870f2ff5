"""Thresholds under the finger: the picture follows while a slider moves, and is the core's once it rests."""

import re
from contextlib import contextmanager
from dataclasses import astuple, replace

import numpy as np
import pytest
from playwright.sync_api import expect

import panoseg
from panoseg import Thresholds
from panoseg.comparison import Side, compare
from panoseg.demo.world import WORLD_VOCABULARY
from tests.browser.screen import assert_painted, masks_of, places
from tests.page.page import photo_file

# While it moves, the picture is merged from logits in steps: a few pixels along borders may differ.
LEAST_AGREEING = 0.999
THUMB = 8  # the thumb's middle keeps so many pixels from both ends


def slider(screen, name="Score"):
    return screen.page.get_by_role("slider", name=name, exact=True)


def typed(screen, name="Score"):
    return screen.page.get_by_role("spinbutton", name=f"{name} as a number")


def value_of(screen, name="Score"):
    return float(slider(screen, name).input_value())


def place_on(screen, name, value):
    """Where a slider's thumb is at a value."""
    box = slider(screen, name).bounding_box()
    return box["x"] + THUMB + value * (box["width"] - 2 * THUMB), box["y"] + box["height"] / 2


@contextmanager
def dragging(screen, name, start):
    """A slider's thumb under a mouse button that is down; gives a function that drags it toward a value."""
    slider(screen, name).scroll_into_view_if_needed()
    screen.page.mouse.move(*place_on(screen, name, start))
    screen.page.mouse.down()

    def drag(value):
        screen.page.mouse.move(*place_on(screen, name, value), steps=5)
        return value_of(screen, name)

    yield drag
    screen.page.mouse.up()


def wait_for_painted(screen, thresholds, *, exact):
    """Until a map at these thresholds is painted: the server's exact one, or the browser's own."""
    words = " ".join(f"{value:.2f}" for value in astuple(thresholds))
    expect(screen.viewer).to_have_attribute("data-thresholds", words)
    expect(screen.viewer).to_have_attribute("data-exact", "true" if exact else "false")


def agreeing(painted, expected):
    """Share of the pixels that are painted as they should be."""
    return np.mean(np.abs(painted - expected).max(axis=2) <= 3)


def rest_at(screen, name, value):
    typed(screen, name).fill(f"{value}")
    typed(screen, name).press("Enter")


@pytest.fixture
def moving(screen):
    """A page whose browser merges by itself: it shows so with a drag that ends where it began."""
    with dragging(screen, "Score", 0.8) as drag:
        there = drag(0.6)
        wait_for_painted(screen, Thresholds(score=there), exact=False)
    rest_at(screen, "Score", 0.8)
    wait_for_painted(screen, Thresholds(), exact=True)
    return screen.wait_for_rerun()


@pytest.mark.parametrize(
    ("name", "start", "value"), [("Score", 0.8, 0.3), ("Mask", 0.5, 0.85), ("Overlap", 0.8, 0.98)]
)
def test_the_picture_follows_a_dragged_slider(moving, photo, core, name, start, value):
    before = len(moving.sent())
    with dragging(moving, name, start) as drag:
        there = drag(value)
        assert there == pytest.approx(value, abs=0.02)
        thresholds = replace(Thresholds(), **{name.lower(): there})
        wait_for_painted(moving, thresholds, exact=False)
        expected = core(photo, thresholds)
        assert agreeing(moving.painted("masks"), masks_of(expected)) >= LEAST_AGREEING
        assert len(moving.sent()) == before, "nothing is sent while it moves"
        names = moving.page.get_by_role("tabpanel", name="Segments").locator(".row .name")
        expect(names).to_have_count(len(expected.segments))
    moving.wait_for_map(photo, thresholds)
    wait_for_painted(moving, thresholds, exact=True)
    assert_painted(moving.painted("masks"), masks_of(core(photo, thresholds)))
    expect(moving.page).to_have_url(re.compile(rf"\b{name.lower()}={there}\b"))


def test_counts_and_what_is_below_the_score_follow(moving, core, photo):
    panel = moving.page.get_by_role("region", name="Thresholds")
    with dragging(moving, "Score", 0.8) as drag:
        there = drag(0.98)
        wait_for_painted(moving, Thresholds(score=there), exact=False)
        found = core(photo, Thresholds(score=there)).segments
        things = sum(segment.kind == "thing" for segment in found)
        expect(panel).to_contain_text(f"{things} things · {len(found) - things} stuff")
        expect(panel).to_contain_text("below the score")


def test_hidden_and_selected_segments_stay_so(moving, segmentation):
    (hidden, _), (selected, place) = places(segmentation)[:2]
    moving.toggle(hidden)
    moving.click_at(*place)
    moving.wait_for_selected(selected)
    moving.wait_for_rerun()
    with dragging(moving, "Mask", 0.5) as drag:
        there = drag(0.6)
        wait_for_painted(moving, Thresholds(mask=there), exact=False)
        expect(moving.viewer).to_have_attribute("data-selected", "1")
        expect(moving.viewer).to_have_attribute("data-shown", str(len(segmentation.segments) - 1))


def test_instances_follow_too(moving, photo):
    moving.choose_task("Instances")
    moving.wait_for_map(photo)
    expect(moving.viewer).to_have_attribute("data-task", "instances")
    expect(slider(moving, "Mask")).to_be_disabled()
    moving.wait_for_rerun()
    before = int(moving.viewer.get_attribute("data-segments"))
    with dragging(moving, "Score", 0.8) as drag:
        there = drag(0.1)
        wait_for_painted(moving, Thresholds(score=there), exact=False)
        assert int(moving.viewer.get_attribute("data-segments")) >= before


def test_a_drag_is_undone_and_done_again_with_the_keys(moving, photo):
    with dragging(moving, "Score", 0.8) as drag:
        there = drag(0.2)
    wait_for_painted(moving, Thresholds(score=there), exact=True)
    moving.page.keyboard.press("Control+z")
    wait_for_painted(moving, Thresholds(), exact=True)
    moving.page.keyboard.press("Control+Shift+Z")
    wait_for_painted(moving, Thresholds(score=there), exact=True)
    moving.page.get_by_role("button", name="The paper's values").click()
    wait_for_painted(moving, Thresholds(), exact=True)


def test_hiding_and_selecting_are_undone(moving, segmentation):
    (hidden, _), (selected, place) = places(segmentation)[:2]
    moving.toggle(hidden)
    moving.click_at(*place)
    moving.wait_for_selected(selected)
    undo = moving.page.get_by_role("button", name="Undo", exact=True)
    undo.click()
    moving.wait_for_selected()
    undo.click()
    expect(moving.viewer).to_have_attribute("data-shown", str(len(segmentation.segments)))


def test_values_can_be_typed_and_a_double_click_brings_the_papers_back(moving):
    rest_at(moving, "Score", "0.337")
    wait_for_painted(moving, Thresholds(score=0.34), exact=True)
    expect(typed(moving)).to_have_value("0.34")
    slider(moving).dblclick(position={"x": 60, "y": 15})
    wait_for_painted(moving, Thresholds(), exact=True)


def test_keys_move_it_in_small_and_large_steps(moving):
    slider(moving).focus()
    moving.page.keyboard.press("ArrowLeft")
    wait_for_painted(moving, Thresholds(score=0.79), exact=True)
    moving.page.keyboard.press("PageDown")
    expect(slider(moving)).not_to_have_value("0.79")
    wait_for_painted(moving, Thresholds(score=value_of(moving)), exact=True)


DIES_AT_THE_FIRST_MOVE = """
const Whole = window.Worker;
window.Worker = class extends Whole {
  postMessage(message, ...more) {
    if (message.type === "move") this.onerror(new ErrorEvent("error", { message: "out of memory" }));
    else super.postMessage(message, ...more);
  }
};
"""


@pytest.mark.parametrize(
    "script",
    [
        "delete window.Worker",
        "window.Worker = class { constructor() { throw new Error('none') } }",
        DIES_AT_THE_FIRST_MOVE,
    ],
    ids=["no worker", "a worker that throws", "a worker that dies"],
)
def test_where_the_browser_cannot_the_server_does(visit, photo, core, script):
    screen = visit(init_script=script).wait_for_map(photo).wait_for_page()
    with dragging(screen, "Score", 0.8) as drag:
        there = drag(0.97)
        assert there == pytest.approx(0.97, abs=0.02)
    thresholds = Thresholds(score=there)
    screen.wait_for_map(photo, thresholds)
    wait_for_painted(screen, thresholds, exact=True)
    assert_painted(screen.painted("masks"), masks_of(core(photo, thresholds)))


def test_another_picture_in_the_middle_of_a_drag(moving, core):
    data = photo_file(width=320, height=240, shade=60)
    other = panoseg.open_photo(data)
    chooser = moving.page.get_by_label("Photos", exact=True)
    with dragging(moving, "Score", 0.8) as drag:
        drag(0.4)
        chooser.set_input_files({"name": "other.jpg", "mimeType": "image/jpeg", "buffer": data})
        expect(moving.viewer).to_have_attribute("data-photo", other.digest)
        there = drag(0.2)
    thresholds = Thresholds(score=there)
    moving.wait_for_map(other, thresholds)
    assert_painted(moving.painted("masks"), masks_of(core(other, thresholds)))


def test_in_a_comparison_the_left_picture_follows_and_outcomes_come_at_rest(moving, photo, core):
    moving.choose_rival("Other settings")
    expect(moving.viewer).to_have_attribute("data-outcomes", "shown")
    moving.wait_for_rerun()
    with moving.menu("Reference"):
        moving.press_keys("Right score", "Home")
        moving.beside.wait_for_map(photo, Thresholds(score=0.0))
    moving.wait_for_rerun()
    with dragging(moving, "Score", 0.8) as drag:
        there = drag(0.98)
        wait_for_painted(moving, Thresholds(score=there), exact=False)
        expect(moving.beside.viewer).to_have_attribute("data-exact", "true")
    moving.wait_for_map(photo, Thresholds(score=there))
    sides = [Side(core(photo, Thresholds(score=score)), WORLD_VOCABULARY) for score in (there, 0.0)]
    count = compare(*sides).count()
    expect(moving.page.get_by_role("list", name="Outcome").get_by_role("listitem")).to_have_text(
        [f"{count['match']}match", f"{count['left']}only left", f"{count['right']}only right"]
    )


def test_a_zoomed_picture_stays_where_it_is(moving):
    moving.type_keys("+")
    expect(moving.viewer).not_to_have_attribute("data-zoom", "1.000")
    zoom = moving.viewer.get_attribute("data-zoom")
    with dragging(moving, "Mask", 0.5) as drag:
        there = drag(0.7)
        wait_for_painted(moving, Thresholds(mask=there), exact=False)
        expect(moving.viewer).to_have_attribute("data-zoom", zoom)
    wait_for_painted(moving, Thresholds(mask=there), exact=True)
    expect(moving.viewer).to_have_attribute("data-zoom", zoom)
