"""Everything of panoseg that writes files, in a process whose files may only grow so far.

python -m tests.hostile.writers INPUTS      then lines "NAME HOW BYTES FOLDER" in, a line of its end out

HOW is `full`: writing beyond BYTES fails, as on a disk that is full; `killed`: it ends the process at that
very byte, as kill -9 in the midst of it would; or `free`.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet  # noqa: F401 - loaded once for all forks

import panoseg
from panoseg import cli
from panoseg.errors import PanosegError
from panoseg.export.data_sets import RUN_FORMATS
from panoseg.merging import machine_code, warm_up
from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.checkpoints.remembered_things import save_things
from panoseg.models.downloads import hub_internals
from panoseg.models.downloads.large_file import LargeFile
from panoseg.models.engines.conversion_cache import NETWORK_FILE, ConversionCache
from panoseg.runs import make_run, open_run
from panoseg.runs.export_places import export_to
from panoseg.runs.tables import segments_file
from panoseg.settings import settings
from tests.fakes import VOCABULARY, FakeSegmenter
from tests.runs.pictures import write_pictures

FOREVER = resource.RLIM_INFINITY
WEIGHTS_FOLDER = Path(panoseg.__file__).parent / "demo/weights"
WEIGHTS = bytes(range(256)) * 1000
"""A large file of a checkpoint."""


def segment(inputs: Path, out: Path) -> None:
    """Pictures by the shell."""
    panoseg.load_segmenter = lambda *_, **__: FakeSegmenter()  # type: ignore[assignment]
    _shell("segment", inputs / "pictures", "--out", out, "--formats", "overlay,csv")


def demo(inputs: Path, out: Path) -> None:
    """Drawn pictures with their annotations."""
    _shell("demo", out, "--count", "1", "--annotations")


def run(inputs: Path, out: Path) -> None:
    """A run: header, ledger and shards."""
    make_run(inputs / "pictures", store=out / "run", model=FakeSegmenter())


def tables(inputs: Path, out: Path) -> None:
    """The Parquet table of a run, which lies in it."""
    with open_run(out / "run") as made:
        segments_file(made)


def exports(inputs: Path, out: Path) -> None:
    """A run in all formats, in folders."""
    with open_run(inputs / "run") as made:
        export_to(made, tuple(RUN_FORMATS), out)


def archive(inputs: Path, out: Path) -> None:
    """A run in all formats, in one archive."""
    with open_run(inputs / "run") as made:
        export_to(made, tuple(RUN_FORMATS), out / "run.zip")


def things(inputs: Path, out: Path) -> None:
    """What somebody said of a model's things."""
    os.environ["PANOSEG_HOME"] = str(out)
    settings.cache_clear()
    save_things("some/model", VOCABULARY)


def conversion(inputs: Path, out: Path) -> None:
    """A network converted for OpenVINO."""

    def make(folder: Path) -> None:
        (folder / NETWORK_FILE).write_text("<net/>" * 300)
        (folder / "network.bin").write_bytes(WEIGHTS[:5000])

    checkpoint = Checkpoint.read(WEIGHTS_FOLDER, "demo")
    cache = ConversionCache(checkpoint, out)
    if cache.find((64, 96)) is None:
        cache.add((64, 96), make)


def machine_code_of_a_kernel(inputs: Path, out: Path) -> None:
    """Compiled code, which nobody misses where it could not be kept."""
    os.environ["NUMBA_CACHE_DIR"] = str(out)
    machine_code._cache_folder.cache_clear()
    if machine_code.kernel(_twice)(21) != 42:
        raise AssertionError("wrong machine code")


def download(inputs: Path, out: Path) -> None:
    """A large file of a checkpoint; the hub is a list of pieces here."""
    digest = hashlib.sha256(WEIGHTS).hexdigest()
    (out / "models--x--y/snapshots/commit").mkdir(parents=True, exist_ok=True)

    @contextmanager
    def stream(url: str, start: int):
        pieces = (WEIGHTS[at : at + 4096] for at in range(start, len(WEIGHTS), 4096))
        yield SimpleNamespace(status_code=206 if start else 200, iter_bytes=lambda: pieces)

    hub_internals.stream = stream  # type: ignore[assignment]
    LargeFile("w.bin", len(WEIGHTS), digest, out / "models--x--y/snapshots/commit").fetch("", lambda _: None)


WRITERS: dict[str, Callable[[Path, Path], None]] = {
    each.__name__: each
    for each in (
        *(segment, demo, run, tables, exports, archive, things, conversion),
        *(machine_code_of_a_kernel, download),
    )
}


def main() -> None:
    """Serve until the input ends."""
    warm_up()  # or every fork would load the merging's machine code
    inputs = Path(sys.argv[1])
    write_pictures(inputs / "pictures", 3)
    _fork(lambda: make_run(inputs / "pictures", store=inputs / "run", model=FakeSegmenter()), "free", 0)
    print("ready", flush=True)
    for line in sys.stdin:
        name, how, size, folder = line.rstrip("\n").split(" ", 3)
        out = Path(folder)
        out.mkdir(exist_ok=True)
        if name == "tables" and not (out / "run").exists():  # what it lies in is there before
            shutil.copytree(inputs / "run", out / "run")
        print(json.dumps(_fork(lambda: WRITERS[name](inputs, out), how, int(size))), flush=True)  # noqa: B023


def _fork(write: Callable[[], object], how: str, size: int) -> tuple[str, str]:
    """How a process ends that writes ("done", "refused", "killed" or "escaped"), and what it raised."""
    ours, its = os.pipe()
    if child := os.fork():
        os.close(its)
        with os.fdopen(ours) as told:
            text = told.read()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return {0: "done", 3: "refused", -signal.SIGXFSZ: "killed"}.get(code, f"escaped {code}"), text
    code = 4
    try:
        os.dup2(its, 1)  # nothing of it is a file, which could grow too large
        os.dup2(its, 2)
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL if how == "killed" else signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FOREVER if how == "free" else size, FOREVER))
        write()
        code = 0
    except (PanosegError, OSError) as error:
        code = 3 if str(error) and "\n" not in str(error) else 4
        traceback.print_exc()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _shell(*arguments: object) -> None:
    if status := cli.main([str(argument) for argument in arguments]):
        raise OSError(status, "the command said so")


def _twice(number):
    return 2 * number


if __name__ == "__main__":
    main()
