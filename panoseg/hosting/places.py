"""Places that nobody holds by being slow: who comes when all are taken ends the slowest."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panoseg import events
from panoseg.hosting.pieces import Pieces

GRACE_SECONDS = 20.0
"""For which each may have waited for the other side before it is looked at how fast that is."""

SLOW_BYTES = 100_000
"""A second; who is faster is never ended for somebody else."""

LEAST_BYTES = 4000
"""A second, on average and after a minute, of what comes: a third of what a line of 100 kbit/s brings."""

_STALL_SECONDS = 60.0
_LOOK_SECONDS = 0.2


class Place:
    """Somebody's, until it is left.

    Args:
        end: ends what has it.
        clock: seconds that never run backwards.

    Attributes:
        size: how much of all it takes; nothing once it was ended.
    """

    def __init__(self, end: Callable[[], object], clock: Callable[[], float]) -> None:
        self.end = end
        self.size = 0
        self._clock = clock
        self._moved = 0
        self._waited = 0.0
        self._since: float | None = None
        # What had moved, and for how long was waited, at two times that are a while apart.
        self._earlier = self._later = (0, 0.0)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Within the block the other side is waited for, which sends or takes something."""
        self._since = self._clock()
        try:
            yield
        finally:
            self._waited += self._clock() - self._since
            self._since = None

    def moved(self, count: int) -> None:
        """So many bytes more came or were taken."""
        self._moved += count
        if self._waited - self._later[1] >= GRACE_SECONDS:
            self._earlier, self._later = self._later, (self._moved, self._waited)

    @property
    def waited(self) -> float:
        """Seconds for which the other side was waited for."""
        since = self._since
        return self._waited + (0.0 if since is None else self._clock() - since)

    @property
    def rate(self) -> float:
        """Bytes for each of the last of those seconds: nobody is fast for having been it once."""
        moved, waited = self._earlier
        return (self._moved - moved) / max(self.waited - waited, 1e-6)

    @property
    def is_slow(self) -> bool:
        """Whether it may be ended for somebody else."""
        return self.waited >= GRACE_SECONDS and self.rate < SLOW_BYTES

    @property
    def has_stalled(self) -> bool:
        """Whether it may be ended without anybody else: a connection is something, too."""
        return self.waited > _STALL_SECONDS + self._moved / LEAST_BYTES


class Places:
    """A number of them, for what runs in one event loop.

    Args:
        most: how many there are; or how much, where one takes more than another (bytes of files that come:
            by what has come, as whoever announces much and sends nothing holds nothing).
        clock: seconds that never run backwards.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._taken: list[Place] = []
        # Who waits for a place, as long as it has none.
        self._line: list[Place] = []

    def has_room(self) -> bool:
        """Whether somebody who comes now would have a place of size 1."""
        return not self._line and self._in_the_way(1, 0) is not None

    @asynccontextmanager
    async def take(self, size: int = 1, patience: float = 0.0) -> AsyncIterator[Place | None]:
        """A place for the block, for which other blocks may have to end.

        Args:
            size: how much of all it takes; nothing for what `grow` will measure.
            patience: seconds to stand in line for it. Without a line, whoever leaves its place before it is
                slow and comes again at once would have it for ever.

        Yields:
            None where all is taken by who is fast, or new.

        Raises:
            SlowError: the block was ended for somebody else, with all that it waited for.
        """
        try:
            async with asyncio.timeout(None) as limit:
                end = partial(_expire, limit)
                place = await self._find(Place(end, self._clock), size, patience)
                try:
                    yield place
                finally:
                    if place in self._taken:
                        self._taken.remove(place)
        except TimeoutError as error:
            raise (SlowError() if limit.expired() else error) from None

    def grow(self, place: Place, size: int, besides: int = 0) -> bool:
        """Have a place take so much more, for which others may have to end; whether there is room for it.

        Args:
            place: somebody's.
            size: how much more.
            besides: what is taken by what has no place here.
        """
        slow = self._in_the_way(size, besides)
        if slow is None:
            return False
        for each in slow:
            self.end(each)
            events.note("refused", reason="slow")
        if place in self._taken:
            place.size += size
        return True

    def end(self, place: Place) -> None:
        """Have it left, for somebody else."""
        self._taken.remove(place)
        place.size = 0
        place.end()

    async def _find(self, place: Place, size: int, patience: float) -> Place | None:
        until = self._clock() + patience
        self._line.append(place)
        try:
            while self._line[0] is not place or self._in_the_way(size, 0) is None:
                if self._clock() >= until:
                    return None
                await asyncio.sleep(_LOOK_SECONDS)
        finally:
            self._line.remove(place)
        self._taken.append(place)
        self.grow(place, size)
        return place

    def _in_the_way(self, size: int, besides: int) -> list[Place] | None:
        """Who has to end for somebody of that size; None where even that makes no room.

        The largest of the slow are first, and the slowest of those.
        """
        free = self._most - besides - sum(each.size for each in self._taken)
        slow = sorted(
            (each for each in self._taken if each.size and each.is_slow),
            key=lambda each: (each.size, -each.rate),
        )
        ended = []
        while free < size:
            if not slow:
                return None
            ended.append(slow.pop())
            free += ended[-1].size
        return ended


def _expire(limit: asyncio.Timeout) -> None:
    limit.reschedule(asyncio.get_running_loop().time())


class SlowError(Exception):
    """Somebody else needed the place of whoever was slowest."""


class Placed:
    """An answer that has a place while it is sent; where it loses that, it is cut short, with its connection.

    Args:
        answer: what is sent.
        places: for all of its kind.
        full: what is sent instead where there is none.
        patience: seconds for which it stands in line.
    """

    def __init__(self, answer: ASGIApp, places: Places, full: ASGIApp, patience: float = 0.0) -> None:
        self._answer = answer
        self._places = places
        self._full = full
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As of ASGI."""
        with suppress(SlowError):  # the server ends the connection of an answer that is not whole
            async with self._places.take(patience=self._patience) as place:
                if place is None:
                    await self._full(scope, receive, send)
                    return

                async def send_and_measure(message: Message) -> None:
                    with place.waiting():
                        await send(message)
                    place.moved(len(message.get("body", b"")))

                await Pieces(self._answer)(scope, receive, send_and_measure)
