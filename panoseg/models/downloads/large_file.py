"""One large file of a checkpoint, on its way from the hub into the download cache.

huggingface_hub throws away what it has of a file when a download ends early. Weights take minutes, so
here a partial file stays and is gone on with. It lies where huggingface_hub keeps its own files
(`blobs/` beside `snapshots/`), and moves to its final name once its sha256 is what the hub says.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from panoseg.errors import ModelError

ATTEMPTS = 5
"""How often in a row the hub may be asked without a single byte coming."""

PAUSE_SECONDS = 1.0

_RANGE_IGNORED = 200


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
    def held(self) -> int:
        """How many of its bytes the cache has."""
        if _size(self._link) == self.size or (self.sha256 and _size(self._blob) == self.size):
            return self.size
        if self.sha256 and (begun := _size(self._partial)) is not None and begun <= self.size:
            return begun
        return 0

    @property
    def cut_off(self) -> bool:
        """Whether the cache has it under its final name, but not whole."""
        return _size(self._link) not in (None, self.size)

    def fetch(self, url: str, headers: Mapping[str, str], hear: Callable[[int], None]) -> None:
        """Get what is missing; `hear` is told how many bytes have come each time some have.

        What `hear` raises ends the download; the next one goes on from there. A file without a known
        sha256 is left to huggingface_hub.

        Raises:
            ModelError: what came is not what the hub announced; it is thrown away.
            Exception: those of huggingface_hub, of its transport and of the disk.
        """
        from huggingface_hub.utils import WeakFileLock

        self._drop_if_cut_off()
        if self.sha256 is None or _size(self._link) == self.size:
            return
        store = self.snapshot.parents[1]
        lock = store.parent / ".locks" / store.name / f"{self.sha256}.lock"
        for folder in (lock.parent, self._blob.parent):
            folder.mkdir(parents=True, exist_ok=True)
        with WeakFileLock(lock):  # huggingface_hub's own: nobody else writes this file meanwhile
            if _size(self._blob) == self.size:
                return
            self._receive(url, headers, hear)
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

    def _receive(self, url: str, headers: Mapping[str, str], hear: Callable[[int], None]) -> None:
        """Append to the partial file until it is complete; a broken connection is taken up again."""
        from httpx2 import TransportError

        if (_size(self._partial) or 0) > self.size:
            self._partial.unlink()
        fruitless = 0
        with self._partial.open("ab") as file:
            while (start := file.tell()) < self.size:
                cause: Exception = OSError("The connection ended early.")
                try:
                    _append(file, url, headers, hear)
                except TransportError as error:
                    cause = error
                fruitless = 0 if file.tell() > start else fruitless + 1
                if fruitless == ATTEMPTS:
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
        return self.snapshot.parents[1] / "blobs" / str(self.sha256)

    @property
    def _partial(self) -> Path:
        return self._blob.with_name(f"{self.sha256}.incomplete")


def _append(file: BinaryIO, url: str, headers: Mapping[str, str], hear: Callable[[int], None]) -> None:
    """Ask for what follows the file's end, once."""
    from huggingface_hub import constants, hf_raise_for_status
    from huggingface_hub.utils import http_stream_backoff

    start = file.tell()
    wanted = {**headers, "Accept-Encoding": "identity"}  # offsets count the file's own bytes
    if start:
        wanted["Range"] = f"bytes={start}-"
    with http_stream_backoff(
        "GET",
        url,
        headers=wanted,
        timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT,
        retry_on_exceptions=(),
        retry_on_status_codes=(408, 429),
    ) as response:
        hf_raise_for_status(response)
        if start and response.status_code == _RANGE_IGNORED:
            file.seek(0)
            file.truncate()
            hear(-start)
        for piece in response.iter_bytes():
            file.write(piece)
            hear(len(piece))


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _has_sha256(path: Path, sha256: str) -> bool:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256
