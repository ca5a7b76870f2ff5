"""The line in front of a network: first come, first served, and only for those who still want it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from concurrent.futures import wait as wait_for

from panoseg.errors import CancelledError, MemoryShortError, ModelError
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.models.segmenter import PATIENCE_SECONDS, Segmenter
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.serving.prediction_cache import PredictionCache

MAX_WAITING = 32
"""Photos in line: on a CPU, who came later would not come into the network within their patience."""

_DEADLINE_CHECK_SECONDS = 0.5
"""How often somebody who waits for a result sees whether it is too late for it."""


class Ticket:
    """One request's place in line. Threads may share it."""

    def __init__(self, queue: PredictionQueue, run: _Run | None) -> None:
        self._queue = queue
        self._run = run
        self._outcome: Future[Prediction] = Future()

    @property
    def place(self) -> int:
        """0 in the network or done with it, 1 next in line, 2 after that …"""
        return self._queue._place(self._run)

    @property
    def seconds(self) -> float:
        """How long it has been in the network; 0 while it waits."""
        return self._queue._seconds_in_network(self._run)

    @property
    def expected_seconds(self) -> float | None:
        """How long the last one of its input size was in the network; None before there was one."""
        return self._queue._expected_seconds(self._run)

    @property
    def done(self) -> bool:
        """Whether there is a result, or an error in its place."""
        return self.wait(0)

    def wait(self, seconds: float) -> bool:
        """Wait no longer than that; whether it is done then."""
        self._queue._drop_overdue()
        return bool(wait_for([self._outcome], seconds).done)

    def result(self) -> Prediction:
        """The prediction, as soon as it is there.

        Raises:
            ModelError: the network could not do it, or others kept it busy for too long.
            CancelledError: the ticket was withdrawn.
        """
        while not self.wait(_DEADLINE_CHECK_SECONDS):
            pass
        return self._outcome.result()

    def withdraw(self) -> None:
        """Want it no longer. What nobody else wants either leaves the line or the network."""
        self._queue._withdraw(self, self._run)


class _Run:
    """A photo on its way through the network, for everybody who asked for the same.

    Attributes:
        photo, size_choice: what to predict.
        deadline: when it must be in the network, by the queue's clock.
        tickets: who wants it.
        started: when it came into the network.
        cancelled: the network was told to stop, so that nobody can join any more.
    """

    def __init__(self, photo: Photo, size_choice: SizeChoice, deadline: float) -> None:
        self.photo = photo
        self.size_choice = size_choice
        self.deadline = deadline
        self.tickets: set[Ticket] = set()
        self.started: float | None = None
        self.cancelled = False

    def is_for(self, photo: Photo, size_choice: SizeChoice) -> bool:
        return self.photo.digest == photo.digest and self.size_choice == size_choice and not self.cancelled


