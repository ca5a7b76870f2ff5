"""What `panoseg segment --out` has done, so that the same command goes on after it was interrupted."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from panoseg.files import write_whole
from panoseg.runs import Source

JOURNAL = ".panoseg-segment.jsonl"


class InterruptedWork:
    """A journal in the folder of the results: there while work is under way or was interrupted.

    Its first line says with which options; other options begin anew. A line per finished picture follows.
    Where it cannot be written, work goes on without it.

    Args:
        folder: that of the results; None keeps no journal.
        options: all that decides what is written.
    """

    def __init__(self, folder: Path | None, options: dict[str, Any]) -> None:
        self._path = None if folder is None else folder / JOURNAL
        self._done: set[str] = set()
        self._file: BinaryIO | None = None
        if self._path is None:
            return
        wanted = hashlib.sha256(json.dumps(options, sort_keys=True).encode()).hexdigest()
        with suppress(OSError, UnicodeDecodeError):
            lines = self._path.read_text("utf-8").split("\n")
            if lines[0] == wanted:
                self._done = set(lines[1:-1])  # the last is empty, or was cut short
        with suppress(OSError):
            write_whole(self._path, "\n".join([wanted, *sorted(self._done), ""]).encode())
            self._file = self._path.open("ab", buffering=0)

    @property
    def goes_on(self) -> bool:
        """Whether anything is remembered."""
        return self._file is not None

    def is_done(self, source: Source) -> bool:
        """Whether the picture was finished before, and is the same still."""
        return bool(self._done) and _key(source) in self._done

    def note(self, source: Source) -> None:
        """The picture's files are written."""
        if self._file is not None:
            with suppress(OSError):
                self._file.write(f"{_key(source)}\n".encode())

    def close(self, *, finished: bool) -> None:
        """Let go; what is finished needs no journal."""
        if self._file is not None and self._path is not None:
            self._file.close()
            if finished:
                with suppress(OSError):
                    self._path.unlink(missing_ok=True)


def _key(source: Source) -> str:
    changed = 0
    with suppress(OSError):
        changed = Path(source.place).stat().st_mtime_ns
    return hashlib.sha256(json.dumps([source.place, source.member, changed]).encode()).hexdigest()
