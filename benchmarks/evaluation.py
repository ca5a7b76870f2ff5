"""Evaluation: from a run to PQ beside panopticapi's scoring alone, memory, all thresholds beside one point;
prints markdown.

    python benchmarks/evaluation.py                    5,000 pictures: some ten minutes on two cores
    python benchmarks/evaluation.py --pictures 100     fewer, to see that everything runs

Pictures are synthetic, of COCO's size (640 × 480), with 100 queries on a grid of 96 × 96 and some 20
annotated segments; a hundred different ones are used again under other names. What panopticapi does with two
PNGs that lie ready is timed as its published code has it (arXiv 1801.00868): it scores alone, without
merging, on as many processes as there are cores.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import panoseg
from benchmarks.merging import table
from panoseg.collection.evaluated import Evaluated
from panoseg.evaluation import Annotations, Evaluation, evaluate_run, read_annotations
from panoseg.evaluation.surface import OVERLAPS, SCORES, Surface
from panoseg.merging import warm_up
from panoseg.runs.header import Header
from panoseg.runs.ledger import Ledger
from panoseg.runs.listing import list_pictures
from panoseg.runs.records import encode_prediction
from panoseg.runs.sources import Source
from panoseg.runs.writer_lock import WriterLock
from panoseg.runs.writing import RunWriter, make_run_folder

SIZE, GRID, INPUT, QUERIES, CLASSES = (480, 640), 96, (384, 384), 100, 133
VOCABULARY = panoseg.Vocabulary([f"class {c}" for c in range(CLASSES)], range(80), range(1, CLASSES + 1))
DIFFERENT = 100
WANTED = 5000


def picture(seed: int) -> tuple[NDArray[np.int64], list[dict[str, Any]], panoseg.Prediction]:
    """(id map, segments_info, prediction): 20 regions; most are found well, others doubled, misnamed, unsure,
    or not at all; most of the 100 queries say nothing, as those of COCO's checkpoints do.
    """
    rng = np.random.default_rng(seed)
    count = 20
    centres = rng.random((count, 2))
    weights = rng.random(count) * 0.04
    yy, xx = np.mgrid[: SIZE[0], : SIZE[1]]
    distance = [
        (yy / SIZE[0] - y) ** 2 + (xx / SIZE[1] - x) ** 2 - w
        for (y, x), w in zip(centres, weights, strict=True)
    ]
    id_map = np.argmin(distance, axis=0).astype(np.int64) + 1
    id_map[gaussian_filter(rng.normal(size=SIZE), 12) > 0.055] = 0
    classes = np.concatenate([rng.integers(0, 80, 12), rng.permutation(np.arange(80, CLASSES))[:8]])
    rows, columns = (((np.arange(GRID) + 0.5) * side / GRID).astype(int) for side in SIZE)
    small = id_map[rows[:, None], columns]
    masks = np.full((QUERIES, GRID, GRID), -8.0)
    logits = np.zeros((QUERIES, CLASSES + 1))
    logits[:, -1] = 7
    for query in range(45):
        region = query % count
        mask = gaussian_filter(np.where(small == region + 1, 8.0, -8.0), 1.0)
        masks[query] = mask + gaussian_filter(rng.normal(0, 4, (GRID, GRID)), 3)
        named = int(classes[region]) if rng.random() < 0.9 else int(rng.integers(CLASSES))
        if query < 17:
            logits[query, [named, -1]] = rng.uniform(5, 10), 0
        else:
            logits[query, [named, -1]] = rng.uniform(2, 5), rng.uniform(3, 6)
    for query in range(45, QUERIES):
        logits[query, rng.integers(CLASSES)] = 2
    present = [i for i in range(1, count + 1) if (id_map == i).any()]
    segments = [
        {"id": i, "category_id": int(classes[i - 1]) + 1, "iscrowd": 0, "area": int((id_map == i).sum())}
        for i in present
    ]
    return (
        id_map,
        segments,
        panoseg.Prediction(
            logits.astype(np.float32), masks.astype(np.float32), INPUT, INPUT, SIZE, VOCABULARY
        ),
    )


def write_world(folder: Path, count: int) -> None:
    """A run of `count` pictures, its annotation, and its segmentations at the paper's thresholds as PNGs."""
    for name in ("truth", "guess"):
        (folder / name).mkdir(parents=True)
    annotated: list[Any] = []
    guessed: list[Any] = []
    records = []
    for number in range(min(count, DIFFERENT)):
        id_map, segments, prediction = picture(number)
        found = panoseg.panoptic(prediction)
        write_png(folder / "truth" / f"{number}.png", id_map)
        write_png(folder / "guess" / f"{number}.png", found.id_map)
        annotated.append(segments)
        guessed.append([{"id": s.id, "category_id": s.class_id + 1, "area": s.area} for s in found.segments])
        records.append(encode_prediction(prediction))
    categories = [
        {"id": c + 1, "name": label, "isthing": int(c < 80)} for c, label in enumerate(VOCABULARY.labels)
    ]
    for name, described in (("truth", annotated), ("guess", guessed)):
        entries = []
        for number in range(count):
            source, target = folder / name / f"{number % DIFFERENT}.png", folder / name / f"{number}.png"
            if number >= DIFFERENT:
                os.link(source, target)
            entries.append(
                {
                    "image_id": number + 1,
                    "file_name": target.name,
                    "segments_info": described[number % DIFFERENT],
                }
            )
        images = [
            {"id": n + 1, "file_name": f"{n}.jpg", "height": SIZE[0], "width": SIZE[1]} for n in range(count)
        ]
        content = {"images": images, "annotations": entries, "categories": categories}
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    header = Header("synthetic", VOCABULARY, weights_sha256="0" * 64)
    make_run_folder(folder / "run")
    with WriterLock(folder / "run"):
        header.write(folder / "run")
        ledger = Ledger(folder / "run", write=True)
        list_pictures(ledger, (Source(f"{n}.jpg", f"/nowhere/{n}.jpg") for n in range(count)))
        with RunWriter(folder / "run", ledger, header, lambda _: None) as writer:
            position = -1
            while rows := ledger.rows("waiting", position, 64):
                writer.settle(
                    [
                        (replace(row, height=SIZE[0], width=SIZE[1]), records[row.position % DIFFERENT], None)
                        for row in rows
                    ]
                )
                position = rows[-1].position
        ledger.close()


