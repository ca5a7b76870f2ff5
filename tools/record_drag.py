"""Record a drag of the score slider as an animated WebP.

    python tools/record_drag.py docs/dragging.webp

Needs a Chromium, as the browser tests do. Each frame is a screenshot of what the viewer shows at one position
of the slider, with a ring where the pointer is; the last leads back to the first.
"""

from __future__ import annotations

import argparse
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from playwright.sync_api import Page

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.page_server import chromium, serve

WIDTH = 900
EDGE = 448  # larger than the demo model was trained for: it is less sure
FRAME_MS = 65
TURNS = (0.8, 1.0, 0.4, 0.8)  # where the drag begins, turns twice, and ends
FRAMES = (24, 22, 12)  # from each to the next
THUMB = 8  # the thumb's middle keeps so many pixels from both ends of the slider
RING = 9

DRAWN = """() => {
  const viewer = window.viewer();
  const range = viewer.querySelector("input[aria-label=Score]");
  return Number(viewer.dataset.thresholds.split(" ")[0]) === Number(range.value);
}"""
FIND = """
window.viewer = (root = document) => {
  for (const element of root.querySelectorAll("*")) {
    if (element.matches(".viewer")) return element;
    const inside = element.shadowRoot && window.viewer(element.shadowRoot);
    if (inside) return inside;
  }
  return null;
};
"""


def positions() -> list[float]:
    """Of the pointer on the slider, 0–1; slower where it turns."""
    found: list[float] = []
    for start, end, count in zip(TURNS[:-1], TURNS[1:], FRAMES, strict=True):
        share = (1 - np.cos(np.linspace(0, np.pi, count, endpoint=False))) / 2
        found += list(start + (end - start) * share)
    return found


def record(page: Page) -> list[Image.Image]:
    """The frames."""
    slider = page.get_by_role("slider", name="Score", exact=True).bounding_box()
    viewer = page.locator(".viewer").bounding_box()
    if not slider or not viewer:
        raise RuntimeError("Wanted the viewer and its slider on the screen, got none.")
    left, length = slider["x"] + THUMB, slider["width"] - 2 * THUMB
    y = slider["y"] + slider["height"] / 2
    page.mouse.move(left + TURNS[0] * length, y)
    page.mouse.down()
    frames = []
    for position in positions():
        x = left + position * length
        page.mouse.move(x, y)
        page.wait_for_function(DRAWN)
        picture = page.screenshot(
            clip={name: viewer[name] for name in ("x", "y", "width", "height")},  # type: ignore[arg-type]
        )
        frame = Image.open(BytesIO(picture)).convert("RGB")
        _ring(frame, x - viewer["x"], y - viewer["y"])
        height = round(frame.height * WIDTH / frame.width)
        frames.append(frame.resize((WIDTH, height), Image.Resampling.LANCZOS))
    page.mouse.up()
    return frames


def _ring(frame: Image.Image, x: float, y: float) -> None:
    box = (x - RING, y - RING, x + RING, y + RING)
    ImageDraw.Draw(frame).ellipse(box, outline=(20, 20, 20), width=2)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    with chromium() as browser, serve("streamlit_app.py") as (address, _):
        # Playwright's waits are evaluated in the page, which its own policy forbids.
        page = browser.new_page(viewport={"width": 1440, "height": 860}, bypass_csp=True)
        page.add_init_script('localStorage.setItem("panoseg.first-minute", "closed");')
        page.add_init_script(FIND)
        page.goto(f"{address}/?input=Custom&edge={EDGE}")
        page.locator(".viewer[data-segments]").wait_for(state="attached", timeout=120_000)
        # By then the browser has what it merges from.
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(3000)
        first, *others = record(page)
    first.save(file, save_all=True, append_images=others, duration=FRAME_MS, loop=0, quality=70, method=6)
    print(f"{len(others) + 1} frames, {first.width} × {first.height}, {file.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
