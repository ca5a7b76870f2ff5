"""Runs on their way: one is made at a time, the others stand in line; each can be stopped, and goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from panoseg import events
from panoseg.collection.queue_segmenter import QueueSegmenter
from panoseg.collection.told import told
from panoseg.errors import CancelledError, PanosegError, RunError
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.photo import Photo
from panoseg.runs import make_run
from panoseg.runs.writing import NotWritableError, RunProgress
from panoseg.serving.model_load import ModelLoad
from panoseg.serving.model_pool import ModelPool

MOST_IN_LINE = 16
_RATE_OVER = 20
"""Pictures over which the time left is told."""

State = Literal["waiting", "running", "stopped", "done", "failed"]
Draw = Callable[["Job"], None]


@dataclass(eq=False)
class Job:
    """One run that is made or was.

    Attributes:
        id: of the run.
        folder: the run's.
        sources: files, folders and archives; none goes on with what is listed already.
        model: its name; None: the run's own.
        input_size: how large the network sees the pictures.
        before: what is done first, such as drawing the demo collection.
        state: where it is.
        words: what is being done, or why it failed.
        total, done, failed: pictures.
        stopping: whether it was told to stop.
        ended: when, by the clock of `time.monotonic`.
    """

    id: str
    folder: Path
    sources: Sequence[Path]
    model: str | None = None
    input_size: SizeChoice | None = None
    retry: bool = False
    before: Draw | None = None
    state: State = "waiting"
    words: str = ""
    total: int = 0
    done: int = 0
    failed: int = 0
    stopping: bool = False
    ended: float = 0.0
    _times: list[float] = field(default_factory=list)

    def stop(self) -> None:
        """End it at the next picture; what is done stays."""
        self.stopping = True

    def check(self) -> None:
        """Go on.

        Raises:
            CancelledError: it was stopped.
        """
        if self.stopping:
            raise CancelledError("The run was stopped.")

    @property
    def seconds_left(self) -> float | None:
        """About how long it takes yet; None while nobody knows."""
        times = self._times
        if self.state != "running" or len(times) < 3:
            return None
        return (times[-1] - times[0]) / (len(times) - 1) * (self.total - self.done - self.failed)

    def note(self, progress: RunProgress) -> None:
        """How far it is."""
        self.total, self.done, self.failed = progress.total, progress.done, progress.failed
        self._times = [*self._times, time.monotonic()][-_RATE_OVER:]
        self.words = ""


class Jobs:
    """The line of runs to be made, and the one thread that makes them.

    Args:
        models: those of the process.
        decode: a file's bytes and its name to a photo.
        most: in line.
    """

    def __init__(
        self,
        models: ModelPool[ModelLoad],
        decode: Callable[[bytes, str], Photo],
        most: int = MOST_IN_LINE,
    ) -> None:
        self._models = models
        self._decode = decode
        self._most = most
        self._lock = threading.Lock()
        self._line: list[Job] = []
        self._known: dict[str, Job] = {}
        self._has_worker = False

    def add(self, job: Job) -> Job:
        """Put it into the line; one of the same run that is on its way already is kept instead.

        Raises:
            RunError: the line is full.
        """
        with self._lock:
            known = self._known.get(job.id)
            if known is not None and known.state in ("waiting", "running"):
                return known
            if len(self._line) >= self._most:
                raise RunError("Too many runs are waiting on this server; try again in a few minutes.")
            self._known[job.id] = job
            self._line.append(job)
            if not self._has_worker:
                self._has_worker = True
                threading.Thread(target=self._work, name="make runs", daemon=True).start()
            return job

    def find(self, run: str) -> Job | None:
        """The job of a run, if there was one since the server started."""
        return self._known.get(run)

    def place(self, job: Job) -> int:
        """0 at work or over, 1 next in line …"""
        with self._lock:
            return self._line.index(job) + (job.state == "waiting") if job in self._line else 0

    def busy_folders(self) -> list[Path]:
        """Of runs that are on their way."""
        with self._lock:
            return [job.folder.parent for job in self._line]

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._line:
                    self._has_worker = False
                    return
                job = self._line[0]
            self._make(job)
            with self._lock:
                self._line.remove(job)

    def _make(self, job: Job) -> None:
        job.state = "running"
        try:
            with events.noted("run", model=job.model or "") as add:
                job.check()
                if job.before is not None:
                    job.before(job)
                segmenter = self._segmenter(job)
                make_run(
                    job.sources,
                    store=job.folder,
                    model=segmenter,
                    input_size=job.input_size,
                    retry=job.retry,
                    progress=job.note,
                    problem=lambda _: None,
                    decode=self._decode,
                )
                add(photos=job.done)
            job.state = "done"
        except CancelledError:
            job.state = "stopped"
        except NotWritableError as error:
            job.state, job.words = "failed", f"This collection cannot be written ({error.reason})."
        except PanosegError as error:
            job.state, job.words = "failed", told(error)
        except Exception:
            job.state, job.words = "failed", "This run could not be made."
        finally:
            job.ended = time.monotonic()
            self._models.leave(job)

    def _segmenter(self, job: Job) -> QueueSegmenter:
        name = job.model or "demo"
        load = self._models.use(job, name)

        def report(text: str, share: float | None = None) -> None:
            del share
            job.words = text
            job.check()
            if load.question is not None:
                raise RunError(
                    f"The model {name} is not on this server yet: choose it on the page of pictures first."
                )

        return QueueSegmenter(name, load.wait(report), lambda: job.stopping)
