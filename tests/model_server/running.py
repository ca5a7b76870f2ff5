"""A model server of a test's own, in a thread, at a free port of this machine."""

import contextlib
import threading
import time

from panoseg.model_server.server import ModelServer, ServerOptions
from panoseg.photo import PhotoLimits
from tests.model_server.local_replicas import LocalReplicas

USUAL = PhotoLimits()
TOKEN = "a-token-of-the-tests"  # noqa: S105


class Running:
    """A server that answers.

    Attributes:
        base: its address.
        replicas: what stands for its models.
        server: the server itself.
    """

    def __init__(self, server, replicas):
        self.server, self.replicas = server, replicas
        self.base = f"http://127.0.0.1:{server.port}"


@contextlib.contextmanager
def running(replicas=None, *, port=0, token=TOKEN, most_waiting=2, limits=USUAL):
    """Serve within the block."""
    replicas = replicas or LocalReplicas()
    server = ModelServer(ServerOptions("127.0.0.1", port, token, limits, most_waiting), replicas)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.ready:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield Running(server, replicas)
    finally:
        server.stop()
        thread.join()
