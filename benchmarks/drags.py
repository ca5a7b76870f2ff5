"""Drags of the score slider in a real browser, as a hand makes them; measured by the page's own clock."""

from __future__ import annotations

import base64
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

from benchmarks.scenes import prediction_of
from panoseg import load_segmenter, open_photo, panoptic
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.page.look import Style
from panoseg.segmentation import Segmentation
from panoseg.thresholds import Thresholds

SECONDS = 2
FRAMES_PER_SECOND = 60
THUMB = 8  # the thumb's middle keeps so many pixels from both ends of the slider
CHECKED = (0.95, 0.65, 0.4, 0.29, 0.1)
RESTS = 12
# A canvas stores colours multiplied with their opacity, and loses so much of them.
COLOR_LOSS = 3

Events = list[dict[str, Any]]

WATCH = """
window.events = null;
const note = (kind, time, value) => window.events?.push({ kind, time, value });
window.watchDrags = () => {
  const viewer = window.viewer();
  const range = viewer.querySelector("input[aria-label=Score]");
  range.addEventListener("input", (event) => note("move", event.timeStamp, Number(range.value)), true);
  range.addEventListener("pointermove", (event) => note("pointer", event.timeStamp, 0), true);
  window.addEventListener("pointerup", (event) => note("release", event.timeStamp, 0), true);
  let known = viewer.dataset.stamp;
  new MutationObserver(() => {
    const now = performance.now();
    const { exact, stamp, thresholds, drawMs } = viewer.dataset;
    if (exact === "true") note("exact", now, 0);
    if (stamp === known) return; // written again
    known = stamp;
    note("painted", now, Number(thresholds.split(" ")[0]));
    note("script", now, Number(drawMs));
  }).observe(viewer, { attributes: true, attributeFilter: ["data-stamp", "data-exact"] });
  const app = document.querySelector("[data-testid=stApp]");
  new MutationObserver(() => note(app.dataset.testScriptState, performance.now(), 0))
    .observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
  const frame = () => {
    note("frame", performance.now(), 0);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
};
window.masks = () => {
  const canvas = window.viewer().querySelector("canvas.masks");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Uint32Array(data.buffer);
};
window.textOf = (words) => {
  const bytes = new Uint8Array(words.buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
};
// The largest relative difference of a colour's area from 1000 pixels on.
window.areaDifference = (seen, exact) => {
  const areas = [new Map(), new Map()];
  for (let i = 0; i < exact.length; i++) {
    areas[0].set(seen[i], (areas[0].get(seen[i]) ?? 0) + 1);
    areas[1].set(exact[i], (areas[1].get(exact[i]) ?? 0) + 1);
  }
  const differences = [...areas[1]]
    .filter(([, area]) => area >= 1000)
    .map(([color, area]) => Math.abs((areas[0].get(color) ?? 0) - area) / area);
  return Math.max(...differences);
};
"""


