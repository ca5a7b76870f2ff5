"""From a prediction to segments, beside transformers' post-processing, in one run; prints markdown.

    python benchmarks/merging.py                          everything: some 20 minutes on two cores, 8 GB
    python benchmarks/merging.py --only scaling cold      some of: speed memory scaling cold
    python benchmarks/merging.py --plot docs/merging.svg  draw how time grows, too

Predictions are drawn (benchmarks/scenes.py): 100 queries, of which 30 or all are kept, as regions with
curved borders, on a 96×96 grid of a 384×384 input: the only one that transformers resizes to. Ours is
measured twice: "new" is the first merge of a prediction, "next" is what every further slider move costs.
Ratios are of medians, and of "new". Memory is what a process of its own needs on top of the prediction, at
its peak.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

import numpy as np

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import panoseg
from benchmarks.plot import Panel, draw_panels
from benchmarks.scenes import blobs
from panoseg.cores import usable_cores

SIZES = {"640×480": (480, 640), "1920×1080": (1080, 1920), "4000×3000": (3000, 4000)}
LARGEST = "8660×5773"  # 50 megapixels, the most that panoseg opens
KEPT = (30, 100)
TASKS = ("panoptic", "instances", "semantic")
TARGETS = {
    ("panoptic", "640×480"): 3, ("panoptic", "1920×1080"): 8, ("panoptic", "4000×3000"): 20,
    ("semantic", "4000×3000"): 20, ("instances", "4000×3000"): 10,
}  # fmt: skip
ROUNDS = 5
Work = Callable[[], object]


def ours(task: str, prediction: panoseg.Prediction) -> object:
    """One merge by panoseg."""
    functions: dict[str, Callable[[panoseg.Prediction], object]] = {
        "panoptic": panoseg.panoptic,
        "instances": partial(panoseg.instances, score=0.5),
        "semantic": panoseg.semantic,
    }
    return functions[task](prediction)


def theirs(task: str, prediction: panoseg.Prediction) -> Work:
    """The same by transformers, ready to run."""
    import torch
    import transformers

    library: Any = transformers
    processor = library.Mask2FormerImageProcessorPil()
    outputs = SimpleNamespace(
        class_queries_logits=torch.from_numpy(prediction.class_logits.copy())[None],
        masks_queries_logits=torch.from_numpy(prediction.mask_logits.copy())[None],
    )
    sizes = [prediction.image_size]
    stuff = set(range(len(prediction.vocabulary))) - set(prediction.vocabulary.things)
    works: dict[str, Work] = {
        "panoptic": lambda: processor.post_process_panoptic_segmentation(
            outputs, threshold=0.8, label_ids_to_fuse=stuff, target_sizes=sizes
        ),
        # Its fastest answer: a flat map, which loses what overlaps.
        "instances": lambda: processor.post_process_instance_segmentation(
            outputs, threshold=0.5, target_sizes=sizes
        ),
        "semantic": lambda: processor.post_process_semantic_segmentation(outputs, target_sizes=sizes),
    }
    return works[task]


def seconds(work: Work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def milliseconds(value: float) -> str:
    return f"{1e3 * value:,.0f} ms" if value >= 0.01 else f"{1e3 * value:.1f} ms"


def megabytes(value: float) -> str:
    return f"{value / 1e6:,.0f} MB" if value >= 1e6 else "under 1 MB"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def speed(rounds: int) -> None:
    """Ours and theirs in turn, so that whatever else the machine does slows both."""
    print(f"### Speed\n\nMedians of {rounds} runs each, in turn.\n")
    rows = []
    for task in TASKS:
        for name, size in SIZES.items():
            for kept in KEPT:
                prediction = blobs(size, kept)
                other = theirs(task, prediction)
                ours(task, prediction)
                times: dict[str, list[float]] = {"new": [], "next": [], "theirs": []}
                for _ in range(rounds):
                    fresh = replace(prediction)
                    times["new"].append(seconds(partial(ours, task, fresh)))
                    times["next"].append(seconds(partial(ours, task, fresh)))
                    times["theirs"].append(seconds(other))
                    gc.collect()
                new, following, transformers = (median(values) for values in times.values())
                target = TARGETS.get((task, name), 0) if kept == 30 or task != "panoptic" else 0
                rows.append(
                    [
                        task, name, str(kept), milliseconds(new), milliseconds(following),
                        milliseconds(transformers), f"{transformers / new:.0f}×",
                        f"{target}×" if target else "",
                    ]
                )  # fmt: skip
                print(f"{rows[-1]}", file=sys.stderr)
    header = ["task", "photo", "kept", "panoseg, new", "panoseg, next", "transformers", "ratio", "wanted"]
    print(table(header, rows))


def memory() -> None:
    """Peak memory of one merge, each in a process of its own, one at a time."""
    print(
        "### Memory\n\nPeak of one merge above the loaded prediction, in a process of its own each, and that "
        "of panoseg's process in all.\n"
    )
    cases = [
        *(("panoptic", size) for size in SIZES),
        ("instances", "4000×3000"),
        ("semantic", "4000×3000"),
        ("panoptic", LARGEST),
    ]
    rows = []
    for task, size in cases:
        for kept in KEPT:
            ours_added, ours_in_all = _peak_of("ours", task, size, kept)
            theirs_added = "" if size == LARGEST else _peak_of("theirs", task, size, kept)[0]
            rows.append([task, size, str(kept), ours_added, ours_in_all, theirs_added])
            print(f"{rows[-1]}", file=sys.stderr)
    print(table(["task", "photo", "kept", "panoseg", "in all", "transformers"], rows))


def _peak_of(side: str, task: str, size: str, kept: int) -> tuple[str, str]:
    command = [sys.executable, __file__, "--peak", side, task, size, str(kept)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return "failed", "failed"
    added, in_all = json.loads(done.stdout)
    return megabytes(added), megabytes(in_all)


def peak(side: str, task: str, size: str, kept: int) -> None:
    """Print the bytes that one merge adds to this process at its peak, and those of the process in all."""
    small, large = blobs((48, 64), kept), blobs({**SIZES, LARGEST: (5773, 8660)}[size], kept)
    works: list[Work] = [
        partial(ours, task, prediction) if side == "ours" else theirs(task, prediction)
        for prediction in (small, large)
    ]
    works[0]()  # what is loaded once is not counted
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before = _status("VmRSS")
    result = works[1]()
    most = _status("VmHWM")
    del result
    print(json.dumps([most - before, most]))


def _status(name: str) -> int:
    """Bytes, as Linux tells."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(name))


