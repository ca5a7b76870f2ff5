"""A run of a hundred thousand pictures: opened, read through, and its segments filtered."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.merging import megabytes, table
from benchmarks.run_inputs import write_scenes
from panoseg.runs import make_run
from panoseg.runs.ledger import LEDGER_FILE, Ledger

LARGE = 100_000


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
        "from benchmarks.large_run import resident\n"
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
