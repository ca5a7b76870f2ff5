import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from panoseg import Photo, Prediction
from panoseg.errors import CancelledError, MemoryShortError, ModelError
from panoseg.serving.prediction_cache import PredictionCache
from panoseg.serving.prediction_queue import PredictionQueue, Ticket
from tests.fakes import FakeSegmenter
from tests.serving.held_segmenter import PATIENCE, HeldSegmenter, photo


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def error_of(ticket: Ticket) -> str:
    with pytest.raises(ModelError) as caught:
        ticket.result()
    return str(caught.value)


@pytest.fixture
def segmenter() -> HeldSegmenter:
    return HeldSegmenter()


def test_a_prediction_comes_out() -> None:
    ticket = PredictionQueue(FakeSegmenter()).submit(photo("cat", 40))
    assert ticket.result().image_size == (24, 40)
    assert ticket.done
    assert ticket.place == 0


def test_first_come_first_served_and_everyone_knows_the_place(segmenter: HeldSegmenter) -> None:
    queue = PredictionQueue(segmenter)
    tickets = [queue.submit(photo(name)) for name in "abc"]
    segmenter.wait_until_busy()
    assert [ticket.place for ticket in tickets] == [0, 1, 2]
    assert not any(ticket.done for ticket in tickets)
    segmenter.let_go()
    segmenter.wait_until_busy()
    assert tickets[0].result() is not None
    assert [ticket.place for ticket in tickets] == [0, 0, 1]
    segmenter.let_go(2)
    assert [ticket.result().image_size for ticket in tickets] == [(24, 32)] * 3
    assert segmenter.batches == [["a"], ["b"], ["c"]]
    assert not queue.busy


def test_those_of_one_input_size_go_together(segmenter: HeldSegmenter) -> None:
    segmenter.batch = 3
    queue = PredictionQueue(segmenter)
    first = queue.submit(photo("first"))
    segmenter.wait_until_busy()
    tickets = [
        queue.submit(photo(name, width), size)
        for name, width, size in (("a", 10, 64), ("b", 11, 96), ("c", 12, 64), ("d", 13, 64), ("e", 14, 64))
    ]  # type: ignore[misc]
    segmenter.let_go(9)
    assert [ticket.result().image_size[1] for ticket in tickets] == [10, 11, 12, 13, 14]
    assert first.done
    assert segmenter.batches == [["first"], ["a", "c", "d"], ["b"], ["e"]]


def test_the_same_photo_is_predicted_once(segmenter: HeldSegmenter) -> None:
    queue = PredictionQueue(segmenter)
    running = queue.submit(photo("a"))
    segmenter.wait_until_busy()
    waiting = [queue.submit(photo("b")) for _ in range(3)]
    joined, other_size = queue.submit(photo("a")), queue.submit(photo("a"), 64)
    assert [ticket.place for ticket in waiting] == [1, 1, 1]
    segmenter.let_go(3)
    assert running.result() is joined.result()
    assert waiting[0].result() is waiting[2].result()
    assert other_size.result() is not joined.result()
    assert segmenter.batches == [["a"], ["b"], ["a"]]


def test_who_withdraws_leaves_the_line_at_once(segmenter: HeldSegmenter) -> None:
    queue = PredictionQueue(segmenter)
    first, second, third = (queue.submit(photo(name)) for name in "abc")
    segmenter.wait_until_busy()
    second.withdraw()
    second.withdraw()
    assert third.place == 1
    with pytest.raises(CancelledError):
        second.result()
    segmenter.let_go(2)
    assert first.result() is not third.result()
    assert segmenter.batches == [["a"], ["c"]]


def test_what_nobody_wants_any_more_is_given_up_in_its_midst(segmenter: HeldSegmenter) -> None:
    queue = PredictionQueue(segmenter)
    one, other = queue.submit(photo("a")), queue.submit(photo("a"))
    next_one = queue.submit(photo("b"))
    segmenter.wait_until_busy()
    one.withdraw()
    assert segmenter.given_up == []
    assert next_one.place == 1
    other.withdraw()
    segmenter.wait_until_given_up()
    segmenter.wait_until_busy()
    segmenter.let_go()
    assert next_one.result() is not None
    assert segmenter.given_up == [["a"]]


