"""Where the files of a data set go: a folder, or a zip archive that grows as they come."""

from __future__ import annotations

import os
import secrets
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

from panoseg.files import write_whole


class Sink(Protocol):
    """Takes files by their path, with "/" between folders."""

    def write(self, path: str, content: bytes) -> None:
        """A whole file."""
        ...

    def write_pieces(self, path: str, pieces: Iterable[bytes]) -> None:
        """A file that need not be in memory as a whole."""
        ...


class FolderSink:
    """Files below a folder, each whole or not at all.

    Args:
        folder: made if need be.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: set[Path] = set()

    def write(self, path: str, content: bytes) -> None:
        """See `Sink.write`."""
        write_whole(self._target(path), content)

    def write_pieces(self, path: str, pieces: Iterable[bytes]) -> None:
        """See `Sink.write_pieces`."""
        target = self._target(path)
        new = target.with_name(f".{secrets.token_hex(8)}.new")
        try:
            with new.open("wb") as file:
                file.writelines(pieces)
            os.replace(new, target)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(target)) from error
        finally:
            with suppress(OSError):
                new.unlink(missing_ok=True)

    def _target(self, path: str) -> Path:
        target = self._folder.joinpath(*path.split("/"))
        if target.parent not in self._made:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(target.parent)
        return target


class ZipSink:
    """Members of a zip archive; equal files give equal archives.

    Args:
        stream: what the archive is written to; nobody reads back from it.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)

    def write(self, path: str, content: bytes) -> None:
        """See `Sink.write`."""
        self._archive.writestr(_member(path), content)

    def write_pieces(self, path: str, pieces: Iterable[bytes]) -> None:
        """See `Sink.write_pieces`."""
        with self._archive.open(_member(path), "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)

    def close(self) -> None:
        """End the archive."""
        self._archive.close()

    def give_up(self) -> None:
        """Leave it unfinished; else it would write its end once it is forgotten, into a closed stream."""
        self._archive.fp = None


def _member(path: str) -> zipfile.ZipInfo:
    # One of its own keeps the clock out.
    member = zipfile.ZipInfo(path)
    packed_already = path.endswith((".png", ".parquet"))
    member.compress_type = zipfile.ZIP_STORED if packed_already else zipfile.ZIP_DEFLATED
    return member
