"""What is told of an event, and what never is."""

from pathlib import Path

import pytest

from panoseg import events
from panoseg.errors import PhotoError


@pytest.fixture
def told():
    found = []

    def listener(event, facts):
        found.append((event, facts))

    events.listen(listener)
    yield found
    events.ignore(listener)


def test_an_event_is_told_with_its_seconds_and_outcome(told):
    with events.noted("photo", bytes=3, photo=None) as add:
        add(width=4)
    ((event, facts),) = told
    assert event == "photo"
    assert facts.pop("seconds") >= 0
    assert facts == {"outcome": "ok", "bytes": 3, "width": 4}


def fail():
    try:
        Path("/nowhere/secret holiday.jpg").read_bytes()
    except OSError as error:
        raise ValueError("secret holiday") from error


def fail_in_a_sentence():
    with events.noted("photo"):
        try:
            fail()
        except ValueError as error:
            raise PhotoError("“secret holiday.jpg” is damaged.") from error


def test_what_fails_is_told_with_every_cause_and_nobody_s_words(told):
    with pytest.raises(PhotoError):
        fail_in_a_sentence()
    ((_, facts),) = told
    assert facts["outcome"] == "PhotoError"
    kinds = [part.split(" at ")[0] for part in facts["cause"].split(" < ")]
    assert kinds == ["PhotoError", "ValueError", "FileNotFoundError (No such file or directory)"]
    assert "test_events.py:" in facts["cause"]
    assert "holiday" not in str(facts)


def test_what_ends_a_run_on_purpose_is_no_cause(told):
    class Rerun(BaseException):
        pass

    with pytest.raises(Rerun), events.noted("run"):
        raise Rerun
    ((_, facts),) = told
    assert facts["outcome"] == "Rerun"
    assert "cause" not in facts


def test_a_circle_of_causes_ends():
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert events.cause(first).count(" < ") == 3


def test_who_listens_no_more_hears_nothing():
    found = []
    events.listen(lambda event, facts: found.append(event))
    listener = events._listeners[-1]
    events.listen(listener)
    events.note("one")
    events.ignore(listener)
    events.ignore(listener)
    events.note("two")
    assert found == ["one"]