def test_a_batch_goes_on_while_one_of_it_is_wanted(segmenter: HeldSegmenter) -> None:
    segmenter.batch = 2
    queue = PredictionQueue(segmenter, PredictionCache(2**20))
    first = queue.submit(photo("first"))
    segmenter.wait_until_busy()
    unwanted, wanted = queue.submit(photo("a")), queue.submit(photo("b"))
    segmenter.let_go()
    segmenter.wait_until_busy()
    unwanted.withdraw()
    segmenter.let_go()
    assert wanted.result() is not None
    assert first.done
    assert segmenter.given_up == []
    assert queue.submit(photo("a")).done  # it was there anyway, and is remembered


def test_what_is_given_up_is_not_joined(segmenter: HeldSegmenter) -> None:
    class Deaf(HeldSegmenter):
        """Hears that it is to stop, and tells the test before it does."""

        stopping = threading.Event()
        may_stop = threading.Event()

        def predict_many(self, photos: Sequence[Photo], **options: Any) -> list[Prediction]:
            try:
                return super().predict_many(photos, **options)
            except CancelledError:
                self.stopping.set()
                assert self.may_stop.wait(PATIENCE)
                raise

    deaf = Deaf()
    queue = PredictionQueue(deaf)
    queue.submit(photo("a")).withdraw()
    early = queue.submit(photo("a"))
    deaf.wait_until_busy()
    early.withdraw()
    assert deaf.stopping.wait(PATIENCE)
    late = queue.submit(photo("a"))
    assert late.place == 1
    deaf.may_stop.set()
    deaf.let_go()
    assert late.result() is not None


def test_a_full_line_takes_nobody_else_in(segmenter: HeldSegmenter, refusal: Callable[..., str]) -> None:
    queue = PredictionQueue(segmenter, max_waiting=2)
    first = queue.submit(photo("a"))
    segmenter.wait_until_busy()
    second, third = queue.submit(photo("b")), queue.submit(photo("c"))
    assert "Too many pictures are waiting" in refusal(queue.submit, photo("d"))
    assert queue.submit(photo("c")).place == 2  # needs no room
    second.withdraw()
    queue.submit(photo("d"))
    segmenter.let_go(3)
    assert first.result() is not third.result()


def test_who_finds_the_line_full_is_told_when_to_come_again(
    segmenter: HeldSegmenter, refusal: Callable[..., str]
) -> None:
    clock = Clock()
    queue = PredictionQueue(segmenter, max_waiting=2, clock=clock)
    before = queue.submit(photo("a"))
    segmenter.wait_until_busy()
    clock.now += 7
    segmenter.let_go(1)
    assert before.result() is not None
    queue.submit(photo("b"))
    segmenter.wait_until_busy()
    queue.submit(photo("c")), queue.submit(photo("d"))
    assert "try again in about 21 s." in refusal(queue.submit, photo("e"))
    segmenter.let_go(3)


def test_waiting_has_an_end(segmenter: HeldSegmenter) -> None:
    clock = Clock()
    queue = PredictionQueue(segmenter, max_waiting=1, patience=10, clock=clock)
    first = queue.submit(photo("a"))
    segmenter.wait_until_busy()
    late = queue.submit(photo("b"))
    clock.now += 9
    assert not late.done
    clock.now += 2
    assert "kept the model busy for too long" in error_of(late)
    assert not first.done  # who is in the network stays there
    after = queue.submit(photo("c"))  # and there is room again
    segmenter.let_go(2)
    assert first.result() is not after.result()
    assert segmenter.batches == [["a"], ["c"]]


