"""Whether a server can be sent visitors."""

import threading

import pytest

import panoseg
from panoseg import ModelError, events
from panoseg.errors import CancelledError
from panoseg.serving.model_service import ModelService
from panoseg.serving.readiness import Readiness
from tests.fakes import FakeSegmenter
from tests.serving.held_segmenter import HeldSegmenter, photo


@pytest.fixture
def told():
    found = []

    def listener(event, facts):
        found.append((event, facts["outcome"])) if event == "ready" else None

    events.listen(listener)
    yield found
    events.ignore(listener)


def readiness(monkeypatch, load, **options):
    monkeypatch.setattr(panoseg, "load_segmenter", load)
    service = ModelService("auto", 0, **options)
    return service, Readiness(service, "demo")


def test_it_is_ready_once_its_first_model_has_predicted(monkeypatch, told):
    segmenter = FakeSegmenter()
    _, ready = readiness(monkeypatch, lambda name, **_: segmenter)
    assert ready.why_not == "The first model is on its way."
    ready.try_out(photo("a"))
    assert segmenter.calls == 1
    assert ready.why_not == ""
    assert told == [("ready", "ok")]


@pytest.mark.parametrize("what", ["load", "predict"])
def test_a_model_that_does_not_work_keeps_visitors_away(monkeypatch, told, what):
    def load(name, **_):
        if what == "load":
            raise ModelError("damaged")
        return FakeSegmenter(error=ModelError("damaged"))

    _, ready = readiness(monkeypatch, load)
    ready.try_out(photo("a"))
    assert ready.why_not == "The first model could not be loaded or run."
    assert told == [("ready", "ModelError")]


def test_a_download_that_somebody_must_agree_to_keeps_nobody_away(monkeypatch):
    def load(name, ask, **_):
        assert not ask("a snapshot")
        raise CancelledError

    _, ready = readiness(monkeypatch, load)
    ready.try_out(photo("a"))
    assert ready.why_not == ""


def test_a_full_line_keeps_visitors_away_until_it_is_shorter(monkeypatch):
    segmenter = HeldSegmenter()
    service, ready = readiness(monkeypatch, lambda name, **_: segmenter, max_waiting=1)
    tried = threading.Thread(target=ready.try_out, args=(photo("first"),))
    tried.start()
    queue = service.models.get("demo").wait(lambda text, share=None: None)
    segmenter.wait_until_busy()
    segmenter.let_go()
    tried.join()
    assert ready.why_not == ""
    running = queue.submit(photo("running"))
    segmenter.wait_until_busy()
    waiting = queue.submit(photo("waiting"))
    assert (queue.waiting, queue.full) == (1, True)
    assert "full" in ready.why_not
    waiting.withdraw()
    assert ready.why_not == ""
    running.withdraw()
    segmenter.let_go()


def test_it_is_not_ready_before_all_else_is_there(monkeypatch):
    _, ready = readiness(monkeypatch, lambda name, **_: FakeSegmenter())
    seen = []
    ready.try_out(photo("a"), lambda: seen.append(ready.why_not))
    assert seen == ["The first model is on its way."]
    assert ready.why_not == ""
