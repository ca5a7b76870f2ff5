"""One large file of a checkpoint, on its way from the hub into the download cache.

huggingface_hub throws away what it has of a file when a download ends early. Weights take minutes, so
here a partial file stays and is gone on with. It lies where huggingface_hub keeps its own files
(`blobs/` beside `snapshots/`), and moves to its final name once its sha256 is what the hub says.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from panoseg.errors import ModelError
from panoseg.models.downloads import hub_internals

MAX_FRUITLESS_ATTEMPTS = 5
"""How often in a row the hub may be asked without a single byte coming."""

PAUSE_SECONDS = 1.0
"""Between two attempts: with five of them, a connection has some seconds to come back."""

_HTTP_OK = 200
"""Instead of 206, Partial Content: all of the file comes, whatever range was asked for."""


@dataclass(frozen=True, slots=True)
class LargeFile:
    """A file of one commit, and its places in the download cache.

    Attributes:
        path: its name in the repository.
        size: bytes.
        sha256: 64 hexadecimal digits, or None where that is not known.
        snapshot: the cache's folder for the commit.
    """

    path: str
    size: int
    sha256: str | None
    snapshot: Path

    @property
    def cached_bytes(self) -> int:
        """How many of its bytes the cache has."""
        if _size(self._link) == self.size or (self.sha256 and _size(self._blob) == self.size):
            return self.size
        if self.sha256 and (partial := _size(self._partial)) is not None and partial <= self.size:
            return partial
        return 0

    @property
    def cut_off(self) -> bool:
        """Whether the cache has it under its final name, but not whole."""
        return _size(self._link) not in (None, self.size)

    def fetch(self, url: str, on_bytes: Callable[[int], None]) -> None:
        """Get what is missing; a file without a known sha256 is left to huggingface_hub.

        Args:
            url: of the file on the hub.
            on_bytes: called with the number of bytes that have come, each time some have; with a negative
                number where some have to come again. What it raises ends the download; the next one goes
                on from there.

        Raises:
            ModelError: what came is not what the hub announced; it is thrown away.
            Exception: those of huggingface_hub, of its transport and of the disk.
        """
        self._drop_if_cut_off()
        if self.sha256 is None or _size(self._link) == self.size:
            return
        self._blob.parent.mkdir(parents=True, exist_ok=True)
        with hub_internals.lock(self.snapshot, self.sha256):
            if _size(self._blob) == self.size:
                return
            self._receive(url, on_bytes)
            if not _has_sha256(self._partial, self.sha256):
                self._partial.unlink()
                raise ModelError(
                    f"The {self.path} that came is not the one that the hub announced, and was "
                    "thrown away: load it again."
                )
            self._partial.replace(self._blob)

    def drop_if_damaged(self) -> None:
        """Take it out of the cache unless it is whole and what the hub has; the next fetch gets it anew."""
        self._drop_if_cut_off()
        if self.sha256 and self._link.exists() and not _has_sha256(self._link, self.sha256):
            self._drop()

    def _receive(self, url: str, on_bytes: Callable[[int], None]) -> None:
        """Append to the partial file until it is complete; a broken connection is taken up again."""
        from httpx2 import TransportError

        if (_size(self._partial) or 0) > self.size:
            self._partial.unlink()
        fruitless = 0
        with self._partial.open("ab") as file:
            while (start := file.tell()) < self.size:
                cause: Exception = OSError("The connection ended early.")
                try:
                    _append(file, url, on_bytes)
                except TransportError as error:
                    cause = error
                fruitless = 0 if file.tell() > start else fruitless + 1
                if fruitless == MAX_FRUITLESS_ATTEMPTS:
                    raise cause
                if file.tell() < self.size:
                    time.sleep(PAUSE_SECONDS)

    def _drop_if_cut_off(self) -> None:
        if self.cut_off:
            self._drop()

    def _drop(self) -> None:
        self._link.resolve().unlink(missing_ok=True)
        self._link.unlink(missing_ok=True)

    @property
    def _link(self) -> Path:
        return self.snapshot / self.path

    @property
    def _blob(self) -> Path:
        return hub_internals.blob(self.snapshot, str(self.sha256))

    @property
    def _partial(self) -> Path:
        return self._blob.with_name(f"{self.sha256}.incomplete")


def _append(file: BinaryIO, url: str, on_bytes: Callable[[int], None]) -> None:
    """Ask for what follows the file's end, once."""
    start = file.tell()
    with hub_internals.stream(url, start) as response:
        if start and response.status_code == _HTTP_OK:
            file.seek(0)
            file.truncate()
            on_bytes(-start)
        for piece in response.iter_bytes():
            file.write(piece)
            on_bytes(len(piece))


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _has_sha256(path: Path, sha256: str) -> bool:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256
