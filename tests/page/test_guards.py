"""What a browser may send, and how much of it is kept."""

import asyncio

import pytest
from starlette.requests import Request
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from panoseg import events
from panoseg.hosting import places
from panoseg.page.guards import message_guard, upload_guard
from panoseg.page.guards.message_guard import MessageGuard
from panoseg.page.guards.upload_guard import AT_ONCE, SESSION_BYTES, SESSION_FILES, UploadGuard
from panoseg.page.guards.uploads import Uploads
from panoseg.serving import host_memory
from tests import event_loop

MB = 2**20


def message(kind, value=True):
    sent = BackMsg()
    if value is True:
        setattr(sent, kind, True)
    else:
        getattr(sent, kind).CopyFrom(value)
    return sent


def operation(kind):
    sent = BackMsg()
    getattr(sent.backend_operation_request, kind).SetInParent()
    return sent


def urls(count):
    sent = BackMsg()
    sent.file_urls_request.file_names.extend(["x"] * count)
    return sent


def rerun():
    sent = BackMsg()
    sent.rerun_script.query_string = "task=panoptic"
    return sent


def heard(*messages, path="/_stcore/stream"):
    """What comes through of binary messages from a browser."""
    coming = [
        *({"type": "websocket.receive", "bytes": each} for each in messages),
        {"type": "websocket.disconnect"},
    ]
    heard = []

    async def receive():
        return coming.pop(0)

    async def streamlit(scope, receive, send):
        while (one := await receive())["type"] == "websocket.receive":
            heard.append(one["bytes"])

    event_loop.run(MessageGuard(streamlit)({"type": "websocket", "path": path}, receive, None))
    return heard


@pytest.mark.parametrize(
    "unwanted",
    [
        message("clear_cache"),
        message("set_run_on_save"),
        message("load_git_info"),
        message("debug_shutdown_runtime"),
        message("debug_disconnect_websocket"),
        operation("install_skills"),
        operation("dismiss_skills_nudge"),
        urls(message_guard.MOST_NAMES + 1),
        BackMsg(backend_operation_request={}),
    ],
    ids=lambda sent: sent.WhichOneof("type"),
)
@pytest.mark.parametrize("path", ["/_stcore/stream", "/below/this/_stcore/stream"])
def test_what_no_visitor_needs_is_dropped(unwanted, path):
    wanted = rerun().SerializeToString()
    assert heard(unwanted.SerializeToString(), wanted, path=path) == [wanted]


@pytest.mark.parametrize(
    "wanted",
    [
        rerun(),
        message("stop_script"),
        message("app_heartbeat"),
        urls(1),
        operation("deferred_file"),
        operation("dataframe_chunk"),
    ],
    ids=lambda sent: sent.WhichOneof("type"),
)
def test_what_the_page_sends_comes_through(wanted):
    data = wanted.SerializeToString()
    assert heard(data) == [data]


def test_who_sends_thousands_does_not_fill_the_log(noted):
    thrown = message("clear_cache").SerializeToString()
    assert heard(*[thrown] * 1000, message("load_git_info").SerializeToString()) == []
    assert [facts["text"] for _, facts in noted] == ["clear_cache", "load_git_info"]


def test_a_refused_file_is_a_line_of_the_log_like_others(noted):
    assert Server().sent(("nobody", "0", 1)) == [400]
    ((event, facts),) = noted
    assert (event, facts["reason"]) == ("refused", "file")


@pytest.fixture
def noted():
    """Events, as the log hears them."""
    found = []

    def listener(event, facts):
        found.append((event, facts))

    events.listen(listener)
    yield found
    events.ignore(listener)


def test_every_kind_of_message_was_thought_of():
    kinds = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert kinds - message_guard._WANTED == {
        "clear_cache",
        "set_run_on_save",
        "load_git_info",
        "debug_disconnect_websocket",
        "debug_shutdown_runtime",
    }


def test_what_is_no_message_is_left_to_streamlit():
    assert heard(b"\xff\xff\xff\xff") == [b"\xff\xff\xff\xff"]


