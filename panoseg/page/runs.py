"""The page's runs: how many are under way, for whoever stops the server, and how many of them compute.

A run is Python, and one thread of a process can be in Python at a time. If forty visitors' runs share it, all
of them end late, and so does whatever else the process has to answer; one after the other, in the order in
which they came, the first ends forty times as early, and none ends later.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from panoseg import events

AT_ONCE = max(2, os.cpu_count() or 2)
"""Runs that compute at the same time: merging and encoding are not Python, and take a core each."""

_lock = threading.Lock()
_running = 0
_mine = threading.local()


@contextmanager
def run(event: str) -> Iterator[None]:
    """Within the block, or the function, a run of the page or of a part is under way; its end is noted.

    It begins when there is a place for it; a part has that of its page.
    """
    with under_way(event), _place():
        yield


@contextmanager
def under_way(event: str) -> Iterator[None]:
    """The same for what mostly waits, and needs no place."""
    global _running
    with _lock:
        _running += 1
    try:
        with events.noted(event):
            yield
    finally:
        with _lock:
            _running -= 1


@contextmanager
def waiting(done: bool = False) -> Iterator[None]:
    """Within the block this run waits for a network, a worker or a disk; another may have its place.

    Args:
        done: what it would wait for is there, so that it keeps its place.
    """
    if done or not _has_place():
        yield
        return
    _mine.has_place = False
    _places.give_back()
    try:
        yield
    finally:
        _places.take(again=True)
        _mine.has_place = True


def any_running() -> bool:
    """Whether a visitor waits for the end of one."""
    return _running > 0


@contextmanager
def _place() -> Iterator[None]:
    if _has_place():
        yield
        return
    _places.take()
    _mine.has_place = True
    try:
        yield
    finally:
        _mine.has_place = False
        _places.give_back()


class _Places:
    """Places of which those who had one before, and have what they waited for, take the next."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._returning = 0
        self._changed = threading.Condition()

    def take(self, *, again: bool = False) -> None:
        with self._changed:
            self._returning += again
            self._changed.wait_for(lambda: self._free > 0 and (again or not self._returning))
            self._returning -= again
            self._free -= 1
            self._changed.notify_all()

    def give_back(self) -> None:
        with self._changed:
            self._free += 1
            self._changed.notify_all()


_places = _Places(AT_ONCE)


def _has_place() -> bool:
    return getattr(_mine, "has_place", False)