def scaling(rounds: int, plot: Path | None) -> None:
    """How time grows: with pixels, with kept queries, with the length of the boundaries."""
    print(f"### How time grows\n\nPanoptic, the next merge of a prediction; medians of {rounds}.\n")

    def measure(prediction: panoseg.Prediction) -> float:
        panoseg.panoptic(prediction)
        return median(seconds(lambda: panoseg.panoptic(prediction)) for _ in range(rounds))

    panels = []
    megapixels = (0.3, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0, 48.0)
    times = [measure(blobs((round(866 * mp**0.5), round(1155 * mp**0.5)), 30)) for mp in megapixels]
    panels.append(Panel("megapixels", megapixels, [1e3 * t for t in times]))
    print(table(["megapixels, 30 kept", *map(str, megapixels)], [["time", *map(milliseconds, times)]]))

    counts = (5, 10, 20, 30, 50, 75, 100)
    times = [measure(blobs(SIZES["4000×3000"], kept)) for kept in counts]
    panels.append(Panel("kept queries", counts, [1e3 * t for t in times]))
    print(table(["kept queries, 12 MP", *map(str, counts)], [["time", *map(milliseconds, times)]]))

    lengths, times = [], []
    for wiggle in (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4):
        prediction = blobs(SIZES["4000×3000"], 30, wiggle=wiggle)
        id_map = panoseg.panoptic(prediction).id_map
        edges = np.count_nonzero(np.diff(id_map, axis=0)) + np.count_nonzero(np.diff(id_map, axis=1))
        lengths.append(round(edges / 1e3))
        times.append(measure(prediction))
    panels.append(Panel("boundary, thousand pixel edges", lengths, [1e3 * t for t in times]))
    print(
        table(
            ["thousand pixel edges, 12 MP, 30 kept", *map(str, lengths)],
            [["time", *map(milliseconds, times)]],
        )
    )
    if plot:
        plot.write_text(draw_panels(panels, "milliseconds"), encoding="utf-8")
        print(f"![Time of a panoptic merge]({plot.name})\n")


COLD = """
import time
start = time.perf_counter()
import panoseg
imported = time.perf_counter()
from benchmarks.scenes import blobs
prediction = blobs((480, 640), 30)
built = time.perf_counter()
panoseg.panoptic(prediction)
merged = time.perf_counter()
panoseg.merging.warm_up()
print(imported - start, merged - built, time.perf_counter() - merged)
"""


def cold() -> None:
    """What the first merge in a new process costs, with and without machine code on disk."""
    print("### Cold start\n\nA process of its own each time.\n")
    rows = []
    root = str(Path(__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder, "PYTHONPATH": root}
        for name in ("first time on a machine", "machine code on disk"):
            done = subprocess.run(
                [sys.executable, "-c", COLD], env=environment, capture_output=True, text=True, check=True
            )
            rows.append([name, *(f"{float(value):.2f} s" for value in done.stdout.split())])
    print(table(["", "import panoseg", "first panoptic merge", "all that warm_up() adds"], rows))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = ("speed", "memory", "scaling", "cold")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts, metavar="PART")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--plot", type=Path, metavar="SVG")
    parser.add_argument("--peak", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak:
        side, task, size, kept = options.peak
        peak(side, task, size, int(kept))
        return
    import transformers

    print(
        f"{usable_cores()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, transformers {transformers.__version__}.\n"
    )
    panoseg.merging.warm_up()
    if "speed" in options.only:
        speed(options.rounds)
    if "memory" in options.only:
        memory()
    if "scaling" in options.only:
        scaling(options.rounds, options.plot)
    if "cold" in options.only:
        cold()


if __name__ == "__main__":
    main()
