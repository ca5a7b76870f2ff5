"""Events as lines of the log, one each: for people, or as JSON for programs."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

from panoseg import events
from panoseg.setting_values import LogForm

COUNTED_ONLY = frozenset({"request", "run", "picture", "files", "network"})
"""Events that are too many to be lines as long as all is well."""

MOST_OF_A_KIND = 600
"""Lines of one kind within a minute; what comes beyond is counted in the next one."""

_KIND = ("outcome", "reason", "name", "text", "where", "cause")
"""What tells kinds of an event apart: words of the page's own and of libraries, and places in code."""

_MOST_KINDS = 1000
_MINUTE = 60.0


class Log:
    """Writes a line for each event; what anybody can have happen a hundred times a second fills no disk.

    Args:
        form: "text" or "json".
        stream: where to; the error stream by default.
        clock: seconds that never run backwards.
    """

    def __init__(
        self, form: LogForm, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._form = form
        self._stream = stream
        self._lock = threading.Lock()
        self._kinds: dict[tuple[object, ...], _Kind] = {}
        self._clock = clock

    def __call__(self, event: str, facts: Mapping[str, events.Fact]) -> None:
        """As of `events.listen`."""
        if event in COUNTED_ONLY and "cause" not in facts:
            return
        with self._lock:
            left_out = self._left_out(event, facts)
        if left_out is None:
            return
        if left_out:
            facts = {**facts, "left_out": left_out}
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        text = line(self._form, now, event, facts)
        stream = self._stream or sys.stderr
        with self._lock:
            try:
                stream.write(f"{text}\n")
                stream.flush()
            except (OSError, ValueError):
                pass  # a log that cannot be written takes nothing else down

    def _left_out(self, event: str, facts: Mapping[str, events.Fact]) -> int | None:
        """How many of its kind were left out before this one; None where this one is."""
        name = (event, *(facts.get(each) for each in _KIND))
        if name not in self._kinds and len(self._kinds) >= _MOST_KINDS:
            del self._kinds[next(iter(self._kinds))]
        kind = self._kinds.setdefault(name, _Kind(self._clock()))
        if self._clock() - kind.began >= _MINUTE:
            kind.began, kind.lines = self._clock(), 0
        if kind.lines >= MOST_OF_A_KIND:
            kind.left_out += 1
            return None
        kind.lines += 1
        left_out, kind.left_out = kind.left_out, 0
        return left_out


@dataclass(slots=True)
class _Kind:
    """Lines of one kind since a time, and how many were left out since the last."""

    began: float
    lines: int = 0
    left_out: int = 0


def line(form: LogForm, when: str, event: str, facts: Mapping[str, events.Fact]) -> str:
    """One line without line ends inside.

    >>> print(line("text", "2026-01-01T00:00:00Z", "photo", {"megapixels": 2.1, "outcome": "ok"}))
    2026-01-01T00:00:00Z panoseg photo megapixels=2.1 outcome=ok
    >>> print(line("json", "2026-01-01T00:00:00Z", "photo", {"outcome": "ok"}))
    {"time": "2026-01-01T00:00:00Z", "event": "photo", "outcome": "ok"}
    """
    if form == "json":
        return json.dumps({"time": when, "event": event, **facts})
    told = [f"{name}={_word(fact)}" for name, fact in facts.items()]
    return " ".join([when, "panoseg", event, *told])


def _word(fact: events.Fact) -> str:
    text = str(fact).lower() if isinstance(fact, bool) else str(fact)
    return (
        text
        if text.isprintable() and text.isascii() and text and not set(' "=') & set(text)
        else json.dumps(text)
    )
