"""What a visitor asks for: one prediction per purpose, and it stays as long as it is looked at."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from panoseg import ModelError
from panoseg.errors import CancelledError
from panoseg.models import Step
from panoseg.serving.model_load import ModelLoad
from panoseg.serving.model_pool import ModelPool
from panoseg.serving.prediction_cache import PredictionCache
from panoseg.serving.prediction_queue import PredictionQueue
from panoseg.serving.requests import Requests
from tests.fakes import FakeSegmenter
from tests.serving.held_segmenter import HeldSegmenter, photo


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
def requests(segmenter):
    """A visitor's requests, in front of models that do what the test says."""
    return Requests(ModelPool(lambda name: Model(segmenter)))


def ask(requests, name, *, purpose="picture", size="shipped", model="demo"):
    """What somebody hears who asks for a photo and is interrupted at the first report."""
    heard = []

    def report(text, share=None):
        heard.append((text, share))
        raise KeyboardInterrupt  # of those that no "except Exception" takes, as Streamlit's own

    with pytest.raises(KeyboardInterrupt):
        requests.predict(purpose, photo(name), model, size, report)
    return heard


def get(requests, name, *, purpose="picture", size="shipped", model="demo"):
    return requests.predict(purpose, photo(name), model, size, lambda text, share=None: None)


def test_whoever_wants_the_same_goes_on_waiting(requests, segmenter):
    for _ in range(3):
        ask(requests, "a")
    segmenter.let_go()
    get(requests, "a")
    get(requests, "a")  # no longer in any memory, but in the session's hands
    assert segmenter.batches == [["a"]]
    assert segmenter.given_up == []


@pytest.mark.parametrize(
    "other", [{"name": "b"}, {"name": "a", "size": 64}, {"name": "a", "model": "another"}]
)
def test_whoever_wants_something_else_gives_the_first_up(requests, segmenter, other):
    ask(requests, "a")
    segmenter.wait_until_busy()
    ask(requests, **other)
    segmenter.wait_until_given_up()
    assert segmenter.given_up == [["a"]]
    segmenter.let_go(2)
    get(requests, **other)


def test_an_older_call_that_ends_late_leaves_the_newer_one_alone(requests, segmenter):
    with ThreadPoolExecutor() as pool:
        older = pool.submit(get, requests, "a")
        segmenter.wait_until_busy()
        newer = pool.submit(get, requests, "b")
        with pytest.raises(CancelledError):
            older.result(20)
        segmenter.wait_until_given_up()
        segmenter.let_go(2)
        assert newer.result(20) is not None
    assert segmenter.given_up == [["a"]]


def test_each_purpose_waits_for_its_own(requests, segmenter):
    ask(requests, "a")
    ask(requests, "b", purpose="other")
    segmenter.wait_until_busy()
    requests.give_up("other")
    segmenter.let_go(2)
    get(requests, "a")
    assert segmenter.batches == [["a"]]
    assert segmenter.given_up == []


def test_a_visitor_who_leaves_gives_everything_up(requests, segmenter):
    ask(requests, "a")
    ask(requests, "b", purpose="other")
    segmenter.wait_until_busy()
    requests.give_up()
    segmenter.wait_until_given_up()
    assert segmenter.given_up == [["a"]]
    assert segmenter.batches == [["a"]]


def test_it_says_the_place_and_how_far_it_is(requests, segmenter):
    ask(requests, "a", purpose="one")
    ask(requests, "b", purpose="two")
    segmenter.wait_until_busy()
    assert ask(requests, "c", purpose="three") == [("Waiting: 2 pictures before yours", None)]
    assert ask(requests, "b", purpose="two") == [("Waiting: 1 picture before yours", None)]
    assert ask(requests, "a", purpose="one") == [("Finding segments…", None)]
    segmenter.let_go()
    get(requests, "a", purpose="one")
    segmenter.wait_until_busy()
    (heard,) = ask(requests, "b", purpose="two")
    assert heard[0] == "Finding segments…"
    assert 0 < heard[1] <= 0.95
    requests.give_up()


def test_an_error_is_told_and_not_kept(requests, segmenter):
    segmenter.sick = {"a"}
    segmenter.let_go(2)
    with pytest.raises(ModelError, match="a is too large"):
        get(requests, "a")
    segmenter.sick = set()
    get(requests, "a")
    assert segmenter.batches == [["a"], ["a"]]


def test_a_model_in_use_stays_and_leaves_with_its_user():
    pool = ModelPool(lambda name: Model(FakeSegmenter(name)), lambda: 0)
    requests = Requests(pool)
    get(requests, "a", model="one")
    one = pool.get("one")
    pool.make_room(1)
    assert pool.get("one") is one
    requests.give_up()
    pool.make_room(1)
    assert pool.get("one") is not one


def test_while_a_model_loads_every_turn_is_told():
    loaded, heard = threading.Event(), []

    def load(name, *, progress, ask, make_room):
        progress(Step("Loading the network"))
        assert loaded.wait(20)
        return FakeSegmenter(name)

    def report(text, share=None):
        heard.append(text)
        if heard.count("Loading the network …") == 3:
            loaded.set()

    model = ModelLoad("demo", PredictionCache(0), ModelPool(Model), load)
    assert model.busy
    assert model.wait(report) is model.queue
    assert heard.count("Loading the network …") >= 3
    assert not model.busy