class Server:
    """The guard in front of what keeps files as Streamlit does."""

    def __init__(self, most=10 * SESSION_BYTES, **options):
        self.manager = MemoryUploadedFileManager("/_stcore/upload_file")
        self.active = {"a", "b"}
        uploads = Uploads(self.manager, self.active.__contains__)
        self.guard = UploadGuard(self._keep, most, lambda: uploads, **options)
        self.gate = None

    async def _keep(self, scope, receive, send):
        if self.gate is not None:
            await self.gate.wait()
        if scope["method"] == "PUT":
            body = await receive()
            _, session, file = scope["path"].rsplit("/", 2)
            self.manager.add_file(session, UploadedFileRec(file, "x", "image/jpeg", body["body"]))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def put(self, session, file, size, *, headers=None, body=None, method="PUT"):
        """The status of the answer, and its text."""
        if headers is None:
            headers = [(b"content-length", str(size).encode())]
        scope = {
            "type": "http",
            "method": method,
            "path": f"/_stcore/upload_file/{session}/{file}",
            "headers": headers,
        }
        answers = []

        async def receive():
            return {"type": "http.request", "body": bytes(size)} if body is None else await body()

        async def send(answer):
            answers.append(answer)

        await self.guard(scope, receive, send)
        return answers[0]["status"], answers[1].get("body", b"").decode()

    def sent(self, *files):
        """The same of (session, file, size), one after another; the statuses."""

        async def all_of_them():
            return [(await self.put(*file))[0] for file in files]

        return event_loop.run(all_of_them())

    @property
    def kept(self):
        return {session: list(files) for session, files in self.manager.file_storage.items()}


def test_a_sessions_oldest_file_leaves_for_its_newest():
    server = Server()
    assert server.sent(*(("a", f"{n}", 50 * MB) for n in range(20)), ("b", "0", 50 * MB)) == [204] * 21
    assert server.kept == {"a": ["14", "15", "16", "17", "18", "19"], "b": ["0"]}


def test_a_session_keeps_few_files_however_small():
    server = Server()
    server.sent(*(("a", f"{n}", 1) for n in range(SESSION_FILES + 9)))
    assert server.kept == {"a": [f"{n}" for n in range(9, SESSION_FILES + 9)]}


def test_all_sessions_together_are_bounded():
    server = Server(most=100 * MB)
    server.active.update("cdefgh")
    assert server.sent(*((session, "0", 40 * MB) for session in "abcdefgh")) == 8 * [204]
    assert {session: files for session, files in server.kept.items() if files} == {"g": ["0"], "h": ["0"]}


class Coming:
    """A file of session "a", "b" or "c" that comes piece by piece."""

    def __init__(self, server, session, announced):
        self._pieces = asyncio.Queue()
        self._done = asyncio.ensure_future(server.put(session, "0", announced, body=self._pieces.get))

    async def send(self, size):
        """So many bytes more; the status once there is one."""
        self._pieces.put_nowait({"type": "http.request", "body": bytes(size), "more_body": True})
        for _ in range(20):
            await asyncio.sleep(0)
        return self._done.result()[0] if self._done.done() else None


def coming(story):
    """Have files come to a server with room for 100 MB."""
    server = Server(most=100 * MB)
    server.active.add("c")

    async def swallow(scope, receive, send):
        while True:
            await receive()

    server.guard._app = swallow
    event_loop.run(story(server))


def test_a_file_whose_sender_has_gone_is_no_error():
    server = Server()

    async def read(scope, receive, send):
        async for _ in Request(scope, receive).stream():
            pass

    async def gone():
        return {"type": "http.disconnect"}

    server.guard._app = read
    assert event_loop.run(server.put("a", "0", MB, body=gone))[0] == 408


def test_what_was_announced_takes_no_room():
    async def story(server):
        for _ in range(7):
            assert await Coming(server, "a", 40 * MB).send(MB) is None
        honest = Coming(server, "b", 40 * MB)
        assert await honest.send(40 * MB) is None

    coming(story)


def test_whoever_sends_the_most_makes_room():
    async def story(server):
        greedy = [Coming(server, "a", 50 * MB) for _ in range(2)]
        assert [await file.send(size) for file, size in zip(greedy, (41 * MB, 40 * MB), strict=True)] == [
            None,
            None,
        ]
        honest = Coming(server, "b", 40 * MB)
        assert await honest.send(30 * MB) is None
        assert await greedy[0].send(1) == 408
        assert await greedy[1].send(30 * MB + 1) == 503  # more than the other one has
        assert await honest.send(10 * MB) is None

    coming(story)


