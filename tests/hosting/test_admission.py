"""How many come in, and how often they may send files."""

import asyncio

import pytest

from panoseg.hosting.admission import Admission, Doors, Rate
from tests import event_loop
from tests.hosting.asgi import ask, hello


def test_as_many_visitors_as_there_is_room_for_and_then_a_sentence():
    doors = Doors(2)
    leave = asyncio.Event()

    async def stay(scope, receive, send):
        await send({"type": "websocket.accept"})
        await leave.wait()

    app = Admission(stay, doors=doors, uploads_per_minute=1)

    async def come(told):
        async def receive():
            return {"type": "websocket.connect"}

        async def send(message):
            told.append(message["type"])

        await app({"type": "websocket", "path": "/_stcore/stream", "headers": []}, receive, send)

    async def visits():
        told = [[], [], []]
        guests = [asyncio.create_task(come(each)) for each in told[:2]]
        await asyncio.sleep(0)
        assert doors.inside == 2
        await come(told[2])
        assert told == [["websocket.accept"], ["websocket.accept"], ["websocket.close"]]
        leave.set()
        await asyncio.gather(*guests)
        assert doors.inside == 0
        await come(told[2])
        assert told[2][-1] == "websocket.accept"

    event_loop.run(visits())


@pytest.mark.parametrize(("closing", "inside"), [(True, 0), (False, 3)])
def test_a_browser_is_told_why_it_cannot_come_in(closing, inside):
    doors = Doors(3)
    doors.closing, doors.inside = closing, inside
    app = Admission(hello, doors=doors, uploads_per_minute=1)
    answer = ask(app, accept="text/html")
    assert answer.status == 503
    assert answer.headers["retry-after"] == "60"
    assert b"try again" in answer.body
    assert ask(app, "/static/x.js").status == 200  # those who are inside go on
    assert ask(app, "/healthz", accept="text/html").status == 200
    assert ask(app, kind="websocket").closed == 1008


@pytest.mark.parametrize("base", ["", "/below"])
def test_files_that_come_too_often_are_refused_with_a_time(base):
    now = [100.0]
    app = Admission(hello, doors=Doors(1), uploads_per_minute=2, base=base, clock=lambda: now[0])

    def put(visitor, file="a"):
        return ask(app, f"{base}/_stcore/upload_file/{visitor}/{file}", "PUT")

    assert [put("me", file).status for file in "ab"] == [200, 200]
    now[0] += 20
    refused = put("me", "c")
    assert (refused.status, refused.headers["retry-after"]) == (429, "40")
    assert b"try again in 40 seconds" in refused.body
    assert put("you").status == 200
    assert ask(app, f"{base}/_stcore/upload_file/me/a", "DELETE").status == 200
    now[0] += 40
    assert put("me", "c").status == 200


def test_of_a_name_that_is_no_visitors_little_is_remembered():
    doors = Doors(3)
    app = Admission(hello, doors=doors, uploads_per_minute=1)
    for letter in "ab":
        ask(app, f"/_stcore/upload_file/{letter * 60_000}/x", "PUT")
    assert [len(who) for who in app._uploads._times] == [64, 64]


def test_of_many_visitors_the_last_are_remembered(monkeypatch):
    monkeypatch.setattr("panoseg.hosting.admission._MOST_REMEMBERED", 2)
    rate = Rate(1, clock=lambda: 0.0)
    assert [rate.wait(who) for who in "abc"] == [0, 0, 0]
    assert rate.wait("c") == 60
    assert rate.wait("a") == 0  # forgotten, rather than kept for good
    assert len(rate._times) == 2
