"""Pieces: neighbouring pictures of one shard, which one process takes through the network.

How a run is cut depends on positions alone, so that the same pictures share a forward pass in every sitting,
here as in the pipeline of one process.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

from panoseg.errors import InvalidValueError
from panoseg.photo import Photo
from panoseg.prediction import Size
from panoseg.runs.header import Header
from panoseg.runs.ledger import Row
from panoseg.runs.shards import Place, place_at

PIECES_FOLDER = "pieces"
PICTURES_PER_PIECE = 8
"""At least so many, where the shard has them: what a worker's death costs."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Pictures that wait.

    Attributes:
        shard: in which they will stand.
        rows: of the ledger, ascending.
    """

    shard: int
    rows: list[Row]

    @property
    def file(self) -> str:
        """The name of its file below the run."""
        return f"{PIECES_FOLDER}/{self.shard:06d}-{self.rows[0].position:08d}.tar"

    def to_json(self) -> str:
        """As text."""
        rows = [[row.position, row.name, row.place, row.member] for row in self.rows]
        return json.dumps([self.shard, rows])

    @classmethod
    def from_json(cls, text: str) -> Piece:
        """What `to_json` gave."""
        shard, rows = json.loads(text)
        return cls(shard, [Row(*row) for row in rows])


def cut(rows: Iterable[Row], header: Header) -> Iterator[Piece]:
    """Waiting pictures → pieces that end where a shard or a forward pass ends.

    Raises:
        InvalidValueError: forward passes that reach from one shard into the next.
    """
    if header.pictures_per_shard % header.batch:
        raise InvalidValueError(
            f"batch: wanted a divisor of {header.pictures_per_shard} on Ray, the pictures of a shard, got "
            f"{header.batch}."
        )
    per_piece = header.batch * -(-PICTURES_PER_PIECE // header.batch)
    for _, group in groupby(
        rows, lambda row: (row.position // header.pictures_per_shard, row.position // per_piece)
    ):
        piece = list(group)
        yield Piece(piece[0].position // header.pictures_per_shard, piece)


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one picture, in numbers and words.

    Attributes:
        position, sha256, bytes, height, width, error: as of `Row`.
        record_length, record_sha256, picture_length: of what is in the piece's file; 0 for nothing.
        seconds: its share of the forward pass.
    """

    position: int
    sha256: str = ""
    bytes: int = 0
    height: int = 0
    width: int = 0
    error: str = ""
    record_length: int = 0
    record_sha256: str = ""
    picture_length: int = 0
    seconds: float = 0.0


class ShrunkPhoto(NamedTuple):
    """A photo at the size at which the network sees it: a quarter of the bytes of the network's input.

    Attributes:
        pixels: (h, w, 3) uint8 RGB.
        image_size: (H, W) of the photo in pixels.
    """

    pixels: NDArray[np.uint8]
    image_size: Size


Carried = tuple[Seen, ShrunkPhoto | Photo | None, bytes | None]
"""A picture on its way to the network: what is known, pixels (None: it failed), its file if it is kept."""


def pack(pictures: list[Carried]) -> bytes:
    """Pictures on their way as one safetensors document: nothing in it can run."""
    tensors: dict[str, NDArray[np.generic]] = {
        "seen": np.frombuffer(seen_to_json([seen for seen, _, _ in pictures]).encode(), np.uint8)
    }
    for index, (_, photo, file) in enumerate(pictures):
        if photo is not None:
            tensors[f"{'shrunk' if isinstance(photo, ShrunkPhoto) else 'photo'} {index}"] = photo.pixels
        if file is not None:
            tensors[f"file {index}"] = np.frombuffer(file, np.uint8)
    return save({name: np.ascontiguousarray(each) for name, each in tensors.items()})


def unpack(document: bytes, names: list[str]) -> list[Carried]:
    """What `pack` was given; photos are called by these names."""
    tensors = load(document)
    pictures: list[Carried] = []
    for index, seen in enumerate(seen_from_json(tensors["seen"].tobytes().decode())):
        photo: ShrunkPhoto | Photo | None = None
        if (pixels := tensors.get(f"shrunk {index}")) is not None:
            photo = ShrunkPhoto(pixels, (seen.height, seen.width))
        elif (pixels := tensors.get(f"photo {index}")) is not None:
            photo = Photo(pixels, names[index], seen.sha256)
        file = tensors.get(f"file {index}")
        pictures.append((seen, photo, None if file is None else file.tobytes()))
    return pictures


def seen_to_json(pictures: list[Seen]) -> str:
    """As text, for the way to another process."""
    return json.dumps([asdict(each) for each in pictures])


def seen_from_json(text: str) -> list[Seen]:
    """What `seen_to_json` gave."""
    return [Seen(**each) for each in json.loads(text)]


def settled(piece: Piece, pictures: list[Seen], start: int) -> tuple[list[Row], int]:
    """The rows of a piece whose file stands in its shard from `start` on, and where it ends there."""
    rows, end = [], start
    for row, seen in zip(piece.rows, pictures, strict=True):
        record: Place | None = None
        picture: Place | None = None
        if seen.record_length:
            record = place_at(piece.shard, end, seen.record_length, seen.record_sha256)
            end = record.end
        if seen.picture_length:
            picture = place_at(piece.shard, end, seen.picture_length, seen.sha256)
            end = picture.end
        rows.append(
            replace(
                row,
                state="done" if record else "failed",
                error=seen.error,
                sha256=seen.sha256,
                bytes=seen.bytes,
                height=seen.height,
                width=seen.width,
                record=record,
                picture=picture,
                seconds=seen.seconds,
            )
        )
    return rows, end
