"""How many visitors may be there, how often one may send a file, and that nobody comes while it stops."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from panoseg import events
from panoseg.hosting.hosts import OPEN_PATHS
from panoseg.hosting.requests import is_page, path_below, refuse

STREAM = "/_stcore/stream"
UPLOADS = "/_stcore/upload_file/"

MINUTE = 60.0
_MOST_REMEMBERED = 10_000
"""Visitors of whom it is known when they sent files."""
_LONGEST_VISITOR = 64
"""Letters of a session's name, which has 36."""


class Doors:
    """Who is inside, and whether anybody may come.

    Args:
        most: visitors at once.

    Attributes:
        inside: open connections of visitors' pages.
        closing: the server stops, so that nobody new may come.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.inside = 0
        self.closing = False

    @property
    def closed(self) -> str:
        """Why nobody may come in, in a sentence with what to do; empty where they may."""
        if self.closing:
            return "This server is about to stop; try again in a minute."
        if self.inside >= self.most:
            return (
                f"As many visitors as this server takes ({self.most}) are here; try again in a few minutes."
            )
        return ""


class Admission:
    """Lets visitors in as long as there is room, and their files as long as they do not come too often.

    Args:
        app: what answers.
        doors: shared with whoever stops the server.
        uploads_per_minute: files of one visitor.
        base: the path at which the page is served, "" or "/path".
        clock: seconds that never run backwards.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        doors: Doors,
        uploads_per_minute: int,
        base: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._doors = doors
        self._base = base
        self._uploads = Rate(uploads_per_minute, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As of ASGI."""
        if scope["type"] == "websocket":
            await self._visit(scope, receive, send)
            return
        if scope["type"] == "http":
            path = path_below(scope, self._base)
            if scope["method"] == "PUT" and path.startswith(UPLOADS):
                # Anybody may write anything there, and it is remembered.
                visitor = path.removeprefix(UPLOADS).partition("/")[0][:_LONGEST_VISITOR]
                if wait := self._uploads.wait(visitor):
                    events.note("refused", reason="uploads")
                    text = f"Too many files within a minute; try again in {wait} seconds."
                    await refuse(scope, receive, send, 429, text, {"Retry-After": str(wait)})
                    return
            elif is_page(scope) and path not in OPEN_PATHS and (why := self._doors.closed):
                events.note("refused", reason="closing" if self._doors.closing else "sessions")
                await refuse(scope, receive, send, 503, why, {"Retry-After": "60"})
                return
        await self._app(scope, receive, send)

    async def _visit(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._doors.closed:
            events.note("refused", reason="closing" if self._doors.closing else "sessions")
            await refuse(scope, receive, send, 503, self._doors.closed)
            return
        self._doors.inside += 1
        try:
            with events.noted("visit"):
                await self._app(scope, receive, send)
        finally:
            self._doors.inside -= 1


class Rate:
    """How often each of many may do something within a minute.

    >>> rate = Rate(2, clock=lambda: 0.0)
    >>> [rate.wait("me") for _ in range(3)], rate.wait("you")
    ([0, 0, 60], 0)
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._times: dict[str, deque[float]] = {}

    def wait(self, who: str) -> int:
        """0, and once more is counted; or the whole seconds until it may be done again."""
        now = self._clock()
        times = self._times.pop(who, None) or deque()
        while times and times[0] <= now - MINUTE:
            times.popleft()
        full = len(times) >= self._most
        if not full:
            times.append(now)
        self._times[who] = times  # the last of the dict: who was not seen for the longest is the first
        while len(self._times) > _MOST_REMEMBERED:
            del self._times[next(iter(self._times))]
        return max(1, round(times[0] + MINUTE - now)) if full else 0
