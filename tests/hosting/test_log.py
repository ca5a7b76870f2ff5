"""Lines of the log, and the libraries' that are turned into such."""

import io
import json
import logging

import pytest

from panoseg import events
from panoseg.hosting import library_logs
from panoseg.hosting.log import MOST_OF_A_KIND, Log, line


@pytest.mark.parametrize("text", ["two\nlines", 'a "quote"', "a=b", "", "\x1b[31m", "ä", "\u2028", "a b"])
def test_an_event_is_one_line_whatever_its_facts(text):
    told = line("text", "T", "photo", {"name": text, "seconds": 1.5, "open": True})
    assert told.splitlines() == [told]
    assert told.isascii() and told.isprintable()
    assert told.endswith("seconds=1.5 open=true")
    read = json.loads(line("json", "T", "photo", {"name": text}))
    assert read == {"time": "T", "event": "photo", "name": text}


def test_what_comes_often_is_no_line_unless_it_fails():
    stream = io.StringIO()
    log = Log("json", stream)
    log("run", {"outcome": "ok"})
    log("request", {"status": "2xx"})
    log("photo", {"outcome": "ok"})
    log("run", {"outcome": "KeyError", "cause": "KeyError at a.py:1"})
    assert [json.loads(text)["event"] for text in stream.getvalue().splitlines()] == ["photo", "run"]


def test_a_flood_of_one_kind_is_counted_and_hides_no_other():
    stream, now = io.StringIO(), 0.0
    log = Log("json", stream, lambda: now)
    for _ in range(MOST_OF_A_KIND + 5):
        log("refused", {"reason": "token"})
    log("refused", {"reason": "uploads"})
    lines = [json.loads(text) for text in stream.getvalue().splitlines()]
    assert [each["reason"] for each in lines] == ["token"] * MOST_OF_A_KIND + ["uploads"]
    now = 60.0
    for _ in range(2):
        log("refused", {"reason": "token"})
    last = [json.loads(text) for text in stream.getvalue().splitlines()[-2:]]
    assert [each.get("left_out") for each in last] == [5, None]


def test_a_log_that_cannot_be_written_stops_nothing():
    stream = io.StringIO()
    stream.close()
    Log("text", stream)("photo", {})


@pytest.fixture
def told():
    found = []

    def listener(event, facts):
        found.append((event, facts))

    events.listen(listener)
    yield found
    events.ignore(listener)


@pytest.fixture
def taken_over():
    factory, last = logging.getLogRecordFactory(), logging.lastResort
    kept = {name: list(logging.getLogger(name).handlers) for name in logging.root.manager.loggerDict}
    logger = logging.getLogger("streamlit.of_this_test")
    stream = io.StringIO()
    logger.handlers = [logging.StreamHandler(stream)]
    library_logs.take_over()
    yield stream
    logging.setLogRecordFactory(factory)
    logging.lastResort = last
    for name, handlers in kept.items():
        logging.getLogger(name).handlers = handlers
    logger.handlers = []


def test_libraries_tell_events_without_what_a_visitor_sent(taken_over, told):
    logger = logging.getLogger("streamlit.of_this_test")
    try:
        raise ValueError("the visitor's holiday.jpg")
    except ValueError:
        logger.exception("Could not read %s", "holiday.jpg")
    ((event, facts),) = told
    assert event == "library"
    assert facts["level"] == "error"
    assert facts["text"] == "Could not read %s"
    assert facts["cause"].startswith("ValueError at ")
    assert "holiday" not in str(facts)
    assert taken_over.getvalue() == ""


def test_loggers_that_come_later_say_no_more(taken_over, told):
    stream = io.StringIO()
    logger = logging.getLogger("streamlit.later")
    logger.propagate = False
    logger.handlers = [logging.StreamHandler(stream)]
    try:
        raise ValueError("the visitor's holiday.jpg")
    except ValueError:
        logger.exception("Could not read %s", "holiday.jpg")
    assert stream.getvalue() == "Could not read %s\n"


def test_loggers_that_nobody_set_up_tell_events_too(taken_over, told):
    logger = logging.Logger("of_nobody")
    logger.warning("Could not read %s", "holiday.jpg")
    logger.info("Read %s", "holiday.jpg")
    assert [facts["text"] for _, facts in told] == ["Could not read %s"]


def test_other_loggers_are_left_alone(taken_over):
    stream = io.StringIO()
    logger = logging.getLogger("somebody_elses")
    logger.handlers = [logging.StreamHandler(stream)]
    logger.warning("kept %s", "whole")
    assert stream.getvalue() == "kept whole\n"
