"""A connection that says nothing is closed: it would hold a place that costs whoever opened it nothing."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn import config

from panoseg.hosting.connections import BoundedMessages, BoundedRequests

HEAD_SECONDS = 10.0
"""Within which the head of a request must have come: since its first byte, or since the connection."""


def bound_connections() -> None:
    """Have servers that are made from now on read requests and messages within the bounds of this room.

    Of uvicorn's two readers of HTTP the fast one (httptools), which it takes where it is installed, keeps
    whatever a client sends until an empty line comes; so the other one is taken.
    """
    config.HTTP_PROTOCOLS["auto"] = f"{ImpatientProtocol.__module__}:{ImpatientProtocol.__name__}"
    config.WS_PROTOCOLS["websockets-sansio"] = f"{BoundedMessages.__module__}:{BoundedMessages.__name__}"


class ImpatientProtocol(BoundedRequests):
    """Uvicorn's own way with a connection, and a limit to how long the head of a request may take."""

    _timer: asyncio.TimerHandle | None = None
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
        super().connection_lost(exc)

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
