"""Models of which nothing tells things from stuff: loaded all the same, until somebody says it.

Such a model is loaded as if all its labels were stuff, which costs one network however many visitors say
different things of it: what is said changes the vocabulary of predictions that are there already.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import panoseg
from panoseg.errors import UnknownThingsError
from panoseg.models import Segmenter, Step
from panoseg.models.remote.address import ServerAddress
from panoseg.models.remote.connection import AwayError

Things = frozenset[int]
"""Class ids of the labels that are countable things."""


SERVER_PATIENCE_SECONDS = 60.0
"""How long a model server may be away when a model is wanted first."""

_PAUSE_SECONDS = 1.0


class UndecidedThings:
    """Which models of this process are undecided, and what was said for everybody since they were loaded.

    Args:
        server: the address of the model server that has them; None loads them here.
    """

    def __init__(self, server: str | None = None) -> None:
        self._server = None if server is None else ServerAddress.read(server)
        self._undecided: dict[str, Things | None] = {}
        self._lock = threading.Lock()

    def load_segmenter(self, name: str, **options: Any) -> Segmenter:
        """`panoseg.load_segmenter`; an undecided model comes with all its labels as stuff."""
        address = name if self._server is None else self._server.of_model(name)
        try:
            segmenter = _load_patiently(address, options)
        except UnknownThingsError:
            segmenter = panoseg.load_segmenter(address, things=(), **options)
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


def _load_patiently(name: str, options: dict[str, Any]) -> Segmenter:
    """`panoseg.load_segmenter`; a server that is not there yet is asked again."""
    end = time.monotonic() + SERVER_PATIENCE_SECONDS
    while True:
        try:
            return panoseg.load_segmenter(name, **options)
        except AwayError:
            if time.monotonic() > end:
                raise
        if (progress := options.get("progress")) is not None:
            progress(Step("The model server does not answer. Trying again"))
        time.sleep(_PAUSE_SECONDS)
