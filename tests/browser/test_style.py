"""Opacity, outlines, labels, colours, cut-out and wipe: the same in the browser and in the download."""

import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

import panoseg
from panoseg.drawing import segment_color
from panoseg.inner_points import inner_points
from tests.browser.export_sheet import downloaded
from tests.browser.screen import assert_painted, assert_pixels_agree, inside, masks_of


def test_every_style_needs_no_message(screen):
    screen.page.evaluate("window.sent = []")
    screen.page.evaluate(
        """async () => {
          const board = window.viewer().querySelector("[role=application]");
          board.focus();
          for (const key of "[]olmmxw") {
            board.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
            await new Promise(requestAnimationFrame);
          }
        }"""
    )
    screen.first_sent()
    assert len(screen.sent()) == 1  # all changes travel together, once the visitor pauses
    for name in ("Labels", "Cut out", "Before and after"):
        expect(screen.page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    expect(screen.page.get_by_role("button", name="Outlines")).to_have_attribute("aria-pressed", "false")
    expect(screen.page.get_by_role("combobox", name="Colour by")).to_have_value("score")


@pytest.mark.parametrize("way", ["label", "score"])
def test_other_ways_to_colour(screen, segmentation, way):
    chosen = segmentation.segments[0]
    screen.page.get_by_role("combobox", name="Colour by").select_option(way)
    x, y = inside(segmentation, chosen.id)
    color = segment_color(chosen, way)
    screen.page.wait_for_function(
        """([x, y, color]) => {
          const masks = window.viewer().querySelector("canvas.masks").getContext("2d");
          const seen = masks.getImageData(x, y, 1, 1).data;
          return color.every((value, channel) => Math.abs(value - seen[channel]) < 3);
        }""",
        arg=[x, y, list(color)],
    )
    swatch = screen.page.locator(f'.row[data-key="{chosen.key}"] .swatch')
    expect(swatch).to_have_css("border-color", f"rgb{color}")


def test_labels_stand_inside_their_segments(screen, segmentation):
    screen.press("Labels")
    labels = screen.page.locator(".labels span")
    expect(labels).to_have_count(len(segmentation.segments))
    screen.wait_for_rerun()
    points = inner_points(segmentation.id_map, len(segmentation.segments))
    screen.place_of(0, 0)  # which may scroll
    boxes = labels.evaluate_all(
        "nodes => Object.fromEntries(nodes.map(n => [n.textContent, n.getBoundingClientRect().toJSON()]))"
    )
    for segment in segmentation.segments:
        x, y = points[segment.id]
        assert segmentation.id_map[y, x] == segment.id
        # One that gives way to a larger segment's stands in its place, too, but is not seen.
        box = boxes[f"{segment.label} {segment.id}"]
        assert (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) == pytest.approx(
            screen.place_of(x, y), abs=1
        )


def test_the_wipe_shows_the_photo_on_the_left(screen):
    screen.press("Before and after")
    line = screen.page.get_by_role("slider", name="Line between the photo and its segments")
    expect(line).to_have_attribute("aria-valuenow", "50")
    over = screen.page.locator(".over")
    expect(over).to_have_css("clip-path", re.compile(r"inset\(.* 50%\)"))
    box = screen.stage.bounding_box()
    handle = line.bounding_box()
    screen.page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + 40)
    screen.page.mouse.down()
    screen.page.mouse.move(box["x"] + 0.25 * box["width"], handle["y"] + 40, steps=3)
    screen.page.mouse.up()
    expect(line).to_have_attribute("aria-valuenow", "25")
    line.press("ArrowRight")
    expect(line).to_have_attribute("aria-valuenow", "27")
    expect(screen.viewer).to_have_attribute("data-selected", "0")
    screen.press("Before and after")
    expect(over).to_have_css("clip-path", "none")


def test_the_download_is_what_is_seen(screen, photo, segmentation):
    hidden, chosen = segmentation.segments[0], segmentation.segments[6]
    screen.toggle(hidden)
    screen.click_at(*inside(segmentation, chosen.id))
    screen.wait_for_selected(chosen)
    screen.press_keys("Outline width", "ArrowRight", "ArrowRight")
    screen.press_keys("Opacity", "ArrowLeft")
    screen.page.get_by_role("combobox", name="Colour by").select_option("label")
    screen.press("Labels")
    screen.wait_for_rerun()

    _, data = downloaded(screen, "overlay")

    visible = {segment.id for segment in segmentation.segments} - {hidden.id}
    choices = {"visible": visible, "selected": {chosen.id}, "outline_width": 3, "color_by": "label"}
    overlay = np.asarray(Image.open(BytesIO(data)))
    expected = panoseg.draw_overlay(photo, segmentation, 0.55, labels=True, **choices)
    assert_pixels_agree(overlay, np.asarray(expected))
    # And the browser paints by the same rules: its masks over the photo give the same picture.
    bare = np.asarray(panoseg.draw_overlay(photo, segmentation, 0.55, **choices)).astype(float)
    masks = screen.painted("masks").astype(float)
    share = masks[..., 3:] / 255
    seen = (1 - share) * photo.pixels + share * masks[..., :3]
    assert np.abs(seen - bare).max() < 4


def test_a_cut_out_hides_all_else(screen, photo, segmentation):
    chosen = segmentation.segments[6]
    screen.click_at(*inside(segmentation, chosen.id))
    screen.type_keys("x", "o")
    screen.page.wait_for_function(
        "() => window.viewer().querySelector('[aria-label=Outlines]').ariaPressed === 'false'"
    )
    screen.wait_for_rerun()
    alpha = screen.painted("masks")[..., 3]
    assert_pixels_agree(alpha == 0, segmentation.id_map == chosen.id)

    _, data = downloaded(screen, "overlay")

    cut = np.asarray(Image.open(BytesIO(data)))
    inside_it = cut[..., 3] == 255
    assert_pixels_agree(inside_it, segmentation.id_map == chosen.id)
    np.testing.assert_array_equal(cut[inside_it][:, :3], photo.pixels[inside_it])


def test_a_style_outlives_thresholds(screen, photo, core):
    screen.press_keys("Opacity", "ArrowRight")
    screen.press_keys("Mask", "ArrowRight")
    moved = panoseg.Thresholds(mask=0.51)
    screen.wait_for_map(photo, moved)
    screen.wait_for_rerun()
    assert_painted(screen.painted("masks"), masks_of(core(photo, moved), opacity=0.65))


def test_the_address_is_a_link_to_style_and_selection(screen, photo, segmentation):
    chosen = segmentation.segments[6]
    screen.click_at(*inside(segmentation, chosen.id))
    screen.type_keys("l", "m")
    expect(screen.page).to_have_url(re.compile(r"\?(?=.*labels=true)(?=.*color_by=label)(?=.*selected=)"))
    screen.page.reload()
    screen.wait_for_map(photo).wait_for_selected(chosen)
    expect(screen.page.get_by_role("button", name="Labels")).to_have_attribute("aria-pressed", "true")
    expect(screen.page.get_by_role("combobox", name="Colour by")).to_have_value("label")
