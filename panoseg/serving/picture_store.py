"""What visitors uploaded, kept for a while behind a name that nobody can guess: a reload finds it again."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from cachetools import TTLCache

MOST_BYTES = 512 * 2**20
"""Of all visitors' pictures together; those that nobody looked at for longest go first."""

KEPT_SECONDS = 2 * 3600
"""How long a picture is kept after somebody looked at it last."""


class KeptPicture(NamedTuple):
    """A file as it was uploaded."""

    name: str
    data: bytes


class PictureStore:
    """Files of all visitors, bounded in bytes and in time; any thread may use it.

    Args:
        most_bytes: of all files together.
        seconds: how long one is kept after it was kept or found last.
        clock: seconds, for tests.
    """

    def __init__(
        self,
        most_bytes: int = MOST_BYTES,
        seconds: float = KEPT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._files: TTLCache[str, KeptPicture] = TTLCache(
            most_bytes, seconds, clock, getsizeof=lambda kept: len(kept.data) + len(kept.name) + 1
        )
        self._lock = threading.Lock()

    def keep(self, name: str, data: bytes) -> str:
        """Keep a file; returns the token that finds it. What is larger than the whole store is not kept."""
        token = secrets.token_urlsafe(16)
        with self._lock:
            if len(data) + len(name) < self._files.maxsize:
                self._files[token] = KeptPicture(name, data)
        return token

    def find(self, token: str) -> KeptPicture | None:
        """The file of a token, which is kept for longer then; None if it has gone."""
        with self._lock:
            kept = self._files.pop(token, None)
            if kept is not None:
                self._files[token] = kept
            return kept

    def forget(self, token: str) -> None:
        """Keep that file no longer."""
        with self._lock:
            self._files.pop(token, None)

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        with self._lock:
            self._files.expire()
            return int(self._files.currsize)
