"""What the model server answers to whom, over real connections; its models are fakes."""

import contextlib
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import httpx2
import pytest
from PIL import Image
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from panoseg import InvalidValueError, PhotoLimits
from panoseg.hosting import patience, places
from panoseg.model_server import app
from panoseg.model_server.answers import Refusal
from panoseg.model_server.description import description
from panoseg.model_server.server import ServerOptions
from panoseg.protocol.prediction_bytes import decode_prediction
from panoseg.settings import settings
from tests.model_server.local_replicas import LocalReplicas
from tests.model_server.running import TOKEN, running

KEY = {"Authorization": f"Bearer {TOKEN}"}
PREDICTIONS = "/v1/models/demo/predictions"
CALL = "a-request-of-the-tests"


def picture(shade=0, size=(40, 30)):
    stream = BytesIO()
    Image.new("RGB", size, (shade, 10, 20)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def server():
    with running(limits=PhotoLimits(max_bytes=5000, max_pixels=10_000)) as found:
        yield found


@pytest.fixture
def client(server):
    with httpx2.Client(base_url=server.base, headers=KEY, timeout=30) as found:
        yield found


def head_of(body):
    """Of a request with that picture."""
    return (
        f"POST {PREDICTIONS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )


def until(condition):
    end = time.monotonic() + 30
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.01)
    return found


def told(answer):
    sentence = answer.json()["error"]
    assert sentence.endswith(".") and "\n" not in sentence and len(sentence) < 300
    return sentence


def test_a_picture_goes_in_and_a_prediction_comes_out(client):
    answer = client.post(PREDICTIONS, content=picture(), params={"input_size": 512, "precision": "half"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.panoseg.prediction+safetensors"
    assert answer.headers["panoseg-protocol"] == "1"
    assert decode_prediction(answer.content, (30, 40)).image_size == (30, 40)


def test_models_are_listed_with_what_they_can_name(client):
    found = client.get("/v1/models").json()
    assert found["protocol"] == 1
    assert [each["name"] for each in found["models"]] == ["demo"]
    assert "person" in found["models"][0]["vocabulary"]["labels"]


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer another-token-it-is"}, {"Authorization": TOKEN}]
)
def test_who_does_not_know_the_token_learns_nothing(server, headers):
    with httpx2.Client(base_url=server.base, headers=headers) as client:
        for method, path in (
            ("GET", "/v1/models"),
            ("POST", PREDICTIONS),
            ("DELETE", f"/v1/requests/{CALL}"),
        ):
            answer = client.request(method, path)
            assert answer.status_code == 401 and TOKEN not in answer.text
            assert told(answer).startswith("A token is needed")
        assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
        assert client.get("/openapi.json").status_code == 200
    assert server.replicas.seen == []


def test_figures_are_for_who_knows_their_own_token(monkeypatch, server):
    own = {"Authorization": "Bearer for-those-who-watch"}
    with httpx2.Client(base_url=server.base, headers=own, timeout=30) as client:
        assert client.get("/metrics").status_code == 404  # unless the operator wants them
    monkeypatch.setenv("PANOSEG_METRICS_TOKEN", "for-those-who-watch")
    settings.cache_clear()
    with running() as watched, httpx2.Client(base_url=watched.base, timeout=30) as client:
        assert client.post(PREDICTIONS, content=picture(), headers=KEY).status_code == 200
        assert client.post(PREDICTIONS, content=picture()).status_code == 401
        for headers in ({}, KEY):
            answer = client.get("/metrics", headers=headers)
            assert answer.status_code == 401 and "panoseg_" not in answer.text
        text = client.get("/metrics", headers=own).text
        assert client.get("/v1/models", headers=own).status_code == 401
    found = {
        (each.name, *sorted(each.labels.values())): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }
    assert found["panoseg_models",] == 1 and found["panoseg_waiting",] == 0
    assert found["panoseg_requests_total", "2xx"] == 1
    assert found["panoseg_requests_total", "4xx"] == 3
    assert found["panoseg_refusals_total", "token"] == 3
    assert found["panoseg_stage_seconds_count", "network"] == 1
    assert ("panoseg_sessions",) not in found  # it has no visitors


def test_beyond_this_machine_a_token_is_needed():
    for address in ("0.0.0.0", "192.0.2.1", "::"):  # noqa: S104
        with pytest.raises(InvalidValueError, match="PANOSEG_TOKEN"):
            ServerOptions(address, 0, None, PhotoLimits(), 1)
    ServerOptions("127.0.0.1", 0, None, PhotoLimits(), 1)


def test_another_version_of_the_protocol_is_refused(client):
    answer = client.get("/v1/models", headers={"Panoseg-Protocol": "0"})
    assert (answer.status_code, answer.headers["panoseg-protocol"]) == (426, "1")
    assert "version 1" in told(answer)
    assert "version 1" in told(client.get("/v0/models"))


def test_other_sites_pages_and_other_names_are_refused(client):
    assert (
        client.post(PREDICTIONS, content=picture(), headers={"Origin": "https://a.example"}).status_code
        == 403
    )
    assert client.get("/v1/models", headers={"Host": "a.example"}).status_code == 421


@pytest.mark.parametrize(
    ("path", "content", "options", "status", "says"),
    [
        ("/v1/models/other/predictions", picture(), {}, 404, "no model of that name"),
        (PREDICTIONS, picture(), {"params": {"input_size": "9"}}, 400, "input_size"),
        (PREDICTIONS, picture(), {"params": {"input_size": "9" * 5000}}, 400, "input_size"),
        (PREDICTIONS, picture(), {"params": {"precision": "double"}}, 400, "full or half"),
        (PREDICTIONS, picture(), {"headers": {"Panoseg-Request": "short"}}, 400, "Panoseg-Request"),
        (PREDICTIONS, b"", {}, 400, "No picture"),
        (PREDICTIONS, b"x" * 5001, {}, 413, "too large"),
        (PREDICTIONS, (b"x" * 100 for _ in range(51)), {}, 413, "too large"),
        (PREDICTIONS, b"no picture", {}, 422, "text file"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(client, path, content, options, status, says):
    answer = client.post(path, content=content, **options)
    assert answer.status_code == status
    assert says in told(answer)


def test_a_full_line_says_when_to_come_again_and_a_withdrawn_request_frees_its_place(server):
    server.replicas.held = True
    with httpx2.Client(base_url=server.base, headers=KEY, timeout=30) as client:
        asking = [
            ask(client, shade, f"{CALL}-{shade}") for shade in range(4)
        ]  # 2 with the replica, 2 in line
        until(lambda: server.server.door.waiting == 2)
        places = [client.get(f"/v1/requests/{CALL}-{n}").json() for n in range(4)]
        assert sorted(each["place"] for each in places) == [0, 1, 2, 3]
        last = next(n for n, each in enumerate(places) if each["place"] == 3)
        refused = client.post(PREDICTIONS, content=picture(9))
        assert refused.status_code == 503 and int(refused.headers["retry-after"]) >= 1
        assert "busy" in told(refused)
        assert client.delete(f"/v1/requests/{CALL}-{last}").json() == {"state": "unknown"}
        assert asking[last].result(30).status_code == 409
        assert server.server.door.waiting == 1
        server.replicas.held = False
        assert {each.result(30).status_code for n, each in enumerate(asking) if n != last} == {200}
    assert client.is_closed and not server.server.door.busy


def ask(client, shade, call):
    return ThreadPoolExecutor(1).submit(
        client.post, PREDICTIONS, content=picture(shade), headers={"Panoseg-Request": call}
    )


def test_who_hangs_up_is_waited_for_no_longer(server):
    server.replicas.held = True
    with socket.create_connection(("127.0.0.1", server.server.port)) as line:
        line.sendall(head_of(picture()).encode() + picture())
        until(lambda: server.replicas.seen)
    until(lambda: server.replicas.cancelled)
    until(lambda: not server.server.door.busy)


@pytest.fixture
def slow(monkeypatch):
    """The line to somebody who is sent 64 MB and takes them as they like, and the server's connections."""
    monkeypatch.setattr(patience, "UNREAD_SECONDS", 0.3)
    replicas = LocalReplicas()
    replicas.answer = b"x" * (64 << 20)
    body, head = picture(), head_of(picture())
    with running(replicas) as server, socket.create_connection(("127.0.0.1", server.server.port)) as line:
        line.settimeout(30)
        line.sendall(head.encode() + body)
        yield line, server.server._server.server_state.connections


def take_slowly(line):
    """Much longer than an answer may wait, and something all the time."""
    for _ in range(8):
        time.sleep(0.1)
        left = 4 << 20
        while left:
            left -= len(line.recv(left) or bytes(left))


def test_an_answer_that_nobody_takes_is_not_kept(slow):
    line, connections = slow
    take_slowly(line)
    assert connections
    until(lambda: not connections)  # nobody reads, and it is gone


def test_an_answer_that_is_taken_too_slowly_is_not_kept(slow, monkeypatch):
    monkeypatch.setattr(patience, "LEAST_BYTES", 32 << 20)
    line, connections = slow
    take_slowly(line)
    assert not connections


def test_answers_that_are_taken_slowly_make_room_for_others(monkeypatch):
    # The system's own buffers take some megabytes at once.
    monkeypatch.setattr(places, "SLOW_BYTES", 1 << 30)
    monkeypatch.setattr(app, "MOST_SENDING", 1)
    replicas = LocalReplicas()
    replicas.answer = b"x" * (16 << 20)
    with running(replicas) as server, socket.create_connection(("127.0.0.1", server.server.port)) as slow:
        slow.sendall(head_of(picture()).encode() + picture())
        until(lambda: server.server.door._sending._taken)
        with httpx2.Client(base_url=server.base, headers=KEY, timeout=30) as client:
            assert client.post(PREDICTIONS, content=picture()).status_code == 503  # as that one is new
            monkeypatch.setattr(places, "GRACE_SECONDS", 0.2)
            until(server.server.door._sending.has_room)
            assert client.post(PREDICTIONS, content=picture()).content == replicas.answer
        slow.settimeout(30)
        taken = 0
        while piece := slow.recv(1 << 20):
            taken += len(piece)
    assert taken < len(replicas.answer)


def test_who_asks_for_the_same_picture_keeps_no_other_one(server, client, monkeypatch):
    gone = []

    class Picture(bytes):
        """One that says when it is kept by nobody."""

        def __del__(self):
            gone.append(True)

    read = app.Door._read

    async def reading(door, request):
        return Picture(await read(door, request))

    monkeypatch.setattr(app.Door, "_read", reading)
    server.replicas.held = True
    asking = [ask(client, 0, f"{CALL}-{number}") for number in range(3)]
    until(lambda: len(gone) == 2)
    server.replicas.held = False
    assert {each.result(30).status_code for each in asking} == {200}


def test_two_requests_cannot_have_one_name(server, client):
    server.replicas.held = True
    first = ask(client, 0, CALL)
    until(lambda: server.replicas.seen)
    assert client.post(PREDICTIONS, content=picture(), headers={"Panoseg-Request": CALL}).status_code == 409
    server.replicas.held = False
    assert first.result(30).status_code == 200


def test_a_picture_that_does_not_come_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(app, "BODY_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", server.server.port), timeout=30) as line:
        head = f"POST {PREDICTIONS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
        line.sendall(f"{head}Content-Length: 4000\r\n\r\nsome".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 408")
    until(lambda: not server.server.door.busy)


def test_a_picture_that_is_said_to_be_too_large_is_not_waited_for(server):
    with socket.create_connection(("127.0.0.1", server.server.port), timeout=30) as line:
        head = f"POST {PREDICTIONS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
        line.sendall(f"{head}Content-Length: 1000000000\r\n\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_a_connection_that_says_nothing_is_closed(monkeypatch):
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.2)
    with running() as server:
        with socket.create_connection(("127.0.0.1", server.server.port), timeout=30) as line:
            assert line.recv(1) == b""
        with socket.create_connection(("127.0.0.1", server.server.port), timeout=30) as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost:")
            assert line.recv(1) == b""
        with socket.create_connection(("127.0.0.1", server.server.port), timeout=30) as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while not line.recv(1000).endswith(b"ok\n"):
                pass
            line.settimeout(0.5)
            with pytest.raises(TimeoutError):  # it may stay without a word after an answer
                line.recv(1)
            line.settimeout(30)
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost:")
            assert line.recv(1) == b""


def test_a_request_can_be_given_up_before_its_picture_is_there(server, client):
    body = picture()
    with socket.create_connection(("127.0.0.1", server.server.port), timeout=30) as line:
        head = (
            f"POST {PREDICTIONS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
            f"Panoseg-Request: {CALL}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        line.sendall(head.encode())
        until(lambda: server.server.door.busy)
        assert client.get(f"/v1/requests/{CALL}").json() == {"state": "unknown"}
        client.delete(f"/v1/requests/{CALL}")
        line.sendall(body)
        assert line.recv(100).startswith(b"HTTP/1.1 409")
    assert server.replicas.seen == []


def test_no_more_pictures_come_in_at_once_than_may(monkeypatch):
    monkeypatch.setattr(app, "MOST_READING", 1)
    with running() as server, httpx2.Client(base_url=server.base, headers=KEY, timeout=30) as client:
        with half_a_picture(server) as line:
            answer = client.post(PREDICTIONS, content=picture())
            assert answer.status_code == 503 and answer.headers["retry-after"] == "1"
            monkeypatch.setattr(places, "GRACE_SECONDS", 0.1)
            until(server.server.door._reading.has_room)  # it is slow, and somebody else comes
            assert client.post(PREDICTIONS, content=picture()).status_code == 200
            assert line.recv(100).startswith(b"HTTP/1.1 408")
        with half_a_picture(server):
            pass
        until(lambda: not server.server.door.busy)
        assert client.post(PREDICTIONS, content=picture()).status_code == 200


@contextlib.contextmanager
def half_a_picture(server):
    with socket.create_connection(("127.0.0.1", server.server.port), timeout=30) as line:
        line.sendall(head_of(bytes(4000)).encode() + b"some")
        until(lambda: server.server.door._reading._taken)
        yield line


def test_an_answer_that_takes_longer_than_a_head_may_is_waited_for(monkeypatch):
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.2)
    with running() as server, httpx2.Client(base_url=server.base, headers=KEY, timeout=30) as client:
        server.replicas.held = True
        asking = ask(client, 0, CALL)
        until(lambda: server.replicas.seen)
        until(lambda: client.get(f"/v1/requests/{CALL}").json()["seconds"] > 0.4)
        server.replicas.held = False
        assert asking.result(30).status_code == 200


def test_a_server_without_models_says_so():
    replicas = LocalReplicas()
    with running(replicas) as server, httpx2.Client(base_url=server.base, headers=KEY) as client:
        replicas.facts, replicas.why_not = [], "The models are being loaded."
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        answer = client.post(PREDICTIONS, content=picture())
        assert (answer.status_code, told(answer)) == (503, "The models are being loaded.")
        assert int(answer.headers["retry-after"]) >= 1


def test_a_server_that_stops_lets_end_what_runs_and_takes_nothing_new():
    with running() as server, httpx2.Client(base_url=server.base, headers=KEY, timeout=30) as client:
        server.replicas.held = True
        asking = ask(client, 0, CALL)
        until(lambda: server.replicas.seen)
        server.server.door.closing = True
        assert client.post(PREDICTIONS, content=picture(1)).status_code == 503
        assert client.get("/readyz").status_code == 503
        assert server.server.door.busy
        server.replicas.held = False
        assert asking.result(30).status_code == 200
    assert server.replicas.stopped.is_set()


def test_what_a_replica_refuses_arrives_as_it_is(server, client):
    server.replicas.answer = Refusal(507, "Memory is too short.")
    answer = client.post(PREDICTIONS, content=picture())
    assert (answer.status_code, told(answer)) == (507, "Memory is too short.")


def test_the_description_names_what_is_there(client):
    found = client.get("/openapi.json").json()
    assert found == description(PhotoLimits(max_bytes=5000, max_pixels=10_000))
    statuses = found["paths"]["/v1/models/{name}/predictions"]["post"]["responses"]
    assert {"200", "401", "413", "422", "426", "503"} <= statuses.keys()
    for path, operations in found["paths"].items():
        for method in operations.keys() & {"get", "post", "delete"}:
            real = re.sub(r"{name}", "demo", re.sub(r"{request}", CALL, path))
            assert client.request(method.upper(), real).status_code not in (404, 405)
    assert set(re.findall(r"#/components/schemas/(\w+)", str(found))) <= found["components"]["schemas"].keys()
