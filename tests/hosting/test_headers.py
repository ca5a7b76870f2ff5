"""What every answer tells the browser."""

import base64
import hashlib
import re

import pytest

from panoseg import events
from panoseg.hosting.headers import SecurityHeaders, content_policy, inline_script_hashes
from tests.hosting.asgi import ask, broken, hello


def guarded(app=hello, frames=("none",), https=False):
    return SecurityHeaders(app, frames=frames, https=https, scripts=["'sha256-x='"])


def directives(answer):
    parts = [part.split() for part in answer.headers["content-security-policy"].split(";")]
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_every_answer_has_them(kind):
    headers = ask(guarded(), kind=kind).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=(self)" in headers["permissions-policy"]
    assert "microphone=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "content-security-policy" in headers


def test_nothing_is_loaded_from_elsewhere_and_no_text_becomes_code():
    policy = directives(ask(guarded()))
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'", "blob:", "'sha256-x='"]
    assert "object-src" not in policy  # the default holds
    for sources in policy.values():
        assert not {"*", "http:", "https:", "'unsafe-eval'"} & set(sources)
    assert [name for name, sources in policy.items() if "'unsafe-inline'" in sources] == ["style-src"]


@pytest.mark.parametrize(
    ("frames", "ancestors", "old"),
    [
        (("none",), ["'none'"], "DENY"),
        (("self",), ["'self'"], "SAMEORIGIN"),
        (("self", "https://example.org"), ["'self'", "https://example.org"], None),
    ],
)
def test_the_operator_says_who_may_frame_it(frames, ancestors, old):
    answer = ask(guarded(frames=frames))
    assert directives(answer)["frame-ancestors"] == ancestors
    assert answer.headers.get("x-frame-options") == old


@pytest.mark.parametrize(("https", "scheme"), [(True, "http"), (False, "https")])
def test_behind_tls_nothing_travels_without_it(https, scheme):
    answer = ask(guarded(https=https), scheme=scheme)
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers.getlist("set-cookie") == ["a=1; Path=/; Secure", "b=2; Secure"]


def test_without_tls_cookies_stay_as_they_are():
    answer = ask(guarded())
    assert "strict-transport-security" not in answer.headers
    assert answer.headers.getlist("set-cookie") == ["a=1; Path=/", "b=2; Secure"]


def test_sockets_are_allowed_to_this_host_and_no_header_can_add_more():
    assert "ws://localhost:7000" in directives(ask(guarded()))["connect-src"]
    assert "wss://[::1]:7000" in directives(ask(guarded(), host="[::1]:7000"))["connect-src"]
    for host in ("x; script-src *", "x *", "x'", "x/y", ""):
        assert "ws://" not in ask(guarded(), host=host).headers["content-security-policy"]
        assert content_policy(("none",), (), host) == content_policy(("none",), ())


def test_a_crash_is_a_sentence_with_headers_and_a_line_of_the_log():
    told = []

    def listener(event, facts):
        told.append((event, facts))

    events.listen(listener)
    try:
        answer = ask(guarded(broken), accept="text/html")
    finally:
        events.ignore(listener)
    assert answer.status == 500
    assert b"Something went wrong" in answer.body
    assert "content-security-policy" in answer.headers
    ((event, facts),) = told
    assert (event, facts["outcome"]) == ("error", "RuntimeError")
    assert "asgi.py" in facts["cause"]
    assert "visitor" not in str(facts) + answer.body.decode()


def test_the_scripts_of_a_page_are_allowed_by_what_they_say(tmp_path):
    page = tmp_path / "index.html"
    page.write_text('<script>\n  let a = "ä"\n</script><script type="module" src="./b.js"></script>')
    digest = base64.b64encode(hashlib.sha256('\n  let a = "ä"\n'.encode()).digest()).decode()
    assert inline_script_hashes(page) == [f"'sha256-{digest}'"]
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", inline_script_hashes(page)[0])
