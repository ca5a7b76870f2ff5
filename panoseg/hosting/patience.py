"""A connection that says nothing, or takes nothing, is closed: it costs whoever opened it nothing to hold."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn import config

from panoseg.hosting.connections import BoundedMessages, BoundedRequests

HEAD_SECONDS = 10.0
"""Within which the head of a request must have come: since its first byte, or since the connection."""

UNREAD_SECONDS = 60.0
"""Within which whoever asked has to take something of an answer that waits for that."""


def bound_connections() -> None:
    """Have servers that are made from now on read requests and messages within the bounds of this room.

    Of uvicorn's two readers of HTTP the fast one (httptools), which it takes where it is installed, keeps
    whatever a client sends until an empty line comes; so the other one is taken.
    """
    config.HTTP_PROTOCOLS["auto"] = f"{ImpatientProtocol.__module__}:{ImpatientProtocol.__name__}"
    config.WS_PROTOCOLS["websockets-sansio"] = f"{BoundedMessages.__module__}:{BoundedMessages.__name__}"


class ImpatientProtocol(BoundedRequests):
    """Uvicorn's own way with a connection, and limits to how long a request's head and an answer may take."""

    _timer: asyncio.TimerHandle | None = None
    _reader_timer: asyncio.TimerHandle | None = None
    _unread = 0
    _is_socket = False

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
        self._stop_watching()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self._stop_watching()
        self._stop_watching_reader()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """More of an answer waits to be taken than should be kept; asyncio says so once."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        """Little of it is left."""
        self._stop_watching_reader()
        super().resume_writing()

    @property
    def _has_request(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _watch(self) -> None:
        if self._has_request or self._is_socket:
            self._stop_watching()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._look)

    def _stop_watching(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if not self._has_request and not self.transport.is_closing():
            self.transport.close()

    def _watch_reader(self) -> None:
        self._unread = self.transport.get_write_buffer_size()
        self._reader_timer = asyncio.get_running_loop().call_later(UNREAD_SECONDS, self._look_at_reader)

    def _stop_watching_reader(self) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()
            self._reader_timer = None

    def _look_at_reader(self) -> None:
        if self.transport.get_write_buffer_size() < self._unread:
            self._watch_reader()
        else:
            self.transport.abort()  # closing would wait until the rest is taken
