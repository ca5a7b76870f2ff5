"""What a browser gets that asks for the viewer's code."""

import pytest
from starlette.applications import Starlette

from panoseg.page import viewer
from panoseg.page.viewer import served_code
from tests import event_loop


def ask(path):
    """(status, headers, body) of the answer."""
    told = []

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        told.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    app = Starlette(routes=viewer.routes())
    event_loop.run(app(scope, receive, send))
    start, *parts = told
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], headers, b"".join(part["body"] for part in parts)


@pytest.mark.parametrize(("name", "kind"), [("viewer.js", "text/javascript"), ("styles.css", "text/css")])
def test_a_file_is_served_as_it_is_and_may_be_kept_for_good(name, kind):
    status, headers, body = ask(f"/{served_code.folder()}/{name}")
    assert status == 200
    assert body == (served_code.BUNDLE / name).read_bytes()
    assert headers["content-type"].startswith(kind)
    assert "immutable" in headers["cache-control"]


@pytest.mark.parametrize("name", ["", "none.js", "package.json", "../payloads.py", "styles"])
def test_nothing_else_is_served(name):
    assert ask(f"/{served_code.folder()}/{name}")[0] == 404


def test_other_code_has_another_address(monkeypatch):
    before = served_code.folder()
    changed = {**served_code.files(), "viewer.js": b"// another"}
    monkeypatch.setattr(served_code, "files", lambda: changed)
    assert served_code.folder.__wrapped__() != before


def test_all_that_a_file_imports_is_known(monkeypatch):
    texts = {
        "viewer.js": b'import {\n  a,\n} from "./a.js";\nimport "./c.css";\n',
        "a.js": b'import { b } from "./b.js";\n/** @import { C } from "./c.js" */\n',
        "b.js": b"",
    }
    monkeypatch.setattr(served_code, "files", lambda: texts)
    assert served_code.static_imports("viewer.js") == list(texts)


def test_what_two_elements_share_is_one_module_to_the_browser():
    """The inbox is where one of them leaves what the other takes."""
    viewer_code, payload = (served_code.static_imports(name) for name in ("viewer.js", "payload.js"))
    (shared,) = set(viewer_code) & set(payload)
    assert "inboxOf" in served_code.files()[shared].decode()
    assert len(viewer_code) < 5, "a first visitor waits for each file"
