"""What happens, told to whoever listens: the log and the figures of a server.

An event has a name and facts that are safe to keep: ids of our own making, digests, sizes, seconds, outcomes.
Never a picture's name or content, a label, a token or the text of somebody else's error.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

Fact = str | int | float | bool | None
Listener = Callable[[str, dict[str, Fact]], None]

_listeners: list[Listener] = []
_MOST_CAUSES = 4


class Facts(Protocol):
    """Takes facts that turn up on the way."""

    def __call__(self, **facts: Fact) -> None: ...


def listen(listener: Listener) -> None:
    """Have `listener(name, facts)` called at every event, in the thread in which it happens."""
    if listener not in _listeners:
        _listeners.append(listener)


def ignore(listener: Listener) -> None:
    """Call it no more."""
    if listener in _listeners:
        _listeners.remove(listener)


def note(event: str, **facts: Fact) -> None:
    """Say that something happened; a fact of None is left out."""
    told = {name: fact for name, fact in facts.items() if fact is not None}
    for listener in tuple(_listeners):
        listener(event, dict(told))


@contextmanager
def noted(event: str, **facts: Fact) -> Iterator[Facts]:
    """Note an event when the block ends, with its seconds and how it went; the block may add facts.

    The outcome is "ok", or the kind of error that went through; who says another one is believed.
    """
    told: dict[str, Fact] = {"outcome": "ok", **facts}

    def add(**more: Fact) -> None:
        told.update(more)

    start = time.monotonic()
    try:
        yield add
    except BaseException as error:
        told["outcome"] = type(error).__name__
        if isinstance(error, Exception):
            told["cause"] = cause(error)
        raise
    finally:
        note(event, **{**told, "seconds": round(time.monotonic() - start, 4)})


def cause(error: BaseException) -> str:
    """Kinds of an error and of what brought it about, and where: the line is found, no visitor's word kept.

    >>> try:
    ...     open("/nobody's/name")
    ... except OSError as error:
    ...     cause(error).partition(" at ")[0]
    'FileNotFoundError (No such file or directory)'
    """
    told: list[str] = []
    current: BaseException | None = error
    while current is not None and len(told) < _MOST_CAUSES:
        told.append(_one_cause(current))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return " < ".join(told)


def _one_cause(error: BaseException) -> str:
    kind = type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        kind += f" ({error.strerror})"  # the system's own words; the rest of its text has a path
    places = traceback.extract_tb(error.__traceback__)
    if not places:
        return kind
    last = places[-1]
    return f"{kind} at {_short(last.filename)}:{last.lineno}"


def _short(file: str) -> str:
    """A file's path below where Python looks for modules."""
    folders = sorted((folder for folder in sys.path if folder), key=len, reverse=True)
    for folder in folders:
        try:
            return Path(file).relative_to(folder).as_posix()
        except ValueError:
            continue
    return Path(file).name
