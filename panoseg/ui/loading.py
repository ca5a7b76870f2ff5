"""Models on their way into memory: one load per name and process, watched by every session."""

import gc
import logging
import os
import threading
from collections.abc import Callable
from functools import partial

import streamlit as st

from panoseg.errors import MemoryShortError, PanosegError
from panoseg.models import Segmenter, machine
from panoseg.models.memory import PredictionMemory
from panoseg.models.queue import PredictionQueue
from panoseg.models.shelf import Shelf
from panoseg.ui import things

POLL_SECONDS = 0.1
"""How often a page that waits says so; what it waits for is noticed at once."""

_MOST_CACHED = 2**30
_log = logging.getLogger(__name__)


class Loading:
    """A model that loads in a thread of its own, so that the page can say how far it is."""

    def __init__(self, name: str, memory: PredictionMemory, shelf: Shelf["Loading"]) -> None:
        self.name = name
        self.text = "Starting…"
        self.error: PanosegError | None = None
        self.queue: PredictionQueue | None = None
        self._memory = memory
        self._shelf = shelf
        self._thread = threading.Thread(target=self._load, name=f"load {name}", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether it is still loading, or predicts."""
        return self._thread.is_alive() or (self.queue is not None and self.queue.busy)

    def wait(self, report: Callable[[str], object]) -> PredictionQueue:
        """The line in front of the model once it is there; meanwhile `report` hears what is being done.

        Raises:
            PanosegError: it could not be loaded. It is loaded anew when somebody asks again.
        """
        while self._thread.is_alive():
            report(self.text)  # at each turn: Streamlit ends a run that is out of date in its own calls
            self._thread.join(POLL_SECONDS)
        if self.queue is None:
            models().forget(self.name, self)
            raise self.error or PanosegError("The model could not be loaded.")
        return self.queue

    def _load(self) -> None:
        try:
            segmenter = self._load_segmenter()
            self.queue = PredictionQueue(
                segmenter, self._memory, model=self.name, make_room=self._shelf.drop_idle
            )
        except PanosegError as error:
            self.error = error
        except Exception as error:
            self.error = PanosegError(f"The model “{self.name}” could not be loaded.")
            self.error.__cause__ = error
        # The libraries and weights stay for long: no later collection needs to look at them.
        gc.collect()
        gc.freeze()

    def _load_segmenter(self) -> Segmenter:
        load = partial(things.load, self.name, progress=self._say, make_room=self._shelf.make_room)
        try:
            return load()
        except MemoryShortError:
            if not self._shelf.drop_idle():
                raise
            return load()

    def _say(self, text: str) -> None:
        self.text = text


@st.cache_resource(show_spinner=False)
def models() -> Shelf[Loading]:
    """The models of this process, and what they predicted."""
    memory = PredictionMemory(cache_bytes())
    shelf: Shelf[Loading] = Shelf(lambda name: Loading(name, memory, shelf))
    return shelf


def cache_bytes() -> int:
    """What the operator gives to predictions: PANOSEG_CACHE_MB, or an eighth of the memory, at most 1 GiB."""
    given = os.environ.get("PANOSEG_CACHE_MB", "").strip()
    if given.isdecimal():
        return int(given) * 2**20
    if given:
        _log.warning("PANOSEG_CACHE_MB: wanted a whole number of megabytes, got %r.", given)
    room = machine.memory()
    return _MOST_CACHED if room is None else min(_MOST_CACHED, room.total // 8)
