"""Which of the files that a visitor gives are an annotation: a PNG of ids and its JSON, or a ZIP of both.

Nothing of them is read here: what is inside, the decoding workers tell.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import NamedTuple

from panoseg.errors import GroundTruthError
from panoseg.page.decoders import decoders

_NOTHING_FITS = (
    "The annotation is not complete: wanted an RGB PNG of ids and its JSON in the COCO panoptic format, or a "
    "ZIP of both."
)
_JSON = re.compile(rb"\s*\{")
_ARCHIVE = b"PK\x03\x04"

Named = tuple[str, bytes]


class AnnotationFiles(NamedTuple):
    """An annotation as its files.

    Attributes:
        name: of the PNG.
        png: what it holds; None where the other file is an archive of both.
        description: the JSON, or that archive.
    """

    name: str
    png: bytes | None
    description: bytes

    @property
    def digest(self) -> str:
        """The same for the same files."""
        return hashlib.sha256((self.png or b"") + b"\0" + self.description).hexdigest()


def sort_files(
    files: Iterable[Named], waiting: Callable[[], object] = lambda: None
) -> tuple[list[Named], AnnotationFiles | None]:
    """Pictures, and the annotation among the files if there is one.

    Args:
        files: names and contents.
        waiting: called several times a second while they are looked into; what it raises gives that up.

    Raises:
        GroundTruthError: a JSON without the PNG that belongs to it, or files that take too much to look into;
            in a sentence for people.
    """
    pictures: list[Named] = []
    descriptions: list[Named] = []
    packed: AnnotationFiles | None = None
    for name, data in files:
        if data.startswith(_ARCHIVE) and (inside := decoders().annotation_in(data, waiting=waiting)):
            packed = AnnotationFiles(inside, None, data)
        else:  # any other archive is no picture, which opening it says best
            (descriptions if _JSON.match(data[:64]) else pictures).append((name, data))
    if packed or not descriptions:
        return pictures, packed
    description = descriptions[0][1]
    png = _png_of(description, pictures, waiting)
    if png is None:
        raise GroundTruthError(_NOTHING_FITS)
    pictures.remove(png)
    return pictures, AnnotationFiles(*png, description)


def _png_of(description: bytes, files: Iterable[Named], waiting: Callable[[], object]) -> Named | None:
    """The PNG that a JSON names, or else the only one."""
    pngs = [(name, data) for name, data in files if data.startswith(b"\x89PNG")]
    if len(pngs) < 2:
        return pngs[0] if pngs else None
    names = [PurePosixPath(name).name for name, _ in pngs]
    place = decoders().described_by(description, names, waiting=waiting)
    return None if place is None else pngs[place]
