"""One replica in this process, without Ray: what it decodes, refuses and gives up."""

import asyncio
import threading
from io import BytesIO

import pytest
from PIL import Image

from panoseg import PhotoLimits
from panoseg.errors import UnknownThingsError
from panoseg.model_server import replica as module
from panoseg.model_server.answers import Asked, Refusal
from panoseg.model_server.replica import Replica, ReplicaOptions
from panoseg.protocol.prediction_bytes import decode_prediction
from tests.event_loop import run
from tests.fakes import FakeSegmenter
from tests.serving.held_segmenter import PATIENCE, HeldSegmenter

ASKED = Asked("0" * 64, "shipped", "full")


def picture(size=(40, 30)):
    stream = BytesIO()
    Image.new("RGB", size, (9, 10, 20)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def made(monkeypatch):
    """Makes replicas of a segmenter, and ends them."""
    ended = []

    def make(segmenter, **options):
        monkeypatch.setattr(module, "load_segmenter", lambda name, **given: segmenter)
        ended.append(Replica(ReplicaOptions("demo", **options)))
        return ended[-1]

    yield make
    for each in ended:
        each.close()


def test_it_decodes_what_came_and_tells_what_it_has(made):
    replica = made(FakeSegmenter(), max_edge=700)
    document = run(replica.predict(ASKED, picture()))
    assert decode_prediction(document, (30, 40)).vocabulary == replica.facts.vocabulary
    assert (replica.facts.name, replica.facts.largest_edge, replica.facts.decided) == ("demo", 700, True)


def test_what_it_refuses_has_a_status_and_a_sentence(made):
    replica = made(FakeSegmenter(), max_edge=700, limits=PhotoLimits(max_pixels=2000))
    for asked, content, status, says in (
        (ASKED, b"nothing", 422, "text file"),
        (ASKED, picture((50, 50)), 422, "too many pixels"),
        (ASKED._replace(input_size=701), picture(), 400, "up to 700 pixels"),
    ):
        answer = run(replica.predict(asked, content))
        assert isinstance(answer, Refusal)
        assert answer.status == status and says in answer.sentence


def test_given_up_it_stops_the_network(made):
    segmenter = HeldSegmenter()
    segmenter.let_go()
    replica = made(segmenter)

    async def scene():
        asking = asyncio.create_task(replica.predict(ASKED, picture()))
        while len(segmenter.batches) < 2:
            await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        while not segmenter.given_up:
            await asyncio.sleep(0.01)

    run(scene())


def test_given_up_a_real_network_does_not_come_to_its_last_layer():
    import torch

    replica = Replica(ReplicaOptions("demo", engine="torch", max_edge=1024))
    network = replica._queue.segmenter._engine._network
    layers = [module for module in network.modules() if not any(module.children())]
    entered, may_go_on, last = threading.Event(), threading.Event(), []

    def hold(module, arguments):
        if arguments[0].shape[-1] >= 512 and not entered.is_set():
            entered.set()
            assert may_go_on.wait(PATIENCE)

    first = next(layer for layer in layers if isinstance(layer, torch.nn.Conv2d))
    first.register_forward_pre_hook(hold)
    for layer in layers:
        layer.register_forward_hook(lambda *_: last.append(threading.get_ident()))
    asked = ASKED._replace(input_size=512)

    async def scene():
        asking = asyncio.create_task(replica.predict(asked, picture()))
        await asyncio.to_thread(entered.wait, PATIENCE)
        before = len(last)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        may_go_on.set()
        while replica._queue.busy:
            await asyncio.sleep(0.01)
        given_up = len(last) - before
        assert not isinstance(await replica.predict(asked, picture()), Refusal)
        return given_up, len(last) - before - given_up

    try:
        given_up, whole = run(scene())
    finally:
        replica.close()
    assert given_up < whole / 2 and whole >= 50


def test_a_model_of_unknown_things_is_served_and_says_so(made, monkeypatch):
    def load(name, things=None, **options):
        if things is None:
            raise UnknownThingsError("Nobody knows.")
        return FakeSegmenter(things=things)

    made(FakeSegmenter())
    monkeypatch.setattr(module, "load_segmenter", load)
    replica = Replica(ReplicaOptions("demo"))
    try:
        assert not replica.facts.decided
    finally:
        replica.close()
