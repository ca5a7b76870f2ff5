"""Runs: pictures per second beside the network alone and beside transformers' pipeline, memory, opening a
large run, what measurements cost; prints markdown.

    python benchmarks/runs.py                          all of it: some 20 minutes on two cores
    python benchmarks/runs.py --only opening           one of its parts
    python benchmarks/runs.py --quick                  a few pictures, to see that everything runs

What is compared takes turns in one process, so that whatever else the machine does slows all of it. Swin-T
is Mask2Former's in full size with random weights; its answers are computed and then replaced by the logits of
a photo with 30 kept queries, as in benchmarks/engines.py.
"""

from __future__ import annotations

import argparse
import csv
import os
import sqlite3
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
from PIL import Image

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import panoseg
from benchmarks.demo_quality import HELD_OUT
from benchmarks.engines import SIZES, Answering, Job, write_answer, write_checkpoint
from benchmarks.merging import megabytes, table
from panoseg.demo.world import draw_scene
from panoseg.export.data_sets import RUN_FORMATS
from panoseg.export.measurements import measure
from panoseg.merging import margin
from panoseg.models.forward_pass import SideBySide, usable_cores
from panoseg.photo import open_photo
from panoseg.runs import make_run
from panoseg.runs.ledger import LEDGER_FILE, Ledger
from panoseg.setting_values import EngineName

MIXED = ((240, 320), (480, 640), (640, 960), (1080, 1440), (1536, 2048), (3000, 4000))
FORMATS = ("coco-panoptic", "overlay", "csv")
LARGE = 100_000


def write_scenes(folder: Path, count: int, size: tuple[int, int] = (480, 640)) -> list[Path]:
    """JPEGs of drawn scenes, (height, width) pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    small = (size[0] // max(1, size[0] // 480), size[1] // max(1, size[0] // 480))
    paths = []
    for number in range(count):
        path = folder / f"{size[0]}-{number:04d}.jpg"
        image = Image.fromarray(draw_scene(HELD_OUT[number], small).pixels)
        image.resize(size[::-1], Image.Resampling.BICUBIC).save(path, quality=90)
        paths.append(path)
    return paths


def swin(folder: Path, engine: EngineName, side_by_side: SideBySide | None = None) -> Any:
    """Swin-T at 384×384, with something to merge in every picture."""
    if not (folder / "Swin-T").exists():
        write_checkpoint("Swin-T", folder / "Swin-T")
        write_answer(folder / "answer.npz", SIZES["384×384"], None)
    segmenter: Any = panoseg.load_segmenter(
        folder / "Swin-T", engine=engine, device="cpu", side_by_side=side_by_side
    )
    with np.load(folder / "answer.npz") as file:
        segmenter._engine = Answering(segmenter._engine, (file["classes"], file["masks"]))
    return segmenter


def demo(engine: EngineName, side_by_side: SideBySide | None = None) -> Any:
    """The demo model."""
    return panoseg.load_segmenter("demo", engine=engine, side_by_side=side_by_side)


def throughput(folder: Path, *, quick: bool) -> None:
    """A run beside forward passes over inputs that are ready in memory."""
    rounds = 1 if quick else 5
    lines = []
    contestants: list[tuple[str, Callable[[SideBySide | None], Any], int]] = [
        ("demo model, torch", lambda wish: demo("torch", wish), 100),
        ("demo model, OpenVINO", lambda wish: demo("openvino", wish), 100),
        ("Swin-T, torch", lambda wish: swin(folder, "torch", wish), 12),
        ("Swin-T, OpenVINO", lambda wish: swin(folder, "openvino", wish), 24),
    ]
    for title, load, count in contestants:
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


def beside_the_pipeline(folder: Path, *, quick: bool) -> None:
    """A run and its export beside a loop over transformers' pipeline that writes the same files."""
    rounds, count = (1, 2) if quick else (3, 6)
    lines = []
    for size in ((480, 640), (1536, 2048), (3000, 4000)):
        paths = write_scenes(folder / f"pipeline-{size[0]}", count, size)
        segmenter = swin(folder, "openvino", SideBySide())
        segmenter.predict(paths[0])
        job = Job(
            "pipeline", str(folder / "Swin-T"), "384×384", str(paths[0]), str(folder / "answer.npz"), "cpu"
        )
        with np.load(job.answer) as file:
            segment = job._pipeline((file["classes"], file["masks"]))
        segment()
        pipeline = _pipeline_of(segment)
        ours, theirs = [], []
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
                f"{size[1]} × {size[0]}",
                f"{count / median(theirs):.2f}",
                f"{count / median(ours):.2f}",
                f"{ratio:.1f}×",
            ]
        )
        print(lines[-1], file=sys.stderr)
    print(f"Swin-T at 384×384; COCO panoptic, overlay and CSV; medians of {rounds} rounds. Wanted: 8×.\n")
    print(table(["pictures", "pipeline, pictures/s", "panoseg on OpenVINO, pictures/s", "ratio"], lines))


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


