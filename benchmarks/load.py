"""Many visitors at once: how long each waits, what the server's memory does, and who is turned away.

    python benchmarks/load.py                      40 visitors, each with an upload of 2 MP and 20 moves
    python benchmarks/load.py --passes 60          so many forward passes asked for in one moment
    python benchmarks/load.py --in-a-row 60        so many one after the other, by one visitor: memory stays
    python benchmarks/load.py --sessions 50 --model-server    the page beside a model server on the same cores
    python benchmarks/load.py --address http://…   of a server that runs already; without memory

Every visitor is a real session: page, WebSocket, Streamlit's own messages (benchmarks/visitor.py). They run
in a process of their own beside the server, on the same cores: on more of them all figures are better. Who
asks /healthz is a process, too (benchmarks/health_probe.py).
"""

import argparse
import asyncio
import contextlib
import io
import os
import random
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

if str(ROOT := Path(__file__).resolve().parents[1]) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.health_probe import FAILED
from benchmarks.page_server import free_port
from benchmarks.visitor import RefusedError, Visitor
from panoseg.demo.gallery import GALLERY, open_scene

SIZE = (1200, 1632)
"""(height, width) of an upload: 2 megapixels."""

METRICS = secrets.token_urlsafe(24)
THOUGHT_SECONDS = 0.5
ARRIVAL_SECONDS = 2.0
REST_SECONDS = 60.0
UPLOADS_PER_MINUTE = 600
ROW_REPORT = 10
"""Passes in a row after which memory is looked at."""


