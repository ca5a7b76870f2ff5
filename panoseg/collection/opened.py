"""A run that is being looked at: its pictures by position, small pictures of them, and sketches."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from cachetools import LRUCache

from panoseg.collection.tiles import TilePrediction, draw_map, draw_thumbnail, slim, tile_size
from panoseg.errors import PanosegError, RunError
from panoseg.merging import Sketch, sketch
from panoseg.photo import Photo
from panoseg.runs import Run, open_run
from panoseg.runs.reading import RunItem
from panoseg.segmentation import Segmentation
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds

Decode = Callable[[bytes, str], Photo]

THUMBNAIL_BYTES = 24 * 2**20
PREDICTION_BYTES = 64 * 2**20
SKETCH_BYTES = 96 * 2**20
"""Of one run; where they are full, numbers wait for the exact merge."""

_REFRESH_SECONDS = 0.5


class Outline(NamedTuple):
    """The finished pictures at one moment: one that was tried again comes between others.

    Attributes:
        positions: in the ledger, ascending.
        names: theirs; `folded` in lower case.
    """

    positions: list[int]
    names: list[str]
    folded: list[str]


class OpenedRun:
    """A run with what is kept of it in memory, within bounds; threads may share it.

    Args:
        folder: the run's.
        decode: a file's bytes and its name to a photo.

    Raises:
        RunError: it cannot be opened.

    Attributes:
        run: what is read from.
        outline: its finished pictures as of the last `refresh`; what an index means.
        sketches: by position, made when a prediction is read for whatever reason.
    """

    def __init__(self, folder: Path, decode: Decode) -> None:
        self.run: Run = open_run(folder)
        self._decode = decode
        self._lock = threading.Lock()
        self._thumbnails: LRUCache[int, bytes] = LRUCache(THUMBNAIL_BYTES, getsizeof=len)
        self._predictions: LRUCache[int, TilePrediction] = LRUCache(
            PREDICTION_BYTES, getsizeof=lambda each: each.nbytes
        )
        self.sketches: dict[int, Sketch] = {}
        self._sketched = self._next = 0
        self._looked = 0.0
        self.outline = Outline([], [], [])
        self.refresh()

    def refresh(self, *, at_once: bool = False) -> bool:
        """Take in what was finished meanwhile, at most twice a second or at once; whether anything was."""
        now = time.monotonic()
        with self._lock:
            if self._looked and not at_once and now - self._looked < _REFRESH_SECONDS:
                return False
            self._looked = now
        done = self.run.outline()
        if len(done) == len(self.positions):
            return False
        names = [name for _, name, _, _ in done]
        self.outline = Outline([row[0] for row in done], names, [name.casefold() for name in names])
        self._next = 0
        return True

    @property
    def positions(self) -> list[int]:
        """Of the finished pictures, in the ledger, ascending."""
        return self.outline.positions

    @property
    def labels(self) -> tuple[str, ...]:
        """Of the classes."""
        return tuple(self.run.header.vocabulary.labels)

    @property
    def has_thresholds(self) -> bool:
        """Whether they move anything."""
        return self.run.has_thresholds

    def item(self, position: int) -> RunItem:
        """A finished picture.

        Raises:
            RunError: there is none there.
        """
        return self.run.at(position)

    def photo(self, position: int) -> Photo:
        """The picture itself.

        Raises:
            PhotoError, RunError: it is not there any more, or has changed.
        """
        return self.item(position).photo(self._decode)

    def thumbnail(self, position: int) -> bytes:
        """A small JPEG of it.

        Raises:
            PhotoError, RunError: as `photo`.
        """
        with self._lock:
            found = self._thumbnails.get(position)
        if found is None:
            found = draw_thumbnail(self.photo(position))
            with self._lock:
                self._thumbnails[position] = found
        return found

    def map(
        self, position: int, thresholds: Thresholds, task: Task, lit: frozenset[int] | None = None
    ) -> bytes:
        """Its segments as a small transparent PNG, in the colours of their labels.

        Args:
            position: which picture.
            thresholds, task: of the merge.
            lit: class ids of the segments that stand out; None: all alike.

        Raises:
            RunError: its record cannot be read.
        """
        return draw_map(self._segments(position, thresholds, task), lit)

    def sketch_next(self) -> bool:
        """Sketch one more picture; False once all are, or there is no room for more."""
        positions = self.positions
        with self._lock:
            while self._next < len(positions) and positions[self._next] in self.sketches:
                self._next += 1
            if self._next >= len(positions) or self._sketched >= SKETCH_BYTES:
                return False
            position = positions[self._next]
            self._next += 1
        with suppress(PanosegError):  # a record that cannot be read has no part in the numbers
            made = sketch(self.item(position).prediction())
            with self._lock:
                self.sketches[position] = made
                self._sketched += made.nbytes
        return True

    def close(self) -> None:
        """Let go of its files."""
        self.run.close()

    def _segments(self, position: int, thresholds: Thresholds, task: Task) -> Segmentation:
        item = self.item(position)
        if not self.has_thresholds:
            return item.segmentation()
        with self._lock:
            found = self._predictions.get(position)
        if found is None:
            found = slim(item.prediction(), tile_size(item.size))
            with self._lock:
                self._predictions[position] = found
        return found.segments(thresholds, task)


class OpenedRuns:
    """The runs that anybody looks at, each opened once; those nobody looked at for longest are closed.

    Args:
        decode: see `OpenedRun`.
        most: how many stay open.
    """

    def __init__(self, decode: Decode, most: int = 4) -> None:
        self._decode = decode
        self._most = most
        self._lock = threading.Lock()
        self._opened: dict[Path, OpenedRun] = {}

    def open(self, folder: Path) -> OpenedRun:
        """The run in a folder.

        Raises:
            RunError: there is none, or it is damaged.
        """
        with self._lock:
            found = self._opened.pop(folder, None)
            if found is None:
                found = OpenedRun(folder, self._decode)
            self._opened[folder] = found
            while len(self._opened) > self._most:
                self._opened.pop(next(iter(self._opened)))
            return found

    def forget(self, folder: Path) -> None:
        """It is not there any more."""
        with self._lock:
            self._opened.pop(folder, None)


def open_if_there(runs: OpenedRuns, folder: Path) -> OpenedRun | None:
    """The run in a folder; None where it was not begun yet."""
    try:
        return runs.open(folder)
    except RunError:
        return None
