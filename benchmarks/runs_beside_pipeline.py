"""A run and its export beside what people write today: a loop over transformers' pipeline."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image

import panoseg
from benchmarks.engines import Job
from benchmarks.merging import table
from benchmarks.run_inputs import swin, write_scenes
from panoseg.models.forward_pass import SideBySide
from panoseg.runs import make_run
from panoseg.setting_values import EngineName

FORMATS = ("coco-panoptic", "overlay", "csv")


def beside_the_pipeline(folder: Path, *, quick: bool, row: str, rounds: int, device: str) -> None:
    """A run and its export beside a loop over transformers' pipeline that writes the same files."""
    rounds, count = (1, 2) if quick else (rounds, 12)
    engine: EngineName = "openvino" if device == "cpu" else "torch"
    lines = []
    for size in ((480, 640), (1536, 2048), (3000, 4000)):
        title = f"{size[1]} × {size[0]}"
        if row not in title:
            continue
        paths = write_scenes(folder / f"pipeline-{size[0]}", count, size)
        segmenter = swin(folder, engine, SideBySide(), device)
        segmenter.predict(paths[0])
        job = Job(
            "pipeline", str(folder / "Swin-T"), "384×384", str(paths[0]), str(folder / "answer.npz"), device
        )
        with np.load(job.answer) as file:
            segment = job._pipeline((file["classes"], file["masks"]))
        segment()
        pipeline = _pipeline_of(segment)
        ours, theirs = [], []
        with make_run(paths[:1], store=folder / f"warm-up-{size[0]}", model=segmenter) as run:
            run.export(FORMATS, folder / f"warm-up-{size[0]}" / "files", panoseg.Thresholds())
        for number in range(rounds):
            start = time.perf_counter()
            _loop(pipeline, paths, folder / f"theirs-{size[0]}-{number}")
            theirs.append(time.perf_counter() - start)
            start = time.perf_counter()
            store = folder / f"ours-{size[0]}-{number}"
            with make_run(paths, store=store, model=segmenter) as run:
                run.export(FORMATS, store / "files", panoseg.Thresholds())
            ours.append(time.perf_counter() - start)
        ratio = median(t / o for t, o in zip(theirs, ours, strict=True))
        lines.append(
            [
                title,
                f"{count / median(theirs):.2f}",
                f"{count / median(ours):.2f}",
                f"{ratio:.1f}×",
            ]
        )
        print(lines[-1], file=sys.stderr)
    print(f"Swin-T at 384×384; COCO panoptic, overlay and CSV; medians of {rounds} rounds. Wanted: 8×.\n")
    print(table(["pictures", "pipeline, pictures/s", f"panoseg on {engine}, pictures/s", "ratio"], lines))


def _pipeline_of(segment: Callable[[], int]) -> Any:
    """The pipeline that the contestant of benchmarks/engines.py calls."""
    cells = dict(zip(segment.__code__.co_freevars, segment.__closure__ or (), strict=True))
    return cells["segment"].cell_contents


def _loop(pipeline: Any, paths: list[Path], folder: Path) -> None:
    """What people write today: masks from the pipeline, files by Pillow and NumPy."""
    folder.mkdir()
    with (folder / "segments.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        for path in paths:
            found = pipeline(
                str(path), threshold=0.8, mask_threshold=0.5, overlap_mask_area_threshold=0.8,
                subtask="panoptic",
            )  # fmt: skip
            picture = np.asarray(Image.open(path).convert("RGB"))
            ids = np.zeros(picture.shape[:2], np.int32)
            shown = picture.astype(np.float32)
            for number, each in enumerate(found, 1):
                mask = np.asarray(each["mask"]) > 0
                ids[mask] = number
                shown[mask] = 0.4 * shown[mask] + 0.6 * (37 * number % 255)
                where = np.nonzero(mask)
                box = [side(axis) for axis in where for side in (np.min, np.max)] if mask.any() else []
                rows.writerow([path.name, number, each["label"], each["score"], mask.sum(), *box])
            digits = np.stack([ids & 255, ids >> 8 & 255, ids >> 16 & 255], axis=-1).astype(np.uint8)
            Image.fromarray(digits).save(folder / f"{path.stem}.png")
            Image.fromarray(shown.astype(np.uint8)).save(
                folder / f"{path.stem}-overlay.png", compress_level=1
            )
