"""A run on object storage: its header and ledger are fetched, worked on here, and put back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Self

from panoseg.errors import RunError
from panoseg.runs.header import HEADER_FILE
from panoseg.runs.ledger import LEDGER_FILE
from panoseg.runs.stores import Store, is_url, open_store
from panoseg.runs.writing import Progress, RunProgress

PUT_BACK_SECONDS = 60.0


@contextmanager
def working_folder(place: str | os.PathLike[str]) -> Iterator[Path]:
    """The folder with a run's header and ledger: the run's own, or of one on object storage a copy.

    Raises:
        RunError: they cannot be fetched.
    """
    if not is_url(place):
        yield Path(place)
        return
    folder = fetch(str(place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fetch(url: str) -> Path:
    """A new folder with what there is of a run's header and ledger; the caller deletes it.

    Raises:
        RunError: they cannot be fetched.
    """
    store = open_store(url)
    folder = Path(tempfile.mkdtemp(prefix="panoseg-run-"))
    try:
        for name in (HEADER_FILE, LEDGER_FILE):
            with suppress(FileNotFoundError):
                (folder / name).write_bytes(store.read(name))
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise RunError(f"The run at {url!r} cannot be read ({error.strerror or error}).") from error
    return folder


class PuttingBack:
    """A run's progress, after which its ledger is put onto object storage: once a minute, and at the end."""

    def __init__(self, folder: Path, url: str, progress: Progress) -> None:
        self._folder = folder
        self._url = url
        self._progress = progress
        self._last = time.monotonic()

    def __call__(self, progress: RunProgress) -> None:
        self._progress(progress)
        if time.monotonic() - self._last > PUT_BACK_SECONDS:
            self._last = time.monotonic()
            put_back(self._folder, self._url)

    def __enter__(self) -> Self:
        put_back(self._folder, self._url)  # before any work: it shows whether anything can be written there
        return self

    def __exit__(self, *_: object) -> None:
        put_back(self._folder, self._url)


def put_back(folder: Path, url: str) -> None:
    """Put a run's header and ledger onto object storage, the ledger as it is at this moment.

    Raises:
        OSError: they cannot be written.
    """
    store: Store = open_store(url)
    copy = folder / f"{LEDGER_FILE}.copy"
    try:
        with (
            closing(sqlite3.connect(folder / LEDGER_FILE)) as ledger,
            closing(sqlite3.connect(copy)) as target,
        ):
            ledger.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, whole
        store.write(LEDGER_FILE, copy.read_bytes())
        store.write(HEADER_FILE, (folder / HEADER_FILE).read_bytes())
    finally:
        copy.unlink(missing_ok=True)
