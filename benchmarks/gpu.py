"""A GPU: its answers beside the CPU's, pictures per second by batch and precision, runs; prints markdown.

    python benchmarks/gpu.py                  all of it: some 4 minutes on one GPU and 16 cores
    python benchmarks/gpu.py --only run       one of its parts
    python benchmarks/gpu.py --device cpu --quick    a few pictures, to see that everything runs

Swin-T is Mask2Former's in full size with random weights. Where something is merged or written, its answers
are computed and then replaced by the logits of a photo with 30 kept queries, as in benchmarks/engines.py.
"""

from __future__ import annotations

import argparse
import collections
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, get_args

import numpy as np

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import panoseg
from benchmarks.merging import table
from benchmarks.run_inputs import swin, write_scenes
from panoseg import panoptic
from panoseg.models.engines.engine import Precision
from panoseg.photo import open_photo
from panoseg.runs import make_run

BATCHES = (1, 2, 4, 8, 16, 32)
ROUNDS = 5
RUNS: tuple[tuple[Precision, int], ...] = (("float32", 8), ("float32", 16), ("float32", 32), ("float16", 32))


def answers(folder: Path, device: str, *, quick: bool) -> None:
    """How many pixels get the same segment from both devices."""
    lines = []
    paths = write_scenes(folder / "scenes", 4 if quick else 24)
    swin(folder, "torch")  # writes the checkpoint
    for title, wanted in (("demo model", "demo"), ("Swin-T, random weights", folder / "Swin-T")):
        plain = panoseg.load_segmenter(wanted, engine="torch", device="cpu")
        references = [plain.predict(path) for path in paths]
        for precision in precisions(device):
            other = panoseg.load_segmenter(wanted, engine="torch", device=device, precision=precision)
            equal, apart = [], 0.0
            for path, reference in zip(paths, references, strict=True):
                prediction = other.predict(path)
                equal.append(np.mean(panoptic(prediction).id_map == panoptic(reference).id_map))
                apart = max(apart, float(np.abs(prediction.mask_logits - reference.mask_logits).max()))
            # Random weights are sure of nothing, so that nothing is kept.
            share = f"{100 * min(equal):.3f} %" if wanted == "demo" else "–"
            lines.append([title, precision, f"{apart:.2g}", share])
    print(table(["", "precision", "mask logits apart at most", "equal pixels, worst picture"], lines))


def precisions(device: str) -> tuple[Precision, ...]:
    """Those that a device is measured in: a CPU has no short numbers that are fast."""
    return ("float32",) if device == "cpu" else get_args(Precision)


def passes(folder: Path, device: str, *, quick: bool) -> None:
    """Pictures per second of forward passes over inputs that are ready in memory."""
    lines = []
    path = write_scenes(folder / "scenes", 1)[0]
    for precision in precisions(device):
        model = swin(folder, "torch", device=device, precision=precision)
        prepared = model.prepare(open_photo(path))
        rates = []
        for batch in BATCHES[: 2 if quick else None]:
            together = [prepared] * batch
            rates.append(f"{1 / a_picture(model, together, 1 if quick else 3):.0f}")
        lines.append([precision, *rates])
    header = ["pictures/s, in a batch of", *(str(batch) for batch in BATCHES[: 2 if quick else None])]
    print(table(header, lines))


def a_picture(model: Any, together: list[Any], before: int = 3) -> float:
    """Seconds of a picture's share of one forward pass over all of them."""
    for _ in range(before):
        model.predict_prepared(together, batch=len(together), fleeting=True)
    seconds = [
        timed(lambda: model.predict_prepared(together, batch=len(together), fleeting=True))
        for _ in range(ROUNDS)
    ]
    return median(seconds) / len(together)


