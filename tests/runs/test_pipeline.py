"""What runs ahead of the network and behind it: order, bounds, failures."""

import threading
import time

import numpy as np
import pytest

from panoseg import Photo
from panoseg.errors import ModelError, PhotoError
from panoseg.runs.pipeline import Pipeline, _PixelBudget, in_groups
from tests.fakes import FakeSegmenter


def decode(content, name):
    side = int(content)
    return Photo.from_pixels(np.zeros((side, side, 3), np.uint8), name)


def read(number):
    return str(number).encode(), str(number)


def run(groups, *, segmenter=None, finish=None, **options):
    seen = []
    pipeline = Pipeline(segmenter or FakeSegmenter(), read, finish or seen.extend, decode=decode, **options)
    pipeline.run(groups)
    return seen


def test_outcomes_come_in_order():
    seen = run([[n] for n in range(8, 60)])
    assert [outcome.source for outcome in seen] == list(range(8, 60))
    assert all(outcome.prediction.image_size == (outcome.source,) * 2 for outcome in seen)


def test_reading_runs_ahead_but_not_far():
    started, lead = [], []

    def reading(number):
        started.append(number)
        return read(number)

    class Slow(FakeSegmenter):
        def predict_many(self, photos, **options):
            time.sleep(0.005)
            lead.append(len(started) - self.calls)
            return super().predict_many(photos, **options)

    Pipeline(Slow(), reading, lambda _: None, decode=decode).run([[n] for n in range(10, 50)])
    assert 2 <= max(lead) <= 4


def test_finishing_runs_behind_but_not_far():
    finished, lag = [], []

    class Counting(FakeSegmenter):
        def predict_many(self, photos, **options):
            lag.append(self.calls - len(finished))
            return super().predict_many(photos, **options)

    def finish(outcomes):
        time.sleep(0.005)
        finished.extend(outcomes)

    run([[n] for n in range(10, 40)], segmenter=Counting(), finish=finish)
    assert 2 <= max(lag) <= 6


def test_a_failure_of_the_finisher_ends_all_and_nothing_comes_after_it():
    calls = []

    def finish(outcomes):
        calls.append(outcomes[0].source)
        if len(calls) == 3:
            end = time.monotonic() + 10
            while fake.calls < 5 and time.monotonic() < end:  # until others wait behind this one
                time.sleep(0.001)
            raise OSError("full")

    fake = FakeSegmenter()
    with pytest.raises(OSError, match="full"):
        run([[n] for n in range(10, 200)], segmenter=fake, finish=finish)
    assert calls == [10, 11, 12]
    assert fake.calls < 30


def test_a_broken_picture_leaves_its_group_whole():
    def failing(number):
        if number == 11:
            raise PhotoError("broken")
        return read(number)

    seen = []
    fake = FakeSegmenter()
    fake.batch = 3
    Pipeline(fake, failing, seen.extend, decode=decode).run([[10, 11, 12], [13]])
    assert [str(outcome.error) for outcome in seen] == ["None", "broken", "None", "None"]
    assert [outcome.prediction is None for outcome in seen] == [False, True, False, False]


def test_a_batch_that_fails_is_tried_one_by_one():
    class Small(FakeSegmenter):
        def predict_many(self, photos, **options):
            if len(photos) > 1:
                raise ModelError("too much at once")
            return super().predict_many(photos, **options)

    fake = Small()
    fake.batch = 4
    assert all(outcome.prediction is not None for outcome in run([[10, 11, 12, 13]], segmenter=fake))


def test_held_pictures_are_bounded_by_their_pixels(monkeypatch):
    monkeypatch.setattr("panoseg.runs.pipeline._HELD_PIXELS", 1000)
    held, most = 0, 0
    lock = threading.Lock()

    class Watching(FakeSegmenter):
        def predict_many(self, photos, **options):
            nonlocal held, most
            with lock:
                held += sum(photo.size[0] ** 2 for photo in photos)
                most = max(most, held)
            return super().predict_many(photos, **options)

    def finish(outcomes):
        nonlocal held
        time.sleep(0.002)
        with lock:
            held -= sum(outcome.size[0] ** 2 for outcome in outcomes)

    run([[20]] * 20 + [[60]] + [[20]] * 5, segmenter=Watching(), finish=finish, keep_photos=True)
    assert most == 3600  # one may be larger than all that may be held


def test_the_budget_serves_in_order():
    budget = _PixelBudget(100)
    budget.take(0, 90)
    served = []
    late = threading.Thread(target=lambda: (budget.take(2, 1), served.append(2)))
    late.start()
    early = threading.Thread(target=lambda: (budget.take(1, 50), served.append(1)))
    early.start()
    assert served == []
    budget.give(90)
    early.join(5)
    late.join(5)
    assert served == [1, 2]


def test_groups_of_neighbours():
    assert list(in_groups([0, 1, 2, 5, 6, 9], lambda n: n // 3)) == [[0, 1, 2], [5], [6], [9]]


def test_passes_side_by_side_come_out_in_order_and_at_once():
    class Wide(FakeSegmenter):
        passes = 3
        both = threading.Barrier(3, timeout=30)

        def predict_many(self, photos, **options):
            self.both.wait()
            time.sleep(0.001 * (photos[0].size[0] % 4))  # later ones overtake
            return super().predict_many(photos, **options)

    seen = run([[n] for n in range(8, 38)], segmenter=Wide())
    assert [outcome.source for outcome in seen] == list(range(8, 38))


def test_a_decoder_of_the_callers_is_asked():
    asked = []

    def own(content, name):
        asked.append(name)
        return decode(content, name)

    Pipeline(FakeSegmenter(), read, lambda _: None, decode=own).run([[9], [10]])
    assert asked == ["9", "10"]


class OnDevice(FakeSegmenter):
    """The fake on something that is not a CPU: more threads stand behind it."""

    def __init__(self):
        super().__init__()
        self.device = "cuda"


def test_predictions_are_encoded_side_by_side_and_finished_in_order(monkeypatch):
    monkeypatch.setattr("panoseg.runs.pipeline.usable_cores", lambda: 2)  # whatever the machine has
    together = threading.Barrier(2, timeout=30)

    def encode(prediction):
        together.wait()
        time.sleep(0.001 * (prediction.image_size[0] % 4))  # later ones overtake
        return b"%d" % prediction.image_size[0]

    seen = run([[n, n + 1] for n in range(8, 28, 2)], segmenter=OnDevice(), encode=encode)
    assert [outcome.record for outcome in seen] == [b"%d" % n for n in range(8, 28)]
    assert all(outcome.prediction is None for outcome in seen)


@pytest.mark.parametrize("segmenter", [FakeSegmenter, OnDevice])
def test_nothing_is_finished_behind_one_that_cannot_be_encoded(segmenter):
    finished = []

    def encode(prediction):
        if prediction.image_size[0] == 13:
            raise MemoryError
        return b""

    with pytest.raises(MemoryError):
        run([[n] for n in range(10, 100)], segmenter=segmenter(), finish=finished.extend, encode=encode)
    assert [outcome.source for outcome in finished] == [10, 11, 12]
