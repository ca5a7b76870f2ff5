"""What the parts of this room ask of a request, and how they answer one by themselves."""

from __future__ import annotations

from html import escape
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import Receive, Scope, Send

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>panoseg</title>
<meta name="viewport" content="width=device-width"></head>
<body><h1>panoseg</h1><p>{text}</p></body></html>
"""


def header(scope: Scope, name: str) -> str | None:
    """A header's only value; None where there is none, or where there are several that contradict."""
    values = set(Headers(scope=scope).getlist(name))
    return values.pop() if len(values) == 1 else None


def path_below(scope: Scope, base: str) -> str:
    """The path of a request below the one at which the page is served; it begins with a slash.

    Args:
        base: "" or "/path".
    """
    path: str = scope["path"]
    below = path.removeprefix(base) if base and path.startswith(f"{base}/") else path
    return below or "/"


def is_page(scope: Scope) -> bool:
    """Whether a browser asks for a page to show, rather than for a part of one."""
    return scope["type"] == "http" and "text/html" in (header(scope, "accept") or "")


async def refuse(
    scope: Scope,
    receive: Receive,
    send: Send,
    status: int,
    text: str,
    headers: dict[str, str] | None = None,
) -> None:
    """Answer with that sentence: a page to a browser, plain text to others, no handshake to a WebSocket."""
    if scope["type"] == "websocket":
        await receive()  # the handshake's own message
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    headers = {"Cache-Control": "no-store", **(headers or {})}
    response: Any = (
        HTMLResponse(_PAGE.format(text=escape(text)), status, headers)
        if is_page(scope)
        else PlainTextResponse(f"{text}\n", status, headers)
    )
    await response(scope, receive, send)