class PredictionQueue:
    """A segmenter that many ask at once, each of whom may change their mind.

    One forward pass runs at a time, in a thread that lives as long as somebody waits. Up to
    `segmenter.batch` requests of one input size share a pass, those who ask for the same photo share
    its result, and what is still in the cache needs no network.

    Args:
        segmenter: what predicts.
        cache: keeps what was predicted; None keeps nothing.
        model: names the model in that cache; the segmenter's own name by default.
        make_room: called where memory was too short; whether it is worth another try.
        max_waiting: how many photos may stand in line, those in the network not counted.
        patience: seconds in which a request must have come into the network.
        clock: seconds that never run backwards.
    """

    def __init__(
        self,
        segmenter: Segmenter,
        cache: PredictionCache | None = None,
        *,
        model: str | None = None,
        make_room: Callable[[], bool] = lambda: False,
        max_waiting: int = MAX_WAITING,
        patience: float = PATIENCE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._segmenter = segmenter
        self._batch = max(1, segmenter.batch)
        self._cache = PredictionCache(0) if cache is None else cache
        self._model = model or segmenter.name
        self._make_room = make_room
        self._max_waiting = max_waiting
        self._patience = patience
        self._clock = clock
        self._lock = threading.RLock()
        self._waiting: list[_Run] = []
        self._running: list[_Run] = []
        self._last_seconds: dict[SizeChoice, float] = {}
        self._has_worker = False

    def submit(self, photo: Photo, size_choice: SizeChoice = "shipped") -> Ticket:
        """Join the line, or those who are in it for the same.

        Raises:
            ModelError: the line is full.
        """
        with self._lock:
            # Looked up under the lock: what is not in the cache yet is still among the runs.
            known = self._cache.get(self._key(photo, size_choice))
            if known is not None:
                ticket = Ticket(self, None)
                ticket._outcome.set_result(known)
                return ticket
            self._drop_overdue()
            runs = [run for run in (*self._running, *self._waiting) if run.is_for(photo, size_choice)]
            run = runs[0] if runs else self._append(photo, size_choice)
            ticket = Ticket(self, run)
            run.tickets.add(ticket)
            return ticket

    @property
    def busy(self) -> bool:
        """Whether anything waits or is in the network."""
        with self._lock:
            return bool(self._running or self._waiting)

    def _append(self, photo: Photo, size_choice: SizeChoice) -> _Run:
        if len(self._waiting) >= self._max_waiting:
            raise ModelError("Too many pictures are waiting for this model; try again in a moment.")
        if not self._has_worker:
            # A daemon: a program that ends does not wait for a prediction that nobody will see.
            threading.Thread(target=self._work, name=f"predict {self._model}", daemon=True).start()
            self._has_worker = True
        run = _Run(photo, size_choice, self._clock() + self._patience)
        self._waiting.append(run)
        return run

    def _work(self) -> None:
        while runs := self._next_batch():
            self._predict(runs)

    def _next_batch(self) -> list[_Run]:
        """The first in line and those who can go with it; empty ends the worker."""
        with self._lock:
            self._drop_overdue()
            if not self._waiting:
                self._has_worker = False
                return []
            size_choice = self._waiting[0].size_choice
            same_size = [run for run in self._waiting if run.size_choice == size_choice]
            self._running = same_size[: self._batch]
            self._waiting = [run for run in self._waiting if run not in self._running]
            for run in self._running:
                run.started = self._clock()
            return list(self._running)

    def _predict(self, runs: Sequence[_Run]) -> None:
        try:
            predictions = self._segmenter.predict_many(
                [run.photo for run in runs],
                input_size=runs[0].size_choice,
                cancelled=lambda: self._nobody_wants(runs),
            )
            for run, prediction in zip(runs, predictions, strict=True):
                self._cache.put(self._key(run.photo, run.size_choice), prediction)
                self._finish(run, prediction)
        except BaseException as error:  # the worker goes on, whatever a network may do
            if len(runs) > 1 and not isinstance(error, CancelledError):
                for run in runs:  # one photo must not fail those who came along with it
                    self._predict([run])
                return
            if isinstance(error, MemoryShortError) and self._make_room():
                self._predict(runs)
                return
            for run in runs:
                self._finish(run, error)

    def _nobody_wants(self, runs: Sequence[_Run]) -> bool:
        with self._lock:
            if any(run.tickets for run in runs):
                return False
            for run in runs:
                run.cancelled = True
            return True

    def _finish(self, run: _Run, outcome: Prediction | BaseException) -> None:
        with self._lock:
            if run in self._running:
                self._running.remove(run)
            if run.started is not None and not isinstance(outcome, BaseException):
                self._last_seconds[run.size_choice] = self._clock() - run.started
            for ticket in run.tickets:
                if isinstance(outcome, BaseException):
                    ticket._outcome.set_exception(outcome)
                else:
                    ticket._outcome.set_result(outcome)
            run.tickets.clear()

    def _drop_overdue(self) -> None:
        with self._lock:
            now = self._clock()
            for run in [run for run in self._waiting if run.deadline < now]:
                self._waiting.remove(run)
                self._finish(
                    run, ModelError("Other pictures kept the model busy for too long; try again in a moment.")
                )

    def _withdraw(self, ticket: Ticket, run: _Run | None) -> None:
        with self._lock:
            if run is None or ticket not in run.tickets:
                return
            run.tickets.remove(ticket)
            ticket._outcome.set_exception(CancelledError())
            if not run.tickets and run in self._waiting:
                self._waiting.remove(run)

    def _place(self, run: _Run | None) -> int:
        with self._lock:
            return self._waiting.index(run) + 1 if run in self._waiting else 0

    def _seconds_in_network(self, run: _Run | None) -> float:
        with self._lock:
            if run is None or run.started is None or run not in self._running:
                return 0.0
            return self._clock() - run.started

    def _expected_seconds(self, run: _Run | None) -> float | None:
        with self._lock:
            return None if run is None else self._last_seconds.get(run.size_choice)

    def _key(self, photo: Photo, size_choice: SizeChoice) -> Hashable:
        return photo.digest, self._model, self._segmenter.revision, size_choice
