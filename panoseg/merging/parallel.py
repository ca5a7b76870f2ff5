"""Work spread over all cores by ordinary threads, for kernels that release the GIL.

Numba's own parallel loops may not be entered by two threads at once where OpenMP is missing, and a page has a
thread per visitor.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar

from panoseg.cores import usable_cores

T = TypeVar("T")

_RANGES = 24


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(usable_cores(), thread_name_prefix="panoseg-merging")


if hasattr(os, "register_at_fork"):  # a forked process has the pool, but none of its threads
    os.register_at_fork(after_in_child=_pool.cache_clear)


_threads = threading.local()


@contextmanager
def on_one_core() -> Iterator[None]:
    """Let this thread do all of its work by itself, as there are threads like it for the other cores.

    To hand each of a picture's many small pieces to other threads would cost more than it gains.
    """
    before = getattr(_threads, "alone", False)
    _threads.alone = True
    try:
        yield
    finally:
        _threads.alone = before


def in_parallel(work: Callable[..., T], pieces: Iterable[tuple[Any, ...]]) -> list[T]:
    """`work(*piece)` for each piece, on all cores (see `on_one_core`); results in the order of the pieces.

    The work is a kernel, or little more than one: it must not call this function in turn.
    """

    def attempt(piece: tuple[Any, ...]) -> T:
        try:
            return work(*piece)
        except OSError:  # the disk is full: Numba could not save its code, but it has it
            return work(*piece)

    pieces = list(pieces)
    if len(pieces) == 1 or usable_cores() == 1 or getattr(_threads, "alone", False):
        return [attempt(piece) for piece in pieces]
    return list(_pool().map(attempt, pieces))


def ranges(count: int) -> Sequence[tuple[int, int]]:
    """0 … count cut into ranges (first, end), so many that no core waits long for the others.

    How many does not depend on the cores: sums come out the same on every machine.
    """
    parts = min(count, _RANGES)
    edges = [count * part // parts for part in range(parts + 1)] if parts else [0]
    return list(pairwise(edges))
