"""Files on their way to visitors' runs: what each was promised, so that many at once get no more than one.

Only the server's loop uses this, and nothing here waits: what is looked at and what is promised belong
together.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from panoseg.errors import RunError

AT_ONCE = 8
"""Files of one run on their way; the page sends three at a time."""

IDLE_SECONDS = 30.0
"""How long a file may send nothing."""


class Arrivals:
    """What is on its way, by run."""

    def __init__(self) -> None:
        self._files: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()

    @contextmanager
    def expect(
        self, run: str, folder: Path, length: int, *, most_files: int, most_bytes: int
    ) -> Iterator[None]:
        """Within the block there is room for a file of that length in a run's folder.

        Raises:
            RunError: there is none.
        """
        files, taken = _kept(folder)
        if self._files[run] >= AT_ONCE:
            raise RunError("Too many files at the same time; try again in a moment.")
        if files + self._files[run] >= most_files:
            raise RunError(f"A run may have {most_files} pictures; the others were left out.")
        if taken + self._bytes[run] + length > most_bytes:
            raise RunError(f"The files of a run may take {most_bytes // 2**20} MB; this one was left out.")
        self._files[run] += 1
        self._bytes[run] += length
        try:
            yield
        finally:
            self._files[run] -= 1
            self._bytes[run] -= length
            self._files, self._bytes = +self._files, +self._bytes  # runs without any leave


def _kept(folder: Path) -> tuple[int, int]:
    """How many whole files there are, and their bytes."""
    with os.scandir(folder) as entries:
        sizes = [entry.stat(follow_symlinks=False).st_size for entry in entries if entry.name[0] != "."]
    return len(sizes), sum(sizes)
