"""Models on their way into memory: one load per name and process, watched by every session."""

import logging
import os
import sys
import threading
import time
from collections.abc import Hashable
from functools import partial
from typing import Protocol

import streamlit as st

from panoseg.errors import CancelledError, MemoryShortError, PanosegError
from panoseg.models import Segmenter, Step
from panoseg.models.downloads.hub import Snapshot, is_hub_id
from panoseg.page import things_question
from panoseg.serving import host_memory
from panoseg.serving.garbage_collection import freeze
from panoseg.serving.model_pool import ModelPool
from panoseg.serving.prediction_cache import PredictionCache
from panoseg.serving.prediction_queue import PredictionQueue

POLL_SECONDS = 0.1
"""How often a page that waits says so; what it waits for is noticed at once."""

HEAD_START_SECONDS = 0.7
"""What the page's own files get at the first visit: importing torch would hold them back."""

_PRESENCE_SECONDS = 30.0
"""A visitor whose page was not heard of for so long waits for nothing any more."""

_MOST_CACHED = 2**30
_log = logging.getLogger(__name__)


class Report(Protocol):
    """Told what is being done, in a sentence, and how much of it is done, 0–1, where that is known."""

    def __call__(self, text: str, share: float | None = None) -> object: ...


class Loading:
    """A model that loads in a thread of its own, so that the page can say how far it is.

    A download begins when somebody agreed to it, and ends early when nobody who waited for it is left.

    Attributes:
        name: of the model.
        step: what is being done.
        question: the download that somebody should agree to, where there is one.
        queue: the line in front of the model, once it is there.
        error: why it could not be loaded.
    """

    def __init__(self, name: str, memory: PredictionCache, shelf: ModelPool["Loading"]) -> None:
        self.name = name
        self.step = Step("Starting")
        self.question: Snapshot | None = None
        self.queue: PredictionQueue | None = None
        self.error: PanosegError | None = None
        self._memory = memory
        self._shelf = shelf
        self._agreed = False
        self._left = self._stopped = False
        self._seen: dict[Hashable, float] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._start()

    @property
    def over(self) -> bool:
        """Whether it has ended, one way or the other."""
        return self._ended.is_set()

    @property
    def busy(self) -> bool:
        """Whether it is still loading, or predicts."""
        return not self.over or (self.queue is not None and self.queue.busy)

    def wait(self, report: Report) -> PredictionQueue:
        """The line in front of the model once it is there; meanwhile `report` hears what is being done.

        Raises:
            PanosegError: it could not be loaded. It is loaded anew when somebody asks again.
        """
        while not self.over:
            # At each turn: Streamlit ends a run that is out of date in its own calls.
            report(str(self.step), self.step.fraction)
            self._ended.wait(POLL_SECONDS)
        if self.queue is None:
            raise self.error or PanosegError("The model could not be loaded.")
        return self.queue

    def agree(self) -> None:
        """Answer the question with yes, for everyone."""
        with self._lock:
            if self.question is None:
                return
            self.question = None
            self._agreed = True
        self.step = Step("Starting")
        self._start()

    def watch(self, visitor: Hashable) -> None:
        """That visitor waits for it, as of now."""
        with self._lock:
            self._seen[visitor] = time.monotonic()

    def leave(self, visitor: Hashable) -> None:
        """That visitor does not want it any more; a download that nobody else waits for ends."""
        with self._lock:
            self._seen.pop(visitor, None)
            self._left = True
        if self._unwanted():
            self._stopped = True
            self._shelf.forget(self.name, self)  # whoever wants it again is asked again

    def join(self) -> None:
        """Wait until it is over or has a question."""
        self._thread.join()

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._load, name=f"load {self.name}", daemon=True)
        self._thread.start()

    def _load(self) -> None:
        if "torch" not in sys.modules:
            time.sleep(HEAD_START_SECONDS)
        asked: list[Snapshot] = []

        def ask(snapshot: Snapshot) -> bool:
            if not self._agreed:
                asked.append(snapshot)
            return self._agreed

        load = partial(
            things_question.load,
            self.name,
            engine=os.environ.get("PANOSEG_ENGINE") or "auto",
            progress=self._hear,
            ask=ask,
            make_room=self._shelf.make_room,
        )
        try:
            self._succeed(self._with_room(load))
        except PanosegError as error:
            if asked:
                self.question = asked[0]
            else:
                self._fail(error)
        except Exception as error:
            unknown = PanosegError(f"The model “{self.name}” could not be loaded.")
            unknown.__cause__ = error
            self._fail(unknown)

    def _with_room(self, load: partial[Segmenter]) -> Segmenter:
        """What `load` gives; where memory is short, without the models that nobody uses."""
        try:
            return load()
        except MemoryShortError:
            if not self._shelf.drop_idle():
                raise
            return load()

    def _succeed(self, segmenter: Segmenter) -> None:
        freeze()
        self.queue = PredictionQueue(
            segmenter, self._memory, model=self.name, make_room=self._shelf.drop_idle
        )
        self._ended.set()

    def _fail(self, error: PanosegError) -> None:
        self._shelf.forget(self.name, self)  # first, so that whoever sees the error may start anew
        self.error = error
        self._ended.set()

    def _hear(self, step: Step) -> None:
        self.step = step
        if self._stopped or self._unwanted():
            raise CancelledError(f"The download of {self.name} was stopped; it goes on from there next time.")

    def _unwanted(self) -> bool:
        """Whether somebody left the download, and nobody is left of those who waited for it.

        A load that downloads nothing costs nobody anything: it goes on, for the next who wants it.
        """
        downloads = self.question is not None or self.step.total is not None
        now = time.monotonic()
        with self._lock:
            waited_for = any(now - seen < _PRESENCE_SECONDS for seen in self._seen.values())
        return downloads and self._left and not waited_for


@st.cache_resource(show_spinner=False)
def models() -> ModelPool[Loading]:
    """The models of this process, and what they predicted."""
    memory = PredictionCache(cache_bytes())
    shelf: ModelPool[Loading] = ModelPool(lambda name: Loading(name, memory, shelf))
    return shelf


def is_loaded(name: str) -> bool:
    """Whether that model is in memory; starts nothing."""
    found = models().peek(name)
    return found is not None and found.queue is not None


def is_local(name: str) -> bool:
    """Whether that model needs no hub: the demo, or a folder."""
    return not is_hub_id(name) or os.path.isdir(name)


def cache_bytes() -> int:
    """What the operator gives to predictions: PANOSEG_CACHE_MB, or an eighth of the memory, at most 1 GiB."""
    given = os.environ.get("PANOSEG_CACHE_MB", "").strip()
    if given.isdecimal():
        return int(given) * 2**20
    if given:
        _log.warning("PANOSEG_CACHE_MB: wanted a whole number of megabytes, got %r.", given)
    room = host_memory.memory()
    return _MOST_CACHED if room is None else min(_MOST_CACHED, room.total // 8)
