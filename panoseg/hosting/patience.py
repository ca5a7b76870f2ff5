"""A connection that says nothing, or hardly takes anything, is closed: to hold it costs nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn import config

from panoseg.hosting.connections import BoundedMessages, BoundedRequests

HEAD_SECONDS = 10.0
"""Within which the head of a request must have come: since its first byte, or since the connection."""

UNREAD_SECONDS = 60.0
"""For which an answer may wait to be taken, until it is looked at how much of it was taken meanwhile."""

LEAST_BYTES = 240_000
"""That must have been taken by then: a third of what a line of 100 kbit/s takes."""


def bound_connections() -> None:
    """Have servers that are made from now on read requests and messages within the bounds of this room.

    Of uvicorn's two readers of HTTP the fast one (httptools), which it takes where it is installed, keeps
    whatever a client sends until an empty line comes; so the other one is taken.
    """
    config.HTTP_PROTOCOLS["auto"] = f"{ImpatientProtocol.__module__}:{ImpatientProtocol.__name__}"
    config.WS_PROTOCOLS["websockets-sansio"] = f"{ImpatientMessages.__module__}:{ImpatientMessages.__name__}"


class _Impatient:
    """For a protocol of uvicorn's, before it in the order of bases: ends whoever takes too little."""

    transport: Any
    _taking: Taking | None = None

    def connection_made(self, transport: Any) -> None:
        """A connection is there."""
        super().connection_made(transport)  # type: ignore[misc]
        counted = transport if isinstance(transport, CountedTransport) else CountedTransport(transport)
        self.transport = counted
        self._taking = Taking(lambda: counted.taken, transport.abort)
        counted.wait_for_the_rest = self._taking.wait

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        if self._taking is not None:
            self._taking.go_on()
        super().connection_lost(exc)  # type: ignore[misc]

    def pause_writing(self) -> None:
        """More waits to be taken than should be kept; asyncio says so once."""
        super().pause_writing()  # type: ignore[misc]
        if self._taking is not None:
            self._taking.wait()

    def resume_writing(self) -> None:
        """Little of it is left; what closes waits for that, too."""
        if self._taking is not None and not self.transport.is_closing():
            self._taking.go_on()
        super().resume_writing()  # type: ignore[misc]


class ImpatientMessages(_Impatient, BoundedMessages):
    """A WebSocket, whose page has to take what it is sent.

    Uvicorn closes one that answers no ping, but waits until all is taken: for ever, with all that Streamlit
    keeps for it, and counted as a visitor.
    """


class ImpatientProtocol(_Impatient, BoundedRequests):
    """Uvicorn's own way with a connection, and limits to how long a request's head and an answer may take."""

    _is_socket = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._head = Alarm(self._look)

    def connection_made(self, transport: Any) -> None:
        """A connection is there."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Something has come."""
        super().data_received(data)
        self._watch()

    def handle_websocket_upgrade(self, event: Any) -> None:
        """From here on it is read by another protocol."""
        self._is_socket = True
        self._head.stop()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self._head.stop()
        super().connection_lost(exc)

    @property
    def _has_request(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _watch(self) -> None:
        if self._has_request or self._is_socket:
            self._head.stop()
        else:
            self._head.set(HEAD_SECONDS)

    def _look(self) -> None:
        if not self._has_request and not self.transport.is_closing():
            self.transport.close()


class Alarm:
    """Rings once, unless it is stopped before.

    Args:
        ring: what is called, in the event loop in which it was set.
    """

    def __init__(self, ring: Callable[[], object]) -> None:
        self._ring = ring
        self._timer: asyncio.TimerHandle | None = None

    def set(self, seconds: float) -> None:
        """Let it ring after so many seconds; one that is set already stays as it is."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._ring_once)

    def stop(self) -> None:
        """It will not ring."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring_once(self) -> None:
        self._timer = None
        self._ring()


class Taking:
    """How fast what is sent over a connection is taken, of the time for which it waits for that.

    Each time that answers have waited for `UNREAD_SECONDS` together, `LEAST_BYTES` must have been taken since
    the time before. What a server needs to make its answers does not count, nor does who takes all at once.

    Args:
        taken: bytes that were taken since the connection was made.
        end: ends the connection, whatever of it still waits.
    """

    def __init__(self, taken: Callable[[], int], end: Callable[[], object]) -> None:
        self._taken = taken
        self._end = end
        self._alarm = Alarm(self._look)
        self._waited = 0.0
        self._since: float | None = None
        self._taken_before = 0

    def wait(self) -> None:
        """From now on something waits, if nothing does already."""
        if self._since is not None:
            return
        self._since = asyncio.get_running_loop().time()
        self._alarm.set(UNREAD_SECONDS - self._waited)

    def go_on(self) -> None:
        """Nothing does."""
        self._alarm.stop()
        if self._since is not None:
            self._waited += asyncio.get_running_loop().time() - self._since
            self._since = None

    def _look(self) -> None:
        taken = self._taken()
        if taken - self._taken_before < LEAST_BYTES:
            self._end()  # closing would wait until the rest is taken
            return
        self._taken_before = taken
        self._waited = 0.0
        self._since = None
        self.wait()


class CountedTransport:
    """A transport that knows how much of what was written was taken.

    Attributes:
        wait_for_the_rest: called when it is closed and something has yet to be taken: asyncio waits for that,
            however little it is, and says nothing of it.
    """

    def __init__(self, transport: Any) -> None:
        self.wait_for_the_rest: Callable[[], object] = lambda: None
        self._transport = transport
        self._written = 0

    def close(self) -> None:
        """As of asyncio."""
        self._transport.close()
        if self._transport.get_write_buffer_size():
            self.wait_for_the_rest()

    def write(self, data: bytes) -> None:
        """As of asyncio."""
        self._written += len(data)
        self._transport.write(data)

    @property
    def taken(self) -> int:
        """Bytes that the system has taken, and whoever reads with it but for some buffers."""
        return self._written - int(self._transport.get_write_buffer_size())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
