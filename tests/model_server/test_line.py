"""The line in front of a model's replicas."""

import asyncio

import pytest

from panoseg.model_server.answers import Asked, Refusal
from panoseg.model_server.line import FullError, Line
from tests.event_loop import run


class Model:
    """Answers when it is let; a picture's answer is its bytes."""

    def __init__(self):
        self.begun, self.cancelled = [], []
        self.doors = {}
        self.error = None

    async def predict(self, asked, picture):
        self.begun.append(picture)
        door = self.doors.setdefault(picture, asyncio.Event())
        try:
            await door.wait()
        except asyncio.CancelledError:
            self.cancelled.append(picture)
            raise
        if self.error:
            raise self.error
        return picture

    def let(self, picture):
        self.doors.setdefault(picture, asyncio.Event()).set()


def line_of(model, *, passes=1, ahead=0, most_waiting=2, **options):
    return Line(model.predict, passes=passes, ahead=ahead, most_waiting=most_waiting, **options)


def join(line, picture, size="shipped"):
    return line.join(Asked(picture.hex(), size, "full"), picture)


async def settle():
    for _ in range(5):
        await asyncio.sleep(0)


def test_first_come_first_served_and_everybody_knows_the_place():
    async def scene():
        model = Model()
        line = line_of(model)
        places = [join(line, picture) for picture in (b"a", b"b", b"c")]
        await settle()
        assert (model.begun, [place.number for place in places]) == ([b"a"], [0, 1, 2])
        model.let(b"a")
        assert await places[0].answer == b"a"
        await settle()
        assert (model.begun, [place.number for place in places]) == ([b"a", b"b"], [0, 0, 1])
        assert places[2].expected_seconds is not None

    run(scene())


def test_what_is_made_ready_meanwhile_still_counts_as_waiting():
    async def scene():
        model = Model()
        line = line_of(model, passes=1, ahead=1)
        places = [join(line, picture) for picture in (b"a", b"b", b"c")]
        await settle()
        assert (model.begun, [place.number for place in places]) == ([b"a", b"b"], [0, 1, 2])

    run(scene())


def test_who_asks_for_the_same_shares_it_until_the_last_one_leaves():
    async def scene():
        model = Model()
        line = line_of(model)
        one, other, larger = join(line, b"a"), join(line, b"a"), join(line, b"a", 800)
        await settle()
        assert model.begun == [b"a"]
        one.withdraw()
        await settle()
        assert not model.cancelled
        model.let(b"a")
        assert await other.answer == b"a" and await larger.answer == b"a"
        assert model.begun == [b"a", b"a"]
        assert one.answer.cancelled()

    run(scene())


def test_a_withdrawn_place_is_free_at_once():
    async def scene():
        model = Model()
        line = line_of(model, most_waiting=1)
        first, second = join(line, b"a"), join(line, b"b")
        await settle()
        with pytest.raises(FullError):
            join(line, b"c")
        second.withdraw()
        third = join(line, b"c")
        first.withdraw()
        await settle()
        assert model.cancelled == [b"a"]
        assert model.begun == [b"a", b"c"]
        assert third.number == 0

    run(scene())


def test_a_full_line_says_when_there_may_be_room():
    async def scene():
        now = 0.0
        model = Model()
        line = line_of(model, most_waiting=1, clock=lambda: now)
        first = join(line, b"a")
        await settle()
        now = 7.5
        model.let(b"a")
        await first.answer
        join(line, b"b"), join(line, b"c")
        await settle()
        with pytest.raises(FullError, match="try again in 8 s") as caught:
            join(line, b"d")
        assert caught.value.seconds == 8

    run(scene())


def test_who_waits_for_too_long_is_told_so():
    async def scene():
        now = 0.0
        model = Model()
        line = line_of(model, patience=60, clock=lambda: now)
        join(line, b"a")
        late = join(line, b"b")
        await settle()
        now = 61.0
        join(line, b"c")
        answer = await late.answer
        assert isinstance(answer, Refusal) and answer.status == 503
        assert model.begun == [b"a"]

    run(scene())


def test_a_model_that_fails_takes_nobody_else_with_it():
    async def scene():
        model = Model()
        line = line_of(model)
        first, second = join(line, b"a"), join(line, b"b")
        model.error = RuntimeError("secret")
        model.let(b"a")
        answer = await first.answer
        assert isinstance(answer, Refusal) and answer.status == 500 and "secret" not in answer.sentence
        model.error = None
        model.let(b"b")
        assert await second.answer == b"b"
        assert not line.busy

    run(scene())
