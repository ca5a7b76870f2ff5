"""Pieces of work on several cores at once, whose results come in the order of the pieces."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

P = TypeVar("P")
R = TypeVar("R")

_AHEAD = 4
"""Pieces for each thread that are begun before the first of them is asked for."""


def in_order(
    work: Callable[[P], R],
    pieces: Iterable[P],
    threads: int,
    *,
    cost: Callable[[P], int] = lambda _: 0,
    most: int = 0,
) -> Generator[tuple[P, Callable[[], R]]]:
    """Each piece with a function that waits for its result, and raises what the work raised.

    Where the iterator is given up, pieces that are not begun never are.

    Args:
        work: called with a piece, in a thread; with one thread in the caller's own, when the result is asked
            for.
        pieces: what is worked on, in order.
        threads: how many at a time.
        cost: what a piece takes of something that is short, such as memory.
        most: of that, by pieces whose results have not come out yet; one piece may always be begun.
    """
    if threads == 1:
        for piece in pieces:
            yield piece, partial(work, piece)
        return
    waiting: deque[tuple[P, Callable[[], R]]] = deque()
    held = 0
    with ThreadPoolExecutor(threads, thread_name_prefix="panoseg-work") as pool:
        try:
            for piece in pieces:
                while waiting and (len(waiting) >= _AHEAD * threads or held + cost(piece) > most > 0):
                    held -= cost(waiting[0][0])
                    yield waiting.popleft()
                waiting.append((piece, pool.submit(work, piece).result))
                held += cost(piece)
            while waiting:
                yield waiting.popleft()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
