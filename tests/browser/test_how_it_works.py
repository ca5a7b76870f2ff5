"""What explains the page: the first steps, and the sheet that shows how the map comes about."""

import base64
import re

import numpy as np
import pytest
from playwright.sync_api import expect

import panoseg
from panoseg.merging import query_mask
from tests.browser.screen import READ_CANVAS, assert_pixels_agree
from tests.browser.test_looks import PHONE

STEPS = [(0, 0, 0), (0.8, 0, 0), (0.8, 0.5, 0), (0.8, 0.5, 0.8)]


def pixels_of(canvas):
    """(H, W, 4) int, what a canvas of the sheet holds."""
    read = canvas.evaluate(READ_CANVAS)
    found = np.frombuffer(base64.b64decode(read["pixels"]), np.uint8)
    return found.reshape(read["height"], read["width"], 4).astype(int)


def smaller(values, height, width):
    """The pixels under the centres of a smaller picture's."""
    rows = ((np.arange(height) + 0.5) * values.shape[0] / height).astype(int)
    columns = ((np.arange(width) + 0.5) * values.shape[1] / width).astype(int)
    return values[rows][:, columns]


def assert_colors(painted, segmentation):
    """A map of the lesson is that segmentation in its own colours."""
    ids = smaller(segmentation.id_map, *painted.shape[:2])
    colors = np.array([(0, 0, 0), *(segment.color for segment in segmentation.segments)])
    assert_pixels_agree(painted[..., 3] > 0, ids > 0)
    off = np.abs(painted[..., :3] - colors[ids]).max(axis=2) * (ids > 0)
    assert_pixels_agree(off <= 2, np.ones_like(ids, bool))  # a canvas keeps colours multiplied with alpha


def test_each_step_is_the_cores_map(screen, core, photo):
    screen.type_keys("e")
    page = screen.page.locator(".steps-page")
    assert pixels_of(page.locator(".lesson-paint"))[..., 3].max() == 0
    for number, values in enumerate(STEPS, start=1):
        page.locator(".step").nth(number).click()
        expect(page).to_have_attribute("data-at", f"{number:.2f}")
        assert_colors(pixels_of(page.locator(".lesson-paint")), core(photo, panoseg.Thresholds(*values)))
    # Keys go forth and back, a quarter of a step at a time.
    screen.page.get_by_role("slider", name="Step", exact=True).focus()
    screen.page.keyboard.press("ArrowLeft")
    expect(page).to_have_attribute("data-at", "3.75")


def test_tiles_are_the_queries_own_masks(screen, predict, photo):
    prediction = predict(photo)
    screen.press("How it works")
    screen.open_tab("Queries")
    tiles = screen.page.locator(".query-tile")
    expect(tiles).to_have_count(len(prediction.labels))
    for query in prediction.scores.argsort()[-5:].tolist():
        tile = screen.page.locator(f'.query-tile[data-query="{query}"]')
        mask = pixels_of(tile.locator(".query-mask"))[..., 3] > 0.8 * 255
        expected = query_mask(prediction, query, 0.5, mask.shape)
        assert (mask != expected).mean() <= 1e-3  # a tile has few pixels
        expect(tile).to_contain_text(f"{prediction.scores[query]:.2f}")


def test_three_tasks_side_by_side(screen, predict, core, photo):
    screen.type_keys("e")
    screen.open_tab("Three tasks")
    found = {
        "panoptic": core(photo),
        "instances": panoseg.instances(predict(photo), 0.8).flatten(),
        "semantic": panoseg.semantic(predict(photo)),
    }
    for task, segmentation in found.items():
        assert_colors(
            pixels_of(screen.page.locator(f".task-card[data-task={task}] .lesson-paint")), segmentation
        )
    screen.open_tab("Glossary")
    expect(screen.page.locator(".glossary")).to_contain_text("Panoptic quality")
    screen.page.keyboard.press("Escape")
    expect(screen.page.locator(".lessons")).to_be_hidden()


def test_it_plays_to_the_end(visit, photo):
    screen = visit(reduced_motion="reduce").wait_for_map(photo).wait_for_page()
    screen.type_keys("e")
    screen.press("Play")
    expect(screen.page.locator(".steps-page")).to_have_attribute("data-at", re.compile(r"^[1-4]\.00$"))
    expect(screen.page.locator(".steps-page")).to_have_attribute("data-at", "4.00")
    expect(screen.page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def first_steps(screen):
    return screen.page.get_by_role("region", name="First steps")


@pytest.mark.parametrize("options", [{}, PHONE], ids=["laptop", "phone"])
def test_the_first_steps_point_at_what_is_there_and_close_for_ever(visit, photo, options):
    screen = visit(is_new=True, **options).wait_for_map(photo).wait_for_page()
    steps = first_steps(screen)
    for title in ("Drag a threshold", "Click a segment", "Look what was missed"):
        expect(steps).to_contain_text(title)
        ring = screen.page.locator(".first-minute-ring")
        expect(ring).to_be_visible()
        expect(ring).to_be_in_viewport()
        steps.get_by_role("button", name=re.compile("^(Next|Done)$")).click()
    expect(steps).to_be_hidden()
    screen.page.reload()
    screen.wait_for_map(photo).wait_for_page()
    expect(steps).to_be_hidden()
    screen.type_keys("?")
    screen.press("First steps")
    expect(steps).to_be_visible()
    screen.page.keyboard.press("Escape")
    expect(steps).to_be_hidden()
    expect(screen.board).to_be_focused()


def test_the_ring_stays_around_what_it_is_about(visit, photo):
    screen = visit(is_new=True, **PHONE).wait_for_map(photo).wait_for_page()
    ring, sheet = screen.page.locator(".first-minute-ring"), screen.viewer.locator(".side")
    expect(ring).to_be_visible()
    around = """() => {
      const [ring, row] = [".first-minute-ring", ".threshold"].map((name) =>
        window.viewer().querySelector(name).getBoundingClientRect());
      return Math.abs(ring.top + ring.height / 2 - row.top - row.height / 2) < 2;
    }"""
    screen.page.wait_for_function(around)
    sheet.evaluate("side => { side.scrollTop = 25 }")
    screen.page.wait_for_function(around)
    sheet.evaluate("side => { side.scrollTop = 400 }")
    expect(ring).to_be_hidden()
    expect(first_steps(screen)).to_be_visible()
    sheet.evaluate("side => { side.scrollTop = 0 }")
    screen.page.wait_for_function(around)


def test_a_link_that_sets_something_needs_no_first_steps(visit, photo):
    screen = visit("/?score=0.4", is_new=True).wait_for_map(photo, panoseg.Thresholds(score=0.4))
    expect(first_steps(screen.wait_for_page())).to_be_hidden()
