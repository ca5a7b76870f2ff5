"""The line in front of one model's replicas: first come, first served, bounded, and honest about the wait.

It lives in the door's event loop; no other thread may touch it.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

from panoseg import events
from panoseg.model_server.answers import Answer, Asked, Refusal
from panoseg.models.checkpoints.size_choice import SizeChoice

PATIENCE_SECONDS = 240.0
"""How long a picture stands in line: somewhat less than clients wait."""

MOST_RETRY_SECONDS = 60
_FIRST_GUESS_SECONDS = 2.0
"""Of a forward pass, before there was one."""

_LATE = Refusal(503, "Other pictures kept the model busy for too long; try again in a moment.")
_STOPPING = Refusal(503, "The model server is about to stop; try again in a minute.")


class FullError(Exception):
    """The line takes no more.

    Attributes:
        seconds: after which there may be room.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(f"The model is busy; try again in {seconds} s.")
        self.seconds = seconds


class Place:
    """One request's place in line.

    Attributes:
        answer: what comes of it; cancelled where it is withdrawn.
    """

    def __init__(self, line: Line, job: _Job) -> None:
        self._line = line
        self._job = job
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    @property
    def number(self) -> int:
        """0 in the network or done with it, 1 next in line …"""
        return self._line.number_of(self._job)

    @property
    def seconds(self) -> float:
        """How long it has been with a replica."""
        return 0.0 if self._job.started is None else self._line.clock() - self._job.started

    @property
    def expected_seconds(self) -> float | None:
        """How long the last one of its input size took; None before there was one."""
        return self._line.last_seconds.get(self._job.asked.input_size)

    def withdraw(self) -> None:
        """Want it no longer: what nobody else wants either leaves the line or the network."""
        self.answer.cancel()
        self._line.leave(self._job, self)


class _Job:
    """A picture on its way, for everybody who asked for the same."""

    def __init__(self, asked: Asked, picture: bytes, joined: float) -> None:
        self.asked = asked
        self.picture = picture
        self.joined = joined
        self.places: set[Place] = set()
        self.started: float | None = None
        self.task: asyncio.Task[None] | None = None


class Line:
    """Who waits for one model.

    Args:
        predict: has a replica look at a picture.
        passes: how many pictures the replicas have in their networks at the same time.
        ahead: how many more are with them, to be decoded meanwhile.
        most_waiting: how many may wait beside those.
        patience: seconds in which a picture must have come to a replica.
        clock: seconds that never run backwards.

    Attributes:
        last_seconds: how long the last picture of each input size was with a replica.
    """

    def __init__(
        self,
        predict: Callable[[Asked, bytes], Awaitable[Answer]],
        *,
        passes: int,
        ahead: int,
        most_waiting: int,
        patience: float = PATIENCE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._predict = predict
        self._passes = passes
        self._slots = passes + ahead
        self._most_waiting = most_waiting
        self._patience = patience
        self.clock = clock
        self._waiting: list[_Job] = []
        self._running: list[_Job] = []
        self.last_seconds: dict[SizeChoice, float] = {}

    def join(self, asked: Asked, picture: bytes) -> Place:
        """Join the line, or those who are in it for the same.

        Raises:
            FullError: it is full.
        """
        self._drop_late()
        jobs = (job for job in (*self._running, *self._waiting) if job.asked == asked and job.places)
        job = next(jobs, None) or self._append(asked, picture)
        place = Place(self, job)
        job.places.add(place)
        self._start_some()
        return place

    @property
    def waiting(self) -> int:
        """How many pictures stand in line."""
        return len(self._waiting)

    @property
    def busy(self) -> bool:
        """Whether anything waits or is with a replica."""
        return bool(self._waiting or self._running)

    def end(self) -> None:
        """Nobody is waited for any more: all are told that the server stops."""
        for job in self._waiting:
            self._settle(job, _STOPPING)
        self._waiting.clear()
        for job in self._running:
            if job.task is not None:
                job.task.cancel()

    def number_of(self, job: _Job) -> int:
        """As of `Place.number`: those that came before it and are not done, beyond what networks hold."""
        jobs = [*self._running, *self._waiting]
        return max(0, jobs.index(job) + 1 - self._passes) if job in jobs else 0

    def leave(self, job: _Job, place: Place) -> None:
        """Nobody stands at that place any more."""
        job.places.discard(place)
        if job.places:
            return
        if job in self._waiting:
            self._waiting.remove(job)
        elif job.task is not None:
            job.task.cancel()

    def seconds_until_room(self) -> int:
        """Whole seconds after which somebody in line has come to a replica, as far as can be told."""
        seconds = max(self.last_seconds.values(), default=_FIRST_GUESS_SECONDS)
        return min(MOST_RETRY_SECONDS, max(1, math.ceil(seconds)))

    def _append(self, asked: Asked, picture: bytes) -> _Job:
        if len(self._running) >= self._slots and len(self._waiting) >= self._most_waiting:
            events.note("refused", reason="line")
            raise FullError(self.seconds_until_room())
        job = _Job(asked, picture, self.clock())
        self._waiting.append(job)
        asyncio.get_running_loop().call_later(self._patience + 0.1, self._drop_late)
        return job

    def _start_some(self) -> None:
        while self._waiting and len(self._running) < self._slots:
            job = self._waiting.pop(0)
            job.started = self.clock()
            self._running.append(job)
            job.task = asyncio.get_running_loop().create_task(self._run(job))

    async def _run(self, job: _Job) -> None:
        answer: Answer = Refusal(500, "The model failed over this picture.")
        try:
            with events.noted("network", photos=1):
                answer = await self._predict(job.asked, job.picture)
            if isinstance(answer, bytes) and job.started is not None:
                self.last_seconds[job.asked.input_size] = self.clock() - job.started
        except asyncio.CancelledError:
            if job.places:  # the server ends: whoever waits is told so
                answer = _STOPPING
        except Exception as error:  # the line goes on, whatever a replica may do
            events.note("error", where="replica", outcome=type(error).__name__, cause=events.cause(error))
        finally:
            self._running.remove(job)
            self._settle(job, answer)
            self._start_some()

    def _settle(self, job: _Job, answer: Answer) -> None:
        for place in job.places:
            if not place.answer.done():
                place.answer.set_result(answer)
        job.places.clear()

    def _drop_late(self) -> None:
        now = self.clock()
        for job in [job for job in self._waiting if job.joined + self._patience < now]:
            self._waiting.remove(job)
            self._settle(job, _LATE)
