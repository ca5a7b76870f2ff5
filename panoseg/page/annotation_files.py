"""Which of the files that a visitor gives are an annotation: a PNG of ids and its JSON, or a ZIP of both.

Nothing is decoded here but archives, within bounds; what the files hold is `read_coco_panoptic`'s to say.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import NamedTuple

from panoseg.errors import GroundTruthError

MOST_BYTES = 100 * 2**20
"""Of an archive's two files together, unpacked."""

_NOTHING_FITS = (
    "The annotation is not complete: wanted an RGB PNG of ids and its JSON in the COCO panoptic format, or a "
    "ZIP of both."
)
_JSON = re.compile(rb"\s*\{")

Named = tuple[str, bytes]


class AnnotationFiles(NamedTuple):
    """An annotation as its two files.

    Attributes:
        name: of the PNG.
        png, description: what the files hold.
    """

    name: str
    png: bytes
    description: bytes

    @property
    def digest(self) -> str:
        """The same for the same files."""
        return hashlib.sha256(self.png + b"\0" + self.description).hexdigest()


def sort_files(files: Iterable[Named]) -> tuple[list[Named], AnnotationFiles | None]:
    """Pictures, and the annotation among the files if there is one.

    Raises:
        GroundTruthError: a JSON without the PNG that belongs to it; in a sentence for people.
    """
    pictures: list[Named] = []
    descriptions: list[Named] = []
    unpacked: AnnotationFiles | None = None
    for name, data in files:
        if data.startswith(b"PK\x03\x04") and (inside := _unpacked(data)):
            unpacked = inside
        else:  # any other archive is no picture, which opening it says best
            (descriptions if _JSON.match(data[:64]) else pictures).append((name, data))
    if unpacked or not descriptions:
        return pictures, unpacked
    description = descriptions[0][1]
    png = _png_of(description, pictures)
    if png is None:
        raise GroundTruthError(_NOTHING_FITS)
    pictures.remove(png)
    return pictures, AnnotationFiles(*png, description)


def _png_of(description: bytes, files: Iterable[Named]) -> Named | None:
    """The PNG that a JSON names, or else the only one."""
    pngs = [(name, data) for name, data in files if data.startswith(b"\x89PNG")]
    named = _named_in(description)
    matching = [file for file in pngs if PurePosixPath(file[0]).name in named]
    return next(iter(matching), pngs[0] if len(pngs) == 1 else None)


def _named_in(description: bytes) -> set[str]:
    try:
        entries = json.loads(description)["annotations"]
        return {PurePosixPath(entry["file_name"]).name for entry in entries}
    except (ValueError, KeyError, TypeError, RecursionError):
        return set()  # which reading it will say better


def _unpacked(data: bytes) -> AnnotationFiles | None:
    """The JSON of an archive and the first PNG that it names; None where there are no such files.

    An export of several formats has such an archive inside.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if nested := [info for info in infos if info.filename.endswith("-coco.zip")]:
                return _unpacked(_read(archive, nested[0]))
            jsons = [info for info in infos if info.filename.lower().endswith(".json")]
            pngs = [info for info in infos if info.filename.lower().endswith(".png")]
            if not jsons or not pngs:
                return None
            description = _read(archive, jsons[0])
            named = _named_in(description)
            png = next((info for info in pngs if PurePosixPath(info.filename).name in named), pngs[0])
            return AnnotationFiles(PurePosixPath(png.filename).name, _read(archive, png), description)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError):
        return None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > MOST_BYTES:
        raise GroundTruthError(f"A file of the annotation's ZIP is larger than {MOST_BYTES // 2**20} MB.")
    with archive.open(info) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:  # its header said less
        raise GroundTruthError(f"A file of the annotation's ZIP is larger than {MOST_BYTES // 2**20} MB.")
    return data
