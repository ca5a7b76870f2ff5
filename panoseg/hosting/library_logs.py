"""What the libraries below the page log, in the form of panoseg's own lines.

Their messages are kept as the templates that they are, without what was put into them, and their errors as
kinds and places: what a visitor sent may stand in the rest.
"""

from __future__ import annotations

import logging
from typing import Any

from panoseg import events

LIBRARIES = ("streamlit", "uvicorn", "starlette", "asyncio", "websockets")
_MOST_LETTERS = 200


def take_over() -> None:
    """Have the libraries' loggers of now and later tell events in place of lines of their own."""
    handler = _EventHandler()
    for name in (*LIBRARIES, *logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        if name.split(".")[0] in LIBRARIES and logger.handlers:  # without: it is switched off, or propagates
            logger.handlers = [handler]
    # For loggers without any, of whomever: else their lines come in a form of their own, and without a bound.
    logging.lastResort = _EventHandler(logging.WARNING)
    # A line for each request, which Streamlit means to switch off: not all of uvicorn's readers hear that.
    logging.getLogger("uvicorn.access").disabled = True
    logging.setLogRecordFactory(_record)


class _EventHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        events.note("library", **_facts(record))


def _record(*args: Any, **options: Any) -> logging.LogRecord:
    """A record that no handler can make more of than our own does."""
    record = logging.LogRecord(*args, **options)
    if record.name.split(".")[0] in LIBRARIES:
        facts = _facts(record)
        record.msg, record.args, record.exc_info = str(facts["text"]), None, None
        record.cause = facts["cause"]
    return record


def _facts(record: logging.LogRecord) -> dict[str, events.Fact]:
    error = record.exc_info[1] if record.exc_info else None
    text = " ".join(str(record.msg).split())[:_MOST_LETTERS]
    return {
        "name": record.name,
        "level": record.levelname.lower(),
        "text": text,
        "cause": events.cause(error) if error else getattr(record, "cause", None),
    }
