"""An ASGI application asked without a network."""

from dataclasses import dataclass, field

from starlette.datastructures import Headers

from tests import event_loop


@dataclass
class Answer:
    """What came back; `closed` is a WebSocket's code."""

    status: int | None = None
    headers: Headers = field(default_factory=lambda: Headers({}))
    body: bytes = b""
    accepted: bool = False
    closed: int | None = None


def ask(app, path="/", method="GET", host="localhost:7000", kind="http", scheme=None, **headers):
    """The answer to one request; `accept_language="en"` is a header."""
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": kind,
        "method": method,
        "scheme": scheme or ("ws" if kind == "websocket" else "http"),
        "path": path,
        "headers": [*([(b"host", host.encode())] if host is not None else []), *named],
        "client": ("127.0.0.1", 1),
    }
    answer = Answer()

    async def receive():
        return {"type": "websocket.connect" if kind == "websocket" else "http.request"}

    async def send(message):
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], Headers(raw=message["headers"])
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")
        elif message["type"] == "websocket.accept":
            answer.accepted, answer.headers = True, Headers(raw=message.get("headers", []))
        elif message["type"] == "websocket.close":
            answer.closed = message["code"]

    event_loop.run(app(scope, receive, send))
    return answer


async def hello(scope, receive, send):
    """Answers everything."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    headers = [(b"set-cookie", b"a=1; Path=/"), (b"set-cookie", b"b=2; Secure")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


async def broken(scope, receive, send):
    """Fails before it has said anything."""
    raise RuntimeError("a visitor's word")
