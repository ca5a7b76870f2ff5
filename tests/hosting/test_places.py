"""Who has a place, and who loses it to somebody else."""

import asyncio
from contextlib import suppress
from functools import partial

import pytest

from panoseg.hosting.pieces import PIECE_BYTES, Pieces
from panoseg.hosting.places import GRACE_SECONDS, LEAST_BYTES, SLOW_BYTES, Place, Placed, Places, SlowError
from tests import event_loop
from tests.hosting.asgi import ask, hello


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


async def hold(places, clock, *, seconds, count, ended):
    """Have a place, and have waited for so long and moved so much."""
    with suppress(SlowError):
        async with places.take() as place:
            with place.waiting():
                clock.seconds += seconds
            place.moved(count)
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                ended.append(count)
                raise


@pytest.mark.parametrize(
    ("held", "loser"),
    [
        ([(GRACE_SECONDS, 10), (GRACE_SECONDS, 5)], 5),  # the slowest, of those who wait
        ([(GRACE_SECONDS / 2, 10), (GRACE_SECONDS, 50)], 50),  # the other one is new
        ([(GRACE_SECONDS, GRACE_SECONDS * SLOW_BYTES), (GRACE_SECONDS, 1)], 1),  # the other one is fast
        ([(GRACE_SECONDS, GRACE_SECONDS * SLOW_BYTES), (GRACE_SECONDS / 2, 1)], None),
    ],
)
def test_who_comes_when_all_are_taken_ends_the_slowest(held, loser):
    async def come():
        clock, ended = Clock(), []
        places = Places(len(held), clock)
        holding = []
        for seconds, count in held:
            assert places.has_room()
            holding.append(
                asyncio.create_task(hold(places, clock, seconds=seconds, count=count, ended=ended))
            )
            await asyncio.sleep(0)
        assert places.has_room() == (loser is not None)
        async with places.take() as place:
            assert (place is None) == (loser is None)
            await asyncio.sleep(0.01)
            assert ended == ([] if loser is None else [loser])
        assert places.has_room() == (loser is not None)
        for task in holding:
            task.cancel()

    event_loop.run(come())


def test_while_somebody_waits_it_is_seen_how_long():
    async def come():
        clock = Clock()
        places = Places(1, clock)
        async with places.take() as place:
            with place.waiting():
                assert not places.has_room()
                clock.seconds += GRACE_SECONDS
                assert places.has_room()

    event_loop.run(come())


def test_nobody_is_fast_for_having_been_it_once():
    async def come():
        clock = Clock()
        places = Places(1, clock)
        async with places.take() as place:
            for count in (1000 * SLOW_BYTES, 1):
                assert not places.has_room()
                with place.waiting():
                    clock.seconds += GRACE_SECONDS
                place.moved(count)
            assert places.has_room()

    event_loop.run(come())


def test_who_hardly_sends_anything_has_stalled():
    clock = Clock()
    place = Place(lambda: None, clock)
    for _ in range(120):  # a line of 40 kbit/s
        with place.waiting():
            clock.seconds += 1.0
        place.moved(LEAST_BYTES + 1)
        assert not place.has_stalled
    crumbs = 0
    while not place.has_stalled:
        with place.waiting():
            clock.seconds += 1.0
        place.moved(1)
        crumbs += 1
    assert 60 <= crumbs <= 62


def test_as_many_of_the_slow_are_ended_as_take_the_room():
    async def come():
        clock, ended = Clock(), []
        places = Places(100, clock)
        for name, size in [("first", 30), ("second", 30), ("small", 9), ("slowest", 30), ("nothing", 0)]:
            place = Place(partial(ended.append, name), clock)
            with place.waiting():
                clock.seconds += GRACE_SECONDS
            place.moved({"slowest": 1, "first": 2}.get(name, 3))
            places._taken.append(place)
            assert places.grow(place, size)
        async with places.take(0) as place:
            assert place is not None
            assert not places.grow(place, 100, besides=1)
            assert ended == []
            assert places.grow(place, 50, besides=10)
            assert place.size == 50
            assert ended == ["slowest", "first"]
            assert places.grow(place, 0, besides=20)
            assert ended == ["slowest", "first", "second"]

    event_loop.run(come())


def test_who_leaves_a_place_stands_behind_those_in_line():
    async def come():
        places, order = Places(1), []

        async def take(name, patience):
            async with places.take(patience=patience) as place:
                order.append(name if place else None)

        async with places.take():
            waiting = asyncio.create_task(take("first in line", 60))
            await asyncio.sleep(0)
        assert not places.has_room()
        await take("came again at once", 0)
        again = asyncio.create_task(take("came again", 60))
        await asyncio.gather(waiting, again)
        assert order == [None, "first in line", "came again"]

    event_loop.run(come())


def test_who_was_ended_takes_nothing_more():
    async def come():
        places = Places(10)
        place = Place(lambda: None, Clock())
        places._taken.append(place)
        assert places.grow(place, 10)
        places.end(place)
        assert places.grow(place, 10)
        assert place.size == 0
        assert places.has_room()

    event_loop.run(come())


def test_an_error_of_the_blocks_own_is_no_slowness():
    async def come():
        async with Places(1).take():
            raise TimeoutError

    with pytest.raises(TimeoutError):
        event_loop.run(come())


def test_an_answer_without_a_place_is_another_one():
    async def full(scope, receive, send):
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b"full"})

    assert ask(Placed(hello, Places(1), full)).body == b"hello"
    assert ask(Placed(hello, Places(0), full)).status == 503


@pytest.mark.parametrize("length", [0, 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
@pytest.mark.parametrize("last", [True, False])
def test_a_long_body_is_sent_in_pieces(length, last):
    body = bytes(range(256)) * (length // 256) + b"a" * (length % 256)
    sent = []

    async def answer(scope, receive, send):
        await send({"type": "http.response.body", "body": body, "more_body": not last})

    async def send(message):
        sent.append((message["body"], message.get("more_body", False)))

    event_loop.run(Pieces(answer)({"type": "http"}, None, send))
    assert b"".join(piece for piece, _ in sent) == body
    assert max(len(piece) for piece, _ in sent) <= PIECE_BYTES
    assert [more for _, more in sent] == [True] * (len(sent) - 1) + [not last]
