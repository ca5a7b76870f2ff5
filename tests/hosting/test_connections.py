"""A real reader of HTTP and WebSockets, and clients that send crumbs."""

import asyncio
import socket
import threading
import time
from asyncio import selector_events

import pytest
import uvicorn
import websockets.sync.client
from websockets.exceptions import ConnectionClosedError

from panoseg.hosting import patience
from panoseg.hosting.connections import (
    FRAMES_AT_ONCE,
    MOST_CRUMBS,
    MOST_HEAD_BYTES,
    MOST_MESSAGE_BYTES,
    READ_BYTES,
    BoundedRequests,
)
from panoseg.hosting.patience import ImpatientMessages, ImpatientProtocol
from tests import event_loop

PATIENCE_SECONDS = 60
PING = b"\x89\x80\0\0\0\0"
UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
EMPTY_PIECE = b"\x00\x80\0\0\0\0"


async def echo(scope, receive, send):
    """Says how long what it was told is."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": str(len(message["bytes"]))})
            if message["bytes"] == b"much":
                await send({"type": "websocket.send", "bytes": bytes(64 << 20)})
    elif scope["type"] == "http":
        length, more = 0, True
        while more:
            message = await receive()
            length, more = length + len(message.get("body", b"")), message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(length).encode()})


@pytest.fixture(scope="module")
def port():
    config = uvicorn.Config(
        echo,
        port=0,
        http=ImpatientProtocol,
        ws=ImpatientMessages,
        lifespan="off",
        loop="asyncio",
        log_config=None,
    )
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    running.join()


def answer(port, *parts):
    """What comes back until the server is done or has had enough."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as client:
        found = b""
        try:
            for part in parts:
                client.sendall(part)
            while piece := client.recv(2**16):
                found += piece
        except ConnectionError:
            pass
        return found


def chunked(size, count):
    chunk = b"%x\r\n%s\r\n" % (size, b"a" * size)
    head = b"PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head, chunk * count, b"0\r\n\r\n"


def test_a_socket_that_cannot_be_opened_is_refused_rather_than_kept(port):
    """The head of a request may have lines that are longer than WebSockets' may."""
    found = answer(port, UPGRADE + b"Cookie: " + b"a" * 20_000 + b"\r\n\r\n")
    assert found.startswith(b"HTTP/1.1 400 ")


def test_a_body_in_pieces_arrives(port):
    assert answer(port, *chunked(1000, 3000)).endswith(b"\r\n3000000\r\n0\r\n\r\n")


def test_a_body_in_crumbs_is_given_up(port):
    assert answer(port, *chunked(1, MOST_CRUMBS + 1)).startswith(b"HTTP/1.1 400")


def test_a_head_has_an_end(port):
    assert answer(port, b"GET / HTTP/1.1\r\nX: " + b"a" * (MOST_HEAD_BYTES + 1)).startswith(b"HTTP/1.1 400")


def test_a_head_that_does_not_come_is_not_waited_for(port, monkeypatch):
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.1)
    assert answer(port, b"GET / HTTP/1.1\r\nHo") == b""


def test_a_page_may_say_nothing(port, monkeypatch):
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.1)
    with visit(port) as page:
        with pytest.raises(TimeoutError):
            page.recv(timeout=0.5)
        page.send(b"x")
        assert page.recv() == "1"


def visit(port):
    return websockets.sync.client.connect(f"ws://127.0.0.1:{port}/", max_size=None)


def test_a_page_may_send_much(port):
    with visit(port) as page:
        page.send(bytes(MOST_MESSAGE_BYTES))
        assert page.recv() == str(MOST_MESSAGE_BYTES)
        for _ in range(100):
            page.ping()
        page.send(b"x")
        assert page.recv() == "1"


@pytest.mark.parametrize("begin", [b"", b"\x02\x80\0\0\0\0"])
def test_frames_without_end_end_the_connection(port, begin):
    with visit(port) as page:
        page.socket.sendall(begin + (EMPTY_PIECE if begin else PING) * (FRAMES_AT_ONCE + 1000))
        with pytest.raises(ConnectionClosedError) as closed:
            page.recv(timeout=PATIENCE_SECONDS)
    assert closed.value.rcvd.code == 1008


def test_a_page_that_takes_nothing_is_gone(port, monkeypatch):
    monkeypatch.setattr(patience, "UNREAD_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as line:
        line.sendall(UPGRADE + b"\r\n")
        assert line.recv(1000).startswith(b"HTTP/1.1 101 ")
        line.sendall(b"\x82\x84\0\0\0\0much")
        until = time.monotonic() + PATIENCE_SECONDS
        try:
            while line.send(b"\x8a\x80\0\0\0\0"):  # a pong, which keeps nothing open
                assert time.monotonic() < until
                time.sleep(0.05)
        except ConnectionError:
            pass


def test_a_message_has_an_end(port):
    with visit(port) as page:
        page.send(bytes(MOST_MESSAGE_BYTES + 1))
        with pytest.raises(ConnectionClosedError) as closed:
            page.recv(timeout=PATIENCE_SECONDS)
    assert closed.value.rcvd.code == 1009


class Line:
    """A connection, as far as a protocol looks at it."""

    max_size = selector_events._SelectorTransport.max_size
    closing = aborted = False
    left = 0

    def get_extra_info(self, name):
        return None

    def get_write_buffer_size(self):
        return self.left

    def is_closing(self):
        return self.closing

    def close(self):
        self.closing = True

    def abort(self):
        self.aborted = True


@pytest.mark.parametrize("left", [0, 100])
@pytest.mark.parametrize("protocol", [ImpatientProtocol, ImpatientMessages])
def test_what_closes_does_not_wait_for_ever_until_the_rest_is_taken(monkeypatch, protocol, left):
    monkeypatch.setattr(patience, "UNREAD_SECONDS", 0.05)
    line, config = Line(), uvicorn.Config(echo, ws="none")
    config.load()

    async def close():
        connection = protocol(config, uvicorn.server.ServerState(), {})
        connection.connection_made(line)
        line.left = left
        connection.transport.close()
        connection.resume_writing()  # little of it is left
        await asyncio.sleep(0.2)

    event_loop.run(close())
    assert line.aborted == bool(left)


def test_nobody_is_read_for_long():
    line, config = Line(), uvicorn.Config(echo, ws="none")
    config.load()
    event_loop.run(made(line, config))
    assert line.max_size == READ_BYTES


async def made(line, config):
    BoundedRequests(config, uvicorn.server.ServerState(), {}).connection_made(line)


def test_the_page_is_read_that_way(monkeypatch):
    monkeypatch.setattr(uvicorn.config, "HTTP_PROTOCOLS", dict(uvicorn.config.HTTP_PROTOCOLS))
    monkeypatch.setattr(uvicorn.config, "WS_PROTOCOLS", dict(uvicorn.config.WS_PROTOCOLS))
    patience.bound_connections()
    config = uvicorn.Config(echo, ws="websockets-sansio")
    config.load()
    assert (config.http_protocol_class, config.ws_protocol_class) == (ImpatientProtocol, ImpatientMessages)
