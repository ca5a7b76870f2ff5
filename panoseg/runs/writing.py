"""Records into shards, then rows into the ledger: the one order in which a run is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from panoseg.errors import RunError
from panoseg.runs.header import HEADER_FILE, Header
from panoseg.runs.ledger import Ledger, Row
from panoseg.runs.shards import ShardWriter, picture_name, read_record, record_name, sealed_length, shard_path
from panoseg.runs.writer_lock import LOCK_FILE


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is.

    Attributes:
        total: pictures that are to be done, now or before.
        done, failed: so far, those of earlier sittings included.
        skipped: that were done or had failed before this sitting.
        latest: what was settled last, or None at the start.
    """

    total: int
    done: int
    failed: int
    skipped: int
    latest: Row | None = None


Progress = Callable[[RunProgress], None]


class Tally:
    """Writes rows into a ledger and says how far the run is.

    Args:
        ledger: the run's.
        progress: called at the start and after each picture.
    """

    def __init__(self, ledger: Ledger, progress: Progress) -> None:
        self._ledger = ledger
        self._progress = progress
        counts = ledger.counts()
        self._done, self._failed = counts["done"], counts["failed"]
        self._skipped = self._done + self._failed
        self._total = sum(counts.values())

    def start(self) -> None:
        """Say how far it was before."""
        self._report(None)

    def settle(self, rows: Sequence[Row]) -> None:
        """Write down what became of some pictures, whose records are in their shards."""
        self._ledger.settle(rows)
        for row in rows:
            self._done += row.state == "done"
            self._failed += row.state == "failed"
            self._report(row)

    def _report(self, row: Row | None) -> None:
        self._progress(RunProgress(self._total, self._done, self._failed, self._skipped, row))


class RunWriter:
    """Writes down what became of pictures, and says how far it is.

    A picture is done when its row says so, and its row is written after its record: whatever ends the
    process in between leaves bytes behind that nobody knows, and that are cut off by whoever goes on.

    Args:
        folder, ledger, header: the run's; the caller has its `WriterLock`.
        progress: called at the start and after each picture.
    """

    def __init__(self, folder: Path, ledger: Ledger, header: Header, progress: Progress) -> None:
        self._folder = folder
        self._ledger = ledger
        self._header = header
        self._shards = ShardWriter(folder)
        self._shard = -1
        mend(folder, ledger)
        self._ends = ledger.shard_ends()
        self._tally = Tally(ledger, progress)

    def __enter__(self) -> RunWriter:
        self._tally.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._seal_all()
        finally:
            self._shards.close()

    def settle(self, rows: Sequence[tuple[Row, bytes | None, bytes | None]]) -> None:
        """Write some pictures: each with its row, its record (None if it failed) and its own file, if kept.

        All of them or none are written.

        Raises:
            OSError, RunError: there is no room, or the folder has vanished.
        """
        self._tally.settle(
            [row if record is None else self._append(row, record, file) for row, record, file in rows]
        )

    def _append(self, row: Row, record: bytes, file: bytes | None) -> Row:
        shard = row.position // self._header.pictures_per_shard
        if shard != self._shard:
            self._shards.begin(shard, self._ends.get(shard, 0))
            self._shard = shard
        place = self._shards.append(record_name(row.position), record)
        picture = None
        if file is not None:
            picture = self._shards.append(picture_name(row.position, row.name), file)
        return replace(row, state="done", error="", record=place, picture=picture)

    def _seal_all(self) -> None:
        """End every shard that is not: also one whose last picture was written before somebody was killed."""
        self._shards.seal()
        for shard, end in self._ledger.shard_ends().items():
            if _length(self._folder, shard) != sealed_length(end):
                self._shards.begin(shard, end)
                self._shards.seal()


def mend(folder: Path, ledger: Ledger) -> None:
    """Have pictures predicted again whose records did not reach the disk before the machine stopped.

    Only the last shard is read: those before it were seen onto the disk when they were ended. Of others it
    is enough that they are as long as they must be.
    """
    ends = ledger.shard_ends()
    for shard, end in ends.items():
        if shard != max(ends) and _length(folder, shard) >= end:
            continue
        rows = ledger.of_shard(shard)
        for index, row in enumerate(rows):
            try:
                for place in (row.record, row.picture):
                    if place is not None:
                        read_record(folder, place)
            except RunError:
                ledger.wait_again(each.position for each in rows[index:])
                break


def _length(folder: Path, shard: int) -> int:
    try:
        return shard_path(folder, shard).stat().st_size
    except FileNotFoundError:
        return 0


def holds_a_run(folder: Path) -> bool:
    """Whether a run was begun there."""
    return (folder / HEADER_FILE).exists()


def make_run_folder(folder: Path) -> None:
    """Make it, or see that it is empty or a run's.

    Raises:
        RunError: it holds something else, or cannot be made.
    """
    ours = {HEADER_FILE, LOCK_FILE, f"{LOCK_FILE}-journal"}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strangers = {path.name for path in folder.iterdir()} - ours
    except OSError as error:
        raise RunError(f"No run can be made in {str(folder)!r} ({error.strerror}).") from error
    if not holds_a_run(folder) and not all(name.endswith(".new") for name in strangers):
        raise RunError(f"{str(folder)!r} is no run and not empty; name a folder of its own for the run.")


class NotWritableError(RunError):
    """The system refused to write into a run.

    Args:
        folder: the run's, or its URL.
        error: the refusal.

    Attributes:
        reason: in the system's words.
    """

    def __init__(self, folder: str | os.PathLike[str], error: OSError) -> None:
        self.reason = error.strerror or str(error)
        super().__init__(
            f"The run in {str(folder)!r} cannot be written ({self.reason}); what was done is kept, and the "
            "same command goes on from there."
        )
