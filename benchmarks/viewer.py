"""How fast the picture answers, in a real Chromium against the real server; prints markdown.

    python benchmarks/viewer.py                some eight minutes on two free cores
    python benchmarks/viewer.py --moves 40     without the long runs
    python benchmarks/viewer.py --only drags   some of: drags answers tiles

Times are the page's own clock: from the key press, as the document hears of it, to the moment at which the
viewer has painted. Script time is what the viewer's own code takes in the frame that paints.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import drags
from benchmarks.page_server import chromium, resident, serve
from benchmarks.scenes import PAPERS_PHOTO, SAMPLE
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.page.display_size import display_size

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"2 MP": (1200, 1750), "12 MP": (3000, 4000)}
TIMES = 24
PATIENCE = 120_000

WATCH = """
window.viewer = (root = document) => {
  for (const element of root.querySelectorAll("*")) {
    if (element.matches(".viewer")) return element;
    const inside = element.shadowRoot && window.viewer(element.shadowRoot);
    if (inside) return inside;
  }
  return null;
};
window.messages = 0;
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (...message) {
  window.messages += 1;
  return send.apply(this, message);
};
document.addEventListener("keydown", () => (window.pressed = performance.now()), true);
window.watch = () => {
  window.moves = [];
  new MutationObserver(() => window.moves.push(performance.now() - window.pressed))
    .observe(window.viewer(), { attributes: true, attributeFilter: ["data-stamp"] });
};
const frame = () => new Promise(requestAnimationFrame);
// Does something to the viewer `times` times: script time of each frame that paints, messages sent before.
window.act = async (times, act) => {
  const costs = [];
  const before = window.messages;
  let sent = 0;
  for (let round = 0; round < times; round++) {
    act(window.viewer(), round);
    await frame();
    await frame();
    costs.push(Number(window.viewer().dataset.drawMs));
    sent = window.messages - before;
    if (sent) break;
  }
  return { costs, sent };
};
"""
# One turn of the wheel, at places that spread over the picture; "all" is when photo and masks are complete.
LOOK_CLOSER = """async ([ratio, number]) => {
  const viewer = window.viewer();
  const box = viewer.querySelector("canvas.photo").getBoundingClientRect();
  const clientX = box.x + box.width * (0.08 + 0.84 * ((number * 0.618034) % 1));
  const clientY = box.y + box.height * (0.08 + 0.84 * ((number * 0.754878) % 1));
  const shown = Number(viewer.querySelector(".percent").textContent.replace(" %", "")) / 100;
  const deltaY = -Math.log(ratio / shown) / 0.0022;
  performance.clearResourceTimings();
  const started = performance.now();
  let first = 0;
  const done = new Promise((resolve) => {
    new MutationObserver((_, watcher) => {
      const { tiles, tilesThere } = viewer.dataset;
      if (!first && Number(tilesThere) > 0) first = performance.now() - started;
      if (!tiles.endsWith(" photo masks")) return;
      watcher.disconnect();
      resolve(performance.now() - started);
    }).observe(viewer, { attributes: true, attributeFilter: ["data-tiles", "data-tiles-there"] });
  });
  const turn = { clientX, clientY, deltaY, ctrlKey: true, cancelable: true };
  viewer.querySelector(".board").dispatchEvent(new WheelEvent("wheel", turn));
  const all = await done;
  const fetched = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/pictures/"));
  return { first, all, bytes: fetched.reduce((sum, entry) => sum + entry.transferSize, 0) };
}"""
# What costs the browser's time only: the viewer reports once a visitor pauses, so none may go out meanwhile.
LOCAL = {
    "hide and show": """(viewer) => viewer.querySelector(".row .eye").click()""",
    "opacity": """(viewer, round) => {
      const input = viewer.querySelector("[aria-label=Opacity]");
      input.value = 20 + 5 * (round % 10);
      input.dispatchEvent(new Event("input"));
    }""",
    "hover": """(viewer, round) => {
      const stage = viewer.querySelector(".stage");
      const box = stage.getBoundingClientRect();
      const clientX = box.x + box.width * (0.5 + 0.4 * Math.sin(round));
      const clientY = box.y + box.height * (0.5 + 0.4 * Math.cos(2 * round));
      const place = { clientX, clientY, pointerId: 9, pointerType: "mouse" };
      stage.dispatchEvent(new PointerEvent("pointermove", place));
    }""",
    "zoom": """(viewer, round) => {
      const stage = viewer.querySelector(".stage");
      const box = stage.getBoundingClientRect();
      const place = { clientX: box.x + 0.4 * box.width, clientY: box.y + 0.6 * box.height };
      const deltaY = round % 2 ? 100 : -100;
      stage.dispatchEvent(new WheelEvent("wheel", { ...place, deltaY, ctrlKey: true, cancelable: true }));
    }""",
    "cut-out": """(viewer) => viewer.querySelector("[aria-label='Cut out']").click()""",
}


class Visit:
    """A visitor who looks at the first picture."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.received = 0
        # Playwright's waits are evaluated in the page, which the page's own policy forbids.
        context = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
        context.set_default_timeout(PATIENCE)
        self.page: Page = context.new_page()
        # Nothing lies over the picture: the first steps were closed before.
        self.page.add_init_script('localStorage.setItem("panoseg.first-minute", "closed");')
        self.page.add_init_script(WATCH + drags.WATCH)
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._note))
        self.page.goto(address)
        self.page.locator(".viewer[data-segments]").wait_for(state="attached")
        self.settle()

    def upload(self, name: str, kind: str, data: bytes) -> int:
        """Show a photo; how many bytes came until all was there."""
        first = self.page.locator(".viewer").get_attribute("data-photo")
        before = self.received
        file: Any = {"name": name, "mimeType": kind, "buffer": data}
        self.page.locator(".st-key-open input[type=file]").set_input_files(file)
        self.page.wait_for_function("first => window.viewer().dataset.photo !== first", arg=first)
        self.settle()
        return self.received - before

    def _note(self, frame: str | bytes) -> None:
        self.received += len(frame)

    def settle(self) -> None:
        """Until the server has nothing more to say."""
        self.page.wait_for_timeout(400)
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(state="attached")

    def move(self, count: int) -> tuple[list[float], list[int]]:
        """Milliseconds and bytes of single slider moves, each after the one before was painted."""
        self.page.get_by_role("slider", name="Score", exact=True).focus()
        times: list[float] = []
        sizes: list[int] = []
        for number in range(count):
            before = self.received
            self.page.evaluate("window.moves.length = 0")
            self.page.keyboard.press("ArrowLeft" if number % 8 < 4 else "ArrowRight")
            self.page.wait_for_function("window.moves.length > 0")
            times.append(self.page.evaluate("window.moves[0]"))
            self.settle()
            sizes.append(self.received - before)
        return times, sizes

    def walk(self, count: int) -> None:
        """Slider moves one after the other, each as soon as the one before was painted."""
        self.page.get_by_role("slider", name="Overlap", exact=True).focus()
        for number in range(count):
            self.page.evaluate("window.moves.length = 0")
            self.page.keyboard.press("ArrowLeft" if number % 40 < 20 else "ArrowRight")
            self.page.wait_for_function("window.moves.length > 0")
        self.settle()

    def burst(self, count: int) -> tuple[float, bool]:
        """Seconds until the last of `count` moves at key repeat is shown, and whether it stays."""
        self.page.get_by_role("slider", name="Mask", exact=True).focus()
        started = time.perf_counter()
        for _ in range(count):
            self.page.keyboard.press("ArrowLeft")
            self.page.wait_for_timeout(33)
        wanted = f" {0.5 - count / 100:.2f} "
        self.page.wait_for_function("mask => window.viewer().dataset.thresholds.includes(mask)", arg=wanted)
        seconds = time.perf_counter() - started
        self.settle()
        return seconds, wanted in (self.page.locator(".viewer").get_attribute("data-thresholds") or "")

    def act(self, what: str) -> tuple[float, int]:
        """Median script milliseconds per frame, and messages sent meanwhile."""
        done = self.page.evaluate(f"window.act({TIMES}, {what})")
        self.settle()
        return statistics.median(done["costs"]), int(done["sent"])

    def look_closer(self, ratio: float, number: int) -> dict[str, float]:
        """Milliseconds from a turn of the wheel at the n-th place to its tiles, and the bytes of these.

        `ratio` is pixels of the screen for one of the photo.
        """
        self.page.locator(".viewer .board").focus()
        self.page.keyboard.press("0")
        self.page.wait_for_function("window.viewer().dataset.tiles === ''")
        return dict(self.page.evaluate(LOOK_CLOSER, [ratio, number]))

    def heap(self) -> float:
        """MB of live JavaScript objects."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        used = session.send("Runtime.getHeapUsage")["usedSize"]
        session.detach()
        return float(used) / 1e6


class Table:
    """Figures by name, a column for each thing that is measured."""

    def __init__(self) -> None:
        self._columns: dict[str, dict[str, str]] = {}

    def note(self, column: str, figures: dict[str, str]) -> None:
        """Add figures to a column."""
        self._columns.setdefault(column, {}).update(figures)

    def print(self) -> None:
        """As markdown."""
        columns = self._columns.values()
        names = dict.fromkeys(name for figures in columns for name in figures)
        print(f"| | {' | '.join(self._columns)} |\n|---|{'---|' * len(self._columns)}")
        for name in names:
            print(f"| {name} | {' | '.join(figures.get(name, '') for figures in columns)} |")
        print()


def jpeg(pixels: NDArray[np.uint8]) -> bytes:
    """A photo as a file."""
    data = BytesIO()
    Image.fromarray(pixels).save(data, "JPEG", quality=90)
    return data.getvalue()


def measure_drags(browser: Browser, count: int) -> None:
    """Print how the picture follows a dragged slider."""
    table = Table()
    scene = next(iter(GALLERY))
    photos: dict[str, bytes | None] = {"demo scene": None}
    if SAMPLE.is_dir():
        photos["COCO sample, 384 × 384"] = next(SAMPLE.glob("*.jpg")).read_bytes()
    photos["100 kept, paper's size, 2.1 MP"] = jpeg(open_scene(scene, PAPERS_PHOTO).pixels)
    with serve("benchmarks/answering_page.py") as (address, server):
        for name, photo in photos.items():
            visit = Visit(browser, address)
            if photo:
                visit.upload("photo.jpg", "image/jpeg", photo)
            slider = drags.Drags(visit.page)
            slider.wait_until_it_follows()
            slider.whole_length()
            table.note(name, slider.whole_length())
            table.note(name, slider.rests())
            slider.many(4)
            heap, memory = visit.heap(), resident(server)
            slider.many(count)
            after = visit.heap(), resident(server)
            table.note(name, {f"{count} drags: page's heap, MB": f"{heap:.1f} → {after[0]:.1f}"})
            table.note(name, {f"{count} drags: server's memory, MB": f"{memory:.0f} → {after[1]:.0f}"})
            table.note(name, slider.agreement(drags.core_of(photo)))
            visit.page.context.close()
    table.print()


def measure_answers(browser: Browser, moves: int) -> None:
    """Print how soon all that is not dragged is answered."""
    table = Table()
    with serve("streamlit_app.py") as (address, server):
        for name, size in SIZES.items():
            visit = Visit(browser, address)
            first_bytes = visit.upload(
                "scene.jpg", "image/jpeg", jpeg(open_scene(next(iter(GALLERY)), size).pixels)
            )
            visit.page.evaluate("window.watch()")
            visit.move(4)
            times, sizes = visit.move(TIMES)
            figures = {
                "key press → new pixels, ms (median)": f"{statistics.median(times):.0f}",
                "… slowest of ten, ms": f"{statistics.quantiles(times, n=10)[-1]:.0f}",
                "received per move, kB (median)": f"{statistics.median(sizes) / 1e3:.0f}",
                "received until a new photo is shown, kB": f"{first_bytes / 1e3:.0f}",
            }
            for what, act in LOCAL.items():
                cost, sent = visit.act(act)
                figures[f"{what}: script per frame, ms / messages"] = f"{cost:.1f} / {sent}"
            seconds, last = visit.burst(30)
            told = f"{seconds:.1f}{'' if last else ' (not the last!)'}"
            figures["30 moves at key repeat: s until the last is shown"] = told
            heap, memory = visit.heap(), resident(server)
            visit.walk(moves)
            figures[f"{moves} moves: page's heap, MB before → after"] = f"{heap:.1f} → {visit.heap():.1f}"
            told = f"{memory:.0f} → {resident(server):.0f}"
            figures[f"{moves} moves: server's memory, MB before → after"] = told
            table.note(name, figures)
            visit.page.context.close()
    table.print()


def measure_tiles(browser: Browser, _: int) -> None:
    """Print how soon the photo's own pixels are there, at 800 % and at 100 %, at places not seen before."""
    table = Table()
    with serve("streamlit_app.py") as (address, server):
        for name, size in (*SIZES.items(), ("50 MP", (5773, 8660))):
            if display_size(size) == size:
                continue  # all of it was sent
            visit = Visit(browser, address)
            visit.upload("scene.jpg", "image/jpeg", jpeg(open_scene(next(iter(GALLERY)), size).pixels))
            memory = resident(server)
            for percent in (800, 100):
                looks = [visit.look_closer(percent / 100, number) for number in range(TIMES)]
                first, complete, size_of = (
                    [look[key] for look in looks] for key in ("first", "all", "bytes")
                )
                middle, slow = statistics.median(complete), statistics.quantiles(complete, n=10)[-1]
                figures = {
                    "first tile painted, ms (median)": f"{statistics.median(first):.0f}",
                    "photo and masks complete, ms (median · slowest of ten)": f"{middle:.0f} · {slow:.0f}",
                    "fetched, kB (median)": f"{statistics.median(size_of) / 1e3:.0f}",
                }
                table.note(name, {f"{percent} %: {what}": figure for what, figure in figures.items()})
            told = f"{memory:.0f} → {resident(server):.0f}"
            table.note(name, {"server's memory, MB before → after": told})
            visit.page.context.close()
    table.print()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = {"drags": measure_drags, "answers": measure_answers, "tiles": measure_tiles}
    parser.add_argument("--moves", type=int, default=500, help="length of the long runs")
    parser.add_argument("--only", nargs="+", choices=parts, default=list(parts), metavar="PART")
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    with chromium() as browser:
        for part in options.only:
            parts[part](browser, options.moves)


if __name__ == "__main__":
    main()
