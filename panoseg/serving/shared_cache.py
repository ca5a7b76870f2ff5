"""What was made once for all visitors, kept within a budget of bytes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

from cachetools import LRUCache

T = TypeVar("T")


class SharedCache(Generic[T]):
    """Values by key; those that were not asked for the longest leave first. Threads may share it.

    Args:
        budget: bytes that are kept. A value that is larger by itself is not kept.
        bytes_of: how many a value takes.

    >>> cache = SharedCache(10, len)
    >>> cache.get("a", lambda: b"12345678"), cache.get("a", lambda: b"never made"), cache.nbytes
    (b'12345678', b'12345678', 8)
    """

    def __init__(self, budget: int, bytes_of: Callable[[T], int]) -> None:
        self._bytes_of = bytes_of
        self._values: LRUCache[Hashable, T] = LRUCache(budget, getsizeof=bytes_of)
        self._coming: dict[Hashable, Future[T]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of that key; made once, however many ask at the same time.

        What `make` raises is raised for all of them, and nothing is kept.
        """
        with self._lock:
            if key in self._values:
                return self._values[key]
            coming = self._coming.get(key)
            if coming is None:
                mine: Future[T] = Future()
                self._coming[key] = mine
        if coming is not None:
            return coming.result()
        try:
            value = make()
        except BaseException as error:
            with self._lock:
                del self._coming[key]
            mine.set_exception(error)
            raise
        with self._lock:
            del self._coming[key]
            if self._bytes_of(value) <= self._values.maxsize:
                self._values[key] = value
        mine.set_result(value)
        return value

    def clear(self) -> None:
        """Keep none of them; what is being made is kept when it is there."""
        with self._lock:
            self._values.clear()

    @property
    def nbytes(self) -> int:
        """Bytes that are kept now."""
        return int(self._values.currsize)
