"""What a connection may cost before anybody has seen a request: heads, crumbs of bodies, frames of sockets.

All connections share one loop, so what takes long in the reading of one of them keeps everybody waiting. A
body or a message that is cut into crumbs of a byte or none takes a thousand times as long as one that is not.
"""

from __future__ import annotations

import time
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MOST_HEAD_BYTES = 64 * 2**10
"""Of a request's head; 400 where it is longer."""

READ_BYTES = 32 * 2**10
"""Read of one connection before others have their turn; in crumbs, they take some 50 ms."""

CRUMB_BYTES = 64
MOST_CRUMBS = 10_000
"""Pieces of up to `CRUMB_BYTES` that bodies of one connection may come in; networks make pieces of 1,400."""

MOST_MESSAGE_BYTES = 6 * 2**20
"""Of a message; what Streamlit takes is a little smaller (`server.maxWidgetStateSize`), and said by it."""

FRAMES_AT_ONCE = 2000
FRAMES_A_SECOND = 200.0
"""A visitor who drags a slider sends 5."""

_NO_HANDSHAKE = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_POLICY_VIOLATION = 1008  # RFC 6455, 7.4.1


class BoundedRequests(H11Protocol):
    """Reads HTTP of one connection, a little at a time."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conn = _CountedConnection(self.config.h11_max_incomplete_event_size or MOST_HEAD_BYTES)

    def connection_made(self, transport: Any) -> None:
        """As of asyncio."""
        if hasattr(transport, "max_size"):  # asyncio's own
            transport.max_size = READ_BYTES
        super().connection_made(transport)


class _CountedConnection(h11.Connection):
    """One that takes an end where its bodies come in crumbs."""

    def __init__(self, most_head_bytes: int) -> None:
        super().__init__(h11.SERVER, most_head_bytes)
        self._crumbs = 0

    def next_event(self) -> Any:
        """As of h11.

        Raises:
            RemoteProtocolError: also for too many crumbs.
        """
        event = super().next_event()
        if isinstance(event, h11.Data) and len(event.data) <= CRUMB_BYTES:
            self._crumbs += 1
            if self._crumbs > MOST_CRUMBS:
                raise h11.RemoteProtocolError("a body in too many pieces")
        return event


class BoundedMessages(WebSocketsSansIOProtocol):
    """Reads a WebSocket, until it sends frames more often than anybody's page does."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conn.max_message_size = min(self.conn.max_message_size or MOST_MESSAGE_BYTES, MOST_MESSAGE_BYTES)
        self._left = float(FRAMES_AT_ONCE)
        self._seen = time.monotonic()

    def data_received(self, data: bytes) -> None:
        """As of asyncio; the first is the whole head of the request that asks for the socket."""
        super().data_received(data)
        if not self.handshake_initiated and not self.transport.is_closing():
            # A line of that head is longer than websockets takes: it would wait for ever, uncounted.
            self.transport.write(_NO_HANDSHAKE)
            self.transport.close()

    def _frame(self) -> bool:
        """Count one; whether it may be looked at."""
        if self._left >= 1:
            self._left -= 1
            return True
        now = time.monotonic()
        self._left = min(FRAMES_AT_ONCE, (now - self._seen) * FRAMES_A_SECOND)
        self._seen = now
        if self._left < 1 and not self.transport.is_closing():
            self.conn.fail(_POLICY_VIOLATION, "too many frames")
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self.transport.close()
        return self._left >= 1

    def handle_cont(self, event: Any) -> None:
        """As of the class above, like the others."""
        if self._frame():
            super().handle_cont(event)

    def handle_text(self, event: Any) -> None:
        """As of the class above."""
        if self._frame():
            super().handle_text(event)

    def handle_bytes(self, event: Any) -> None:
        """As of the class above."""
        if self._frame():
            super().handle_bytes(event)

    def handle_ping(self) -> None:
        """As of the class above."""
        if self._frame():
            super().handle_ping()

    def handle_pong(self, event: Any) -> None:
        """As of the class above."""
        if self._frame():
            super().handle_pong(event)
