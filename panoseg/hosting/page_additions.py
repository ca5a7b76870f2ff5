"""A style sheet and a script of one's own in the page that Streamlit serves, there from the first frame on.

Styles that come later (`st.html`) come after Streamlit has laid out its own measures: everything jumps. A
script in the page runs before Streamlit's, which is a module and waits for the end of the page.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panoseg.errors import InvalidValueError
from panoseg.hosting.requests import is_page

_END = b"</body>"
# With these, an answer may be another than the page, or none of it.
_CONDITIONS = (b"if-none-match", b"if-modified-since", b"accept-encoding", b"range")


class PageAdditions:
    """Puts a style sheet and a script at the end of every page that is asked for.

    There the style sheet comes after those that the page's own scripts put into the head, and wins where both
    say as much.

    Args:
        app: what answers; its pages are UTF-8.
        css: the style sheet.
        script: the script; the page's policy has to allow it (`headers.script_hash`).

    Raises:
        InvalidValueError: one of them would end the element that holds it.
    """

    def __init__(self, app: ASGIApp, *, css: str, script: str) -> None:
        if "</" in css + script:
            raise InvalidValueError('A style sheet or script in a page: wanted none that holds "</".')
        self._app = app
        self._elements = f"<style>\n{css}</style>\n<script>{script}</script>\n".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As of ASGI."""
        if not is_page(scope) or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name not in _CONDITIONS]
        start: Message | None = None
        page = b""

        async def send_with_additions(message: Message) -> None:
            nonlocal start, page
            if message["type"] == "http.response.start" and _is_whole_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                page += message.get("body", b"")
                if not message.get("more_body", False):
                    await self._send(start, page, send)

        await self._app({**scope, "headers": headers}, receive, send_with_additions)

    async def _send(self, start: Message, page: bytes, send: Send) -> None:
        before, end, after = page.rpartition(_END)
        whole = before + self._elements + end + after if end else page
        answer = MutableHeaders(scope=start)
        answer["content-length"] = str(len(whole))
        for name in ("etag", "last-modified"):  # of the page without them
            del answer[name]
        await send(start)
        await send({"type": "http.response.body", "body": whole})


def _is_whole_page(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    return bool(start["status"] == 200 and headers.get("content-type", "").startswith("text/html"))
