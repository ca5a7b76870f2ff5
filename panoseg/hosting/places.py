"""Places that nobody holds by being slow: who comes when all are taken ends the slowest."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panoseg import events
from panoseg.hosting.pieces import Pieces

GRACE_SECONDS = 20.0
"""For which each may have waited for the other side before it is looked at how fast that is."""

SLOW_BYTES = 100_000
"""A second; who is faster is never ended for somebody else."""


class Place:
    """Somebody's, until it is left.

    Args:
        end: ends what has it.
        clock: seconds that never run backwards.
    """

    def __init__(self, end: Callable[[], object], clock: Callable[[], float]) -> None:
        self.end = end
        self._clock = clock
        self._moved = 0
        self._waited = 0.0
        self._since: float | None = None

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

    @property
    def waited(self) -> float:
        """Seconds for which the other side was waited for."""
        since = self._since
        return self._waited + (0.0 if since is None else self._clock() - since)

    @property
    def rate(self) -> float:
        """Bytes for each of those seconds."""
        return self._moved / max(self.waited, 1e-6)


class Places:
    """A number of them, for what runs in one event loop.

    Args:
        most: how many there are.
        clock: seconds that never run backwards.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._taken: list[Place] = []

    @property
    def room(self) -> bool:
        """Whether somebody who comes now would have a place."""
        return len(self._taken) < self._most or self._slowest() is not None

    @asynccontextmanager
    async def take(self) -> AsyncIterator[Place | None]:
        """A place for the block, for which another block may have to end.

        Yields:
            None where all places are taken by who is fast, or new.

        Raises:
            SlowError: the block was ended for somebody else, with all that it waited for.
        """
        try:
            async with asyncio.timeout(None) as limit:
                place = self._find(lambda: limit.reschedule(asyncio.get_running_loop().time()))
                try:
                    yield place
                finally:
                    if place in self._taken:
                        self._taken.remove(place)
        except TimeoutError as error:
            raise (SlowError() if limit.expired() else error) from None

    def _find(self, end: Callable[[], object]) -> Place | None:
        if len(self._taken) >= self._most:
            slowest = self._slowest()
            if slowest is None:
                return None
            self._taken.remove(slowest)
            slowest.end()
            events.note("refused", reason="slow")
        place = Place(end, self._clock)
        self._taken.append(place)
        return place

    def _slowest(self) -> Place | None:
        slow = [each for each in self._taken if each.waited >= GRACE_SECONDS and each.rate < SLOW_BYTES]
        return min(slow, key=lambda each: each.rate, default=None)


class SlowError(Exception):
    """Somebody else needed the place of whoever was slowest."""


class Placed:
    """An answer that has a place while it is sent; where it loses that, it is cut short, with its connection.

    Args:
        answer: what is sent.
        places: for all of its kind.
        full: what is sent instead where there is none.
    """

    def __init__(self, answer: ASGIApp, places: Places, full: ASGIApp) -> None:
        self._answer = answer
        self._places = places
        self._full = full

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As of ASGI."""
        with suppress(SlowError):  # the server ends the connection of an answer that is not whole
            async with self._places.take() as place:
                if place is None:
                    await self._full(scope, receive, send)
                    return

                async def send_and_measure(message: Message) -> None:
                    with place.waiting():
                        await send(message)
                    place.moved(len(message.get("body", b"")))

                await Pieces(self._answer)(scope, receive, send_and_measure)
