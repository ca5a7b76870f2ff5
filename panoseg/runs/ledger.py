"""The ledger of a run: a row per picture, in an SQLite database (WAL: many readers beside one writer)."""

from __future__ import annotations

import os
import sqlite3
import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from panoseg.errors import RunError
from panoseg.runs.shards import Place

LEDGER_FILE = "ledger.sqlite"
_ROWS_AT_ONCE = 512

State = Literal["waiting", "done", "failed"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pictures (
    position INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    place TEXT NOT NULL,
    member TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    error TEXT NOT NULL DEFAULT '',
    sha256 TEXT NOT NULL DEFAULT '',
    bytes INTEGER NOT NULL DEFAULT 0,
    height INTEGER NOT NULL DEFAULT 0,
    width INTEGER NOT NULL DEFAULT 0,
    shard INTEGER NOT NULL DEFAULT 0,
    record_offset INTEGER NOT NULL DEFAULT 0,
    record_length INTEGER NOT NULL DEFAULT 0,
    record_sha256 TEXT NOT NULL DEFAULT '',
    picture_offset INTEGER NOT NULL DEFAULT 0,
    picture_length INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS pictures_by_state ON pictures (state, position);
CREATE INDEX IF NOT EXISTS pictures_by_place ON pictures (place, member);
CREATE INDEX IF NOT EXISTS pictures_by_shard ON pictures (shard, state);
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One picture of a run.

    Attributes:
        position: 0, 1, 2 … in the order in which the pictures were listed.
        name: no two are equal; "/" between folders.
        place: the absolute path of its file, or of the archive that it lies in.
        member: its path inside the archive; empty for a file.
        state: "waiting", "done" or "failed".
        error: why it failed, one sentence.
        sha256, bytes: of the picture's file, once it was read.
        height, width: in pixels, upright.
        record: where its prediction lies, once it is done.
        picture: where its own file lies, if the run keeps it.
        seconds: from its turn in the network to the end of its record.
    """

    position: int
    name: str
    place: str
    member: str = ""
    state: State = "waiting"
    error: str = ""
    sha256: str = ""
    bytes: int = 0
    height: int = 0
    width: int = 0
    record: Place | None = None
    picture: Place | None = None
    seconds: float = 0.0

    @property
    def end(self) -> int:
        """Where in its shard the next picture's bytes begin."""
        return max((place.end for place in (self.record, self.picture) if place), default=0)


class Ledger:
    """The rows of a run; threads may share it.

    Args:
        folder: the run's.
        write: whether rows will be added and changed; else nothing is.

    Raises:
        RunError: it cannot be opened, or is damaged.
    """

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        with self._explained():
            self._connection = _connect(folder / LEDGER_FILE, write)
            self._connection.row_factory = sqlite3.Row
            if write:
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = NORMAL")
                self._connection.executescript(_SCHEMA)
            else:
                self._connection.execute("SELECT 1 FROM pictures LIMIT 1")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    # --- reading ---

    def counts(self) -> dict[State, int]:
        """How many pictures are in each state."""
        found: dict[State, int] = {"waiting": 0, "done": 0, "failed": 0}
        found.update(self._all("SELECT state, COUNT(*) FROM pictures GROUP BY state"))
        return found

    def positions(self, state: State) -> array[int]:
        """Positions of the pictures in a state, ascending; 8 bytes each."""
        rows = self._all("SELECT position FROM pictures WHERE state = ? ORDER BY position", state)
        return array("q", (row[0] for row in rows))

    def row(self, position: int) -> Row:
        """The picture at a position.

        Raises:
            RunError: there is none.
        """
        rows = self._all("SELECT * FROM pictures WHERE position = ?", position)
        if not rows:
            raise RunError(f"The run has no picture {position}.")
        return _row(rows[0])

    def rows(self, state: State | None = None, after: int = -1, most: int = -1) -> list[Row]:
        """Pictures in order: those in a state (any by default) behind a position, at most so many."""
        where, values = ("AND state = ?", [state]) if state else ("", [])
        query = f"SELECT * FROM pictures WHERE position > ? {where} ORDER BY position LIMIT ?"  # noqa: S608
        return [_row(row) for row in self._all(query, after, *values, most)]

    def waiting(self) -> Iterator[Row]:
        """Every picture that waits, in order, also while others are settled."""
        position = -1
        while rows := self.rows("waiting", position, _ROWS_AT_ONCE):
            yield from rows
            position = rows[-1].position

    def outline(self, state: State) -> list[tuple[int, str, int, int]]:
        """(position, name, height, width) of all pictures in a state, in order."""
        query = "SELECT position, name, height, width FROM pictures WHERE state = ? ORDER BY position"
        return [tuple(row) for row in self._all(query, state)]

    def find(self, name: str) -> Row | None:
        """The picture of that name."""
        rows = self._all("SELECT * FROM pictures WHERE name = ?", name)
        return _row(rows[0]) if rows else None

    def at_place(self, place: str, member: str) -> Row | None:
        """The picture that lies there."""
        rows = self._all("SELECT * FROM pictures WHERE place = ? AND member = ?", _stored(place), member)
        return _row(rows[0]) if rows else None

    def names(self) -> set[str]:
        """All names."""
        return {row[0] for row in self._all("SELECT name FROM pictures")}

    def total_bytes(self) -> int:
        """Of all records and kept pictures."""
        return int(self._all("SELECT TOTAL(record_length + picture_length) FROM pictures")[0][0])

    def seconds(self) -> float:
        """Of all pictures that are done, together."""
        return float(self._all("SELECT TOTAL(seconds) FROM pictures WHERE state = 'done'")[0][0])

    def of_shard(self, shard: int) -> list[Row]:
        """Its finished pictures, in the order in which their bytes lie."""
        rows = self._all("SELECT * FROM pictures WHERE shard = ? AND state = 'done'", shard)
        return sorted((_row(row) for row in rows), key=lambda row: row.end)

    def shard_ends(self) -> dict[int, int]:
        """Shard → where its last finished bytes end."""
        return {
            row[0]: max(Place(0, row[1], row[2], "").end, row[3] and Place(0, row[3], row[4], "").end)
            for row in self._all(
                "SELECT shard, record_offset, record_length, picture_offset, picture_length, "
                "MAX(MAX(record_offset, picture_offset)) FROM pictures WHERE state = 'done' GROUP BY shard"
            )
        }

    # --- writing ---

    def add(self, pictures: Iterable[tuple[str, str, str]]) -> None:
        """Put (name, place, member) of new pictures behind those that are there, all or none."""
        with self._transaction():
            start = self._connection.execute("SELECT COALESCE(MAX(position) + 1, 0) FROM pictures").fetchone()
            self._connection.executemany(
                "INSERT INTO pictures (position, name, place, member) VALUES (?, ?, ?, ?)",
                (
                    (position, name, _stored(place), member)
                    for position, (name, place, member) in enumerate(pictures, start[0])
                ),
            )

    def move(self, position: int, place: str, member: str) -> None:
        """Note that a picture lies elsewhere now."""
        with self._transaction():
            self._connection.execute(
                "UPDATE pictures SET place = ?, member = ? WHERE position = ?",
                (_stored(place), member, position),
            )

    def settle(self, rows: Sequence[Row]) -> None:
        """Write down what became of some pictures, all or none."""
        with self._transaction():
            self._connection.executemany(
                "UPDATE pictures SET state = ?, error = ?, sha256 = ?, bytes = ?, height = ?, width = ?, "
                "shard = ?, record_offset = ?, record_length = ?, record_sha256 = ?, picture_offset = ?, "
                "picture_length = ?, seconds = ? WHERE position = ?",
                [_values(row) for row in rows],
            )

    def wait_again(self, positions: Iterable[int]) -> None:
        """Have some pictures predicted once more."""
        with self._transaction():
            self._connection.executemany(
                "UPDATE pictures SET state = 'waiting', error = '', record_offset = 0, record_length = 0, "
                "record_sha256 = '', picture_offset = 0, picture_length = 0, seconds = 0 WHERE position = ?",
                ((position,) for position in positions),
            )

    def _all(self, query: str, *values: Any) -> list[Any]:
        with self._lock, self._explained():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, self._explained(), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise RunError(_words(error, self._folder)) from error


def _connect(path: Path, write: bool) -> sqlite3.Connection:
    if write:
        return sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    if not path.exists():
        raise RunError(
            f"The run in {str(path.parent)!r} has no {path.name}: it was never begun, or is damaged."
        )
    uri = path.absolute().as_uri()
    for mode in ("mode=ro", "immutable=1"):  # the second where not even WAL's index may be written
        connection = sqlite3.connect(
            f"{uri}?{mode}", uri=True, timeout=30, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            if mode == "immutable=1":
                raise
        else:
            break
    return connection


def _words(error: sqlite3.Error, folder: Path) -> str:
    if "full" in str(error):
        return f"There is no room left for the run in {str(folder)!r}; make some, and it goes on from here."
    return f"The ledger of the run in {str(folder)!r} cannot be used ({error})."


def _values(row: Row) -> tuple[Any, ...]:
    record, picture = row.record or Place(0, 0, 0, ""), row.picture or Place(0, 0, 0, "")
    return (
        row.state, row.error, row.sha256, row.bytes, row.height, row.width, record.shard, record.offset,
        record.length, record.sha256, picture.offset, picture.length, row.seconds, row.position,
    )  # fmt: skip


def _row(row: sqlite3.Row) -> Row:
    record = picture = None
    if row["record_length"]:
        record = Place(row["shard"], row["record_offset"], row["record_length"], row["record_sha256"])
    if row["picture_length"]:
        picture = Place(row["shard"], row["picture_offset"], row["picture_length"], row["sha256"])
    names = ("position", "name", "member", "state", "error", "sha256", "bytes", "height", "width")
    place = os.fsdecode(row["place"])
    return Row(
        **{name: row[name] for name in names},
        place=place,
        record=record,
        picture=picture,
        seconds=row["seconds"],
    )


def _stored(place: str) -> str | bytes:
    """A path as SQLite can hold it: its texts are UTF-8, and not every file's name is."""
    try:
        place.encode()
    except UnicodeEncodeError:
        return os.fsencode(place)
    return place
