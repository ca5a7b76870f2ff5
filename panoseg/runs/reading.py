"""Reading a run: a sequence of pictures with what a network said of each."""

from __future__ import annotations

import os
import shutil
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NoReturn, Self, overload

from panoseg.errors import InvalidValueError, PhotoError, RunError
from panoseg.photo import Photo, open_photo
from panoseg.png import encode_png
from panoseg.prediction import Prediction
from panoseg.runs.finished_maps import decode_segmentation
from panoseg.runs.header import Header
from panoseg.runs.ledger import Ledger, Row, State
from panoseg.runs.records import decode_prediction
from panoseg.runs.remote import fetch
from panoseg.runs.shards import Place, read_record
from panoseg.runs.sources import Source, readable
from panoseg.runs.stores import is_url, open_store
from panoseg.segmentation import Segmentation
from panoseg.tasks import Task, find
from panoseg.thresholds import Thresholds

Content = bytes


def _delete(folder: Path | None) -> None:
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


class RunReader(Sequence["RunItem"]):
    """The finished pictures of a run, in the order in which they were listed.

    It shows what was finished when it was opened, or when `refresh` was last called; another process may be
    adding to it. Threads may share it.

    Args:
        folder: where it lies; or its URL on object storage, whose ledger is fetched then, and its records one
            by one.
        pictures: a folder in which the pictures lie now, where they have moved: each is looked for there by
            its name. By default they are looked for where they were.

    Raises:
        RunError: there is no run, it is damaged, or of a newer format.

    Attributes:
        folder: where it lies; of one on object storage, where its header and ledger were put.
        place: as it was given.
        header: how it was made.
    """

    def __init__(self, folder: str | os.PathLike[str], *, pictures: str | os.PathLike[str] | None = None):
        self.place = str(folder)
        self._store = open_store(folder)
        self._fetched = fetch(self.place) if is_url(folder) else None
        self._forget = weakref.finalize(self, _delete, self._fetched)
        self.folder = self._fetched or Path(folder)
        try:
            self.header = Header.read(self.folder)
            self._ledger = Ledger(self.folder)
        except RunError:
            self._forget()
            raise
        self._pictures = None if pictures is None else Path(pictures)
        self.refresh()

    def refresh(self) -> None:
        """Take in what was finished meanwhile."""
        self._positions = self._ledger.positions("done")

    def close(self) -> None:
        """Let go of its files."""
        self._ledger.close()
        self._forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._positions)

    @overload
    def __getitem__(self, index: int) -> RunItem: ...
    @overload
    def __getitem__(self, index: slice) -> list[RunItem]: ...
    def __getitem__(self, index: int | slice) -> RunItem | list[RunItem]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(f"The run holds {len(self)} pictures: there is none at {index}.")
        return RunItem(self, self._ledger.row(self._positions[index]))

    def __iter__(self) -> Iterator[RunItem]:
        position, last = -1, self._positions[-1] if self._positions else -1
        while rows := self._ledger.rows("done", position, 256):
            for row in rows:
                if row.position > last:
                    return
                yield RunItem(self, row)
            position = rows[-1].position

    def outline(self) -> list[tuple[int, str, int, int]]:
        """(position, name, height, width) of every picture that is done by now, in order."""
        return self._ledger.outline("done")

    def at(self, position: int) -> RunItem:
        """The finished picture at a position of the ledger, which it keeps for good.

        Raises:
            RunError: there is none.
        """
        row = self._ledger.row(position)
        if row.state != "done":
            raise RunError(f"The run holds no prediction of {row.name[:100]!r}.")
        return RunItem(self, row)

    def find(self, name: str) -> RunItem:
        """The picture of that name.

        Raises:
            RunError: the run has none, or it is not done.
        """
        row = self._ledger.find(name)
        if row is None or row.state != "done":
            why = "it waits" if row and row.state == "waiting" else (row.error if row else "it is not listed")
            raise RunError(f"The run holds no prediction of {name[:100]!r}: {why.rstrip('.')}.")
        return RunItem(self, row)

    def shards(self) -> list[int]:
        """The numbers of its shards that hold a finished picture, ascending."""
        return sorted(self._ledger.shard_ends())

    def of_shard(self, shard: int) -> list[RunItem]:
        """The finished pictures of a shard, in the order in which they were listed."""
        rows = sorted(self._ledger.of_shard(shard), key=lambda row: row.position)
        return [RunItem(self, row) for row in rows]

    @property
    def counts(self) -> dict[State, int]:
        """How many pictures are done, failed and waiting."""
        return self._ledger.counts()

    @property
    def failures(self) -> list[tuple[str, str]]:
        """Name and reason of each picture that failed."""
        return [(row.name, row.error) for row in self._ledger.rows("failed")]

    @property
    def bytes(self) -> int:
        """Of all predictions, and of the pictures that the run keeps."""
        return self._ledger.total_bytes()

    @property
    def has_thresholds(self) -> bool:
        """Whether it holds logits, to which thresholds and tasks apply."""
        return self.header.holds == "predictions"

    def refuse_thresholds(self) -> NoReturn:
        """Say why thresholds and tasks mean nothing to a run of finished maps.

        Raises:
            InvalidValueError: always.
        """
        raise InvalidValueError(
            f"This run holds finished maps ({self.header.model}), no logits: thresholds and tasks have no "
            "effect."
        )

    def read(self, place: Place) -> Content:
        """The bytes at a place of its shards, checked.

        Raises:
            RunError: as `panoseg.runs.shards.read_record`.
        """
        return read_record(self._store, place)

    def place_of(self, row: Row) -> Source:
        """Where a picture of this run is looked for."""
        if self._pictures is None:
            return Source(row.name, row.place, row.member)
        return Source(row.name, str(self._pictures / Path(*row.name.split("/"))))

    def picture_file(self, row: Row) -> Content:
        """The file of a picture that the run does not keep.

        Raises:
            PhotoError: it is not there any more, or cannot be read.
        """
        source = self.place_of(row)
        if is_url(source.place) or os.path.lexists(source.place):
            return source.read()
        place = source.place if source.member else row.name
        name, folder = PurePosixPath(place).name, readable(os.path.dirname(source.place))
        raise PhotoError(
            f"“{name}” is not in '{folder}' any more; where the pictures lie now is said with --pictures, or "
            "open_run(…, pictures=…)."
        )


