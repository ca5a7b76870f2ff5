"""How much is read of an archive before it is known what it holds.

The list of a zip archive may say to be of any length, and a tar archive has none: all of it is unpacked to
find its members, and each may have a name of a gigabyte, or a map of a thousand million holes.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from panoseg.errors import SourceError

HEADER_BYTES = 2**20
"""Read of one member of a tar archive while it is listed: names have up to 4 kB, attributes up to 64."""

_END_BYTES = 2**17  # of a zip archive, where its list is looked for
_GZIP = b"\x1f\x8b"
_BZIP2, _XZ = (".bz2", ".tbz2"), (".xz", ".txz")


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What an archive may have; as they are, for files of one's own.

    Attributes:
        members: files in it.
        list_bytes: of a zip archive's list.
        unpacked: bytes of a tar archive once it is unpacked.
    """

    members: int = 2_000_000
    list_bytes: int = 2**30
    unpacked: int = 2**62


class BoundedFile:
    """An archive's file, as `zipfile` and `tarfile` want it; bounded until `is_listed` is called.

    Args:
        path: of the archive; a tar archive is unpacked on the way.
        limits: what may be read of it.

    Raises:
        OSError: it cannot be read.
    """

    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        self._name = path.name
        self._limits = limits
        is_zip = path.name.lower().endswith(".zip")
        self._file: IO[bytes] = path.open("rb") if is_zip else _unpacking(path)
        self._left: int | None = limits.list_bytes + _END_BYTES if is_zip else HEADER_BYTES

    def next_member(self) -> None:
        """The list goes on behind the members that were read so far."""
        self._left = HEADER_BYTES

    def is_listed(self) -> None:
        """From now on members are read, which who reads them bounds."""
        self._left = None

    def read(self, size: int = -1) -> bytes:
        """As of a file.

        Raises:
            SourceError: the list is longer than it may be.
        """
        if self._left is None:
            return self._file.read(size)
        if size > self._left:
            raise self._too_large()
        content = self._file.read(self._left + 1 if size < 0 else size)
        self._left -= len(content)
        if self._left < 0:
            raise self._too_large()
        return content

    def seek(self, offset: int, whence: int = 0) -> int:
        """As of a file.

        Raises:
            SourceError: so far the archive must not be unpacked for its list.
        """
        if self._left is not None and offset > self._limits.unpacked:
            raise self._too_large()
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As of a file."""
        return self._file.tell()

    def seekable(self) -> bool:
        """As of a file."""
        return True

    def close(self) -> None:
        """As of a file."""
        self._file.close()

    def check_count(self, members: int) -> None:
        """See that there are not too many.

        Raises:
            SourceError: there are.
        """
        if members > self._limits.members:
            raise SourceError(f"The archive {self._name!r} holds more than {self._limits.members:,} files.")

    def _too_large(self) -> SourceError:
        return SourceError(f"The archive {self._name!r} is too large once it is unpacked.")


def _unpacking(path: Path) -> IO[bytes]:
    name = path.name.lower()
    if name.endswith(_BZIP2):
        return cast("IO[bytes]", bz2.open(path, "rb"))
    if name.endswith(_XZ):
        return cast("IO[bytes]", lzma.open(path, "rb"))
    with path.open("rb") as file:
        is_gzip = file.read(len(_GZIP)) == _GZIP
    return cast("IO[bytes]", gzip.open(path, "rb")) if is_gzip else path.open("rb")
