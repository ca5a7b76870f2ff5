"""The page's runs: how many are under way, for whoever stops the server, and how many of them compute.

A run is Python, and one thread of a process can be in Python at a time. If forty visitors' runs share it, all
of them end late, and so does whatever else the process has to answer; one after the other, in the order in
which they came, the first ends forty times as early, and none ends later.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from panoseg import events
from panoseg.cores import usable_cores
from panoseg.patient_threads import give_way

AT_ONCE = max(2, usable_cores())
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
    # A network's pass, for which another visitor waits, does not wait for this one's table.
    give_way()
    try:
        yield
    finally:
        _mine.has_place = False
        _places.give_back()


class _Places:
    """Places that go to those who had one before, and have what they waited for, and then to who came first.

    A place is handed to one thread, which alone wakes up: with forty in line, waking all to see who is next
    cost a fifth of the time that the page spent in Python.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._returning: deque[threading.Lock] = deque()
        self._new: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    def take(self, *, again: bool = False) -> None:
        with self._lock:
            if self._free:  # so nobody waits
                self._free -= 1
                return
            turn = threading.Lock()
            turn.acquire()
            (self._returning if again else self._new).append(turn)
        turn.acquire()  # until a place is handed over

    @property
    def waiting(self) -> int:
        """Threads in line."""
        return len(self._returning) + len(self._new)

    def give_back(self) -> None:
        with self._lock:
            line = self._returning or self._new
            if line:
                line.popleft().release()
            else:
                self._free += 1


_places = _Places(AT_ONCE)


def _has_place() -> bool:
    return getattr(_mine, "has_place", False)
