"""The last result of a computation, kept until what it depends on has changed."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """The last result of one computation; it is made again when its key has changed."""

    def __init__(self) -> None:
        self._key: Hashable = None
        self._results: list[T] = []

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """`compute()`, or the last result if the key is the same."""
        if not self._results or key != self._key:
            self._results.clear()  # let go of the old result before the new one needs room
            result = compute()
            self._key, self._results = key, [result]
        return self._results[0]
