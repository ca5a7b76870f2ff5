"""What a model server may answer that wants the memory or the time of whoever asks it."""

import contextlib
import gzip
import json
import threading
import time

import numpy as np
import pytest

import panoseg
from panoseg import Photo
from panoseg.errors import CancelledError, ModelServerError
from panoseg.models.remote import connection, remote_segmenter
from panoseg.models.remote.address import ServerAddress
from tests.model_server.local_replicas import LocalReplicas
from tests.models.stub_server import JSON, Stub, stub


@pytest.fixture
def facts():
    """What an honest server says of its model."""
    return LocalReplicas().facts[0].to_json()


@pytest.mark.parametrize("key", ["lanes", "largest_edge", "vocabulary"])
def test_infinity_is_one_sentence(facts, key):
    facts[key] = (
        {**facts["vocabulary"], "dataset_ids": [float("inf")]} if key == "vocabulary" else float("inf")
    )
    with (
        stub(body=json.dumps({"models": [facts]}).encode(), headers=JSON) as found,
        pytest.raises(ModelServerError, match="makes no sense"),
    ):
        panoseg.load_segmenter(found.base)


@pytest.mark.parametrize("number", ["Infinity", "1" + "0" * 400])
def test_progress_without_bounds_is_one_sentence(number):
    body = f'{{"state": "waiting", "place": 1, "seconds": {number}, "expected_seconds": {number}}}'
    with stub(body=body.replace("1,", f"{number},").encode(), headers=JSON) as found:
        asked = connection.Connection(ServerAddress.read(found.base), None)
        with pytest.raises(ModelServerError, match="makes no sense"):
            asked.progress("a-request-of-the-tests")


def test_a_packed_answer_is_never_unpacked(facts):
    body = gzip.compress(json.dumps({"models": [facts]}).encode())
    with (
        stub(body=body, headers={**JSON, "Content-Encoding": "gzip"}) as found,
        pytest.raises(ModelServerError, match="makes no sense"),
    ):
        panoseg.load_segmenter(found.base)


def test_words_of_a_server_are_bounded(facts, monkeypatch):
    body = json.dumps({"models": [facts]}).encode()
    assert connection.MOST_ANSWER_BYTES < connection.MOST_PREDICTION_BYTES
    with stub(body=body, headers=JSON) as found:
        assert panoseg.load_segmenter(found.base).name == "demo"
        monkeypatch.setattr(connection, "MOST_ANSWER_BYTES", len(body) - 1)
        with pytest.raises(ModelServerError, match="makes no sense"):
            panoseg.load_segmenter(found.base)


class Dripping(Stub):
    """Answers progress with something that comes to no end, and predictions not at all."""

    def do_GET(self):  # noqa: N802  # as of http.server
        if "/requests/" not in self.path and self.server.drips_beside != self.path:
            super().do_GET()
            return
        self.send_response(200)
        for name, value in JSON.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(500):
                if self.server.ends.wait(0.02):
                    return
                self.wfile.write(b" ")
            self.server.came_to_an_end = True

    def do_POST(self):  # noqa: N802  # the same
        self.server.ends.wait(30)


@contextlib.contextmanager
def dripping(facts, monkeypatch, drips_beside=""):
    with stub(body=json.dumps({"models": [facts]}).encode(), headers=JSON) as server:
        server.ends = threading.Event()
        server.drips_beside = drips_beside
        server.came_to_an_end = False
        monkeypatch.setattr(server, "RequestHandlerClass", Dripping)
        yield server
        server.ends.set()


def test_a_server_that_drips_keeps_nobody_from_giving_up(facts, monkeypatch):
    monkeypatch.setattr(remote_segmenter, "PROGRESS_SECONDS", 0.05)
    photo = Photo.from_pixels(np.zeros((30, 40, 3), np.uint8), "black")
    with dripping(facts, monkeypatch) as found:
        began = time.monotonic()
        with pytest.raises(CancelledError):
            panoseg.load_segmenter(found.base).predict(
                photo,
                cancelled=lambda: time.monotonic() - began > 0.5,
            )
        assert not found.came_to_an_end


def test_an_answer_that_drips_is_given_up(facts, monkeypatch):
    monkeypatch.setattr(connection, "SLOW_SECONDS", 0.2)
    with (
        dripping(facts, monkeypatch, "/v1/models") as found,
        pytest.raises(ModelServerError, match="does not answer"),
    ):
        panoseg.load_segmenter(found.base)
