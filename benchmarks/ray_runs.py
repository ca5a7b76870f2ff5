"""Runs on Ray beside those of one process: pictures per second with as many workers, memory; prints markdown.

    python benchmarks/ray_runs.py                              half an hour on two cores
    python benchmarks/ray_runs.py --workers 2 --rounds 1       a part of it
    python benchmarks/ray_runs.py --quick                      a few pictures, to see that everything runs

The cluster is up, and workers have the network in memory, before the clock starts: a cluster on this machine
takes some ten seconds for both, which are told beside. By then it has prepared what its store has room for,
some 1,200 pictures at most: hence so many more of them. What is compared takes turns.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import panoseg
from benchmarks.merging import megabytes, table
from benchmarks.run_inputs import write_scenes
from panoseg.models.forward_pass import SideBySide
from panoseg.runs import RunProgress, make_run
from panoseg.runs.on_ray import RayOptions, cluster

LOOK_SECONDS = 5.0
"""Between two looks at the memory. At each, the pages of some twenty processes are counted."""


class Clock:
    """A run's progress → the pace behind its first pictures, when every worker has begun."""

    def __init__(self, skip: int) -> None:
        self._skip = skip
        self._times: list[tuple[int, float]] = []
        self.started = time.perf_counter()

    def __call__(self, progress: RunProgress) -> None:
        self._times.append((progress.done, time.perf_counter()))

    @property
    def pace(self) -> float:
        """Pictures per second from the one after the first `skip` to the last."""
        first = next(when for done, when in self._times if done >= self._skip)
        at = max(done for done, when in self._times if when <= first)
        done, last = self._times[-1]
        return (done - at) / (last - first)

    @property
    def until_first(self) -> float:
        """Seconds before the first picture was settled."""
        return self._times[1][1] - self.started


def family_bytes() -> int:
    """Memory of this process and all below it; what they share is counted once."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
        except (OSError, IndexError, ValueError):
            continue
    mine, total = {int(Path("/proc/self").resolve().name)}, 0
    while new := {pid for pid, parent in parents.items() if parent in mine} - mine:
        mine |= new
    for pid in mine:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        total += sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


@contextmanager
def watched() -> Iterator[list[int]]:
    """The most memory of the family within the block, as the only entry."""
    most, done = [0], threading.Event()

    def look() -> None:
        while not done.wait(LOOK_SECONDS):
            most[0] = max(most[0], family_bytes())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="how many (default 1 2)")
    parser.add_argument("--pictures", type=int, default=2048, help="of a run (default 2048)")
    parser.add_argument("--rounds", type=int, default=3, help="that medians are of (default 3)")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    rounds, count = (1, 128) if options.quick else (options.rounds, options.pictures)
    skip = 64
    paces: dict[str, list[float]] = {}
    memory: dict[str, int] = {}
    waits: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_scenes(folder / "scenes", count)
        for number in range(rounds):
            for workers in options.workers:
                local = panoseg.load_segmenter("demo", side_by_side=SideBySide(threads=1, most=workers))
                clock = Clock(skip)
                with watched() as most:
                    make_run(paths, store=folder / f"l{workers}-{number}", model=local, progress=clock)
                del local
                title = f"one process, {workers} at a time"
                paces.setdefault(title, []).append(clock.pace)
                memory[title] = max(memory.get(title, 0), most[0])
            for workers in options.workers:
                began = time.perf_counter()
                ray_options = RayOptions(workers=workers)
                with cluster(ray_options), watched() as most:
                    clock = Clock(skip)
                    clock.started = began
                    make_run(paths, store=folder / f"r{workers}-{number}", ray=ray_options, progress=clock)
                waits.append(clock.until_first)
                title = f"Ray, {workers} {'worker' if workers == 1 else 'workers'}"
                paces.setdefault(title, []).append(clock.pace)
                memory[title] = max(memory.get(title, 0), most[0])
    rows = []
    for title, own in paces.items():
        rival = paces[f"one process, {title.split()[1]} at a time"] if title.startswith("Ray") else own
        ratios = [a / b for a, b in zip(own, rival, strict=True)]
        rows.append(
            [
                title,
                f"{median(own):.1f}",
                f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})",
                megabytes(memory[title]),
            ]
        )
    print(
        f"{count} JPEGs of 640 × 480, the demo model on torch, medians of {rounds}. Wanted: 0.9 of one "
        f"process with as many passes. The first picture came {median(waits):.0f} s after the command.\n"
    )
    print(table(["", "pictures/s", "of one process", "memory, all processes"], rows))


if __name__ == "__main__":
    main()