def test_how_long_it_takes_is_known_from_the_last_time(segmenter: HeldSegmenter) -> None:
    clock = Clock()
    queue = PredictionQueue(segmenter, clock=clock)
    first = queue.submit(photo("a"))
    segmenter.wait_until_busy()
    assert first.expected_seconds is None
    clock.now += 4
    waiting = queue.submit(photo("b"))
    assert (first.seconds, waiting.seconds) == (4, 0)
    segmenter.let_go()
    first.result()
    segmenter.wait_until_busy()
    clock.now += 1
    other_size = queue.submit(photo("b"), 64)
    assert (waiting.seconds, waiting.expected_seconds, other_size.expected_seconds) == (1, 4, None)
    segmenter.let_go(2)
    other_size.result()


@pytest.mark.parametrize("error", [ModelError("no"), ZeroDivisionError("bug"), SystemExit(), MemoryError()])
def test_the_line_outlives_every_error(error: BaseException) -> None:
    segmenter = FakeSegmenter(error=error)
    queue = PredictionQueue(segmenter)
    tickets = [queue.submit(photo("a")), queue.submit(photo("b"))]
    for ticket in tickets:
        with pytest.raises(type(error)):
            ticket.result()
    segmenter.error = None
    assert queue.submit(photo("a")).result() is not None


def test_one_photo_does_not_fail_those_who_came_along(segmenter: HeldSegmenter) -> None:
    segmenter.batch = 3
    segmenter.sick = {"b"}
    queue = PredictionQueue(segmenter)
    first = queue.submit(photo("first"))
    segmenter.wait_until_busy()
    one, sick, other = (queue.submit(photo(name)) for name in "abc")
    segmenter.let_go(9)
    assert one.result() is not other.result()
    assert error_of(sick) == "b is too large."
    assert first.done
    assert segmenter.batches == [["first"], ["a", "b", "c"], ["a"], ["b"], ["c"]]


def test_where_memory_was_short_it_is_tried_again_once_there_is_room() -> None:
    segmenter = FakeSegmenter(error=MemoryShortError("too large"))
    idle = ["another model"]

    def make_room() -> bool:
        if not idle:
            return False
        idle.pop()
        segmenter.error = None
        return True

    queue = PredictionQueue(segmenter, make_room=make_room)
    assert queue.submit(photo("a")).result() is not None
    assert segmenter.calls == 2
    segmenter.error = MemoryShortError("too large")
    assert error_of(queue.submit(photo("b"))) == "too large"
    assert segmenter.calls == 3


def test_what_is_remembered_needs_no_network() -> None:
    memory = PredictionCache(2**20)
    one, other = FakeSegmenter(), FakeSegmenter()
    one.revision = "abc"
    predicted = PredictionQueue(one, memory).submit(photo("a")).result()
    again = PredictionQueue(one, memory).submit(photo("a"))
    assert again.done
    assert again.result() is predicted
    for queue in (
        PredictionQueue(one, memory, model="/models/demo"),
        PredictionQueue(other, memory),  # another revision
    ):
        assert queue.submit(photo("a")).result() is not predicted
    assert PredictionQueue(one, memory).submit(photo("a"), 64).result() is not predicted
    assert (one.calls, other.calls) == (3, 1)


def test_no_thread_stays_when_nobody_waits() -> None:
    queue = PredictionQueue(FakeSegmenter("fleeting"))
    for name in "abc":
        queue.submit(photo(name)).result()
    for thread in threading.enumerate():
        if thread.name == "predict fleeting":
            assert thread.daemon
            thread.join(PATIENCE)
            assert not thread.is_alive()


def test_many_threads_get_each_their_own(segmenter: HeldSegmenter) -> None:
    segmenter.batch = 4
    segmenter.let_go(100)
    queue = PredictionQueue(segmenter)
    start = threading.Barrier(20)
    got: dict[int, tuple[int, int]] = {}

    def ask(number: int) -> None:
        start.wait(PATIENCE)
        name = "abcde"[number % 5]
        got[number] = queue.submit(photo(name, 10 + number % 5)).result().image_size

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert got == {number: (24, 10 + number % 5) for number in range(20)}
    assert max(len(batch) for batch in segmenter.batches) <= 4
