"""The line before a model that is elsewhere: each photo waits there, and its place is the one over there."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from panoseg import Photo, Prediction
from panoseg.errors import CancelledError
from panoseg.models.segmenter import Waiting
from panoseg.serving.prediction_queue import PredictionQueue
from tests.fakes import FakeSegmenter, fake_prediction
from tests.serving.held_segmenter import PATIENCE, photo


class DistantModel(FakeSegmenter):
    """A model on a server, as a queue sees it: each photo waits until the test lets it go.

    Attributes:
        lanes: as of `DistantSegmenter`.
        tells: what each photo's place can be told by, by name.
    """

    def __init__(self, lanes: int) -> None:
        super().__init__()
        self.lanes = lanes
        self.tells: dict[str, Callable[[Waiting], object]] = {}
        self.let_go = threading.Event()

    def predict_in_line(
        self,
        photo: Photo,
        input_size: Any,
        cancelled: Callable[[], bool],
        tell: Callable[[Waiting], object],
    ) -> Prediction:
        self.tells[photo.name] = tell
        while not self.let_go.wait(0.01):
            if cancelled():
                raise CancelledError
        return fake_prediction(photo.size)


def wait_for_tells(model: DistantModel, count: int) -> None:
    end = time.monotonic() + PATIENCE
    while len(model.tells) < count:
        assert time.monotonic() < end
        time.sleep(0.005)


def test_photos_wait_side_by_side_and_their_places_are_those_over_there() -> None:
    model = DistantModel(lanes=2)
    queue = PredictionQueue(model)
    tickets = [queue.submit(photo(name)) for name in "abc"]
    wait_for_tells(model, 2)
    assert set(model.tells) == {"a", "b"}
    model.tells["b"](Waiting(place=5))
    assert [ticket.place for ticket in tickets] == [0, 5, 1]
    model.tells["b"](Waiting(seconds=1.5, expected_seconds=3.0))
    assert (tickets[1].seconds, tickets[1].expected_seconds) == (1.5, 3.0)
    model.tells["a"](Waiting(trouble="It is away."))
    assert [ticket.trouble for ticket in tickets] == ["It is away.", "", ""]
    model.let_go.set()
    for ticket in tickets:
        assert ticket.result().image_size
    assert not queue.busy


def test_who_leaves_gives_a_distant_place_up() -> None:
    model = DistantModel(lanes=2)
    queue = PredictionQueue(model)
    first, second = queue.submit(photo("a")), queue.submit(photo("b"))
    wait_for_tells(model, 2)
    first.withdraw()
    with pytest.raises(CancelledError):
        first.result()
    model.let_go.set()
    assert second.result().image_size
