"""The line in front of a network: first come, first served, and only for those who still want it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from math import ceil

from panoseg import events
from panoseg.errors import CancelledError, MemoryShortError, ModelError
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.models.segmenter import DistantSegmenter, Segmenter, Waiting, exact_revision
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.serving.prediction_cache import PredictionCache

MAX_WAITING = 64
"""Photos in line: each is in memory, and whoever comes later is better told when to come again."""

PATIENCE_SECONDS = 180.0
"""How long a photo stands in line: longer than anybody looks at a page on which nothing happens."""

_DEADLINE_CHECK_SECONDS = 0.5
"""How often somebody who waits for a result sees whether it is too late for it."""


class Ticket:
    """One request's place in line. Threads may share it."""

    def __init__(self, queue: PredictionQueue, job: _Job | None) -> None:
        self._queue = queue
        self._job = job
        self._outcome: Future[Prediction] = Future()

    @property
    def place(self) -> int:
        """0 in the network or done with it, 1 next in line, 2 after that …"""
        return self._queue._place(self._job)

    @property
    def seconds(self) -> float:
        """How long it has been in the network; 0 while it waits."""
        return self._queue._seconds_in_network(self._job)

    @property
    def expected_seconds(self) -> float | None:
        """How long the last one of its input size was in the network; None before there was one."""
        return self._queue._expected_seconds(self._job)

    @property
    def trouble(self) -> str:
        """What else than the network it waits for, in a sentence; mostly empty."""
        return self._queue._elsewhere(self._job).trouble

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
        self._queue._withdraw(self, self._job)


class _Job:
    """A photo on its way through the network, for everybody who asked for the same.

    Attributes:
        photo, size_choice: what to predict.
        deadline: when it must be in the network, by the queue's clock.
        tickets: who wants it.
        started: when it came into the network.
        cancelled: the network was told to stop, so that nobody can join any more.
        elsewhere: where it is, of a network on another machine.
        keep: whether the prediction is kept for others.
    """

    def __init__(self, photo: Photo, size_choice: SizeChoice, deadline: float, *, keep: bool) -> None:
        self.keep = keep
        self.photo = photo
        self.size_choice = size_choice
        self.deadline = deadline
        self.tickets: set[Ticket] = set()
        self.started: float | None = None
        self.cancelled = False
        self.elsewhere = Waiting()

    def is_for(self, photo: Photo, size_choice: SizeChoice) -> bool:
        return self.photo.digest == photo.digest and self.size_choice == size_choice and not self.cancelled


