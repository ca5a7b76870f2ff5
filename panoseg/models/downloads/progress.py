"""How far something is that takes time: for the page, the shell, and whoever else waits."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

WINDOW_SECONDS = 5.0
"""The speed is that of the last seconds: a pause or a resumed download does not spoil it for long."""

_LEAST_SPAN_SECONDS = 0.5
"""Over less than that, a single piece that comes late or early would make the speed jump."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is being done; as a string one sentence, fit to show to a user.

    Attributes:
        text: what is being done.
        done, total: bytes, where bytes are counted.
        speed: bytes per second of late, once that is known.

    >>> str(Step("Loading the network"))
    'Loading the network …'
    >>> str(Step("Downloading the weights of x/y", 83_000_000, 190_000_000, 12e6))
    'Downloading the weights of x/y: 83 of 190 MB, 12 MB/s, 9 s left'
    """

    text: str
    done: int | None = None
    total: int | None = None
    speed: float | None = None

    @property
    def fraction(self) -> float | None:
        """From 0 to 1, where bytes are counted."""
        if self.done is None or not self.total:
            return None
        return min(1.0, self.done / self.total)

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at the present speed."""
        if self.done is None or self.total is None or not self.speed:
            return None
        return max(0, self.total - self.done) / self.speed

    def __str__(self) -> str:
        if self.done is None or self.total is None:
            return f"{self.text} …"
        parts = [f"{self.text}: {megabytes(self.done, self.total)} of {megabytes(self.total)} MB"]
        if self.speed is not None and self.seconds_left is not None:
            parts += [f"{megabytes(self.speed)} MB/s", f"{_duration(self.seconds_left)} left"]
        return ", ".join(parts)


Progress = Callable[[Step], None]
"""Called at each step that takes time, and while bytes come with each piece of them.

What it raises ends the work; a download goes on from there the next time.
"""


class Meter:
    """Counts bytes as they come, and reports each time how far that is and how fast."""

    def __init__(self, text: str, done: int, total: int, progress: Progress) -> None:
        self._text, self._done, self._total, self._progress = text, done, total, progress
        self._marks = deque([(time.monotonic(), done)])

    def add(self, count: int) -> None:
        """So many bytes more; fewer than none where some have to come again."""
        now = time.monotonic()
        self._done += count
        if count < 0:
            self._marks.clear()
        self._marks.append((now, self._done))
        while self._marks[0][0] < now - WINDOW_SECONDS and len(self._marks) > 2:
            self._marks.popleft()
        then, done_then = self._marks[0]
        seconds = now - then
        speed = (self._done - done_then) / seconds if seconds >= _LEAST_SPAN_SECONDS else None
        self._progress(Step(self._text, self._done, self._total, speed))


def megabytes(count: float, total: float | None = None) -> str:
    """A number of bytes in units of 10⁶; as exact as the total, where there is one.

    >>> megabytes(190_500_000), megabytes(434_000), megabytes(83_000, 190_000_000)
    ('190', '0.4', '0')
    """
    return f"{count / 1e6:.{1 if (total or count) < 1e7 else 0}f}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"
