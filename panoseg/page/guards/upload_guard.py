"""What visitors' files may take, before the server keeps them.

Streamlit takes every file that a browser sends, whether or not a field of the page asked for it, and keeps it
until the session ends. Here one session's files are bounded by letting go of its oldest. Those of all
sessions are, too, by what has come, as announcing costs nothing. Where there is no room, files that come
slowly are given up; then those that are kept, the oldest of whoever keeps the most, as the page takes a file
as soon as it is there; then one of whoever sends the most, or else the one that there is no room for.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panoseg import events
from panoseg.hosting.places import Place, Places, SlowError
from panoseg.page.departures import departures
from panoseg.page.guards.uploads import Uploads, streamlit_uploads
from panoseg.serving.model_pool import memory_for_us

SESSION_BYTES = 320 * 2**20
"""Of one session: eight photos of the largest size at once have room, or an annotation and its JSON."""

SESSION_FILES = 64
AT_ONCE = 32
"""Files that one session may send at the same time."""

MOST_BYTES = 2**30
IDLE_SECONDS = 30.0
"""How long a browser may send nothing in the middle of a file."""

_NO_LENGTH = "A file needs a Content-Length.", 411
_NEVER_CAME = "The file did not come.", 408
_FULL = "Other visitors' files take all the room at the moment; try again in a minute.", 503
_UPLOAD = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/(?P<file>[^/]+)\Z")


def usual_bytes() -> int:
    """An eighth of the memory that there is, at most 1 GiB, and enough for one session in any case."""
    room = memory_for_us()
    return MOST_BYTES if room is None else max(SESSION_BYTES, min(MOST_BYTES, room.total // 8))


class UploadGuard:
    """ASGI middleware in front of the route that takes files.

    Args:
        app: what is guarded.
        most_bytes: of all sessions.
        uploads: gives what the server keeps.
        idle_seconds: see `IDLE_SECONDS`.
    """

    def __init__(
        self,
        app: ASGIApp,
        most_bytes: int | None = None,
        uploads: Callable[[], Uploads] = streamlit_uploads,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._app = app
        self._most = usual_bytes() if most_bytes is None else most_bytes
        self._uploads = uploads
        self._idle = idle_seconds
        # Files on their way. Only the server's event loop touches them.
        self._places = Places(self._most)
        self._coming: dict[str, list[Place]] = {}
        # Bytes that were announced, by session.
        self._announced: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a file in that has room, and make that room."""
        found = _UPLOAD.search(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] != "PUT":
            await self._app(scope, receive, send)
            return
        session = found["session"]
        announced = _length(scope)
        length = announced or 0
        refusal = _NO_LENGTH if announced is None else self._refusal(session, length)
        if refusal:
            events.note("refused", reason="file", text=refusal[0], bytes=length)
            await PlainTextResponse(*refusal)(scope, receive, send)
            return
        departures.watch(session)  # it may never run the page
        self._announced[session] += length
        try:
            await self._take(session, scope, receive, send)
        finally:
            self._announced[session] -= length
            self._announced = +self._announced  # those without any leave

    def _refusal(self, session: str, length: int) -> tuple[str, int] | None:
        """Why a file of that length cannot come in; where it can, there is room for it."""
        uploads = self._uploads()
        if not uploads.is_active(session):
            return "This visit is over; load the page again.", 400
        if self._announced[session] + length > SESSION_BYTES:
            return "This file is too large.", 413
        if len(self._coming.get(session, ())) >= AT_ONCE:
            return "Too many files at the same time; try again in a moment.", 429
        uploads.make_room(session, SESSION_BYTES - self._announced[session] - length, SESSION_FILES - 1)
        return None

    async def _take(self, session: str, scope: Scope, receive: Receive, send: Send) -> None:
        answered = False

        async def note(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            async with self._place(session) as place:

                async def not_for_ever() -> Message:
                    with place.waiting():
                        message = await asyncio.wait_for(receive(), self._idle)
                    self._find_room(session, place, len(message.get("body", b"")))
                    if place.has_stalled:
                        raise TimeoutError
                    return message

                await self._app(scope, not_for_ever, note)
        except (TimeoutError, ClientDisconnect, SlowError, FullError) as error:
            if answered:
                raise
            refusal = _FULL if isinstance(error, FullError) else _NEVER_CAME
            await PlainTextResponse(*refusal)(scope, receive, send)

    @asynccontextmanager
    async def _place(self, session: str) -> AsyncIterator[Place]:
        """For a file of that session, of no size yet."""
        async with self._places.take(0) as place:
            assert place is not None  # noqa: S101 - it takes nothing
            coming = self._coming.setdefault(session, [])
            coming.append(place)
            try:
                yield place
            finally:
                coming.remove(place)
                if not coming:
                    del self._coming[session]

    def _find_room(self, session: str, place: Place, size: int) -> None:
        """Room for so much more of a file.

        Raises:
            FullError: there is none.
        """
        uploads = self._uploads()
        place.moved(size)
        while not self._places.grow(place, size, uploads.all_bytes()):
            if not uploads.take_from_the_largest() and not self._end_one_of_more_than(session, size):
                events.note("refused", reason="room", bytes=place.size)
                raise FullError

    def _end_one_of_more_than(self, session: str, size: int) -> bool:
        """End the largest file of whichever session sends the most, if that is more than this one would."""
        sent = {each: sum(place.size for place in places) for each, places in self._coming.items()}
        most = max(sent, key=lambda each: sent[each])
        if sent[most] <= sent.get(session, 0) + size:
            return False
        self._places.end(max(self._coming[most], key=lambda place: place.size))
        return True


class FullError(Exception):
    """There is no room for more of a file."""


def _length(scope: Scope) -> int | None:
    """How many bytes are announced, or None where that is no number."""
    values = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(values[0]) if len(values) == 1 and values[0].isdigit() and len(values[0]) < 16 else None
