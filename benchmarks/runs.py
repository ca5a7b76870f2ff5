"""Runs: pictures per second beside the network alone and beside transformers' pipeline, memory, opening a
large run, what measurements cost; prints markdown.

    python benchmarks/runs.py                          all of it: some 20 minutes on two cores
    python benchmarks/runs.py --only opening           one of its parts
    python benchmarks/runs.py --only throughput --row "Swin-T, torch"    one row of it
    python benchmarks/runs.py --quick                  a few pictures, to see that everything runs

What is compared takes turns in one process, so that whatever else the machine does slows all of it. Swin-T
is Mask2Former's in full size with random weights; its answers are computed and then replaced by the logits of
a photo with 30 kept queries, as in benchmarks/engines.py.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import panoseg
from benchmarks.large_run import opening, resident
from benchmarks.merging import megabytes, table
from benchmarks.run_inputs import demo, swin, write_scenes
from benchmarks.runs_beside_pipeline import beside_the_pipeline
from panoseg.cores import usable_cores
from panoseg.export.measurements import measure
from panoseg.merging import margin
from panoseg.models.forward_pass import SideBySide
from panoseg.photo import open_photo
from panoseg.runs import make_run

MIXED = ((240, 320), (480, 640), (640, 960), (1080, 1440), (1536, 2048), (3000, 4000))


def throughput(folder: Path, *, quick: bool, row: str, rounds: int) -> None:
    """A run beside forward passes over inputs that are ready in memory."""
    rounds = 1 if quick else rounds
    lines = []
    contestants: list[tuple[str, Callable[[SideBySide | None], Any], int]] = [
        ("demo model, torch", lambda wish: demo("torch", wish), 100),
        ("demo model, OpenVINO", lambda wish: demo("openvino", wish), 100),
        ("Swin-T, torch", lambda wish: swin(folder, "torch", wish), 12),
        ("Swin-T, OpenVINO", lambda wish: swin(folder, "openvino", wish), 16),
    ]
    for title, load, count in contestants:
        if row not in title:
            continue
        paths = write_scenes(folder / "scenes", 4 if quick else count)[: 4 if quick else count]
        spent, size = _take_turns(load(None), load(SideBySide()), paths, folder / title, rounds)
        alone, beside, run = spent
        lines.append(
            [
                title,
                *(f"{len(paths) / median(each.seconds for each in kind):.1f}" for kind in spent),
                _ratios(alone, run),
                _ratios(beside, run),
                *(f"{1000 * median(each.cpu for each in kind) / len(paths):.0f}" for kind in spent),
                f"{size / 1e6:.2f}",
            ]
        )
        print(lines[-1], file=sys.stderr)
    print(
        f"JPEGs of 640 × 480 pixels; medians of {rounds} rounds, in brackets the least and the largest. "
        "Wanted: 0.9 of one pass at a time; 1 MB.\n"
    )
    header = [
        "", "one pass at a time, pictures/s", "a pass per core, pictures/s", "run, pictures/s",
        "run : one at a time", "run : a pass per core", "CPU ms a picture: one at a time", "a pass per core",
        "run", "MB a picture",
    ]  # fmt: skip
    print(table(header, lines))


def _take_turns(
    one: Any, many: Any, paths: list[Path], store: Path, rounds: int
) -> tuple[list[list[Spent]], int]:
    """What passes one at a time took, side by side, and a run; and the bytes of a picture."""
    import torch

    prepared = [one.prepare(open_photo(path)) for path in paths]
    callers = ThreadPoolExecutor(many.passes)

    def alone() -> None:
        for each in prepared:
            one.predict_prepared([each])

    def beside() -> None:
        list(callers.map(lambda each: many.predict_prepared([each]), prepared))

    def run() -> None:
        make_run(paths, store=Path(f"{store}-{len(spent[2])}"), model=many).close()

    spent: list[list[Spent]] = [[], [], []]
    for each in (one, many):
        each.predict_prepared(prepared[:1])
    for _ in range(rounds):
        # MKL's threads are the process's: each contestant has those that it would have by itself.
        for kind, threads, work in zip(spent, (usable_cores(), 1, 1), (alone, beside, run), strict=True):
            torch.set_num_threads(threads)
            kind.append(_timed(work))
    callers.shutdown()
    with panoseg.open_run(f"{store}-0") as made:
        assert len(made) == len(paths), made.failures
        return spent, made.bytes // len(made)


class Spent(NamedTuple):
    """Seconds on the clock, and of this process on all cores."""

    seconds: float
    cpu: float


def _timed(work: Callable[[], object]) -> Spent:
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - start, time.process_time() - cpu)


def _ratios(alone: list[Spent], run: list[Spent]) -> str:
    ratios = [a.seconds / r.seconds for a, r in zip(alone, run, strict=True)]
    return f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def memory(folder: Path, *, quick: bool) -> None:
    """A process of its own makes a run of many pictures of mixed sizes and tells how large it is."""
    count = 60 if quick else 2000
    originals = [path for size in MIXED for path in write_scenes(folder / "mixed", 4, size)]
    links = folder / "many"
    links.mkdir(exist_ok=True)
    for number in range(count):
        path = links / f"{number:05d}.jpg"
        if not path.exists():
            path.symlink_to(originals[number * 7 % len(originals)])
    done = subprocess.run(
        [sys.executable, __file__, "--remember", str(links), str(folder / "memory")],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    sizes = ", ".join(f"{width}×{height}" for height, width in MIXED)
    print(f"{count} JPEGs of {sizes} in turn, demo model. Wanted: flat; at most 400 MB above the network.\n")
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    print(table(["", "memory", "above the network"], rows))


def remember(pictures: str, store: str) -> None:
    """The process of `memory`: a line for the network and one for each quarter of the run."""
    segmenter = panoseg.load_segmenter("demo", engine="torch", side_by_side=SideBySide())
    segmenter.predict(np.zeros((320, 480, 3), np.uint8))
    network = resident()
    print(f"network in memory, after a forward pass\t{megabytes(network)}\t", flush=True)
    most = 0

    def follow(progress: Any) -> None:
        nonlocal most
        now = resident()
        most = max(most, now)
        if progress.done and progress.done % (progress.total // 4) == 0:
            above = megabytes(max(0, most - network))
            print(f"most until picture {progress.done}\t{megabytes(most)}\t{above}", flush=True)

    made = make_run(pictures, store=store, model=segmenter, progress=follow)
    assert made.counts["failed"] == 0


def measurements(folder: Path, *, quick: bool) -> None:
    """What tables with measurements cost beside the merging that they need anyway."""
    rounds = 1 if quick else 5
    segmenter = panoseg.load_segmenter("demo", engine="torch")
    lines = []
    for size in ((1224, 1632), (3000, 4000)):
        (path,) = write_scenes(folder / "measured", 1, size)
        photo = open_photo(path)
        merged, measured = [], []
        for _ in range(rounds + 1):
            prediction = segmenter.predict(photo)
            start = time.perf_counter()
            segmentation = panoseg.panoptic(prediction)
            merged.append(time.perf_counter() - start)
            start = time.perf_counter()
            measure(segmentation, photo, margin(prediction))
            measured.append(time.perf_counter() - start)
        lines.append(
            [
                f"{size[0] * size[1] / 1e6:.0f} MP",
                str(len(segmentation.segments)),
                f"{1000 * median(merged[1:]):.0f} ms",
                f"{1000 * median(measured[1:]):.0f} ms",
            ]
        )
    print(f"Medians of {rounds}; only when asked for.\n")
    print(table(["picture", "segments", "merging", "all measurements, margins included"], lines))


PARTS: dict[str, tuple[str, Callable[..., None]]] = {
    "throughput": ("A run beside the network alone", throughput),
    "pipeline": ("A run beside a loop over transformers' pipeline", beside_the_pipeline),
    "memory": ("Memory over many pictures", memory),
    "opening": ("A large run", opening),
    "measurements": ("Measurements", measurements),
}
IN_ROWS = ("throughput", "pipeline")


@contextmanager
def _quiet_cache(folder: Path) -> Iterator[None]:
    os.environ["PANOSEG_CACHE"] = str(folder / "cache")
    yield


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument(
        "--row", default="", help="of throughput or pipeline: those whose title has this in it"
    )
    parser.add_argument("--rounds", type=int, default=5, help="of throughput and pipeline (default 5)")
    parser.add_argument("--device", default="cpu", help="of pipeline (default cpu)")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--remember", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.remember:
        remember(*options.remember)
        return
    with tempfile.TemporaryDirectory() as name, _quiet_cache(Path(name)):
        for part in options.only or PARTS:
            title, measure_part = PARTS[part]
            print(f"### {title}\n")
            of_rows = {"row": options.row, "rounds": options.rounds} if part in IN_ROWS else {}
            if part == "pipeline":
                of_rows["device"] = options.device
            measure_part(Path(name), quick=options.quick, **of_rows)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
