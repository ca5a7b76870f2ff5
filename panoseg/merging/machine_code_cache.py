"""Numba's cache on disk, as panoseg needs it: readable where nothing can be written, and never in the way.

Numba writes each file under another name and renames it when it is whole. But it uses no cache that it
cannot write to, and a full disk or a damaged file ends the call that it compiles for.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from numba.core.caching import UserProvidedCacheLocator  # the way to choose another is numba.config's

LOCATOR = f"{__name__}.ReadableFolder"
"""For `numba.config.CACHE_LOCATOR_CLASSES`."""


class ReadableFolder(UserProvidedCacheLocator):
    """The folder of `numba.config.CACHE_DIR`, whether or not it can be written to."""

    def ensure_cache_path(self) -> None:
        """Make it if that can be done; who saves finds out the rest."""
        with suppress(OSError):
            os.makedirs(str(self._cache_path), exist_ok=True)


class ForgivingCache:
    """A function's cache: what cannot be read is compiled, what cannot be kept is not.

    Args:
        cache: Numba's own of that function.
    """

    def __init__(self, cache: Any) -> None:
        self._cache = cache

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cache, name)

    def load_overload(self, signature: Any, context: Any) -> Any:
        """The machine code, or None where there is none that can be read."""
        try:
            return self._cache.load_overload(signature, context)
        except Exception:  # a damaged file of Python objects can set off anything
            return None

    def save_overload(self, signature: Any, code: Any) -> None:
        """Keep machine code for the next process if that can be done."""
        try:
            self._cache.save_overload(signature, code)
        except OSError:
            return  # the disk is full, or cannot be written to
        except Exception:  # the index is damaged: begin another
            with suppress(Exception):
                self._cache.flush()
                self._cache.save_overload(signature, code)
