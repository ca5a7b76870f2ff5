"""What every answer tells the browser: from where to load, who may show the page or use the camera, and more.

Content Security Policy: w3.org/TR/CSP3, HSTS: RFC 6797, Permissions Policy: w3.org/TR/permissions-policy-1.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panoseg import events
from panoseg.hosting.requests import header, refuse
from panoseg.setting_values import ITSELF, NOBODY

HSTS_SECONDS = 31_536_000
"""A year."""

_UNUSED_FEATURES = (
    "accelerometer", "autoplay", "bluetooth", "display-capture", "geolocation", "gyroscope", "hid",
    "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock",
    "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
_PERMISSIONS = ", ".join(
    [
        "camera=(self)",
        "clipboard-write=(self)",
        "fullscreen=(self)",
        *(f"{name}=()" for name in _UNUSED_FEATURES),
    ]
)
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_AUTHORITY = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?", re.ASCII)


def inline_script_hashes(page: Path) -> list[str]:
    """What a policy calls the scripts that stand in a page itself, as nothing else may stand there."""
    return [script_hash(script) for script in _INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))]


def script_hash(script: str) -> str:
    """What a policy calls a script that stands in a page itself."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def content_policy(frames: Sequence[str], scripts: Iterable[str], authority: str | None = None) -> str:
    """The policy of the page.

    Args:
        frames: as of `Settings.frames`.
        scripts: hashes of the scripts that stand in the page.
        authority: host and port as the browser has them; 'self' holds for WebSockets in new browsers only.
    """
    sockets = f" ws://{authority} wss://{authority}" if authority and _AUTHORITY.fullmatch(authority) else ""
    ancestors = " ".join(f"'{each}'" if each in (NOBODY, ITSELF) else each for each in frames)
    return "; ".join(
        [
            "default-src 'none'",
            # Components' scripts are run from blobs. Arrow and charts make no code out of text.
            " ".join(["script-src 'self' blob:", *scripts]),
            # The page's widgets write their own style sheets while it runs.
            "style-src 'self' 'unsafe-inline' blob:",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            f"connect-src 'self' blob: data:{sockets}",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'self'",
            f"frame-ancestors {ancestors}",
        ]
    )


class SecurityHeaders:
    """Puts these headers on every answer, cookies in TLS's care, and a sentence in place of a crash.

    Args:
        app: what answers.
        frames, https: as of `Settings`.
        scripts: hashes of the scripts that stand in the page.
    """

    def __init__(self, app: ASGIApp, *, frames: Sequence[str], https: bool, scripts: Iterable[str]) -> None:
        self._app = app
        self._frames = tuple(frames)
        self._https = https
        self._scripts = tuple(scripts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As of ASGI."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] in (
                "http.response.start",
                "websocket.accept",
                "websocket.http.response.start",
            ):
                started = True
                message.setdefault("headers", [])
                self._add(MutableHeaders(scope=message), scope)
            started = started or message["type"] == "websocket.close"
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            events.note("error", where=scope["type"], outcome=type(error).__name__, cause=events.cause(error))
            if started:
                raise
            await refuse(scope, receive, send_with_headers, 500, "Something went wrong on this server.")

    def _add(self, headers: MutableHeaders, scope: Scope) -> None:
        secure = self._https or scope["scheme"] in ("https", "wss")
        headers["Content-Security-Policy"] = content_policy(
            self._frames, self._scripts, header(scope, "host")
        )
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Permissions-Policy"] = _PERMISSIONS
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        # For browsers that do not know frame-ancestors; it has no word for a list.
        if self._frames == (NOBODY,):
            headers["X-Frame-Options"] = "DENY"
        elif self._frames == (ITSELF,):
            headers["X-Frame-Options"] = "SAMEORIGIN"
        if secure:
            headers["Strict-Transport-Security"] = f"max-age={HSTS_SECONDS}"
            cookies = headers.getlist("set-cookie")
            if cookies:
                del headers["set-cookie"]
                for cookie in cookies:
                    headers.append("set-cookie", _secured(cookie))


def _secured(cookie: str) -> str:
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    return cookie if "secure" in attributes else f"{cookie}; Secure"