class Drags:
    """The score slider of a page that shows its first segments and is at rest; `WATCH` must run in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.evaluate("window.watchDrags()")
        box = page.get_by_role("slider", name="Score", exact=True).bounding_box()
        assert box is not None
        self._left, self._right = box["x"] + THUMB, box["x"] + box["width"] - THUMB
        self._y = box["y"] + box["height"] / 2
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("Performance.enable")

    def wait_until_it_follows(self) -> None:
        """Until a dragged slider is answered by the browser itself."""
        with self._held(0.8):
            for step in range(1000):
                self._to(0.6 if step % 2 else 0.7)
                if self._state()[0] == "false":
                    break
                self.page.wait_for_timeout(20)
        self._wait_for_exact()

    def whole_length(self) -> dict[str, str]:
        """One drag from end to end: names of figures, and these in words."""
        self._place(1)
        _, idle = self._watched(self._sweep)
        self._to(1)
        with self._held(1):
            sent = self._messages()
            events, busy = self._watched(self._sweep)
            sent = self._messages() - sent
        self._wait_for_exact()
        moves, painted = _of(events, "move"), _of(events, "painted")
        times = _delays(moves, painted)
        script = [event["value"] for event in events if event["kind"] == "script"]
        return {
            "pointer moves · positions · frames, per second": " · ".join(
                f"{len(_of(events, kind)) / SECONDS:.0f}" for kind in ("pointer", "move", "frame")
            ),
            "painted maps per second": f"{len(painted) / SECONDS:.0f}",
            "pointer move → new pixels, ms (median · p95)": _median_and_p95(times),
            "main thread busy per frame, ms (mean)": f"{busy['TaskDuration']:.1f}",
            "… its own processor time": f"{busy['ThreadTime']:.1f}",
            "… of it scripts": f"{busy['ScriptDuration']:.1f}",
            "… and where the mouse moves alike, but drags nothing": f"{idle['TaskDuration']:.1f}",
            "viewer's drawing per map, ms (median · p95)": _median_and_p95(script),
            "messages sent while it moves": str(sent),
        }

    def rests(self) -> dict[str, str]:
        """How long after the release the exact map and all of the page are there."""
        exact, page = [], []
        for number in range(RESTS):
            start, end = (0.8, 0.3 + 0.02 * number) if number % 2 == 0 else (0.4, 0.9 - 0.02 * number)
            self._place(start)
            with self._held(start):
                for step in range(1, 13):
                    self._to(start + (end - start) * step / 12)
                self.page.wait_for_timeout(100)
                self.page.evaluate("window.events = []")
            events = self._until_answered()
            self._wait_for_exact()
            (released,) = [event["time"] for event in events if event["kind"] == "release"]
            exact.append(_first(events, "exact", released) - released)
            page.append(_first(events, "notRunning", released) - released)
        return {
            "release → exact map, ms (median · p95)": _median_and_p95(exact),
            "release → table, counts and all else, ms (median · p95)": _median_and_p95(page),
        }

    def agreement(self, core: Callable[[Thresholds], Segmentation]) -> dict[str, str]:
        """How what is seen while it moves, and what stands there at rest, differ from the core's map.

        Args:
            core: what the page must show at some thresholds, computed in this process.
        """
        moving, resting, areas = [], [], []
        for value in CHECKED:
            self._place(0.8)
            with self._held(0.8):
                for step in range(1, 6):
                    self._to(0.8 + (value - 0.8) * step / 5)
                self.page.wait_for_function(
                    """() => {
                      const { exact, thresholds } = window.viewer().dataset;
                      const range = window.viewer().querySelector("input[aria-label=Score]");
                      return exact === "false" && Number(thresholds.split(" ")[0]) === Number(range.value);
                    }"""
                )
                self.page.evaluate("window.seen = window.masks()")
            self._wait_for_exact()
            self.page.evaluate("window.exact = window.masks()")
            expected = painted(core(Thresholds(*map(float, self._state()[1].split()))))
            moving.append(_agreeing(self._pixels("seen"), expected))
            resting.append(_agreeing(self._pixels("exact"), expected))
            areas.append(self.page.evaluate("window.areaDifference(window.seen, window.exact)"))
        return {
            "pixels equal to the core's while it moves, least of five": f"{100 * min(moving):.3f} %",
            "areas by colour, largest difference": f"{100 * max(areas):.2f} %",
            "pixels equal to the core's at rest, least of five": f"{100 * min(resting):.3f} %",
        }

    def _pixels(self, name: str) -> NDArray[np.uint8]:
        """(N, 4) RGBA of what was noted by that name."""
        data = base64.b64decode(self.page.evaluate(f"window.textOf(window.{name})"))
        return np.frombuffer(data, np.uint8).reshape(-1, 4)

    def many(self, count: int) -> None:
        """Short drags, one after the other, the next as soon as the slider was let go."""
        self.page.evaluate("window.events = null")
        for number in range(count):
            start, end = (0.8, 0.4) if number % 2 == 0 else (0.4, 0.8)
            with self._held(start):
                for step in range(1, 9):
                    self._to(start + (end - start) * step / 8)
        self._wait_for_exact()

    def _sweep(self) -> Events:
        """Events of a drag from 1 to 0: the mouse is where a steady hand would be, once per frame."""
        self.page.evaluate("window.events = []")
        started = time.perf_counter()
        for number in range(1, SECONDS * FRAMES_PER_SECOND + 1):
            wait = number / FRAMES_PER_SECOND - (time.perf_counter() - started)
            if wait > 0:
                time.sleep(wait)
            share = min(1, (time.perf_counter() - started) / SECONDS)
            self._to(1 - share)
            if share == 1:
                break
        self.page.wait_for_timeout(100)
        events: Events = self.page.evaluate("window.events.splice(0)")
        return events

    def _place(self, value: float) -> None:
        typed = self.page.get_by_role("spinbutton", name="Score as a number")
        typed.fill(f"{value:.2f}")
        typed.press("Enter")
        self._wait_for_exact()

    @contextmanager
    def _held(self, value: float) -> Iterator[None]:
        self._to(value)
        self.page.mouse.down()
        yield
        self.page.mouse.up()

    def _to(self, value: float) -> None:
        self.page.mouse.move(self._left + value * (self._right - self._left), self._y)

    def _state(self) -> list[str]:
        found: list[str] = self.page.evaluate(
            "[window.viewer().dataset.exact, window.viewer().dataset.thresholds]"
        )
        return found

    def _wait_for_exact(self) -> None:
        """Until the server's map is there, and the server has nothing more to say."""
        self.page.wait_for_timeout(250)
        self.page.locator(".viewer[data-exact=true]").wait_for(state="attached")
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(state="attached")

    def _until_answered(self) -> Events:
        """Events from a release until the exact map and the end of the page's run."""
        while True:
            events: Events = self.page.evaluate("window.events")
            released = next((e["time"] for e in events if e["kind"] == "release"), float("inf"))
            if {"exact", "notRunning"} <= {e["kind"] for e in events if e["time"] >= released}:
                return events
            self.page.wait_for_timeout(50)

    def _messages(self) -> int:
        return int(self.page.evaluate("window.messages"))

    def _watched(self, act: Callable[[], Events]) -> tuple[Events, dict[str, float]]:
        """Events of an act, and how many milliseconds per frame the main thread worked, by kind of work."""
        before = self._worked()
        events = act()
        after = self._worked()
        frames = len(_of(events, "frame"))
        return events, {name: 1000 * (after[name] - before[name]) / frames for name in after}

    def _worked(self) -> dict[str, float]:
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        wanted = ("TaskDuration", "ScriptDuration", "ThreadTime")
        return {metric["name"]: metric["value"] for metric in metrics if metric["name"] in wanted}


