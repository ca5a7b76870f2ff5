"""Models of which nothing tells things from stuff: loaded all the same, until somebody says it.

Such a model is loaded as if all its labels were stuff, which costs one network however many visitors say
different things of it: what is said changes the vocabulary of predictions that are there already.
"""

from __future__ import annotations

import threading
from typing import Any

import panoseg
from panoseg.errors import UnknownThingsError
from panoseg.models import Segmenter

Things = frozenset[int]
"""Class ids of the labels that are countable things."""


class UndecidedThings:
    """Which models of this process are undecided, and what was said for everybody since they were loaded."""

    def __init__(self) -> None:
        self._undecided: dict[str, Things | None] = {}
        self._lock = threading.Lock()

    def load_segmenter(self, name: str, **options: Any) -> Segmenter:
        """`panoseg.load_segmenter`; an undecided model comes with all its labels as stuff."""
        try:
            segmenter = panoseg.load_segmenter(name, **options)
        except UnknownThingsError:
            segmenter = panoseg.load_segmenter(name, things=(), **options)
            with self._lock:
                self._undecided[name] = None
        else:
            with self._lock:
                self._undecided.pop(name, None)
        return segmenter

    def __contains__(self, name: str) -> bool:
        """Whether that model was undecided when it was loaded."""
        return name in self._undecided

    def said(self, name: str) -> Things | None:
        """What was said for everybody of an undecided model, if anything was."""
        return self._undecided.get(name)

    def say(self, name: str, things: Things) -> None:
        """From now on these are its things, for everybody."""
        with self._lock:
            self._undecided[name] = things
