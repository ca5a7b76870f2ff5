"""A real server, a visitor who looks at a picture, and a neighbour who attacks."""

import asyncio

import httpx2
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from tests import event_loop
from tests.browser.conftest import PATIENCE_SECONDS, serve

XSRF = "_streamlit_xsrf"


class Visitor:
    """A connection to the page, and what Streamlit's messages say of it."""

    def __init__(self, address):
        self.address = address
        self.session = ""

    async def __aenter__(self):
        self.http = httpx2.AsyncClient(base_url=self.address, timeout=PATIENCE_SECONDS)
        await self.http.get("/_stcore/health")
        self.token = self.http.cookies.get(XSRF)
        self.socket = await connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit", self.token],
            additional_headers={"Cookie": f"{XSRF}={self.token}"},
            max_size=None,
            ping_interval=None,  # a busy machine is no reason to hang up
        )
        return self

    async def __aexit__(self, *error):
        await self.socket.close()
        await self.http.aclose()

    async def send(self, **message):
        await self.socket.send(BackMsg(**message).SerializeToString())

    async def run(self):
        """Have the page run; the number of messages until its run has ended well."""
        await self.send(rerun_script={})
        async with asyncio.timeout(PATIENCE_SECONDS):
            count = 0
            while True:
                message = ForwardMsg.FromString(await self.socket.recv())
                count += 1
                if message.WhichOneof("type") == "new_session":
                    self.session = message.new_session.initialize.session_id
                if message.WhichOneof("type") == "script_finished":
                    return count

    async def put(self, name, size, session=None):
        """Send a file that nothing asked for; the answer's status."""
        answer = await self.http.put(
            f"/_stcore/upload_file/{session or self.session}/{name}",
            files={"file": (name, bytes(size))},
            headers={"X-Xsrftoken": self.token, "Origin": self.address},
        )
        return answer.status_code

    async def announce(self, size):
        """Begin to send a file of that size; the answer's status, which comes before any of it is sent."""
        host, port = self.address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = (
            f"PUT /_stcore/upload_file/{self.session}/large.jpg HTTP/1.1",
            f"Host: {host}:{port}",
            f"Origin: {self.address}",
            f"X-Xsrftoken: {self.token}",
            f"Cookie: {XSRF}={self.token}",
            "Content-Type: multipart/form-data; boundary=x",
            f"Content-Length: {size}",
            "",
            "",
        )
        writer.write("\r\n".join(head).encode())
        async with asyncio.timeout(PATIENCE_SECONDS):
            status = int((await reader.readline()).split()[1])
        writer.close()
        return status


@pytest.fixture
def folder(tmp_path):
    """Of the server, with its log."""
    return tmp_path


@pytest.fixture
def server(folder):
    with serve(folder, PANOSEG_MODELS="demo") as address:
        yield address


def test_a_neighbour_changes_nothing_that_a_visitor_sees(server, folder):
    async def attack():
        async with Visitor(server) as visitor, Visitor(server) as neighbour:
            await visitor.run()
            await neighbour.run()
            for _ in range(20):
                await neighbour.send(clear_cache=True)
                await neighbour.send(set_run_on_save=True)
                await neighbour.send(load_git_info=True)
                await neighbour.send(debug_shutdown_runtime=True)
                await neighbour.send(file_urls_request={"file_names": ["x"] * 10_000})
                await neighbour.send(backend_operation_request={"install_skills": {}})
            statuses = [await neighbour.put(f"{n}.jpg", 20 * 2**20) for n in range(20)]
            assert set(statuses) == {204}
            # Whoever goes on sending what was refused may see the connection end before the answer.
            assert await neighbour.announce(2**29) == 413
            assert await neighbour.put("other.jpg", 1000, session="nobody") == 400
            await (await visitor.socket.ping())  # whose connection stands
            async with Visitor(server) as newcomer:
                assert await newcomer.run() > 10
            assert (await visitor.http.get("/_stcore/health")).status_code == 200
            return visitor.session, neighbour.session

    mine, other = event_loop.run(attack())
    assert mine != other
    log = (folder / "log.txt").read_text()
    for kind in (
        "clear_cache",
        "set_run_on_save",
        "load_git_info",
        "debug_shutdown_runtime",
        "install_skills",
    ):
        # Once for twenty: who sends thousands fills no disk.
        assert log.count(f"refused reason=message text={kind}\n") == 1
