"""Runs held against their annotations beside everything else: in one thread, and once for everybody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from panoseg import events
from panoseg.collection.demo_collection import annotation as demo_annotation
from panoseg.collection.evaluated import Evaluated
from panoseg.collection.opened import OpenedRun
from panoseg.collection.shelf import Shelved
from panoseg.collection.told import told
from panoseg.errors import CancelledError, PanosegError
from panoseg.evaluation import Annotations, evaluate_run, read_annotations
from panoseg.runs import open_run
from panoseg.thresholds import Thresholds

ANNOTATION_FILE = "panoptic.json"
"""In a run of the operator's; its PNGs lie in the folder "panoptic" beside it."""

MOST_PICTURES = 12_000
"""Of all evaluations that are kept, together; the one that was asked for last is kept in any case."""

_AGAIN_SECONDS = 30.0
"""After which one that failed, and nobody looked at, is tried again."""

Key = tuple[Path, int, int, Thresholds]


def annotation_of(shelved: Shelved) -> Path | None:
    """The annotation that the pictures of a run have, if there is one. Visitors' runs have none."""
    if shelved.kind == "own":
        return None
    demo = shelved.kind == "demo"
    path = demo_annotation(shelved.folder) if demo else shelved.folder / ANNOTATION_FILE
    return path if path.is_file() else None


@dataclass(eq=False)
class Work:
    """One evaluation that is made or was.

    Attributes:
        key: the run's folder, how many pictures it had, when its annotation was written, and the thresholds.
        annotation: what its run is held against.
        wanted: when it was asked for last.
        state: where it is.
        done, total: pictures.
        words: why it failed.
        found: once it is done.
    """

    key: Key
    annotation: Path
    wanted: float
    state: Literal["waiting", "working", "done", "failed"] = "waiting"
    done: int = 0
    total: int = 0
    words: str = ""
    found: Evaluated | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in ("done", "failed")


class Evaluations:
    """The evaluations that are looked at, and the one thread that makes them; threads may share it.

    Args:
        most_pictures: of those that are kept.
        patience: seconds after which one that nobody asks for is given up.
    """

    def __init__(
        self,
        most_pictures: int = MOST_PICTURES,
        patience: float = 3.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most_pictures
        self._patience = patience
        self._clock = clock
        self._lock = threading.Lock()
        self._works: dict[Key, Work] = {}
        self._annotations: tuple[Path, int, Annotations] | None = None
        self._has_worker = False

    def get(self, opened: OpenedRun, annotation: Path, thresholds: Thresholds) -> Work:
        """The evaluation of a run at these thresholds, on its way."""
        key = self._key(opened, annotation, thresholds)
        with self._lock:
            now = self._clock()
            self._tidy(now)
            # What is wrong with an annotation is so at all thresholds.
            failed = (k for k, w in self._works.items() if w.state == "failed" and k[:3] == key[:3])
            key = next(failed, key)
            work = self._works.pop(key, None) or Work(key, annotation, now)
            work.wanted = now
            self._works[key] = work
            if not self._has_worker and not work.is_over:
                self._has_worker = True
                threading.Thread(target=self._work, name="evaluate", daemon=True).start()
            return work

    def nearest(self, opened: OpenedRun, annotation: Path, thresholds: Thresholds) -> Evaluated | None:
        """What is known by now: at these thresholds, else at those that share the mask threshold, else any.

        It starts nothing.
        """
        key = self._key(opened, annotation, thresholds)
        with self._lock:
            known = [w.found for k, w in self._works.items() if w.found is not None and k[:3] == key[:3]]
        ranked = sorted(known, key=lambda found: _likeness(found, thresholds))
        return ranked[-1] if ranked else None

    def _key(self, opened: OpenedRun, annotation: Path, thresholds: Thresholds) -> Key:
        try:
            written = annotation.stat().st_mtime_ns
        except OSError:
            written = 0
        at = thresholds if opened.has_thresholds else Thresholds()
        return opened.run.folder, len(opened.positions), written, at

    def _tidy(self, now: float) -> None:
        """Let go of what nobody waits for, and of what was asked for the longest ago."""
        for key, work in [*self._works.items()]:
            left = now - work.wanted
            if (work.state == "waiting" and left > self._patience) or (
                work.state == "failed" and left > _AGAIN_SECONDS
            ):
                del self._works[key]
        kept = 0
        for key, work in [*reversed(self._works.items())]:
            if work.found is None:
                continue
            pictures = len(work.found.places)
            if kept and kept + pictures > self._most:
                del self._works[key]
            kept += pictures

    def _work(self) -> None:
        while (work := self._next()) is not None:
            self._evaluate(work)

    def _next(self) -> Work | None:
        """The one that was asked for last and was not begun; None ends the thread."""
        with self._lock:
            self._tidy(self._clock())
            waiting = [work for work in self._works.values() if work.state == "waiting"]
            if not waiting:
                self._has_worker = False
                return None
            work = max(waiting, key=lambda each: each.wanted)
            work.state = "working"
            return work

    def _evaluate(self, work: Work) -> None:
        def note(done: int, total: int) -> None:
            work.done, work.total = done, total
            if not self._is_wanted(work):
                raise CancelledError("Nobody looks at this evaluation any more.")

        try:
            with (
                events.noted("evaluation") as add,
                open_run(work.key[0]) as run,
            ):  # with all that it has by now
                add(model=run.header.model)
                annotations = self._read(work.annotation, work.key[2])
                thresholds = work.key[3] if run.has_thresholds else None
                masks = () if thresholds is None else (thresholds.mask,)
                found = evaluate_run(
                    run, annotations, thresholds, subset=True, sweep_masks=masks, progress=note, threads=1
                )
                add(photos=len(found.pictures))
                position = {name: place for place, name, *_ in run.outline()}
            places = [position.get(each.run_name or "", -1) for each in found.pictures]
            work.found = Evaluated(found, annotations, np.array(places, np.int64))
            work.state = "done"
        except CancelledError:
            with self._lock:
                self._works.pop(work.key, None)
                work.state = "waiting"
        except PanosegError as error:
            work.state, work.words = "failed", told(error)
        except Exception:
            work.state, work.words = "failed", "This run could not be evaluated."

    def _is_wanted(self, work: Work) -> bool:
        """By somebody who looks at these thresholds, or at others that its sweep will tell about."""
        now = self._clock()
        if now - work.wanted <= self._patience:
            return True
        mask = work.key[3].mask
        with self._lock:
            akin = [w for w in self._works.values() if w.key[:3] == work.key[:3] and w.key[3].mask == mask]
        if any(w.found is not None for w in akin):
            return False
        return any(now - w.wanted <= self._patience for w in akin)

    def _read(self, path: Path, written: int) -> Annotations:
        """The annotation, read once for all thresholds; for the thread that evaluates alone.

        Raises:
            GroundTruthError: it cannot be read.
        """
        known = self._annotations
        if known is None or known[:2] != (path, written):
            known = self._annotations = path, written, read_annotations(path)
        return known[2]


def _likeness(found: Evaluated, thresholds: Thresholds) -> tuple[bool, bool]:
    at = found.evaluation.thresholds
    return found.is_at(thresholds), at is None or at.mask == thresholds.mask
