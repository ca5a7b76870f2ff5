"""Converted networks on disk: found again by what they were made of, never half written, never too many."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from panoseg.errors import ModelError
from panoseg.models.checkpoints.checkpoint import CONFIG_FILE, Checkpoint
from panoseg.prediction import Size
from panoseg.settings import settings

FORMAT = 1
"""To be raised when a conversion is made in another way, so that older ones are not found any more."""

NETWORK_FILE = "network.xml"
MAX_BYTES = 8 << 30
"""All conversions together. Each holds its network's weights: 0.2 GB for Swin-T, 0.9 GB for Swin-L."""

_DIGESTS_FILE = "digests.json"
_UNFINISHED = ".unfinished-"
_ABANDONED_SECONDS = 86_400.0
"""Age at which an unfinished conversion is one whose process died: the slowest takes minutes."""


class ConversionCache:
    """The conversions of one checkpoint, a folder for each input size.

    A folder's name tells the weights, the libraries' versions and the size. It is written under another
    name and renamed when it is whole, and it holds the digests of its files.
    """

    def __init__(self, checkpoint: Checkpoint, folder: Path | None = None) -> None:
        self.checkpoint = checkpoint
        self._folder = folder or settings().cache / "openvino"

    def latest(self) -> Size | None:
        """The (height, width) that was used last, if there is any."""
        found = sorted(self._folder.glob(f"{self._contents_key}-*"), key=_last_use)
        if not found:
            return None
        height, width = found[-1].name.rpartition("-")[2].split("x")
        return int(height), int(width)

    def find(self, size: Size) -> Path | None:
        """The network for inputs of (height, width) pixels; one that is damaged is removed."""
        folder = self._folder_of(size)
        try:
            digests = json.loads((folder / _DIGESTS_FILE).read_text(encoding="utf-8"))
            whole = digests == _digests(folder)
        except (OSError, ValueError):
            whole = False
        if not whole:
            self.remove(size)
            return None
        with suppress(OSError):  # a read-only cache serves as well
            os.utime(folder)
        return folder / NETWORK_FILE

    def add(self, size: Size, make: Callable[[Path], object]) -> None:
        """Keep what `make` writes into the empty folder that it is given, as NETWORK_FILE and beside it.

        Raises:
            OSError: the disk is full or cannot be written to.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self._folder))
        try:
            make(unfinished)
            (unfinished / _DIGESTS_FILE).write_text(json.dumps(_digests(unfinished)), encoding="utf-8")
            with suppress(OSError):  # another process was faster, and made the same
                unfinished.rename(self._folder_of(size))
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        self._remove_oldest(keep=self._folder_of(size))

    def remove(self, size: Size) -> None:
        """Forget the conversion for that size."""
        shutil.rmtree(self._folder_of(size), ignore_errors=True)

    def _folder_of(self, size: Size) -> Path:
        return self._folder / f"{self._contents_key}-{size[0]}x{size[1]}"

    @cached_property
    def _contents_key(self) -> str:
        """A name for everything but the size that decides what a conversion holds.

        Raises:
            ModelError: the weights cannot be read.
        """
        digest = hashlib.sha256(repr((FORMAT, *map(version, ("openvino", "torch", "transformers")))).encode())
        for path in [self.checkpoint.folder / CONFIG_FILE, *self.checkpoint.weights_files()]:
            try:
                digest.update(f"\0{path.name}\0{_digest(path)}".encode())
            except OSError as error:
                raise ModelError(f"The weights of {self.checkpoint.name} cannot be read.") from error
        return digest.hexdigest()[:32]

    def _remove_oldest(self, keep: Path) -> None:
        for abandoned in self._folder.glob(f"{_UNFINISHED}*"):
            if time.time() - _last_use(abandoned) > _ABANDONED_SECONDS:
                shutil.rmtree(abandoned, ignore_errors=True)
        others = sorted(set(self._folder.iterdir()) - {keep}, key=_last_use, reverse=True)
        total = _bytes(keep)
        for place in others:
            total += _bytes(place)
            if total > MAX_BYTES:
                shutil.rmtree(place, ignore_errors=True)


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: _digest(path) for path in sorted(folder.iterdir()) if path.name != _DIGESTS_FILE}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _last_use(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except FileNotFoundError:  # another process has just removed it
        return 0.0


def _bytes(place: Path) -> int:
    total = 0
    with suppress(OSError):
        total = sum(path.stat().st_size for path in place.iterdir())
    return total
