"""The collections of this process, for every session: on the shelf, open, being made."""

from __future__ import annotations

import threading
import time

from panoseg.collection.demo_collection import demo_job
from panoseg.collection.evaluations import Evaluations
from panoseg.collection.jobs import Job, Jobs
from panoseg.collection.opened import OpenedRun, OpenedRuns
from panoseg.collection.shelf import Shelf, Shelved
from panoseg.collection.survey import Surveys
from panoseg.errors import RunError
from panoseg.page import runs
from panoseg.page.decoders import decoders
from panoseg.page.filmstrip import limits
from panoseg.page.model_service import model_service
from panoseg.photo import Photo
from panoseg.runs.writing import holds_a_run
from panoseg.settings import settings

_AGAIN_SECONDS = 30.0
"""After which the demo collection, if it could not be made, is tried again when somebody looks."""


class Desk:
    """One object that every visitor shares.

    Attributes:
        shelf: which runs there are.
        opened: those that are looked at.
        surveys: their segments at the thresholds that are looked at.
        evaluations: the runs that have an annotation, held against it.
        jobs: runs on their way.
    """

    def __init__(self) -> None:
        self.shelf = Shelf(settings())
        self.opened = OpenedRuns(_decode)
        self.surveys = Surveys()
        self.evaluations = Evaluations()
        self.jobs = Jobs(model_service().models, _decode)

    def open(self, run: str) -> tuple[Shelved, OpenedRun]:
        """A run by its id.

        Raises:
            RunError: there is no such run, it has no picture yet, or it cannot be read.
        """
        shelved = self.shelf.find(run)
        if shelved is None:
            raise RunError("This collection is not here: a visitor's own is kept for a day.")
        if not holds_a_run(shelved.folder):
            raise RunError("This collection has no picture yet.")
        self.shelf.touch(shelved)
        opened = self.opened.open(shelved.folder)
        opened.refresh()
        return shelved, opened

    def begin_demo(self) -> Job | None:
        """Have the demo collection made, where it is not there; None where it is."""
        demo = self.shelf.demo
        job = self.jobs.find(demo.id)
        if job is not None and (job.state != "failed" or time.monotonic() - job.ended < _AGAIN_SECONDS):
            return job
        if holds_a_run(demo.folder) and self._is_whole(demo):  # by another process, perhaps
            return None
        return self.jobs.add(demo_job(demo.id, demo.folder))

    def _is_whole(self, shelved: Shelved) -> bool:
        try:
            counts = self.opened.open(shelved.folder).run.counts
        except RunError:
            return False
        return bool(counts["done"]) and not counts["waiting"]


def _decode(content: bytes, name: str) -> Photo:
    with runs.waiting():
        return decoders().open_photo(content, name=name, limits=limits())


_lock = threading.Lock()
_desk: Desk | None = None


def desk() -> Desk:
    """The one of this process, made when it is asked for first."""
    global _desk
    with _lock:
        if _desk is None:
            _desk = Desk()
        return _desk


def forget_desk() -> None:
    """Begin anew: for tests, of which each has settings of its own."""
    global _desk
    with _lock:
        _desk = None
