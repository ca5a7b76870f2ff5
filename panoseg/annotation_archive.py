"""An annotation's two files in one ZIP archive, and which of several PNGs a JSON describes.

Both are read within bounds of bytes; how much time and memory that takes is up to who made them, so a server
does it where it can be ended (decoding).
"""

from __future__ import annotations

import io
import json
import lzma
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import NamedTuple

from panoseg.errors import GroundTruthError

MOST_BYTES = 100 * 2**20
"""Of an archive's file, unpacked."""

_OF_AN_EXPORT = "-coco.zip"
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(OSError, EOFError, RuntimeError, NotImplementedError, ValueError, KeyError),
)


class Unpacked(NamedTuple):
    """What was in an archive.

    Attributes:
        name: of the PNG.
        png, description: what the files hold.
    """

    name: str
    png: bytes
    description: bytes


def unpack(data: bytes) -> Unpacked | None:
    """The JSON of an archive and the first PNG that it names; None where there are no such files.

    An export of several formats has such an archive inside.

    Raises:
        GroundTruthError: one of them is too large.
    """
    return _unpacked(data, may_nest=True)


def named_files(description: bytes) -> set[str]:
    """The PNGs that a JSON describes, without folders; none where it makes no sense."""
    try:
        entries = json.loads(description)["annotations"]
        return {PurePosixPath(entry["file_name"]).name for entry in entries}
    except (ValueError, KeyError, TypeError, RecursionError):
        return set()  # which reading it will say better


def _unpacked(data: bytes, *, may_nest: bool) -> Unpacked | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            nested = [info for info in infos if info.filename.endswith(_OF_AN_EXPORT)]
            if nested and may_nest:
                return _unpacked(_read(archive, nested[0]), may_nest=False)
            jsons = [info for info in infos if info.filename.lower().endswith(".json")]
            pngs = [info for info in infos if info.filename.lower().endswith(".png")]
            if not jsons or not pngs:
                return None
            description = _read(archive, jsons[0])
            named = named_files(description)
            png = next((info for info in pngs if PurePosixPath(info.filename).name in named), pngs[0])
            return Unpacked(PurePosixPath(png.filename).name, _read(archive, png), description)
    except _DAMAGE:
        return None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    data = b""
    if info.file_size <= MOST_BYTES:
        with archive.open(info) as file:
            data = file.read(MOST_BYTES + 1)
    if info.file_size > MOST_BYTES or len(data) > MOST_BYTES:  # its header may have said less
        raise GroundTruthError(f"A file of the annotation's ZIP is larger than {MOST_BYTES // 2**20} MB.")
    return data
