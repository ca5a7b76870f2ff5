"""Large answers are sent a piece at a time: what nobody takes is not copied into each connection's buffer."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PIECE_BYTES = 2**18
"""Of an answer that are handed to a connection before it is waited until they are taken."""


class Pieces:
    """Cuts long bodies.

    A server hands each message to its connection as a whole and waits before the next one: a thousand readers
    of a file of 40 MB who take nothing would have 40 GB of copies.

    Args:
        app: what answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As of ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_in_pieces(message: Message) -> None:
            body = message.get("body", b"") if message["type"] == "http.response.body" else b""
            if len(body) <= PIECE_BYTES:
                await send(message)
                return
            view = memoryview(body)
            for start in range(0, len(body), PIECE_BYTES):
                end = start + PIECE_BYTES
                more = end < len(body) or message.get("more_body", False)
                await send({"type": message["type"], "body": bytes(view[start:end]), "more_body": more})

        await self._app(scope, receive, send_in_pieces)
