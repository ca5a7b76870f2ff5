"""Under which names the server answers, and to whose pages."""

import socket

import pytest

from panoseg.hosting.hosts import Hosts, is_loopback, names_of
from tests.hosting.asgi import ask, hello

ALL = "0.0.0.0"  # noqa: S104


def server(address="localhost", said=(), base=""):
    return Hosts(hello, hosts=names_of(address, said), base=base)


@pytest.mark.parametrize(
    ("address", "alone"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.0.1", True),
        ("::1", True),
        ("[::1]", True),
        (ALL, False),
        ("::", False),
        ("192.0.2.1", False),
        ("example.org", False),
        (None, False),
    ],
)
def test_who_can_come_in_at_an_address(address, alone):
    assert is_loopback(address) is alone


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("app", "host", "known"),
    [
        (server(), "localhost:7000", True),
        (server(), "LOCALHOST", True),
        (server(), "127.0.0.1:7000", True),
        (server(), "[::1]:7000", True),
        (server(), "evil.example", False),
        (server(), "evil.example:7000", False),
        (server(), "192.0.2.1", False),
        (server(), "localhost.evil.example", False),
        (server(), "me@localhost", False),
        (server(), "localhost:port", False),
        (server(), "", False),
        (server(), None, False),
        (server(ALL), "192.0.2.1:7000", True),
        (server(ALL), "[2001:db8::1]", True),
        (server(ALL), socket.gethostname(), True),
        (server(ALL), "evil.example", False),
        (server(None), "evil.example", False),
        (server(ALL, ["example.org"]), "example.org", True),
        (server(ALL, ["example.org"]), "example.org.:443", True),
        (server(ALL, ["example.org"]), "localhost", True),
        (server(ALL, ["example.org"]), "192.0.2.1", False),
        (server(ALL, ["example.org"]), "www.example.org", False),
        (server(ALL, ["*.example.org"]), "www.example.org", True),
        (server(ALL, ["*.example.org"]), "example.org", False),
        (server(ALL, ["*.example.org"]), "evilexample.org", False),
        (server(ALL, ["192.0.2.1"]), "192.0.2.1", True),
        (server(ALL, ["[2001:db8::1]"]), "[2001:db8::1]:7000", True),
        (server(ALL, ["*"]), "evil.example", True),
    ],
)
def test_only_its_own_names_are_answered(app, host, known, kind):
    # The Origin of a page whose name was made to point here is the same as the Host.
    origin = {"origin": f"http://{host}"} if kind == "websocket" and host else {}
    answer = ask(app, host=host, kind=kind, **origin)
    if kind == "http":
        assert answer.status == (200 if known else 421)
    else:
        assert answer.accepted is known
        assert (answer.closed == 1008) is not known


def test_two_hosts_are_none():
    headers = [(b"host", b"localhost"), (b"host", b"evil.example")]

    async def doubled(scope, receive, send):
        await server()({**scope, "headers": headers}, receive, send)

    assert ask(doubled).status == 421


def test_a_browser_is_told_in_a_page_and_nobody_s_name_stands_in_it():
    answer = ask(server(), host="<b>x</b>", accept="text/html,*/*")
    assert answer.headers["content-type"].startswith("text/html")
    assert b"PANOSEG_HOSTS" in answer.body
    assert b"<b>" not in answer.body


@pytest.mark.parametrize(
    ("kind", "method"), [("websocket", "GET"), ("http", "PUT"), ("http", "DELETE"), ("http", "POST")]
)
def test_other_origins_pages_change_nothing(kind, method):
    def refused(origin, host="localhost:7000"):
        headers = {} if origin is None else {"origin": origin}
        answer = ask(server(), "/_stcore/x", method, host, kind, **headers)
        return answer.closed == 1008 if kind == "websocket" else answer.status == 403

    assert not refused(None)  # no browser
    assert not refused("http://localhost:7000")
    assert not refused("https://localhost:7000")  # TLS ends before
    for origin in (
        "http://localhost:9999",
        "http://127.0.0.1:7000",
        "https://evil.example",
        "null",
        "",
        "http://[::1",
    ):
        assert refused(origin)


def test_reading_needs_no_origin():
    assert ask(server(), origin="https://evil.example").status == 200


@pytest.mark.parametrize("base", ["", "/below"])
def test_routes_that_the_page_does_not_use_are_closed_and_probes_are_open(base):
    app = server(base=base)
    for path in ("/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/script-health-check"):
        assert ask(app, base + path).status == 404
    assert ask(app, f"{base}/_stcore/health").status == 200
    for path in ("/healthz", "/readyz", "/metrics"):
        assert ask(app, base + path, host="any.name").status == 200
    assert ask(app, f"{base}/_stcore/health", host="any.name").status == 421
