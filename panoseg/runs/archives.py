"""Zip and tar archives of strangers: what is in them, and one member at a time, in bounded memory.

Nothing is ever unpacked onto the disk, so that a member called `../../x` has nowhere to go; it is left out
all the same. What a member says of its size is not believed: reading stops where a picture may not be larger.
"""

from __future__ import annotations

import atexit
import lzma
import tarfile
import threading
import zipfile
import zlib
from collections import OrderedDict
from pathlib import Path, PurePosixPath
from typing import IO, cast

from panoseg.errors import PhotoError, SourceError
from panoseg.photo import PhotoLimits
from panoseg.runs.archive_bounds import ArchiveLimits, BoundedFile

_SUFFIXES = (
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz",
)  # fmt: skip
_KEPT_OPEN = 8
_DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, NotImplementedError,
    RuntimeError, ValueError,
)  # fmt: skip


def is_archive(path: Path) -> bool:
    """Whether a file is called like an archive that can be read."""
    return path.name.lower().endswith(_SUFFIXES) and path.is_file()


def members(path: Path, limits: ArchiveLimits = ArchiveLimits()) -> list[str]:  # noqa: B008
    """Paths of the files in an archive; those that would lead out of it are left out.

    A zip archive's are sorted. A tar archive's come in its own order: to go back in a compressed one is to
    unpack it from its start. What is no UTF-8 in their names becomes U+FFFD.

    Args:
        path: of the archive.
        limits: how much it may hold.

    Raises:
        SourceError: it cannot be read, or holds too many.
    """
    inside = [name for name in _names(path, limits) if _stays_inside(name)]
    return sorted(inside) if path.name.lower().endswith(".zip") else inside


def stray_members(path: Path, limits: ArchiveLimits = ArchiveLimits()) -> list[str]:  # noqa: B008
    """Paths of those that `members` leaves out; arguments and errors are the same."""
    return [name for name in _names(path, limits) if not _stays_inside(name)]


def _names(path: Path, limits: ArchiveLimits) -> list[str]:
    try:
        with _lock:
            return list(dict.fromkeys(_opened(path, limits).names()))
    except OSError as error:
        raise SourceError(f"The archive {path.name!r} cannot be read ({error.strerror or error}).") from error
    except _DAMAGE as error:
        raise SourceError(f"The archive {path.name!r} is damaged or encrypted and cannot be read.") from error


def read_member(path: Path, member: str, limits: PhotoLimits) -> bytes:
    """One file's bytes.

    Raises:
        PhotoError: the archive or the member is gone, damaged, encrypted, or too large.
    """
    shown = PurePosixPath(member).name
    try:
        with _lock, _opened(path, ArchiveLimits()).open(member) as file:
            content = file.read(limits.max_bytes + 1)
    except KeyError:
        raise PhotoError(f"“{shown}” is not in the archive {path.name!r} any more.") from None
    except OSError as error:
        raise PhotoError(
            f"“{shown}” cannot be read from {path.name!r} ({error.strerror or 'it is damaged'})."
        ) from error
    except _DAMAGE as error:
        raise PhotoError(f"“{shown}” in the archive {path.name!r} is damaged or encrypted.") from error
    if len(content) > limits.max_bytes:
        raise PhotoError(f"“{shown}” is too large once it is unpacked. {limits.accepted}")
    return content


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    if not path.parts:  # "" and ".", which are no file
        return False
    return not path.is_absolute() and ".." not in path.parts and ":" not in path.parts[0]


class _Archive:
    """An open archive of either kind."""

    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        self._zip: zipfile.ZipFile | None = None
        self._tar: tarfile.TarFile | None = None
        self._entries: dict[str, tarfile.TarInfo] = {}
        self._file = BoundedFile(path, limits)
        file = cast("IO[bytes]", self._file)
        try:
            if path.name.lower().endswith(".zip"):
                self._zip = zipfile.ZipFile(file)
                self._file.check_count(len(self._zip.infolist()))
            else:
                self._tar = tarfile.open(fileobj=file, mode="r:", errors="replace")  # noqa: SIM115
                self._list(self._tar)
        except BaseException:
            self._file.close()
            raise
        self._file.is_listed()

    def _list(self, tar: tarfile.TarFile) -> None:
        count = 0
        while (entry := tar.next()) is not None:
            count += 1
            self._file.check_count(count)
            self._file.next_member()
            # Links and devices are no files of pictures, and those with holes have a map of any length.
            if entry.isreg() and not entry.issparse():
                self._entries[entry.name] = entry
            tar.members.clear()  # type: ignore[attr-defined]  # kept for those who ask twice

    def names(self) -> list[str]:
        if self._zip is not None:
            return [entry.filename for entry in self._zip.infolist() if not entry.is_dir()]
        return list(self._entries)

    def open(self, member: str) -> IO[bytes]:
        if self._zip is not None:
            return self._zip.open(member)
        assert self._tar is not None  # noqa: S101  # one of both is open
        file = self._tar.extractfile(self._entries[member])
        if file is None:
            raise KeyError(member)
        return file

    def close(self) -> None:
        self._file.close()


_lock = threading.Lock()
_open: OrderedDict[tuple[str, int, int], _Archive] = OrderedDict()


@atexit.register
def _close_all() -> None:
    while _open:
        _open.popitem()[1].close()


def _opened(path: Path, limits: ArchiveLimits) -> _Archive:
    """The archive, kept open for its next member; the caller holds the lock.

    Reading the list of a tar archive takes as long as reading all of it.
    """
    status = path.stat()
    key = str(path.absolute()), status.st_mtime_ns, status.st_size
    archive = _open.pop(key, None) or _Archive(path, limits)
    _open[key] = archive
    if len(_open) > _KEPT_OPEN:
        _open.popitem(last=False)[1].close()
    return archive
