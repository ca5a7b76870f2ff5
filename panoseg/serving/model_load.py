"""A model on its way into memory: one load per name and process, watched by every visitor who wants it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Hashable
from functools import partial
from typing import Any, Protocol

from panoseg import events
from panoseg.errors import CancelledError, MemoryShortError, PanosegError
from panoseg.models import Segmenter, Step
from panoseg.models.downloads.hub import Snapshot
from panoseg.serving.garbage_collection import freeze
from panoseg.serving.model_pool import ModelPool
from panoseg.serving.prediction_cache import PredictionCache
from panoseg.serving.prediction_queue import MAX_WAITING, PredictionQueue

POLL_SECONDS = 0.1
"""How often somebody who waits is told how far it is; what is waited for is noticed at once."""

PRESENCE_SECONDS = 30.0
"""A visitor who was not heard of for so long waits for nothing any more."""


class Report(Protocol):
    """Told what is being done, in a sentence, and how much of it is done, 0–1, where that is known."""

    def __call__(self, text: str, share: float | None = None) -> object: ...


class LoadSegmenter(Protocol):
    """`panoseg.load_segmenter`, or what stands in for it."""

    def __call__(self, name: str, **options: Any) -> Segmenter: ...


class ModelLoad:
    """A model that loads in a thread of its own.

    It is on its way, waits for an answer to `question`, is there (`queue`) or has failed (`error`). A
    download begins when somebody agreed to it, and ends early when nobody who waited for it is left.

    Args:
        name: of the model.
        cache: where its predictions are kept.
        pool: where it stands; a model that failed leaves it.
        load_segmenter: loads it.
        delay: seconds before the first model of a process is loaded.
        max_waiting: pictures that may wait for it.

    Attributes:
        step: what is being done.
        question: the download that somebody should agree to, where there is one.
        queue: the line in front of the model, once it is there.
        error: why it could not be loaded.
    """

    def __init__(
        self,
        name: str,
        cache: PredictionCache,
        pool: ModelPool[ModelLoad],
        load_segmenter: LoadSegmenter,
        *,
        delay: float = 0.0,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        self.name = name
        self.step = Step("Starting")
        self.question: Snapshot | None = None
        self.queue: PredictionQueue | None = None
        self.error: PanosegError | None = None
        self._cache = cache
        self._pool = pool
        self._load_segmenter = load_segmenter
        self._delay = delay
        self._max_waiting = max_waiting
        self._agreed = False
        self._somebody_left = self._stopped = False
        self._last_seen: dict[Hashable, float] = {}
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
        """The line in front of the model once it is there; `report` is called several times a second.

        Raises:
            PanosegError: it could not be loaded. It is loaded anew when somebody asks again.
        """
        while not self.over:
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
            self._last_seen[visitor] = time.monotonic()

    def leave(self, visitor: Hashable) -> None:
        """That visitor does not want it any more; a download that nobody else waits for ends."""
        with self._lock:
            self._last_seen.pop(visitor, None)
            self._somebody_left = True
        if self._is_unwanted():
            self._stopped = True
            self._pool.forget(self.name, self)  # whoever wants it again is asked again

    def join(self) -> None:
        """Wait until it is over or has a question."""
        self._thread.join()

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=f"load {self.name}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        if "torch" not in sys.modules:
            time.sleep(self._delay)
        unanswered: list[Snapshot] = []

        def ask(snapshot: Snapshot) -> bool:
            if not self._agreed:
                unanswered.append(snapshot)
            return self._agreed

        load = partial(
            self._load_segmenter,
            self.name,
            progress=self._note_progress,
            ask=ask,
            make_room=self._pool.make_room,
        )
        try:
            with events.noted("model", model=self.name) as add:
                try:
                    segmenter = self._load_with_room(load)
                except PanosegError:
                    if not unanswered:
                        raise
                    add(outcome="asked")
            if unanswered:
                self.question = unanswered[0]
            else:
                self._succeed(segmenter)
        except PanosegError as error:
            self._fail(error)
        except Exception as error:
            unknown = PanosegError(f"The model “{self.name}” could not be loaded.")
            unknown.__cause__ = error
            self._fail(unknown)

    def _load_with_room(self, load: partial[Segmenter]) -> Segmenter:
        """What `load` gives; where memory is short, without the models that nobody uses."""
        try:
            return load()
        except MemoryShortError:
            if not self._pool.drop_idle():
                raise
            return load()

    def _succeed(self, segmenter: Segmenter) -> None:
        freeze()
        self.queue = PredictionQueue(
            segmenter,
            self._cache,
            model=self.name,
            make_room=self._pool.drop_idle,
            max_waiting=self._max_waiting,
        )
        self._ended.set()

    def _fail(self, error: PanosegError) -> None:
        self._pool.forget(self.name, self)  # first, so that whoever sees the error may start anew
        self.error = error
        self._ended.set()

    def _note_progress(self, step: Step) -> None:
        self.step = step
        if self._stopped or self._is_unwanted():
            raise CancelledError(f"The download of {self.name} was stopped; it goes on from there next time.")

    def _is_unwanted(self) -> bool:
        """Whether somebody left the download, and nobody is left of those who waited for it.

        A load that downloads nothing costs nobody anything: it goes on, for the next who wants it.
        """
        downloads = self.question is not None or self.step.total is not None
        now = time.monotonic()
        with self._lock:
            waited_for = any(now - seen < PRESENCE_SECONDS for seen in self._last_seen.values())
        return downloads and self._somebody_left and not waited_for