class PredictionQueue:
    """A segmenter that many ask at once, each of whom may change their mind.

    One forward pass runs at a time, in a thread that lives as long as somebody waits. Up to
    `segmenter.batch` requests of one input size share a pass, those who ask for the same photo share
    its result, and what is still in the cache needs no network. Where the network is on another machine
    (`DistantSegmenter`), each photo has a thread that waits for it, and the place in line is that over there.

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
        self._distant = segmenter if isinstance(segmenter, DistantSegmenter) else None
        self._batch = 1 if self._distant else max(1, segmenter.batch)
        self._most_workers = self._distant.lanes if self._distant else 1
        self._cache = PredictionCache(0) if cache is None else cache
        self._model = model or segmenter.name
        self._make_room = make_room
        self._max_waiting = max_waiting
        self._patience = patience
        self._clock = clock
        self._lock = threading.RLock()
        self._waiting: list[_Job] = []
        self._running: list[_Job] = []
        self._last_seconds: dict[SizeChoice, float] = {}
        self._workers = 0

    def submit(self, photo: Photo, size_choice: SizeChoice = "shipped", *, keep: bool = True) -> Ticket:
        """Join the line, or those who are in it for the same.

        Args:
            photo, size_choice: what to predict.
            keep: whether the prediction is worth keeping for others; a run writes its own down.

        Raises:
            ModelError: the line is full.
        """
        with self._lock:
            # Looked up under the lock: what is not in the cache yet is still among the jobs.
            known = self._cache.get(self._key(photo, size_choice))
            if known is not None:
                ticket = Ticket(self, None)
                ticket._outcome.set_result(known)
                return ticket
            self._drop_overdue()
            jobs = [job for job in (*self._running, *self._waiting) if job.is_for(photo, size_choice)]
            job = jobs[0] if jobs else self._append(photo, size_choice, keep)
            job.keep |= keep
            ticket = Ticket(self, job)
            job.tickets.add(ticket)
            return ticket

    @property
    def revision(self) -> str | None:
        """What tells the segmenter's weights from others of its name (`exact_revision`)."""
        return exact_revision(self._segmenter)

    @property
    def segmenter(self) -> Segmenter:
        """What predicts."""
        return self._segmenter

    @property
    def waiting(self) -> int:
        """How many photos stand in line."""
        return len(self._waiting)

    @property
    def full(self) -> bool:
        """Whether the line takes no more."""
        return len(self._waiting) >= self._max_waiting

    @property
    def busy(self) -> bool:
        """Whether anything waits or is in the network."""
        with self._lock:
            return bool(self._running or self._waiting)

    def _append(self, photo: Photo, size_choice: SizeChoice, keep: bool) -> _Job:
        if self.full:
            events.note("refused", reason="line")
            raise ModelError(f"Too many pictures are waiting for this model; try again {self._when()}.")
        if self._workers < min(self._most_workers, len(self._waiting) + len(self._running) + 1):
            # A daemon: a program that ends does not wait for a prediction that nobody will see.
            threading.Thread(target=self._work, name=f"predict {self._model}", daemon=True).start()
            self._workers += 1
        job = _Job(photo, size_choice, self._clock() + self._patience, keep=keep)
        self._waiting.append(job)
        return job

    def _when(self) -> str:
        """When those who wait now will have been served, as far as that is known."""
        known = [self._last_seconds.get(job.size_choice) for job in (*self._running, *self._waiting)]
        seconds = sum(each for each in known if each) / self._batch
        return f"in about {ceil(seconds)} s" if seconds else "in a moment"

    def _work(self) -> None:
        while jobs := self._next_batch():
            self._predict(jobs)

    def _next_batch(self) -> list[_Job]:
        """The first in line and those who can go with it; empty ends the worker."""
        with self._lock:
            self._drop_overdue()
            if not self._waiting:
                self._workers -= 1
                return []
            size_choice = self._waiting[0].size_choice
            same_size = [job for job in self._waiting if job.size_choice == size_choice]
            batch = same_size[: self._batch]
            self._running += batch
            self._waiting = [job for job in self._waiting if job not in batch]
            for job in batch:
                job.started = self._clock()
            return batch

    def _predict(self, jobs: Sequence[_Job]) -> None:
        try:
            with events.noted("network", model=self._model, photos=len(jobs)):
                predictions = self._predictions(jobs)
            for job, prediction in zip(jobs, predictions, strict=True):
                if job.keep:
                    self._cache.put(self._key(job.photo, job.size_choice), prediction)
                self._finish(job, prediction)
        except BaseException as error:  # the worker goes on, whatever a network may do
            if len(jobs) > 1 and not isinstance(error, CancelledError):
                for job in jobs:  # one photo must not fail those that share its forward pass
                    self._predict([job])
                return
            if isinstance(error, MemoryShortError) and self._make_room():
                self._predict(jobs)
                return
            for job in jobs:
                self._finish(job, error)

    def _predictions(self, jobs: Sequence[_Job]) -> list[Prediction]:
        photos, size_choice = [job.photo for job in jobs], jobs[0].size_choice

        def cancelled() -> bool:
            return self._nobody_wants(jobs)

        if self._distant is None:
            return self._segmenter.predict_many(photos, input_size=size_choice, cancelled=cancelled)

        def tell(waiting: Waiting) -> None:
            jobs[0].elsewhere = waiting

        return [self._distant.predict_in_line(photos[0], size_choice, cancelled, tell)]

    def _nobody_wants(self, jobs: Sequence[_Job]) -> bool:
        with self._lock:
            if any(job.tickets for job in jobs):
                return False
            for job in jobs:
                job.cancelled = True
            return True

    def _finish(self, job: _Job, outcome: Prediction | BaseException) -> None:
        with self._lock:
            if job in self._running:
                self._running.remove(job)
            if job.started is not None and not isinstance(outcome, BaseException):
                self._last_seconds[job.size_choice] = self._clock() - job.started
            for ticket in job.tickets:
                if isinstance(outcome, BaseException):
                    ticket._outcome.set_exception(outcome)
                else:
                    ticket._outcome.set_result(outcome)
            job.tickets.clear()

    def _drop_overdue(self) -> None:
        with self._lock:
            now = self._clock()
            for job in [job for job in self._waiting if job.deadline < now]:
                self._waiting.remove(job)
                self._finish(
                    job, ModelError("Other pictures kept the model busy for too long; try again in a moment.")
                )

    def _withdraw(self, ticket: Ticket, job: _Job | None) -> None:
        with self._lock:
            if job is None or ticket not in job.tickets:
                return
            job.tickets.remove(ticket)
            ticket._outcome.set_exception(CancelledError())
            if not job.tickets and job in self._waiting:
                self._waiting.remove(job)

    def _place(self, job: _Job | None) -> int:
        with self._lock:
            return self._waiting.index(job) + 1 if job in self._waiting else self._elsewhere(job).place

    def _seconds_in_network(self, job: _Job | None) -> float:
        with self._lock:
            if job is None or job.started is None or job not in self._running:
                return 0.0
            return job.elsewhere.seconds if self._distant else self._clock() - job.started

    def _expected_seconds(self, job: _Job | None) -> float | None:
        with self._lock:
            if job is None:
                return None
            return self._elsewhere(job).expected_seconds or self._last_seconds.get(job.size_choice)

    def _elsewhere(self, job: _Job | None) -> Waiting:
        return Waiting() if job is None else job.elsewhere

    def _key(self, photo: Photo, size_choice: SizeChoice) -> Hashable:
        # With the vocabulary: once somebody has said what its things are, a model is loaded with another.
        segmenter = self._segmenter
        return photo.digest, self._model, segmenter.revision, segmenter.vocabulary, size_choice