def core_of(file: bytes | None) -> Callable[[Thresholds], Segmentation]:
    """What the answering page must show of an uploaded file or of the first scene, computed here."""
    photo = open_photo(file) if file else open_scene(next(iter(GALLERY)))
    prediction = prediction_of(photo.size) or load_segmenter("demo").predict(photo)
    return lambda thresholds: panoptic(prediction, thresholds)


def painted(segmentation: Segmentation) -> NDArray[np.uint8]:
    """(H · W, 4) RGBA: how the masks of a segmentation are to be painted in the look that a visitor finds."""
    ids, style = segmentation.id_map, Style()
    colors = np.zeros((len(segmentation.segments) + 1, 4), np.uint8)
    for segment in segmentation.segments:
        colors[segment.id] = (*segment.color, round(255 * style.opacity))
    pixels = colors[ids]
    if style.outlines:
        pixels[:, :-1][ids[:, :-1] != ids[:, 1:]] = 255
        pixels[:-1][ids[:-1] != ids[1:]] = 255
    return pixels.reshape(-1, 4)


def _agreeing(found: NDArray[np.uint8], expected: NDArray[np.uint8]) -> float:
    """Share of the pixels that are as expected; where nothing is seen, no colour counts."""
    off = np.abs(found.astype(np.int16) - expected.astype(np.int16)).max(axis=1)
    unseen = (found[:, 3] == 0) & (expected[:, 3] == 0)
    return float(np.mean(unseen | (off <= COLOR_LOSS)))


def _of(events: Events, kind: str) -> Events:
    return [event for event in events if event["kind"] == kind]


def _first(events: Events, kind: str, after: float) -> float:
    return float(next(e["time"] for e in events if e["kind"] == kind and e["time"] >= after))


def _delays(moves: Events, painted: Events) -> list[float]:
    """Milliseconds from each move down to the first map of its position, or of one further down."""
    delays = []
    for move in moves:
        later = [
            p["time"] for p in painted if p["value"] <= move["value"] + 1e-9 and p["time"] >= move["time"]
        ]
        if later:
            delays.append(later[0] - move["time"])
    return delays


def _median_and_p95(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} · {statistics.quantiles(values, n=20)[-1]:.1f}"
