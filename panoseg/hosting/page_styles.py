"""A style sheet of one's own in the page that Streamlit serves, so that it holds from the first frame on.

What a script adds later (`st.html`) comes after Streamlit has laid out its own measures: everything jumps.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panoseg.errors import InvalidValueError
from panoseg.hosting.requests import is_page

_END = b"</body>"
# With these, an answer may be another than the page, or none of it.
_CONDITIONS = (b"if-none-match", b"if-modified-since", b"accept-encoding", b"range")


class PageStyles:
    """Puts a style sheet at the end of every page that is asked for.

    There it comes after those that the page's own scripts put into the head, and wins where both say as much.

    Args:
        app: what answers; its pages are UTF-8.
        css: the style sheet.

    Raises:
        InvalidValueError: it would end the element that holds it.
    """

    def __init__(self, app: ASGIApp, *, css: str) -> None:
        if "</" in css:
            raise InvalidValueError('A style sheet in a page: wanted none that holds "</".')
        self._app = app
        self._element = b"<style>\n" + css.encode() + b"</style>\n"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As of ASGI."""
        if not is_page(scope) or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name not in _CONDITIONS]
        start: Message | None = None
        page = b""

        async def send_with_styles(message: Message) -> None:
            nonlocal start, page
            if message["type"] == "http.response.start" and _is_whole_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                page += message.get("body", b"")
                if not message.get("more_body", False):
                    await self._send(start, page, send)

        await self._app({**scope, "headers": headers}, receive, send_with_styles)

    async def _send(self, start: Message, page: bytes, send: Send) -> None:
        before, end, after = page.rpartition(_END)
        styled = before + self._element + end + after if end else page
        answer = MutableHeaders(scope=start)
        answer["content-length"] = str(len(styled))
        for name in ("etag", "last-modified"):  # of the page without the styles
            del answer[name]
        await send(start)
        await send({"type": "http.response.body", "body": styled})


def _is_whole_page(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    return bool(start["status"] == 200 and headers.get("content-type", "").startswith("text/html"))