@dataclass(frozen=True, slots=True)
class RunItem:
    """One picture of a run; equal to itself, however often the run is asked for it."""

    run: RunReader
    row: Row

    @property
    def name(self) -> str:
        """What it is called in the run; no other is called so."""
        return self.row.name

    @property
    def size(self) -> tuple[int, int]:
        """(H, W) of the picture in pixels."""
        return self.row.height, self.row.width

    def photo(self, decode: Callable[[bytes, str], Photo] | None = None) -> Photo:
        """The picture itself.

        Args:
            decode: a file's bytes and its name to a photo; `panoseg.open_photo` by default.

        Raises:
            PhotoError: it is not where it was, or has changed since.
        """
        row = self.row
        kept = row.picture
        content = self.run.picture_file(row) if kept is None else self.run.read(kept)
        photo = decode(content, row.name) if decode else open_photo(content, name=row.name)
        if row.sha256 and photo.digest != row.sha256:
            raise PhotoError(
                f"“{photo.name}” has changed since it was predicted; put the old picture back, or predict it "
                "anew in another run."
            )
        return photo

    def prediction(self) -> Prediction:
        """What the network said; see `panoseg.runs.records` for what a run leaves out.

        Raises:
            RunError: the shard is damaged or gone; or the run holds finished maps.
        """
        if not self.run.has_thresholds:
            raise RunError(
                f"This run holds finished maps ({self.run.header.model}), no logits; use `segmentation`."
            )
        return decode_prediction(self._record(), self.run.header.vocabulary)

    def segmentation(
        self, thresholds: Thresholds | None = None, task: Task | str = Task.PANOPTIC
    ) -> Segmentation:
        """Its segments at these thresholds (the paper's by default).

        Raises:
            RunError: as `prediction`, where logits are needed.
            InvalidValueError: thresholds or another task for a run that holds finished maps.
        """
        if self.run.has_thresholds:
            return find(Task(task), self.prediction(), thresholds or Thresholds()).segmentation
        if thresholds is not None or Task(task) is not Task.PANOPTIC:
            self.run.refuse_thresholds()
        return decode_segmentation(self._record(), self.run.header.vocabulary)

    def _record(self) -> bytes:
        if self.row.record is None:
            raise RunError(f"The run holds no prediction of {self.name!r}.")
        return self.run.read(self.row.record)

    def __repr__(self) -> str:
        return f"<RunItem {self.name!r}, {self.row.width}×{self.row.height}>"

    def _repr_png_(self) -> bytes:
        from panoseg.drawing import draw_overlay

        picture = draw_overlay(self.photo(), self.segmentation())
        picture.thumbnail((1024, 1024))
        return encode_png(picture)
