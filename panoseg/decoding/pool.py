"""A few worker processes, and the line in front of them."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.decoding.worker_process import WorkerEndedError, WorkerProcess

_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class DecodingLimits:
    """What one file may cost.

    Attributes:
        seconds: in a worker. The slowest honest pictures, of 50 megapixels, take 4 of them on an old core.
        patience: seconds in line.
        memory_bytes: of a worker, beside its own. 50 megapixels take at most four bytes each three times
            over: decoded, turned upright, and as the coefficients of a progressive JPEG.
        most_waiting: files in line.
    """

    seconds: float = 20.0
    patience: float = 60.0
    memory_bytes: int = 1280 * 2**20
    most_waiting: int = 64


class TooSlowError(Exception):
    """A file took more time than it may."""


class TooMuchError(Exception):
    """A worker ended over a file: it took more memory than it may, or broke the decoder."""


class CrowdedError(Exception):
    """Too many files are in line, or were before this one for too long."""


Answer = tuple[NDArray[np.uint8] | None, dict[str, Any]]


@dataclass(eq=False)
class _Job:
    request: dict[str, Any]
    payload: list[bytes]
    most_pixels: int
    outcome: Future[Answer]
    worker: WorkerProcess | None = None
    started: float = 0.0


class DecodingPool:
    """Worker processes that are started before anybody needs them, and replaced when they end.

    Threads may share it.

    Args:
        count: how many processes.
        limits: of each file.
    """

    def __init__(self, count: int, limits: DecodingLimits) -> None:
        self._limits = limits
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._workers: set[WorkerProcess] = set()
        self._threads = [
            threading.Thread(target=self._serve, args=[self._start()], name=f"decoding {number}", daemon=True)
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def run(
        self,
        request: dict[str, Any],
        payload: list[bytes],
        most_pixels: int,
        waiting: Callable[[], object] = lambda: None,
    ) -> Answer:
        """What a worker answers, as `WorkerProcess.run`.

        Args:
            waiting: called several times a second; what it raises gives the file up, and ends its worker.

        Raises:
            TooSlowError, TooMuchError, CrowdedError: as they say.
        """
        if self._jobs.qsize() >= self._limits.most_waiting:
            raise CrowdedError
        job = _Job(request, payload, most_pixels, Future())
        self._jobs.put(job)
        asked = time.monotonic()
        try:
            while True:
                try:
                    return job.outcome.result(_POLL_SECONDS)
                except TimeoutError:
                    now = time.monotonic()
                    if job.started and now - job.started > self._limits.seconds:
                        raise TooSlowError from None
                    if not job.started and now - asked > self._limits.patience:
                        raise CrowdedError from None
                except WorkerEndedError:
                    raise TooMuchError from None
                waiting()
        finally:
            self._give_up(job)

    def pids(self) -> set[int]:
        """The system's numbers of the processes."""
        with self._lock:
            return {worker.pid for worker in self._workers}

    def close(self) -> None:
        """End all processes; what was in them ends as `TooMuchError`."""
        with self._lock:
            self._closed = True
            for worker in self._workers:
                worker.kill()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _give_up(self, job: _Job) -> None:
        job.outcome.cancel()
        with self._lock:  # or the worker might have gone on to another's file
            if job.worker is not None:
                job.worker.kill()

    def _serve(self, worker: WorkerProcess) -> None:
        """What a thread does with one worker, and the ones after it."""
        while (job := self._jobs.get()) is not None and not self._closed:
            if not worker.alive:  # the system may have ended it while it had nothing to do
                self._end(worker)
                worker = self._start()
            if job.outcome.set_running_or_notify_cancel():
                try:
                    answer = self._run(worker, job)
                except BaseException as error:
                    self._end(worker)
                    worker = self._start()
                    job.outcome.set_exception(error)
                else:
                    job.outcome.set_result(answer)
        self._end(worker)

    def _run(self, worker: WorkerProcess, job: _Job) -> Answer:
        worker.wait_until_ready()  # before its time begins
        with self._lock:
            job.worker, job.started = worker, time.monotonic()
        try:
            return worker.run(job.request, job.payload, job.most_pixels)
        finally:
            with self._lock:
                job.worker = None

    def _start(self) -> WorkerProcess:
        worker = WorkerProcess(self._limits.memory_bytes)
        with self._lock:
            self._workers.add(worker)
            if self._closed:
                worker.kill()
        return worker

    def _end(self, worker: WorkerProcess) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.close()
