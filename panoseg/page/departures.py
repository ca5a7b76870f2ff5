"""What happens when a visitor leaves: the work stops at once, and some time later the memory comes back.

Streamlit keeps the session of a browser that has gone, as it may come back, and forgets it when another
visitor happens to need its place. Here sessions are looked at every moment, by the server's own loop.
"""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from streamlit import runtime

from panoseg.page.streamlit_sessions import close_for_good
from panoseg.serving.garbage_collection import return_memory_of_visitors

STAY_SECONDS = 40.0
"""How long a browser may be gone and find its picture again: a reload, a tunnel."""

MOST_GONE = 8
"""Sessions without a browser that are kept; each may hold a picture of 50 megapixels and its map."""

FREE_SECONDS = 10.0
"""Between two times that memory goes back: each holds everybody up a little, and forty may leave at once."""

_LOOK_SECONDS = 0.5


class Leaving(Protocol):
    """What a visitor leaves behind."""

    def leave(self) -> None:
        """The browser has gone: nothing is wanted any more. It may come back."""


class Sessions(Protocol):
    """What is asked of Streamlit's runtime."""

    def is_active_session(self, session_id: str) -> bool:
        """Whether it has a browser."""


@dataclass
class _Visit:
    left_behind: Callable[[], Leaving | None] = field(default=lambda: None)
    gone_since: float | None = None


class Departures:
    """The sessions that are watched, by Streamlit's id.

    Args:
        clock: seconds that never run backwards.
        close: forgets one of Streamlit's sessions.
        free: called some time after sessions were forgotten.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        close: Callable[[Any, str], object] = close_for_good,
        free: Callable[[], object] = return_memory_of_visitors,
    ) -> None:
        self._clock = clock
        self._close = close
        self._free = free
        self._visits: dict[str, _Visit] = {}

    def watch(self, session_id: str, left_behind: Leaving | None = None) -> None:
        """Watch that session, if it is not yet, and have `left_behind` told when its browser goes."""
        visit = self._visits.setdefault(session_id, _Visit())
        if left_behind is not None:
            visit.left_behind = weakref.ref(left_behind)

    def look(self, sessions: Sessions) -> bool:
        """See who has gone; whether any session was forgotten."""
        now = self._clock()
        for session_id, visit in list(self._visits.items()):
            if sessions.is_active_session(session_id):
                visit.gone_since = None
            elif visit.gone_since is None:
                visit.gone_since = now
                if (left := visit.left_behind()) is not None:
                    left.leave()
        gone = sorted(
            (visit.gone_since, session_id)
            for session_id, visit in self._visits.items()
            if visit.gone_since is not None
        )
        over = [
            session_id
            for place, (since, session_id) in enumerate(gone)
            if now - since >= STAY_SECONDS or len(gone) - place > MOST_GONE
        ]
        for session_id in over:
            del self._visits[session_id]
            self._close(sessions, session_id)
        return bool(over)

    async def keep_looking(self, when_empty: Callable[[], object] = lambda: None) -> None:
        """Look again and again, until cancelled.

        Args:
            when_empty: called once the last session was forgotten, before its memory goes back.
        """
        freed, owed = -FREE_SECONDS, False
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if self.look(runtime.get_instance()):
                owed = True
                # Not before the threads of a session have let go of it.
                await asyncio.sleep(_LOOK_SECONDS)
            if owed and self._clock() - freed >= FREE_SECONDS:
                if not self._visits:
                    await asyncio.to_thread(when_empty)
                await asyncio.to_thread(self._free)
                freed, owed = self._clock(), False


departures = Departures()
"""Those of this process."""
