"""Only the messages that the page needs reach Streamlit.

Its protocol has some for a developer beside the machine: one throws away what all visitors share, others run
git, install files or end the server. Streamlit answers several of them from anybody.
"""

import re

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from panoseg import events

MOST_NAMES = 16
"""Files for which a browser may ask for addresses at once; the page has no field that takes more than one."""

_STREAM = re.compile(r"/_stcore/stream/?\Z")
_WANTED = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"}
_WANTED_OPERATIONS = {"deferred_file", "dataframe_chunk"}


class MessageGuard:
    """ASGI middleware that drops every other message; the log has one line for each kind and connection."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but the messages that nobody on the page sends."""
        if scope["type"] != "websocket" or not _STREAM.search(scope["path"]):
            await self._app(scope, receive, send)
            return

        told: set[str] = set()

        async def wanted() -> Message:
            while True:
                message = await receive()
                unwanted = _unwanted(message)
                if not unwanted:
                    return message
                if unwanted not in told:  # once of each kind: who sends thousands fills no disk
                    told.add(unwanted)
                    events.note("refused", reason="message", text=unwanted)

        await self._app(scope, wanted, send)


def _unwanted(message: Message) -> str:
    """The kind of a message that is to be dropped; empty for all others, broken ones included."""
    data = message.get("bytes")
    if message["type"] != "websocket.receive" or not data:
        return ""
    sent = BackMsg()
    try:
        sent.ParseFromString(data)
    except DecodeError:
        return ""  # Streamlit closes the connection
    kind = sent.WhichOneof("type") or "nothing"
    if kind == "backend_operation_request":
        operation = sent.backend_operation_request.WhichOneof("payload") or "nothing"
        return "" if operation in _WANTED_OPERATIONS else operation
    if kind == "file_urls_request" and len(sent.file_urls_request.file_names) > MOST_NAMES:
        return "file_urls_request for too many files"
    return "" if kind in _WANTED else kind
