"""Where a run's files lie: a folder, or object storage behind pyarrow's file systems (`s3://bucket/run` …).

What is written is there whole or not at all. Names are relative, with "/".
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from panoseg.errors import RunError

_RENAMING = ("local", "hdfs")
"""Kinds of file systems that show a file while it is being written, and rename at once; object storage is the
other way round."""

_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)  # two letters or more: C:/ is a folder


def is_url(place: str | os.PathLike[str]) -> bool:
    """Whether it names object storage rather than a folder."""
    return isinstance(place, str) and _URL.match(place) is not None


class Store(Protocol):
    """Files by name."""

    def write(self, name: str, content: bytes) -> None:
        """Put a file there, in place of one of that name.

        Raises:
            OSError: it cannot be written.
        """
        ...

    def read(self, name: str, offset: int = 0, length: int | None = None) -> bytes:
        """A file's bytes, or some of them; fewer where it is shorter.

        Raises:
            FileNotFoundError, OSError: it is not there, or cannot be read.
        """
        ...

    def delete(self, name: str) -> None:
        """Let go of a file, if it is there."""
        ...

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in a folder, sorted; none where it does not exist."""
        ...


def open_store(place: str | os.PathLike[str]) -> Store:
    """The store at a folder's path or a URL.

    Raises:
        RunError: nothing here knows such a URL.
    """
    return ObjectStore(str(place)) if is_url(place) else FolderStore(Path(place))


class FolderStore:
    """A folder; a `Store`. What is written is on the disk, not only with the system."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, content: bytes) -> None:
        """See `Store.write`."""
        path = self._folder / name
        path.parent.mkdir(exist_ok=True)
        new = path.with_name(f".{secrets.token_hex(8)}.new")
        try:
            with new.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, path)
        finally:
            with suppress(OSError):
                new.unlink(missing_ok=True)

    def read(self, name: str, offset: int = 0, length: int | None = None) -> bytes:
        """See `Store.read`."""
        with (self._folder / name).open("rb") as file:
            file.seek(offset)
            return file.read(-1 if length is None else length)

    def delete(self, name: str) -> None:
        """See `Store.delete`."""
        (self._folder / name).unlink(missing_ok=True)

    def names(self, folder: str) -> list[str]:
        """See `Store.names`."""
        with suppress(FileNotFoundError):
            return sorted(path.name for path in (self._folder / folder).iterdir() if path.is_file())
        return []


class ObjectStore:
    """Object storage; a `Store`.

    Args:
        url: as pyarrow takes it (s3, gs, abfss, hdfs), else as fsspec does. Keys, region and endpoint come
            from the environment, as for every program of that storage.

    Raises:
        RunError: nothing here knows such a URL, or what it needs is not installed.
    """

    def __init__(self, url: str) -> None:
        self._files, self._root = _file_system(url)

    def write(self, name: str, content: bytes) -> None:
        """See `Store.write`; an object is there once all of it has come."""
        path = f"{self._root}/{name}"
        if self._files.type_name not in _RENAMING:
            self._put(path, content)
            return
        new = f"{path}.{secrets.token_hex(8)}.new"
        with _as_os_error():
            self._files.create_dir(path.rpartition("/")[0])
        try:
            self._put(new, content)
            with _as_os_error():
                self._files.move(new, path)
        except BaseException:
            with suppress(OSError), _as_os_error():
                self._files.delete_file(new)
            raise

    def _put(self, path: str, content: bytes) -> None:
        with _as_os_error():
            with self._files.open_output_stream(path) as stream:
                stream.write(content)
            size = self._files.get_file_info(path).size
        if size != len(content):
            raise OSError(f"{path} has {size} bytes in place of {len(content)}")

    def read(self, name: str, offset: int = 0, length: int | None = None) -> bytes:
        """See `Store.read`."""
        with _as_os_error(), self._files.open_input_file(f"{self._root}/{name}") as file:
            size = file.size()
            start = min(offset, size)
            return file.read_at(size - start if length is None else min(length, size - start), start)

    def delete(self, name: str) -> None:
        """See `Store.delete`."""
        with suppress(FileNotFoundError), _as_os_error():
            self._files.delete_file(f"{self._root}/{name}")

    def names(self, folder: str) -> list[str]:
        """See `Store.names`."""
        from pyarrow import fs

        selector = fs.FileSelector(f"{self._root}/{folder}", allow_not_found=True)
        with _as_os_error():
            found = self._files.get_file_info(selector)
        return sorted(info.base_name for info in found if info.type == fs.FileType.File)


def files_below(url: str) -> list[tuple[str, str]]:
    """(name below the URL, URL) of every file there, sorted; of the file itself, if it is one.

    Raises:
        OSError: it cannot be listed.
        RunError: nothing here knows such a URL.
    """
    from pyarrow import fs

    files, root = _file_system(url)
    base = url.rstrip("/")
    with _as_os_error():
        if files.get_file_info(root).type == fs.FileType.File:
            return [(root.rpartition("/")[2], base)]
        found = files.get_file_info(fs.FileSelector(root, recursive=True, allow_not_found=True))
    names = sorted(info.path[len(root) :].lstrip("/") for info in found if info.type == fs.FileType.File)
    return [(name, f"{base}/{name}") for name in names]


def read_url(url: str, most: int) -> bytes:
    """A file's bytes, no more than `most`.

    Raises:
        OSError: it is not there, or cannot be read.
        RunError: nothing here knows such a URL.
    """
    files, path = _file_system(url)
    with _as_os_error(), files.open_input_stream(path) as stream:
        return stream.read(most)


def _file_system(url: str) -> tuple[Any, str]:
    from pyarrow import ArrowException, fs

    try:
        try:
            files, path = fs.FileSystem.from_uri(url)
        except (ArrowException, ValueError):  # what pyarrow does not know, fsspec may
            import fsspec

            theirs, path = fsspec.core.url_to_fs(url)
            files = fs.PyFileSystem(fs.FSSpecHandler(theirs))
    except (ImportError, ValueError, OSError) as error:
        raise RunError(f"{url!r} cannot be used: {' '.join(str(error).split())}.") from error
    return files, path.rstrip("/")


@contextmanager
def _as_os_error() -> Iterator[None]:
    """What a file system raises of its own is an OSError for everybody above."""
    from pyarrow import ArrowException

    try:
        yield
    except OSError:
        raise
    except ArrowException as error:
        raise OSError(str(error)) from error
