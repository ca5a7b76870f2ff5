"""What a visitor leaves behind when the browser has gone."""

import asyncio
import gc
import inspect

import pytest
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.state import SessionState
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from panoseg.page import departures as departures_module
from panoseg.page import streamlit_sessions
from panoseg.page.departures import FREE_SECONDS, MOST_GONE, STAY_SECONDS, Departures
from panoseg.page.session import Latest
from tests import event_loop


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class Sessions:
    """Streamlit's, as far as they are asked for."""

    def __init__(self, *active):
        self.active = set(active)
        self.closed = []

    def is_active_session(self, session_id):
        return session_id in self.active

    def close_session(self, session_id):
        self.closed.append(session_id)


class Visitor:
    left = 0

    def leave(self):
        self.left += 1


@pytest.fixture
def clock():
    return Clock()


def test_who_leaves_is_told_so_once_and_forgotten_later(clock):
    departures, sessions, visitor = Departures(clock, Sessions.close_session), Sessions("a"), Visitor()
    departures.watch("a", visitor)
    assert not departures.look(sessions)
    assert visitor.left == 0
    sessions.active.clear()
    departures.look(sessions)
    clock.now = STAY_SECONDS - 1
    assert not departures.look(sessions)
    assert (visitor.left, sessions.closed) == (1, [])
    clock.now = STAY_SECONDS
    assert departures.look(sessions)
    assert not departures.look(sessions)
    assert (visitor.left, sessions.closed) == (1, ["a"])


def test_who_comes_back_in_time_stays(clock):
    departures, sessions, visitor = Departures(clock, Sessions.close_session), Sessions(), Visitor()
    departures.watch("a", visitor)
    departures.look(sessions)
    clock.now = STAY_SECONDS - 1
    sessions.active.add("a")
    departures.look(sessions)
    sessions.active.clear()
    clock.now = STAY_SECONDS + 1
    departures.look(sessions)
    assert (visitor.left, sessions.closed) == (2, [])


def test_a_session_that_never_ran_the_page_is_forgotten_too(clock):
    departures, sessions = Departures(clock, Sessions.close_session), Sessions()
    departures.watch("a")
    departures.look(sessions)
    clock.now = STAY_SECONDS
    departures.look(sessions)
    assert sessions.closed == ["a"]


def test_forty_who_leave_one_after_another_hold_nobody_up_forty_times(clock, monkeypatch):
    monkeypatch.setattr(departures_module, "_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(departures_module.runtime, "get_instance", lambda: None)
    freed, emptied = [], []
    departures = Departures(clock, free=lambda: freed.append(clock.now))
    departures.watch("who comes late and goes last")

    def look(sessions):
        clock.now += 1
        if clock.now > 35:
            departures._visits.clear()
        if clock.now > 45:
            raise asyncio.CancelledError
        return clock.now <= 40

    departures.look = look
    with pytest.raises(asyncio.CancelledError):
        event_loop.run(departures.keep_looking(lambda: emptied.append(clock.now)))
    assert emptied == freed[-1:]  # while somebody is there, what is kept for all is kept
    assert freed == [1 + FREE_SECONDS * number for number in range(5)]  # the last one's memory, too


def test_few_of_those_who_left_are_kept(clock):
    departures, sessions = Departures(clock, Sessions.close_session), Sessions()
    for number in range(MOST_GONE + 3):
        clock.now = number / 100
        departures.watch(f"{number:02}")
        departures.look(sessions)
    assert sessions.closed == ["00", "01", "02"]


def test_nobody_is_kept_for_being_watched(clock):
    departures, visitor = Departures(clock, Sessions.close_session), Visitor()
    departures.watch("a", visitor)
    del visitor
    gc.collect()
    departures.look(Sessions())


def test_what_can_be_computed_again_leaves_with_the_visitor(models, page):
    session = page.session
    kept = [value for value in vars(session).values() if isinstance(value, Latest)]
    assert any(each._results for each in kept)
    assert session.requests._wanted
    session.leave()
    assert not any(each._results for each in kept)
    assert not session.requests._wanted
    page.run()
    assert page.shows_its_segments


def test_a_session_that_is_closed_holds_nothing():
    """Streamlit's own objects, as its runtime makes and keeps them."""
    session = AppSession.__new__(AppSession)
    session._state = AppSessionState.SHUTDOWN_REQUESTED
    session._fragment_storage, session._session_state = MemoryFragmentStorage(), SessionState()
    session._session_state["panoseg"] = "a picture"
    streamlit_sessions._empty(session)
    assert "panoseg" not in session._session_state
    asked = inspect.signature(WebsocketSessionManager.get_session_info)
    assert [*asked.parameters] == ["self", "session_id"]
    assert "self._session_mgr" in inspect.getsource(Runtime.__init__)
