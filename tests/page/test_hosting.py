"""A real server as strangers meet it: started, asked by visitors without a browser, and stopped."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import httpx2
import pytest
import websockets
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks.visitor import RefusedError, Visitor
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.png import encode_png
from tests import event_loop

ROOT = Path(__file__).parents[2]
OUTGOING = Path(__file__).with_name("outgoing")
TOKEN = "the-figures-own-token"  # noqa: S105
PATIENCE_SECONDS = 300


class Server:
    """A running one.

    Attributes:
        address: of its page.
        process: whose log is in the file `log`.
        outgoing: a file with what it asked of other machines (outgoing/sitecustomize.py).
    """

    def __init__(self, address, process, log, outgoing):
        self.address, self.process, self.log, self.outgoing = address, process, log, outgoing

    def asked_outside(self):
        return self.outgoing.read_text().splitlines() if self.outgoing.exists() else []

    def get(self, path, **headers):
        """Status, headers and text of an answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with urllib.request.urlopen(urllib.request.Request(self.address + path, headers=named)) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def wait_until_ready(self):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.get("/readyz")[0] != 200:
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def events(self, name):
        """What the log says of an event."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == name]


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def start(folder, *options, port=None, inside=(), **environment):
    port = port or free_port()
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PANOSEG_") and name != "OMP_WAIT_POLICY"
    }
    outgoing = folder / f"outgoing-{port}.txt"
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hub"), **watched(outgoing)}
    command = [*inside, sys.executable, "-m", "panoseg", "app", f"--port={port}", "--no-browser", *options]
    log = folder / f"log-{port}.txt"
    with log.open("w") as stream:
        process = subprocess.Popen(
            command, cwd=folder, env={**inherited, **offline, **environment}, stdout=stream, stderr=stream
        )
    return Server(f"http://127.0.0.1:{port}", process, log, outgoing)


def watched(outgoing):
    return {"PYTHONPATH": f"{OUTGOING}{os.pathsep}{ROOT}", "OUTGOING_LOG": str(outgoing)}


@contextlib.contextmanager
def running(folder, *options, port=None, inside=(), **environment):
    server = start(folder, *options, port=port, inside=inside, **environment)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                assert server.get("/healthz")[0] == 200
                break
            except OSError:
                assert server.process.poll() is None, server.log.read_text()
                assert time.monotonic() < deadline, server.log.read_text()
                time.sleep(0.05)
        yield server
        assert not server.asked_outside()
    finally:
        server.process.kill()
        server.process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(
        tmp_path_factory.mktemp("server"),
        PANOSEG_LOG="json",
        PANOSEG_METRICS_TOKEN=TOKEN,
        PANOSEG_MODELS="demo",
        PANOSEG_UPLOADS_PER_MINUTE="3",
        PANOSEG_MAX_SESSIONS="3",
        PANOSEG_MAX_UPLOAD_MB="1",
        OMP_DISPLAY_ENV="verbose",
        HF_HUB_OFFLINE="0",
    ) as server:
        server.wait_until_ready()
        yield server


def picture(number=0, size=(240, 320)):
    scene = open_scene(list(GALLERY)[number % len(GALLERY)], size)
    return encode_png(Image.fromarray(scene.pixels))


@pytest.mark.parametrize(
    "path",
    ["/", "/nowhere", "/healthz", "/metrics", "/_stcore/health", "/_stcore/host-config", "/x.png"],
)
def test_every_route_has_the_headers(server, path):
    _, headers, _ = server.get(path)
    for name in (
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "Permissions-Policy",
        "Referrer-Policy",
    ):
        assert headers[name], name


def test_streamlits_own_figures_are_not_public_and_ours_have_a_token(server):
    assert server.get("/_stcore/metrics")[0] == 404
    assert server.get("/metrics")[0] == 401
    status, _, text = server.get("/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    assert re.search(r'^panoseg_events_total\{event="ready",outcome="ok"\} 1', text, re.MULTILINE)
    assert re.search(r'^panoseg_stage_seconds_count\{stage="network"\} [1-9]', text, re.MULTILINE)
    assert re.search(r"^panoseg_cache_bytes [1-9]", text, re.MULTILINE)
    assert re.search(r"^process_resident_memory_bytes [1-9]", text, re.MULTILINE)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' torch has another OpenMP")
def test_a_networks_threads_do_not_keep_cores_busy_with_waiting(server):
    assert "GOMP_SPINCOUNT = '0'" in server.log.read_text()


def test_requests_have_no_lines_of_their_own(server):
    assert server.get("/healthz")[0] == 200
    assert "HTTP/%s" not in server.log.read_text()


def test_no_hosting_services_pages_may_speak_to_this_one(server):
    assert json.loads(server.get("/_stcore/host-config")[2])["allowedOrigins"] == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one loopback address")
def test_it_listens_on_loopback_unless_somebody_says_otherwise(server):
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", int(server.address.rsplit(":", 1)[1])))


def test_a_head_without_an_end_is_not_kept(server):
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Much: ")
        with contextlib.suppress(ConnectionError):  # it does not read to the end
            for _ in range(100):
                connection.sendall(b"a" * 10_000)
            assert connection.recv(12) == b"HTTP/1.1 400"


async def knock(server, host, origin):
    port = server.address.rsplit(":", 1)[1]
    named = f"ws://{host}:{port}/_stcore/stream"
    async with websockets.connect(named, host="127.0.0.1", port=int(port), origin=origin):
        return "let in"


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("evil.example", "http://evil.example"),  # a name that was made to point here
        ("localhost", "http://evil.example"),
        ("localhost", "http://localhost:1"),  # another program of this machine
        ("127.0.0.1", "null"),
    ],
)
def test_strangers_pages_get_no_connection(server, host, origin):
    with pytest.raises(websockets.InvalidStatus) as refused:
        event_loop.run(knock(server, host, origin))
    assert refused.value.response.status_code == 403


def test_neither_start_nor_strangers_nor_visitors_have_it_ask_other_machines(server):
    with pytest.raises(websockets.InvalidStatus):
        event_loop.run(knock(server, "127.0.0.1", "http://evil.example"))

    async def visit():
        async with Visitor(server.address) as visitor:
            await visitor.upload("a.png", picture(3))

    event_loop.run(visit())
    assert not server.asked_outside()


def test_what_is_asked_of_other_machines_is_seen(tmp_path):
    outgoing = tmp_path / "outgoing.txt"
    ask = "import socket; socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 1))"
    subprocess.run([sys.executable, "-c", ask], env={**os.environ, **watched(outgoing)}, check=False)
    assert outgoing.read_text() == "socket.connect 192.0.2.1\n"


def test_a_visitor_is_a_line_each_and_leaves_no_name_in_the_log(server):
    async def visit():
        async with Visitor(server.address) as visitor:
            await visitor.upload("grandmother's garden.png", picture(1))
            await visitor.settle()
            with pytest.raises(RefusedError):
                await visitor.upload("notes.png", b"dear diary")

    event_loop.run(visit())
    good, bad = server.events("photo")[-2:]
    assert (good["outcome"], good["width"], good["height"]) == ("ok", 320, 240)
    assert len(good["photo"]) == 12
    assert bad["outcome"] == "PhotoError"
    assert bad["cause"].startswith("PhotoError at panoseg/")
    assert good["session"] == bad["session"]
    prediction = next(line for line in server.events("prediction") if line["photo"] == good["photo"])
    assert (prediction["outcome"], prediction["model"]) == ("ok", "demo")
    assert prediction["session"] == good["session"]
    assert re.fullmatch("[0-9a-f]{8}", good["session"])
    log = server.log.read_text()
    for secret in ("garden", "grandmother", "notes", "diary", TOKEN, "Traceback"):
        assert secret not in log


def test_a_report_that_is_none_is_a_line_of_the_log(server):
    """Streamlit reads it as JSON by itself, and would draw the code around its error, fifty lines of it."""

    async def report():
        async with Visitor(server.address) as visitor:
            message = BackMsg()
            (viewer,) = (name for name in visitor.elements if name.endswith("-viewer"))
            message.rerun_script.widget_states.widgets.add(id=viewer, json_value="{")
            await visitor.send(message)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while "JSONDecodeError" not in server.log.read_text()[before:]:
                assert time.monotonic() < deadline
                await asyncio.sleep(0.05)

    before = len(server.log.read_text())
    event_loop.run(report())
    said = server.log.read_text()[before:].splitlines()
    assert [line for line in said if not line.startswith("{")] == []
    assert any("JSONDecodeError" in event.get("cause", "") for event in server.events("library"))


def test_files_that_come_too_often_are_refused(server):
    async def flood():
        async with Visitor(server.address) as visitor:
            for number in range(4):
                await visitor.put(f"{number}.png", b"x")

    with pytest.raises(httpx2.HTTPStatusError) as refused:
        event_loop.run(flood())
    assert refused.value.response.status_code == 429
    assert "try again in" in refused.value.response.text


def test_no_more_visitors_than_the_operator_said(server):
    async def crowd():
        visitors = [Visitor(server.address) for _ in range(3)]
        for visitor in visitors:
            await visitor.come()
        try:
            answers = server.get("/", Accept="text/html"), server.get("/healthz")
        finally:
            for visitor in visitors:
                await visitor.leave()
        return answers

    (status, headers, text), (health, _, _) = event_loop.run(crowd())
    assert (status, health, headers["Retry-After"]) == (503, 200, "60")
    assert "As many visitors as this server takes (3) are here" in text
    deadline = time.monotonic() + PATIENCE_SECONDS
    while server.get("/", Accept="text/html")[0] != 200:  # once the server has seen them leave
        assert time.monotonic() < deadline


def test_the_page_tells_the_operators_limits(server):
    async def send():
        async with Visitor(server.address) as visitor:
            with pytest.raises(RefusedError) as refused:
                await visitor.upload("large.png", picture() + bytes(2**20))
            return str(refused.value)

    said = event_loop.run(send()).replace("\\", "")
    assert "up to 1 MB and 50 megapixels" in said


def test_sigterm_lets_what_runs_end_and_nobody_new_in(tmp_path):
    with running(tmp_path, "--address=0.0.0.0", PANOSEG_LOG="json", PANOSEG_MODELS="demo") as server:
        server.wait_until_ready()

        async def visit():
            async with Visitor(server.address) as visitor:
                upload = asyncio.create_task(visitor.upload("a.png", picture(2, (1200, 1600))))
                while not server.events("photo"):
                    await asyncio.sleep(0.01)
                server.process.send_signal(signal.SIGTERM)
                stopped = time.monotonic()
                await upload  # its segments came all the same
                return stopped

        stopped = event_loop.run(visit())
        server.process.wait(PATIENCE_SECONDS)
        assert time.monotonic() - stopped < 10
        assert server.process.returncode in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
        assert [line["outcome"] for line in server.events("drain")] == ["ok"]


def test_sigterm_ends_a_server_that_somebody_holds_open(tmp_path):
    with running(tmp_path, PANOSEG_LOG="json", PANOSEG_MODELS="demo") as server:
        server.wait_until_ready()
        host, port = server.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as holder:
            # An upload that never comes to an end.
            holder.sendall(
                b"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx"
            )
            time.sleep(0.2)
            server.process.send_signal(signal.SIGTERM)
            stopped = time.monotonic()
            server.process.wait(PATIENCE_SECONDS)
        assert time.monotonic() - stopped < 10


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PANOSEG_MODELS", "/nope", "PANOSEG_MODELS: wanted demo, catalog"),
        ("PANOSEG_ENGINE", "cuda", "PANOSEG_ENGINE: wanted auto, torch or openvino, got “cuda”."),
        (
            "PANOSEG_MAX_SESSIONS",
            "none",
            "PANOSEG_MAX_SESSIONS: wanted a whole number, 1 or",
        ),
        ("PANOSEG_LOGIN", "1", "PANOSEG_LOGIN: the section [auth] of Streamlit's secrets.toml lacks"),
    ],
)
@pytest.mark.parametrize("way", ["panoseg", "streamlit"])
def test_what_is_set_wrongly_ends_it_at_the_start_with_a_sentence(tmp_path, way, name, value, says):
    command = {
        "panoseg": [sys.executable, "-m", "panoseg", "app", "--no-browser"],
        "streamlit": [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py")],
    }[way]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "STREAMLIT_SERVER_HEADLESS": "1", name: value}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )
    assert done.returncode == 2
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("panoseg: ")]
    assert says in line
    assert "Traceback" not in done.stderr