@dataclass
class Figures:
    """What was measured, in seconds, and what went wrong."""

    opened: list[float] = field(default_factory=list)
    uploads: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def photo(number: int) -> bytes:
    """A JPEG that no other visitor sends: a drawn scene with one shade of its own."""
    pixels = open_scene(list(GALLERY)[number % len(GALLERY)], SIZE).pixels.copy()
    pixels[:8, :8] = (number % 256, number // 256, 0)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=90)
    return stream.getvalue()


async def visit(address: str, number: int, content: bytes, moves: int, figures: Figures) -> None:
    """One visitor from coming to leaving."""
    chance = random.Random(number)  # noqa: S311
    await asyncio.sleep(chance.uniform(0, ARRIVAL_SECONDS))
    visitor = Visitor(address)
    try:
        started = time.perf_counter()
        await visitor.come()
        figures.opened.append(time.perf_counter() - started)
        figures.uploads.append(await visitor.upload(f"{number}.jpg", content))
        for _ in range(moves):
            await asyncio.sleep(THOUGHT_SECONDS)
            figures.moves.append(await visitor.move(score=round(chance.uniform(0.05, 0.95), 2)))
        figures.errors += visitor.alerts
    except RefusedError as refusal:
        figures.refusals.append(str(refusal))
    except Exception as error:  # whatever a visitor meets is a figure
        figures.errors.append(f"{type(error).__name__}: {error}"[:200])
    finally:
        with contextlib.suppress(Exception):
            await visitor.leave()


@contextlib.contextmanager
def watched_health(address: str, figures: Figures) -> Iterator[None]:
    """Within the block /healthz is asked again and again."""
    command = [sys.executable, str(Path(__file__).with_name("health_probe.py")), address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as probe:
        try:
            yield
        finally:
            for line in probe.communicate()[0].splitlines():
                if line.startswith(FAILED):
                    figures.errors.append(f"healthz: {line}")
                else:
                    figures.health.append(float(line))


async def load(address: str, sessions: int, moves: int) -> Figures:
    """All visitors, one second or two after each other."""
    figures = Figures()
    contents = [photo(number) for number in range(sessions)]
    with watched_health(address, figures):
        await asyncio.gather(*(visit(address, n, contents[n], moves, figures) for n in range(sessions)))
    return figures


async def in_a_row(address: str, process: int | None, passes: int) -> Figures:
    """One visitor who sends one picture after the other; says what the memory does meanwhile."""
    figures = Figures()
    with watched_health(address, figures):
        async with Visitor(address) as visitor:
            for number in range(passes):
                figures.uploads.append(await visitor.upload(f"{number}.jpg", photo(number)))
                if process is not None and (number + 1) % ROW_REPORT == 0:
                    print(f"after {number + 1} passes: {resident_megabytes(process):.0f} MB")
                await asyncio.sleep(60 / UPLOADS_PER_MINUTE)
    return figures


@contextlib.contextmanager
def server(
    folder: Path, models: dict[str, str] | None = None, root: Path = ROOT
) -> Iterator[tuple[str, int]]:
    """A server of its own, warmed up: its address and process.

    Args:
        folder: where its log is.
        models: the settings that have its models run elsewhere.
        root: its sources.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "PANOSEG_MODELS": "demo",
        "PANOSEG_MAX_SESSIONS": "1000",
        "PANOSEG_METRICS_TOKEN": METRICS,
        "PANOSEG_UPLOADS_PER_MINUTE": str(UPLOADS_PER_MINUTE),
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(folder),
        "PYTHONPATH": str(root),
        **(models or {}),
    }
    command = [sys.executable, "-m", "panoseg", "app", f"--port={port}", "--no-browser"]
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(command, env=environment, cwd=root, stdout=log, stderr=log)
        try:
            wait_until_ready(address)
            yield address, process.pid
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextlib.contextmanager
def model_server(folder: Path) -> Iterator[dict[str, str]]:
    """A model server of its own, with one replica: what a page has to be set to."""
    port = free_port()
    settings = {
        "PANOSEG_SERVER": f"http://127.0.0.1:{port}",
        "PANOSEG_TOKEN": secrets.token_urlsafe(24),
    }
    environment = {**os.environ, **settings, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}
    del environment["PANOSEG_SERVER"]
    command = [sys.executable, "-m", "panoseg", "serve", f"--port={port}", "--model=demo"]
    with (folder / "models.txt").open("w") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
        try:
            wait_until_ready(settings["PANOSEG_SERVER"])
            yield settings
        finally:
            process.terminate()
            process.wait(timeout=60)


def wait_until_ready(address: str) -> None:
    """Until /readyz says so; a server of before there was one is given a quarter of a minute."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:  # noqa: S310
                if answer.read().strip() != b"ready":  # the page itself: no such route
                    time.sleep(15)
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("The server does not become ready.")


def resident_megabytes(process: int | None) -> float:
    """Memory of a process, on Linux."""
    if process is None:
        return 0.0
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    (kilobytes,) = (int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return kilobytes / 1024


def stages(address: str) -> str:
    """What the server did, by stage: how often, and seconds each on average; empty where it does not say."""
    asked = urllib.request.Request(f"{address}/metrics", headers={"Authorization": f"Bearer {METRICS}"})  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
            text = answer.read().decode()
    except OSError:
        return ""
    found = dict(re.findall(r"^(panoseg_stage_seconds_(?:sum|count)\S+) (\S+)", text, re.MULTILINE))
    told = []
    for name, count in found.items():
        if "_count" in name and float(count):
            seconds = float(found[name.replace("_count", "_sum")]) / float(count)
            told.append(f"{name.partition('stage=')[2][1:-2]} {float(count):.0f} × {seconds:.2f} s")
    return ", ".join(told)


def share(values: list[float], percent: int) -> str:
    """A percentile in seconds."""
    if len(values) < 2:
        return "–"
    return f"{statistics.quantiles(values, n=100, method='inclusive')[percent - 1]:.2f}"


def report(figures: Figures, memory: list[float], rest: float) -> None:
    """The table of docs/benchmarks.md."""
    print("| | p50 | p95 | p99 |\n|---|---|---|---|")
    for name, values in (
        ("page opened, first segments", figures.opened),
        ("upload → segments", figures.uploads),
        ("a move at rest → exact", figures.moves),
        ("/healthz", figures.health),
    ):
        print(f"| {name}, s ({len(values)}) | " + " | ".join(share(values, p) for p in (50, 95, 99)) + " |")
    print(f"\nrefused: {len(figures.refusals)}", *sorted(set(figures.refusals))[:3], sep="\n  ")
    print(f"errors: {len(figures.errors)}", *sorted(set(figures.errors))[:5], sep="\n  ")
    if any(memory):
        said = ("before", "at the end", f"{rest:.0f} s after the last has left")
        print("memory, MB: " + ", ".join(f"{m:.0f} {w}" for m, w in zip(memory, said, strict=True)))


def measure(address: str, process: int | None, options: argparse.Namespace) -> None:
    """One load, and its table."""
    sessions, moves = (options.passes, 0) if options.passes else (options.sessions, options.moves)
    memory = [resident_megabytes(process)]
    if options.in_a_row:
        figures = asyncio.run(in_a_row(address, process, options.in_a_row))
    else:
        figures = asyncio.run(load(address, sessions, moves))
    memory.append(resident_megabytes(process))
    done = stages(address)
    if process is not None:
        time.sleep(options.rest)
    memory.append(resident_megabytes(process))
    report(figures, memory, options.rest)
    print(f"\nstages: {done}")


def main() -> None:
    """Start a server, if there is none, and visit it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sessions", type=int, default=40)
    parser.add_argument("--moves", type=int, default=20)
    parser.add_argument("--passes", type=int, default=0, help="visitors who upload at once, and leave then")
    parser.add_argument("--in-a-row", type=int, default=0, help="uploads of one visitor, one after another")
    parser.add_argument("--rest", type=float, default=REST_SECONDS, help="seconds after the last has left")
    parser.add_argument("--address", help="of a server that runs already")
    parser.add_argument(
        "--root", type=Path, default=ROOT, help="sources of the server, to compare with others"
    )
    parser.add_argument("--model-server", action="store_true", help="have its models run in one (with Ray)")
    options = parser.parse_args()
    if options.address:
        measure(options.address.rstrip("/"), None, options)
        return
    with contextlib.ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        models = running.enter_context(model_server(folder)) if options.model_server else None
        address, process = running.enter_context(server(folder, models, options.root.resolve()))
        measure(address, process, options)


if __name__ == "__main__":
    main()