def test_what_is_kept_makes_room_before_what_comes():
    server = Server(most=100 * MB)
    server.active.add("c")
    files = [("a", "0", 30 * MB), ("a", "1", 30 * MB), ("b", "0", 35 * MB), ("c", "0", 35 * MB)]
    assert server.sent(*files) == 4 * [204]
    assert server.kept == {"a": ["1"], "b": ["0"], "c": ["0"]}


def test_one_session_does_not_send_many_files_at_once():
    server = Server()

    async def at_once():
        server.gate = asyncio.Event()
        coming = [asyncio.ensure_future(server.put("a", str(n), MB)) for n in range(AT_ONCE)]
        await asyncio.sleep(0)
        refused = await server.put("a", "more", MB)
        other = asyncio.ensure_future(server.put("b", "0", MB))
        await asyncio.sleep(0)
        server.gate.set()
        return refused[0], [status for status, _ in await asyncio.gather(*coming, other)]

    assert event_loop.run(at_once()) == (429, (AT_ONCE + 1) * [204])
    assert server.sent(("a", "later", MB)) == [204]


def test_a_file_that_is_larger_than_a_session_may_have_is_refused():
    server = Server()
    assert server.sent(("a", "0", MB), ("a", "1", SESSION_BYTES + 1)) == [204, 413]
    assert server.kept == {"a": ["0"]}


@pytest.mark.parametrize(
    "headers",
    [[], [(b"content-length", b"x")], [(b"content-length", b"1")] * 2, [(b"content-length", b"-1")]],
)
def test_a_file_says_how_long_it_is(headers):
    assert event_loop.run(Server().put("a", "0", 1, headers=headers))[0] == 411


def test_nothing_is_taken_from_who_is_not_there():
    assert Server().sent(("nobody", "0", 1)) == [400]


def test_a_file_that_does_not_come_is_not_waited_for():
    server = Server(idle_seconds=0.05)

    async def never():
        await asyncio.sleep(60)

    assert event_loop.run(server.put("a", "0", 40 * MB, body=never))[0] == 408
    assert server.guard._coming == {} == server.guard._announced


def test_a_file_that_comes_by_the_byte_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(places, "_STALL_SECONDS", 0.01)
    server = Server()

    async def crumbs():
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    assert event_loop.run(server.put("a", "0", 40 * MB, body=crumbs))[0] == 408
    assert server.guard._coming == {} == server.guard._announced


def test_a_file_that_hardly_comes_any_more_makes_room(monkeypatch):
    monkeypatch.setattr(places, "GRACE_SECONDS", 0.01)

    async def story(server):
        slow = Coming(server, "a", 40 * MB)
        assert await slow.send(35 * MB) is None
        await asyncio.sleep(0.02)
        assert await slow.send(1) is None
        await asyncio.sleep(0.02)
        assert await slow.send(1) is None
        honest = Coming(server, "b", 70 * MB)
        assert await honest.send(70 * MB) is None  # more than the other one has sent
        assert await slow.send(1) == 408

    coming(story)


def test_a_file_that_keeps_coming_is_not_ended_for_a_larger_one(monkeypatch):
    monkeypatch.setattr(places, "GRACE_SECONDS", 0.01)

    async def story(server):
        fast = Coming(server, "a", 40 * MB)
        for _ in range(3):
            await asyncio.sleep(0.02)
            assert await fast.send(10 * MB) is None
        assert await Coming(server, "b", 80 * MB).send(80 * MB) == 503
        assert await fast.send(10 * MB) is None

    coming(story)


def test_other_requests_pass():
    assert event_loop.run(Server().put("a", "0", 0, headers=[], method="DELETE"))[0] == 204


def test_the_room_for_all_goes_by_the_memory(monkeypatch):
    for total, wanted in [(2**40, 2**30), (2**32, 2**29), (2**30, SESSION_BYTES)]:
        monkeypatch.setattr(host_memory, "memory", lambda most, total=total: host_memory.Memory(total, 0))
        assert upload_guard.usual_bytes() == wanted
    monkeypatch.setattr(host_memory, "memory", lambda most: None)
    assert upload_guard.usual_bytes() == 2**30


def test_the_room_for_all_goes_by_the_operators_word(monkeypatch):
    monkeypatch.setenv("PANOSEG_MEMORY_MB", "4000")
    assert upload_guard.usual_bytes() <= 500 * MB
