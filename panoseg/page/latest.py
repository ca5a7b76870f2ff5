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
        if self._results and key == self._key:
            return self._results[0]
        self.forget()  # let go of the old result before the new one needs room
        result = compute()
        self._key, self._results = key, [result]
        return result

    def forget(self) -> None:
        """Keep no result."""
        self._key, self._results = None, []
