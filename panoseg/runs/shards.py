"""Shards: tar archives of records, written by appending and read at known places.

Any tar program unpacks one. A record's place (offset and length in bytes) stands in the ledger; what lies
behind the last record that the ledger knows was never finished, and is cut off before anything is added.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from panoseg.errors import RunError
from panoseg.runs.stores import FolderStore, Store

SHARDS_FOLDER = "shards"
_BLOCK = tarfile.BLOCKSIZE
END = bytes(2 * _BLOCK)
"""What an archive ends with."""

_ANEW = "its pictures have to be predicted anew, in another run."


@dataclass(frozen=True, slots=True)
class Place:
    """Where some bytes lie.

    Attributes:
        shard: its number.
        offset, length: in bytes, of the content without tar's own header.
        sha256: of the content, in hexadecimal.
    """

    shard: int
    offset: int
    length: int
    sha256: str

    @property
    def end(self) -> int:
        """Where the next member of the archive begins."""
        return self.offset + _padded(self.length)


def shard_path(folder: Path, shard: int) -> Path:
    """The file of a run's shard."""
    return folder / shard_file(shard)


class ShardWriter:
    """Adds records to the shards of a run, one shard at a time.

    Args:
        folder: the run's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None
        self._shard = -1
        self._end = 0

    def close(self) -> None:
        """Let go of the file; a shard that was not sealed is cut where the ledger ends by whoever goes on."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def begin(self, shard: int, end: int) -> None:
        """Go on with a shard behind its last finished record, which ends at `end` bytes (0: a new one).

        Raises:
            OSError: it cannot be written.
        """
        self.seal()
        path = shard_path(self._folder, shard)
        path.parent.mkdir(exist_ok=True)
        self._file = path.open("r+b" if path.exists() else "w+b", buffering=0)
        self._shard, self._end = shard, end
        self._file.truncate(end)

    def append(self, name: str, content: bytes) -> Place:
        """Add a member to the shard.

        Raises:
            OSError: there is no room; nothing is left behind then.
        """
        file = self._file
        if file is None:
            raise RuntimeError("begin was not called.")
        try:
            file.seek(self._end)
            _write_all(file, member(name, content))
        except OSError:
            file.truncate(self._end)
            raise
        place = place_at(self._shard, self._end, len(content), hashlib.sha256(content).hexdigest())
        self._end = place.end
        return place

    def seal(self) -> None:
        """End the archive and see that it is on the disk.

        Raises:
            OSError: it is not.
        """
        if self._file is None:
            return
        self._file.seek(self._end)
        _write_all(self._file, END)
        os.fsync(self._file.fileno())
        self.close()


def member(name: str, content: bytes) -> bytes:
    """A file as it stands in a tar archive: its head, its bytes, and zeros up to a whole block."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mode = 0o644
    ends = bytes(_padded(len(content)) - len(content))
    return b"".join((info.tobuf(tarfile.USTAR_FORMAT), content, ends))


def record_name(position: int) -> str:
    """What a picture's record is called in its shard."""
    return f"{position:08d}.safetensors"


def picture_name(position: int, name: str) -> str:
    """What a picture's own file is called in its shard."""
    return f"{position:08d}{PurePosixPath(name).suffix.lower()[:6]}"


def place_at(shard: int, start: int, length: int, sha256: str) -> Place:
    """The place of a member's content, whose head begins at `start`."""
    return Place(shard, start + _BLOCK, length, sha256)


def shard_file(shard: int) -> str:
    """The name of a shard's file below the run."""
    return f"{SHARDS_FOLDER}/{shard:06d}.tar"


def read_record(store: Store | Path, place: Place) -> bytes:
    """The bytes at a place, checked.

    Args:
        store: the run's, or its folder.
        place: in a shard of it.

    Raises:
        RunError: the shard is gone, too short, or not what was written.
    """
    path = PurePosixPath(shard_file(place.shard))
    files = FolderStore(store) if isinstance(store, Path) else store
    try:
        content = files.read(str(path), place.offset, place.length)
    except FileNotFoundError:
        raise RunError(f"The run's shard {path.name} is gone; {_ANEW}") from None
    except OSError as error:
        raise RunError(f"The run's shard {path.name} cannot be read ({error.strerror or error}).") from error
    if hashlib.sha256(content).hexdigest() != place.sha256:
        raise RunError(
            f"The run's shard {path.name} is damaged, its bytes are not those that were written; {_ANEW}"
        )
    return content


def sealed_length(end: int) -> int:
    """Of a shard's file in bytes, where its last record ends at `end`."""
    return end + len(END)


def _padded(length: int) -> int:
    return -(-length // _BLOCK) * _BLOCK


def _write_all(file: BinaryIO, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[file.write(view) :]
