import threading

import pytest

from panoseg import Prediction
from panoseg.errors import InvalidValueError
from panoseg.serving.prediction_cache import PredictionCache, logits_bytes
from tests.fakes import fake_prediction

SIZE = logits_bytes(fake_prediction((8, 8)))


def prediction() -> Prediction:
    return fake_prediction((8, 8))


def test_the_size_is_that_of_the_logits() -> None:
    assert SIZE == 4 * (6 * 48 * 64 + 6 * 6)


def test_what_was_asked_for_last_stays() -> None:
    memory = PredictionCache(3 * SIZE)
    kept = {key: prediction() for key in "abc"}
    for key, value in kept.items():
        memory.put(key, value)
    assert memory.get("a") is kept["a"]
    memory.put("d", prediction())
    assert [memory.get(key) is not None for key in "abcd"] == [True, False, True, True]
    assert (len(memory), memory.nbytes) == (3, 3 * SIZE)


def test_the_same_key_counts_once() -> None:
    memory = PredictionCache(2 * SIZE)
    newer = prediction()
    for value in (prediction(), prediction(), newer):
        memory.put("a", value)
    assert memory.get("a") is newer
    assert memory.nbytes == SIZE


def test_what_is_larger_than_the_budget_drives_nothing_out() -> None:
    memory = PredictionCache(SIZE)
    memory.put("small", prediction())
    large = Prediction(
        class_logits=[[0.0, 1.0, 0, 0, 0, 0]],
        mask_logits=[[[0.0] * 500] * 500],
        input_size=(8, 8),
        content_size=(8, 8),
        image_size=(8, 8),
        vocabulary=prediction().vocabulary,
    )
    memory.put("large", large)
    assert memory.get("large") is None
    assert memory.get("small") is not None


def test_threads_never_exceed_the_budget() -> None:
    memory = PredictionCache(4 * SIZE)
    seen = []

    def work(number: int) -> None:
        for turn in range(200):
            memory.put((number + turn) % 9, shared)
            memory.get(turn % 9)
            seen.append(memory.nbytes)

    shared = prediction()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(seen) <= 5 * SIZE  # a look may fall between coming in and driving out
    assert memory.nbytes == len(memory) * SIZE == 4 * SIZE


def test_a_budget_is_no_debt() -> None:
    with pytest.raises(InvalidValueError, match="budget: wanted bytes, 0 or more, got -1"):
        PredictionCache(-1)


def test_a_cache_can_be_emptied() -> None:
    memory = PredictionCache(4 * SIZE)
    memory.put("a", prediction())
    memory.clear()
    assert (memory.get("a"), memory.nbytes, len(memory)) == (None, 0, 0)