def resident() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def opening(folder: Path, *, quick: bool) -> None:
    """A ledger of many pictures: opened, and its segments filtered."""
    count = 1000 if quick else LARGE
    paths = write_scenes(folder / "scenes", 1)
    store = folder / "large"
    make_run(paths, store=store, model="demo").close()
    connection = sqlite3.connect(store / LEDGER_FILE)
    columns = [row[1] for row in connection.execute("PRAGMA table_info(pictures)")]
    (row,) = connection.execute("SELECT * FROM pictures").fetchall()
    values = dict(zip(columns, row, strict=True))
    connection.executemany(
        f"INSERT INTO pictures VALUES ({', '.join('?' * len(columns))})",  # noqa: S608  # question marks
        (
            tuple({**values, "position": n, "name": f"folder-{n // 1000}/{n:07d}.jpg"}.values())
            for n in range(1, count)
        ),
    )
    connection.commit()
    connection.close()
    segments = _large_table(folder / "segments.parquet", count)
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1]); import panoseg\n"
        "from benchmarks.runs import resident\n"
        "before, start = resident(), time.perf_counter()\n"
        "run = panoseg.open_run(sys.argv[2])\n"
        "opened, size = time.perf_counter() - start, resident() - before\n"
        "start = time.perf_counter(); assert run[len(run) // 2].name; item = time.perf_counter() - start\n"
        "start = time.perf_counter(); rows = sum(1 for _ in run)\n"
        "every = time.perf_counter() - start; assert rows == len(run)\n"
        "import pyarrow.compute as pc, pyarrow.parquet as pq\n"
        "start = time.perf_counter()\n"
        "table = pq.read_table(sys.argv[3], columns=['picture', 'label', 'score', 'area_fraction'])\n"
        "kept = table.filter((pc.field('label') == 'person') & (pc.field('area_fraction') > 0.01))\n"
        "found = kept.group_by('picture').aggregate([('label', 'count')])\n"
        "assert found.filter(pc.field('label_count') >= 2).num_rows\n"
        "filtered = time.perf_counter() - start\n"
        "print(opened, size, item, every, filtered, resident() - before, sep='\\t')\n"
    )
    numbers = []
    for _ in range(1 if quick else 5):
        arguments = [str(Path(__file__).resolve().parents[1]), str(store), str(segments)]
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True, check=True
        )
        numbers.append([float(value) for value in done.stdout.split("\t")])
    opened, size, item, everything, filtered, whole = (median(each) for each in zip(*numbers, strict=True))
    print(
        f"A run of {count:,} pictures with 10 segments each (synthetic). Wanted: 1 s and 200 MB to open it.\n"
    )
    rows = [
        ["open", f"{1000 * opened:.0f} ms", megabytes(int(size))],
        ["any one picture's row", f"{1000 * item:.1f} ms", ""],
        ["every picture's row, in order", f"{everything:.2f} s", ""],
        [
            "pictures with two persons above 1 % of the area",
            f"{1000 * filtered:.0f} ms",
            megabytes(int(whole)),
        ],
    ]
    print(table(["", "time", "memory"], rows))
    ledger = Ledger(store)
    assert len(ledger.positions("done")) == count
    ledger.close()


def _large_table(path: Path, count: int) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    rng = np.random.default_rng(0)
    rows = 10 * count
    labels = np.array(["person", "car", "tree", "sky", "grass", "dog", "cat", "boat"])
    content = {
        "picture": np.repeat([f"folder-{n // 1000}/{n:07d}.jpg" for n in range(count)], 10),
        "label": labels[rng.integers(0, len(labels), rows)],
        "score": rng.random(rows),
        "area_fraction": rng.random(rows) ** 4,
    }
    parquet.write_table(pa.table(content), path, compression="zstd")
    return path


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


@contextmanager
def _quiet_cache(folder: Path) -> Iterator[None]:
    os.environ["PANOSEG_CACHE"] = str(folder / "cache")
    yield


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--remember", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.remember:
        remember(*options.remember)
        return
    assert set(FORMATS) <= set(RUN_FORMATS)
    with tempfile.TemporaryDirectory() as name, _quiet_cache(Path(name)):
        for part in options.only or PARTS:
            title, measure_part = PARTS[part]
            print(f"### {title}\n")
            measure_part(Path(name), quick=options.quick)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