def write_png(path: Path, id_map: NDArray[Any]) -> None:
    """R + 256 · G + 65536 · B."""
    ids = id_map.astype(np.int64)
    digits = np.stack([ids & 255, ids >> 8 & 255, ids >> 16 & 255], axis=-1).astype(np.uint8)
    Image.fromarray(digits).save(path)


def scored_as_published(folder: Path, count: int, processes: int) -> float:
    """Seconds that scoring alone takes as panopticapi does it: whole maps of 64-bit pairs, `np.unique`."""
    start = time.perf_counter()
    work = [(folder, range(first, count, processes)) for first in range(processes)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.starmap(_score, work)
    return time.perf_counter() - start


def _score(folder: Path, numbers: range) -> dict[int, list[float]]:
    """By the rules of the reference implementation, in the way in which it goes about them."""
    offset = 256**3
    truth_json, guess_json = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["annotations"]
        for name in ("truth", "guess")
    )
    totals: dict[int, list[float]] = {c: [0.0, 0, 0, 0] for c in range(1, CLASSES + 1)}
    for number in numbers:
        maps = []
        for name in ("truth", "guess"):
            digits = np.array(Image.open(folder / name / f"{number}.png"), dtype=np.uint32)
            maps.append(digits[:, :, 0] + 256 * digits[:, :, 1] + 256 * 256 * digits[:, :, 2])
        truth = {s["id"]: dict(s) for s in truth_json[number]["segments_info"]}
        guess = {s["id"]: dict(s) for s in guess_json[number]["segments_info"]}
        labels, areas = np.unique(maps[1], return_counts=True)
        for label, area in zip(labels, areas, strict=True):
            if label in guess:
                guess[label]["area"] = area
        pairs, areas = np.unique(
            maps[0].astype(np.uint64) * offset + maps[1].astype(np.uint64), return_counts=True
        )
        shared = {
            (int(pair // offset), int(pair % offset)): int(area)
            for pair, area in zip(pairs, areas, strict=True)
        }
        found_truth, found_guess = set(), set()
        for (t, g), area in shared.items():
            if t in truth and g in guess and truth[t]["category_id"] == guess[g]["category_id"]:
                union = truth[t]["area"] + guess[g]["area"] - area - shared.get((0, g), 0)
                if area / union > 0.5:
                    totals[truth[t]["category_id"]][0] += area / union
                    totals[truth[t]["category_id"]][1] += 1
                    found_truth.add(t)
                    found_guess.add(g)
        for t, each in truth.items():
            totals[each["category_id"]][3] += t not in found_truth
        for g, each in guess.items():
            if g not in found_guess and shared.get((0, g), 0) / each["area"] <= 0.5:
                totals[each["category_id"]][2] += 1
    return totals


def measure(folder: str, sweep: str) -> None:
    """The process of its own in which an evaluation is timed; prints seconds, seconds of CPU, peak memory in
    bytes, PQ, and the seconds that the surface took, and the figures under a moved slider of the page.
    """
    annotations = read_annotations(Path(folder) / "truth.json")
    run = panoseg.open_run(Path(folder) / "run")
    warm_up()  # machine code from the cache
    masks = tuple(float(value) for value in sweep.split(",") if value)
    start, before = time.perf_counter(), time.process_time()
    found = evaluate_run(run, annotations, sweep_masks=masks)
    pq = found.figures.groups["all"].pq
    passed, cpu = time.perf_counter() - start, time.process_time() - before
    grid = point = slider = 0.0
    if masks:
        slider = under_a_slider(found, annotations)
        surface = Surface(found.sweeps, masks, found.classes)
        begin = time.perf_counter()
        surface.grid(SCORES, OVERLAPS)
        grid = time.perf_counter() - begin
        begin = time.perf_counter()
        surface.figures_at(0.73, 0.66)
        point = time.perf_counter() - begin
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = 1024 * int(status.split("VmHWM:")[1].split()[0])
    print(passed, cpu, peak, pq, grid, point, slider, sep="\t")


def under_a_slider(found: Evaluation, annotations: Annotations) -> float:
    """Seconds, in the middle, until the page has the figures of all, of each class and of each picture at
    thresholds that nobody has looked at; of as many pictures as are wanted, the same ones again and again.
    """
    times = -(-WANTED // len(found.pictures))
    many = replace(found, pictures=found.pictures * times, sweeps=found.sweeps * times)
    positions = [*range(len(many.pictures))]
    seen = Evaluated(many, annotations, np.arange(len(positions)))
    taken = []
    for step in range(15):
        begin = time.perf_counter()
        thresholds = panoseg.Thresholds(score=0.3 + 0.04 * step)
        seen.figures_at(thresholds)
        seen.quality_of(positions, thresholds)
        taken.append(time.perf_counter() - begin)
    return float(np.median(taken))


def in_a_process(folder: Path, masks: str) -> list[float]:
    done = subprocess.run(
        [sys.executable, __file__, "--measure", str(folder), masks],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return [float(value) for value in done.stdout.split("\t")]


@contextmanager
def workplace(kept: str | None) -> Iterator[Path]:
    folder = Path(kept) if kept else Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pictures", type=int, default=WANTED)
    parser.add_argument("--plain", action="store_true", help="leave out what sweeps all thresholds")
    parser.add_argument("--folder", help="keep what is written there, and use it again")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(*options.measure)
        return
    cores = len(os.sched_getaffinity(0))
    with workplace(options.folder) as folder:
        if not (folder / "truth.json").exists():
            write_world(folder, options.pictures)
        published = scored_as_published(folder, options.pictures, cores)
        wanted = [""] if options.plain else ["", "0.5", "0.5,0.3,0.7"]
        found = [in_a_process(folder, masks) for masks in wanted]
    rows = [["panopticapi's scoring alone, of PNGs that lie ready", f"{published:.1f} s", "", "", "1.0"]]
    titles = ("panoseg: merging, PQ, reasons, costs", "… and all thresholds", "… at three mask thresholds")
    for title, (passed, cpu, peak, *_) in zip(titles, found, strict=False):
        rows.append(
            [title, f"{passed:.1f} s", f"{cpu:.1f} s", f"{peak / 1e6:.0f} MB", f"{passed / published:.2f}"]
        )
    title = f"{options.pictures:,} pictures of 640 × 480, 100 queries, {cores} cores. Wanted: 90 s, 600 MB."
    print(f"{title}\n\n{table(['', 'time', 'CPU', 'memory at most', 'ratio'], rows)}\n")
    print(f"PQ {100 * found[0][3]:.1f}.")
    if options.plain:
        return
    plain, swept, _ = found
    print(
        f"All score and overlap thresholds cost {swept[0] / plain[0]:.2f} times one evaluation (wanted: 3). "
        f"Then figures at a point take {1000 * swept[5]:.0f} ms, those at 20 × 10 points {swept[4]:.1f} s. "
        f"In the page, those of {WANTED:,} pictures follow in {1000 * swept[6]:.0f} ms (wanted: 3,000)."
    )


if __name__ == "__main__":
    main()