def run(folder: Path, device: str, *, quick: bool) -> None:
    """A run beside forward passes alone, and where its threads are meanwhile."""
    lines = []
    for size, count in (((480, 640), 1600), ((3000, 4000), 320)):
        paths = write_scenes(folder / "scenes", 4, size) if quick else drawn_once(folder, size, count)
        for precision, batch in (("float32", 4),) if quick else RUNS:
            model = swin(folder, "torch", device=device, precision=precision)
            alone = a_picture(model, [model.prepare(open_photo(paths[0]))] * batch)
            store = folder / f"run-{size[0]}-{precision}-{batch}"
            make_run(
                paths[:2], store=f"{store}-first", model=model
            ).close()  # reads the weights for their sha256
            with sampled_threads() as seen:
                spent = timed(lambda: make_run(paths, store=store, model=model, batch=batch).close())  # noqa: B023
            rate = len(paths) / spent
            title = f"{size[1]} × {size[0]}"
            lines.append(
                [title, precision, f"{batch}", f"{1 / alone:.0f}", f"{rate:.0f}", f"{rate * alone:.2f}"]
            )
            print(f"{lines[-1]}\n" + "\n".join(most_seen(seen)), file=sys.stderr)
    print(
        table(
            ["pictures", "precision", "batch", "passes alone, pictures/s", "run, pictures/s", "run : alone"],
            lines,
        )
    )


def killed(folder: Path, device: str, *, quick: bool) -> None:
    """Two runs of the demo model: one whole, one killed with -9 three times and continued; are they equal?"""
    paths = write_scenes(folder / "scenes", 8) if quick else drawn_once(folder, (480, 640), 400)
    stores = {name: folder / f"run-{name}" for name in ("whole", "killed")}

    def begin(store: Path) -> subprocess.Popen[str]:
        command = [sys.executable, __file__, "--go-on", str(paths[0].parent), str(store), device]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    begin(stores["whole"]).communicate()
    kills = []
    for stop in (len(paths) * share // 4 for share in (1, 2, 3)):
        process = begin(stores["killed"])
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= stop:
                break
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with panoseg.open_run(stores["killed"]) as run:
            kills.append(len(run))
    begin(stores["killed"]).communicate()
    shards = [
        {path.name: path.read_bytes() for path in sorted((store / "shards").iterdir())}
        for store in stores.values()
    ]
    assert shards[0], "nothing was written"
    said = "equal, byte for byte" if shards[0] == shards[1] else "NOT equal"
    print(f"{len(paths)} pictures; killed with -9 when {', '.join(map(str, kills))} were done: {said}.")


def go_on(pictures: str, store: str, device: str) -> None:
    """A process of `killed`: make the run or go on with it, and say how far it has come."""
    model = panoseg.load_segmenter("demo", engine="torch", device=device)
    make_run(pictures, store=store, model=model, progress=lambda seen: print(seen.done, flush=True)).close()


def drawn_once(folder: Path, size: tuple[int, int], count: int) -> list[Path]:
    """So many files, of a few drawn scenes."""
    few = write_scenes(folder / "scenes", 8, size)
    target = folder / f"pictures-{size[0]}"
    target.mkdir(exist_ok=True)
    paths = [target / f"{number:04d}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        # Bytes behind the end of a JPEG are not looked at: no two files are equal.
        path.write_bytes(few[number % len(few)].read_bytes() + b"%d" % number)
    return paths


def timed(work: Callable[[], Any]) -> float:
    """Seconds that it took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@contextmanager
def sampled_threads() -> Iterator[collections.Counter[tuple[str, str]]]:
    """Counts where the threads of a run are, twenty times a second."""
    seen: collections.Counter[tuple[str, str]] = collections.Counter()
    over = threading.Event()

    def sample() -> None:
        while not over.wait(0.05):
            names = {each.ident: each.name.partition("_")[0] for each in threading.enumerate()}
            for ident, frame in sys._current_frames().items():
                name = names.get(ident, "")
                if name in THREADS:
                    code = frame.f_code
                    seen[name, f"{Path(code.co_filename).name} {code.co_name}"] += 1

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    try:
        yield seen
    finally:
        over.set()
        sampler.join()


def most_seen(seen: collections.Counter[tuple[str, str]]) -> list[str]:
    """The six places of each kind of thread."""
    lines = []
    for kind in THREADS:
        places = [(count, place) for (name, place), count in seen.items() if name == kind]
        total = sum(count for count, _ in places) or 1
        lines += [f"  {kind:8} {count / total:4.0%} {place}" for count, place in sorted(places)[::-1][:6]]
    return lines


THREADS = ("decode", "network", "encode", "finish")
PARTS = {"answers": answers, "passes": passes, "run": run, "killed": killed}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--go-on", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.go_on:
        go_on(*options.go_on)
        return
    with tempfile.TemporaryDirectory() as name:
        for part in options.only or PARTS:
            print(f"### {part}\n")
            PARTS[part](Path(name), options.device, quick=options.quick)
            print(flush=True)


if __name__ == "__main__":
    main()
