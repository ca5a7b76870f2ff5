"""What a session waits for: one prediction per slot, and it stays as long as it is looked at."""

import threading

import pytest

import panoseg
from panoseg import ModelError
from panoseg.models import Step
from panoseg.page import model_loads, panels, waiting
from panoseg.page.model_loads import cache_bytes
from panoseg.serving import host_memory
from panoseg.serving.model_pool import ModelPool
from panoseg.serving.prediction_cache import PredictionCache
from panoseg.serving.prediction_queue import PredictionQueue
from tests.fakes import FakeSegmenter
from tests.page.page import COCO
from tests.serving.test_prediction_queue import HeldSegmenter, photo


class Model:
    """A model that is there already."""

    busy = False

    def __init__(self, segmenter):
        self.queue = PredictionQueue(segmenter, PredictionCache(0))

    def wait(self, report):
        return self.queue


@pytest.fixture
def segmenter():
    return HeldSegmenter()


@pytest.fixture
def desk(monkeypatch, segmenter):
    """A session's desk, in front of models that do what the test says."""
    shelf = ModelPool(lambda name: Model(segmenter))
    monkeypatch.setattr(waiting, "models", lambda: shelf)
    desk = waiting.Desk()
    monkeypatch.setattr(waiting, "desk", lambda: desk)
    return desk


def ask(name, *, slot="main", size="shipped", model="demo"):
    """What a run of the page hears that asks for a photo and is ended at its first report."""
    heard = []

    def report(text, share=None):
        heard.append((text, share))
        raise KeyboardInterrupt  # of those that no "except Exception" takes, as Streamlit's own

    with pytest.raises(KeyboardInterrupt):
        waiting.wait(photo(name), model, size, slot, report)
    return heard


def get(name, *, slot="main", size="shipped", model="demo"):
    return waiting.wait(photo(name), model, size, slot, lambda text, share=None: None)


def test_a_run_that_wants_the_same_goes_on_waiting(desk, segmenter):
    for _ in range(3):
        ask("a")
    segmenter.let_go()
    get("a")
    get("a")  # no longer in any memory, but in the session's hands
    assert segmenter.batches == [["a"]]
    assert segmenter.given_up == []


@pytest.mark.parametrize(
    "other", [{"name": "b"}, {"name": "a", "size": 64}, {"name": "a", "model": "another"}]
)
def test_a_run_that_wants_something_else_gives_the_first_up(desk, segmenter, other):
    ask("a")
    segmenter.wait_until_busy()
    ask(**other)
    segmenter.wait_until_given_up()
    assert segmenter.given_up == [["a"]]
    segmenter.let_go(2)
    get(**other)


def test_each_slot_waits_for_its_own(desk, segmenter):
    ask("a")
    ask("b", slot="other")
    segmenter.wait_until_busy()
    desk.close("other")
    segmenter.let_go(2)
    get("a")
    assert segmenter.batches == [["a"]]
    assert segmenter.given_up == []


def test_a_session_that_ends_gives_everything_up(desk, segmenter):
    ask("a")
    ask("b", slot="other")
    segmenter.wait_until_busy()
    desk.close()
    segmenter.wait_until_given_up()
    assert segmenter.given_up == [["a"]]
    assert segmenter.batches == [["a"]]


def test_the_page_says_the_place_and_how_far_it_is(desk, segmenter):
    ask("a", slot="one")
    ask("b", slot="two")
    segmenter.wait_until_busy()
    assert ask("c", slot="three") == [("Waiting: 2 pictures before yours", None)]
    assert ask("b", slot="two") == [("Waiting: 1 picture before yours", None)]
    assert ask("a", slot="one") == [("Finding segments…", None)]
    segmenter.let_go()
    get("a", slot="one")
    segmenter.wait_until_busy()
    (heard,) = ask("b", slot="two")
    assert heard[0] == "Finding segments…"
    assert 0 < heard[1] <= 0.95
    desk.close()


def test_an_error_is_told_and_not_kept(desk, segmenter):
    segmenter.sick = {"a"}
    segmenter.let_go(2)
    with pytest.raises(ModelError, match="a is too large"):
        get("a")
    segmenter.sick = set()
    get("a")
    assert segmenter.batches == [["a"], ["a"]]


def test_a_model_in_use_stays_and_leaves_with_its_user(monkeypatch):
    shelf = ModelPool(lambda name: Model(FakeSegmenter(name)), lambda: 0)
    monkeypatch.setattr(waiting, "models", lambda: shelf)
    desk = waiting.Desk()
    monkeypatch.setattr(waiting, "desk", lambda: desk)
    get("a", model="one")
    one = shelf.get("one")
    shelf.make_room(1)
    assert shelf.get("one") is one
    desk.close()
    shelf.make_room(1)
    assert shelf.get("one") is not one


def test_while_a_model_loads_each_turn_can_end_the_run(monkeypatch):
    loaded, heard = threading.Event(), []

    def load(name, *, engine, progress, ask, make_room):
        progress(Step("Loading the network"))
        assert loaded.wait(20)
        return FakeSegmenter(name)

    def report(text, share=None):
        heard.append(text)
        if heard.count("Loading the network …") == 3:
            loaded.set()

    monkeypatch.setattr(panoseg, "load_segmenter", load)
    model = model_loads.Loading("demo", PredictionCache(0), ModelPool(Model))
    assert model.busy
    assert model.wait(report) is model.queue
    assert heard.count("Loading the network …") >= 3
    assert not model.busy


def test_while_it_waits_the_page_says_so(page, models, monkeypatch):
    held = models.there[COCO] = HeldSegmenter()
    told, show = [], panels.Notice.show

    def spy(notice, text, share=None):
        show(notice, text, share)
        told.append(text)
        if told.count("Finding segments…") == 3:
            held.let_go()

    monkeypatch.setattr(panels.Notice, "show", spy)
    page.choose_model(COCO)
    assert told[-1] == "Finding segments…"
    assert page.shows_its_segments
    assert "Finding segments" not in page.words


@pytest.mark.parametrize(("given", "wanted"), [("0", 0), (" 256 ", 256 * 2**20)])
def test_the_operator_sets_the_budget(monkeypatch, given, wanted):
    monkeypatch.setenv("PANOSEG_CACHE_MB", given)
    assert cache_bytes() == wanted


@pytest.mark.parametrize("given", ["", "lots", "-1"])
def test_the_budget_follows_the_memory(monkeypatch, given):
    monkeypatch.setenv("PANOSEG_CACHE_MB", given)
    for room, wanted in (
        (None, 2**30),
        (host_memory.Memory(64 * 2**30, 0), 2**30),
        (host_memory.Memory(2**30, 0), 2**27),
    ):
        monkeypatch.setattr(host_memory, "memory", lambda room=room: room)
        assert cache_bytes() == wanted
