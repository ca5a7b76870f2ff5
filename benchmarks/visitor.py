"""A visitor of the page without a browser: the same requests, a real WebSocket and Streamlit's own messages.

Nothing is drawn and nothing is merged here, so what a visitor waits for is the server's.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

XSRF = "_streamlit_xsrf"
PATIENCE_SECONDS = 240.0
CACHED_BYTES = 10_000
"""Messages of that size are sent once; a browser says which of them it has."""


class RefusedError(Exception):
    """What the page said in an error box."""


class Visitor:
    """One page of one visitor.

    Args:
        address: of the page, without a slash at its end.
        query: of the link that it comes by, as "?picture=…"; empty for none.
        page: which one is looked at, as its address names it; empty for the first.

    Attributes:
        elements: the last of each id, as their messages.
        alerts: the texts of error boxes that came.
        captions: the small print that came.
        texts: all other words that came.
    """

    def __init__(self, address: str, query: str = "", page: str = "") -> None:
        self._address = address
        self._page = page
        self._query = query
        self._http = httpx2.AsyncClient(base_url=address, timeout=PATIENCE_SECONDS)
        self._widgets: dict[str, WidgetState] = {}
        self._hashes: set[str] = set()
        self._messages: dict[str, ForwardMsg] = {}
        self._runs = self._finished = self._reports = 0
        self._changed = asyncio.Condition()
        self._urls: dict[str, Any] = {}
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._session = ""
        self.elements: dict[str, Any] = {}
        self._by_key: dict[str, Any] = {}
        self._texts_of: dict[str, str] = {}
        self._parsed: dict[str, Any] = {}
        self.alerts: list[str] = []
        self.captions: list[str] = []
        self.texts: list[str] = []
        self._redirect = ""
        self._fragments: dict[str, str] = {}
        self._pictures: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Visitor:
        """Come to the page, and wait until its first run has ended."""
        try:
            await self.come()
        except BaseException:
            await self.leave()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.leave()

    async def come(self) -> None:
        """Load the page, open the connection, and see its first run to the end."""
        await self._connect()

    async def _connect(self) -> None:
        (await self._http.get("/", headers={"Accept": "text/html"})).raise_for_status()
        (await self._http.get("/_stcore/health")).raise_for_status()
        self._token = self._http.cookies.get(XSRF) or ""
        self._socket = await connect(
            f"{self._address.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit", self._token],  # type: ignore[list-item]
            additional_headers={"Cookie": "; ".join(f"{c.name}={c.value}" for c in self._http.cookies.jar)},
            origin=self._address,  # type: ignore[arg-type]
            max_size=None,
            compression=None,
        )
        self._reader = asyncio.create_task(self._read())
        await self.run()

    async def come_again(self) -> None:
        """Load the page anew, with the cookies that were set meanwhile."""
        await self._close()
        for known in (self.elements, self._by_key, self._texts_of, self._parsed):
            known.clear()
        self.texts.clear()
        self._widgets.clear()
        await self._connect()

    async def leave(self) -> None:
        """Close the page."""
        for fetching in self._pictures.values():
            fetching.cancel()
        await self._close()
        await self._http.aclose()

    async def _close(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
        if self._socket is not None:
            await self._socket.close()

    async def run(self, **widgets: object) -> None:
        """Have the page run, with these widgets changed, and wait until that run has ended.

        Args:
            widgets: by key: a string chooses one of several, a tuple of strings several.
        """
        for key, value in widgets.items():
            chosen = [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]
            self._state(key).string_array_value.data[:] = chosen
        await self._send_run()
        wanted = self._runs
        await self._until(lambda: self._finished >= wanted)

    async def press(self, label: str) -> None:
        """Press the button of that label."""
        (button,) = (each for each in self.elements.values() if getattr(each, "label", "") == label)
        self._widgets[button.id] = WidgetState(id=button.id, trigger_value=True)
        await self._send_run()
        del self._widgets[button.id]  # it holds for one run
        await self.settle()

    async def follow_redirect(self) -> None:
        """Go where the page has sent its browser, from there to where one is sent next, and so on."""
        await self._until(lambda: bool(self._redirect))
        (await self._http.get(self._redirect, follow_redirects=True)).raise_for_status()

    def cookie(self, name: str) -> str:
        """The value of a cookie that the page or a proxy has set; empty where there is none."""
        return self._http.cookies.get(name) or ""

    def has(self, key: str) -> bool:
        """Whether the page has sent a widget or a part of that key."""
        return self._element(key) is not None

    async def upload(self, name: str, content: bytes) -> float:
        """Send another picture through the uploader; seconds until the map of its segments is there.

        Raises:
            RefusedError: the page says why there will be none.
        """
        before, told = self._photo(), len(self.alerts)
        started = time.perf_counter()
        file_id, urls = await self.put(name, content)
        box = [key for key in map(_key, self.elements) if key.startswith("open-")][-1]
        state = self._state(box).file_uploader_state_value
        del state.uploaded_file_info[:]
        info = state.uploaded_file_info.add(name=name, size=len(content), file_id=file_id)
        info.file_urls.CopyFrom(urls)
        await self._send_run()
        await self._until(
            lambda: (self._photo() != before and self._map_is_of_the_photo()) or len(self.alerts) > told
        )
        if len(self.alerts) > told:
            raise RefusedError(self.alerts[-1])
        return time.perf_counter() - started

    async def put(self, name: str, content: bytes) -> tuple[str, Any]:
        """Send a file that no widget has asked for yet; its id and addresses.

        Raises:
            httpx2.HTTPStatusError: the server does not take it.
        """
        request = BackMsg()
        request.file_urls_request.request_id = name
        request.file_urls_request.file_names.append(name)
        request.file_urls_request.session_id = self._session
        await self._send(request)
        await self._until(lambda: name in self._urls)
        urls = self._urls.pop(name)
        answer = await self._http.put(
            urls.upload_url,
            files={"file": (name, content)},
            headers={"X-Xsrftoken": self._token, "Origin": self._address},
        )
        answer.raise_for_status()
        return urls.file_id, urls

    async def move(self, **thresholds: float) -> float:
        """Let a slider come to rest; seconds until the exact map is there, or the run without a new one."""
        payload = self.told("viewer-map")["payload"]
        look = self.told("viewer-look")["payload"]
        self._reports += 1
        told = {
            "number": self._reports,
            "source": payload["source"],
            "hidden": [],
            "selected": [],
            "style": {},
            "thresholds": {**look["thresholds"], **thresholds},
        }
        self._state("viewer").json_value = json.dumps({"look": told})
        before = self.map_message()
        started = time.perf_counter()
        # As a browser does: what happens to a part that runs by itself has that part run, not the page.
        await self._send_run(self._fragments[self._element("viewer").id])
        wanted = self._runs
        await self._until(lambda: self.map_message() != before or self._finished >= wanted)
        return time.perf_counter() - started

    async def settle(self) -> None:
        """Wait until all runs that were asked for have ended."""
        wanted = self._runs
        await self._until(lambda: self._finished >= wanted)

    async def send(self, message: BackMsg) -> None:
        """Send any message that a browser may send."""
        await self._send(message)

    def map_message(self) -> str:
        """The message with the map of segments, as it came; empty before there is one."""
        return self._json("viewer-map")

    def told(self, key: str) -> Any:
        """What a component of that key was told, in JSON's types.

        Raises:
            JSONDecodeError: it was told nothing.
        """
        if key not in self._parsed:
            self._parsed[key] = json.loads(self._json(key))
        return self._parsed[key]

    def _map_is_of_the_photo(self) -> bool:
        return bool(self.map_message()) and bool(self.told("viewer-map")["payload"]["photo"] == self._photo())

    def _photo(self) -> str:
        """The digest of the picture that is shown; empty before there is one."""
        return str(self.told("viewer")["photo"]["key"]) if self._json("viewer") else ""

    def _json(self, key: str) -> str:
        return self._texts_of.get(key, "")

    def _element(self, key: str) -> Any:
        return self._by_key.get(key)

    def _state(self, key: str) -> WidgetState:
        element = self._element(key)
        if element is None:
            raise LookupError(f"The page has no widget {key}.")
        state: WidgetState = self._widgets.setdefault(element.id, WidgetState(id=element.id))
        return state

    async def _send_run(self, fragment: str = "") -> None:
        message = BackMsg()
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend(self._widgets.values())
        message.rerun_script.page_name = self._page
        message.rerun_script.query_string = self._query.removeprefix("?")
        message.rerun_script.cached_message_hashes.extend(self._hashes)
        self._runs += 1
        await self._send(message)

    async def _send(self, message: BackMsg) -> None:
        if self._socket is None:
            raise RuntimeError("come first")
        await self._socket.send(message.SerializeToString())

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), self._changed:
            while not condition():
                if self._reader is not None and self._reader.done():
                    self._reader.result()
                    raise ConnectionError("The server has closed the connection.")
                await self._changed.wait()

    async def _read(self) -> None:
        if self._socket is None:
            return
        try:
            async for data in self._socket:
                message = ForwardMsg.FromString(data)
                if message.hash and len(data) >= CACHED_BYTES:
                    self._hashes.add(message.hash)
                    self._messages[message.hash] = message
                if message.WhichOneof("type") == "ref_hash":
                    known = self._messages[message.ref_hash]
                    known.metadata.CopyFrom(message.metadata)
                    message = known
                async with self._changed:
                    self._take(message)
                    self._changed.notify_all()
        finally:
            async with self._changed:
                self._changed.notify_all()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._session = message.new_session.initialize.session_id
        elif kind == "script_finished":
            # A run that was overtaken by a newer one ends with another status, and is not counted.
            if message.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
            ):
                self._finished = self._runs
        elif kind == "page_info_changed":
            # What stands in a browser's address now, and goes along with the next run.
            self._query = f"?{message.page_info_changed.query_string}"
        elif kind == "auth_redirect":
            self._redirect = message.auth_redirect.url
        elif kind == "file_urls_response":
            self._urls[message.file_urls_response.response_id] = message.file_urls_response.file_urls[0]
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            inside = getattr(element, element.WhichOneof("type") or "alert")
            if getattr(inside, "id", ""):
                self._keep(inside)
                self._fragments[inside.id] = message.delta.fragment_id
            elif element.WhichOneof("type") == "alert":
                self.alerts.append(inside.body)
            elif element.WhichOneof("type") == "markdown" and inside.element_type == inside.CAPTION:
                self.captions.append(inside.body)
            elif element.WhichOneof("type") == "markdown":
                self.texts.append(inside.body)

    def _keep(self, element: Any) -> None:
        """Looked up and read once when it comes, not with each message: visitors share the server's cores."""
        self.elements[element.id] = element
        key = _key(element.id)
        self._by_key[key] = element
        text = str(getattr(element, "json", ""))
        if text != self._texts_of.get(key):
            self._texts_of[key] = text
            self._parsed.pop(key, None)
            if key == "viewer":
                self._fetch(self.told(key)["photo"]["url"])

    def _fetch(self, address: str) -> None:
        """Fetch a photo that is to be shown, once and beside all else, as a browser does."""
        if address not in self._pictures:
            self._pictures[address] = asyncio.create_task(self._get(f"/{address}"))

    async def _get(self, address: str) -> None:
        (await self._http.get(address)).raise_for_status()


def _key(name: str) -> str:
    """The page's own key in the id of a widget, $$ID-digest-key."""
    return name.split("-", 2)[-1]
