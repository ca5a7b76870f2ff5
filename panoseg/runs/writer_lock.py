"""One writer at a time: a lock that the system takes back from a process that dies, on any system."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import TracebackType

from panoseg.errors import RunBusyError, RunError

LOCK_FILE = "writer.lock"


class WriterLock:
    """Held while a run is written to. SQLite's own file lock is used: it needs no clean-up after a crash.

    Raises:
        RunBusyError: another process, or another part of this one, has it.
        RunError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._connection: sqlite3.Connection | None = None
        try:
            self._connection = sqlite3.connect(
                folder / LOCK_FILE, timeout=0, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self.release()
            if "locked" in str(error):
                raise RunBusyError(
                    f"Another process is writing to the run in {str(folder)!r}; wait for it or end it first."
                ) from None
            raise RunError(f"The run in {str(folder)!r} cannot be written ({error}).") from error

    def release(self) -> None:
        """Let others write."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> WriterLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
