"""Events as lines of the log, one each: for people, or as JSON for programs."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TextIO

from panoseg import events
from panoseg.setting_values import LogForm

COUNTED_ONLY = frozenset({"request", "run", "picture", "files", "network"})
"""Events that are too many to be lines as long as all is well."""


class Log:
    """Writes a line for each event.

    Args:
        form: "text" or "json".
        stream: where to; the error stream by default.
    """

    def __init__(self, form: LogForm, stream: TextIO | None = None) -> None:
        self._form = form
        self._stream = stream
        self._lock = threading.Lock()

    def __call__(self, event: str, facts: Mapping[str, events.Fact]) -> None:
        """As of `events.listen`."""
        if event in COUNTED_ONLY and "cause" not in facts:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        text = line(self._form, now, event, facts)
        stream = self._stream or sys.stderr
        with self._lock:
            try:
                stream.write(f"{text}\n")
                stream.flush()
            except (OSError, ValueError):
                pass  # a log that cannot be written takes nothing else down


def line(form: LogForm, time: str, event: str, facts: Mapping[str, events.Fact]) -> str:
    """One line without line ends inside.

    >>> print(line("text", "2026-01-01T00:00:00Z", "photo", {"megapixels": 2.1, "outcome": "ok"}))
    2026-01-01T00:00:00Z panoseg photo megapixels=2.1 outcome=ok
    >>> print(line("json", "2026-01-01T00:00:00Z", "photo", {"outcome": "ok"}))
    {"time": "2026-01-01T00:00:00Z", "event": "photo", "outcome": "ok"}
    """
    if form == "json":
        return json.dumps({"time": time, "event": event, **facts})
    told = [f"{name}={_word(fact)}" for name, fact in facts.items()]
    return " ".join([time, "panoseg", event, *told])


def _word(fact: events.Fact) -> str:
    text = str(fact).lower() if isinstance(fact, bool) else str(fact)
    return (
        text
        if text.isprintable() and text.isascii() and text and not set(' "=') & set(text)
        else json.dumps(text)
    )
