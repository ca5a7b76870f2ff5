"""Under which names the server answers, and to whose pages.

A page of somebody else's that has its name point at this machine (DNS rebinding) is of the same origin as
what it asks for: only the name tells. What another origin's page asks for is told by `Origin` (RFC 6454).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from panoseg import events
from panoseg.hosting.requests import header, path_below, refuse

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
"""Answered under any name: watchers name machines as they like, and nothing of a visitor is there."""

_UNUSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check", "/app/static")
"""Streamlit's routes that the page does not use, with all below them."""

ANY_NUMBERS = "0.0.0.0/0"
"""Among names: any address, whichever its digits."""

_OWN = ("localhost", "*.localhost")
_READING = ("GET", "HEAD", "OPTIONS")


def is_loopback(address: str | None) -> bool:
    """Whether only this machine can come in at that address; None stands for all of its addresses."""
    if address is None:
        return False
    if address.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def names_of(address: str | None, said: Sequence[str]) -> tuple[str, ...]:
    """The names of a server that listens at that address, beside those of this machine for itself.

    Args:
        address: None stands for all of the machine's.
        said: what its operator wants. Where that is nothing, a server beyond loopback has the machine's own
            name and every address in numbers, `ANY_NUMBERS`: a stranger's page has a name, so it is none.
    """
    if said:
        return tuple(said)
    return () if is_loopback(address) else (ANY_NUMBERS, socket.gethostname().lower())


class Hosts:
    """Lets in what names this server and comes from its own page; the rest is refused in a sentence.

    Args:
        app: what answers.
        hosts: names, "*.name" for all below one, "*" for any, `ANY_NUMBERS`; see `names_of`.
        base: the path at which the page is served, "" or "/path".
    """

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str], base: str = "") -> None:
        self._app = app
        self._hosts = (*_OWN, *(host.strip("[]") for host in hosts))
        self._base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As of ASGI."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        path = path_below(scope, self._base)
        host = header(scope, "host")
        if path not in OPEN_PATHS and not self._knows(host):
            events.note("refused", reason="host")
            text = "This server does not answer to that name. Its operator can add it to PANOSEG_HOSTS."
            await refuse(scope, receive, send, 421, text)
        elif not _is_own_page(scope, host):
            events.note("refused", reason="origin")
            await refuse(scope, receive, send, 403, "Only this server's own page may ask for that.")
        elif any(path == unused or path.startswith(f"{unused}/") for unused in _UNUSED):
            await refuse(scope, receive, send, 404, "There is nothing here.")
        else:
            await self._app(scope, receive, send)

    def _knows(self, host: str | None) -> bool:
        name = _name(host)
        if name is None:
            return False
        if any(_matches(name, pattern) for pattern in self._hosts):
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or ANY_NUMBERS in self._hosts


def _name(host: str | None) -> str | None:
    """The name in a Host header without its port, in small letters; None where it makes no sense."""
    if not host or any(letter in host for letter in "/@?#\\ "):
        return None
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # a ValueError unless it is a port
    except ValueError:
        return None
    return parts.hostname.rstrip(".") if parts.hostname else None


def _matches(name: str, pattern: str) -> bool:
    pattern = pattern.rstrip(".")
    if pattern.startswith("*."):
        return name.endswith(pattern[1:])
    return pattern in ("*", name)


def _is_own_page(scope: Scope, host: str | None) -> bool:
    """Whether a request that could change something comes from this server's page, or from no page at all."""
    if scope["type"] == "http" and scope["method"] in _READING:
        return True
    origins = [value for name, value in scope["headers"] if name == b"origin"]
    if not origins:
        return True  # no browser: what a page sends always has one
    origin = header(scope, "origin")
    try:
        return origin is not None and host is not None and urlsplit(origin).netloc == host
    except ValueError:  # "http://[", which no browser sends
        return False
