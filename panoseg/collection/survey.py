"""The segments of all pictures of a run at some thresholds: about, at once, and exactly, one by one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panoseg.collection.opened import OpenedRun, Outline
from panoseg.collection.segment_table import PictureSegments, SegmentTable
from panoseg.errors import PanosegError
from panoseg.merging import merge_sketches
from panoseg.runs.reading import RunItem
from panoseg.segmentation import Segmentation
from panoseg.tasks import Task, find
from panoseg.thresholds import Thresholds

_SKETCHES_AT_ONCE = 1500
"""That are merged before somebody who looks gets an answer: a part of a second."""

TURN_SECONDS = 10.0
"""For which a survey may stand behind those that were asked for later; after that the oldest is first."""

MOST_WANTED = 64
"""Surveys that are kept while somebody looks at each of them."""

_NOTHING = PictureSegments(*(np.zeros(0, np.int32),) * 2, *(np.zeros(0, np.float32),) * 3)


class Found(NamedTuple):
    """A survey as far as it is.

    Attributes:
        table: of the pictures; of those that are not known yet, nothing.
        outline: which those are.
        exact: how many of them are merged at full size.
        known: how many are known at all.
        is_known: (n,) whether each of them is.
    """

    table: SegmentTable
    outline: Outline
    exact: int
    known: int
    is_known: NDArray[np.bool_]

    @property
    def positions(self) -> list[int]:
        """Of the pictures, in the ledger."""
        return self.outline.positions


class Survey:
    """The segments of all pictures of a run at some thresholds; threads may share it.

    Args:
        opened: the run.
        thresholds, task: of the merge.
    """

    def __init__(self, opened: OpenedRun, thresholds: Thresholds, task: Task) -> None:
        self.opened = opened
        self.thresholds = thresholds
        self.task = task
        self.begun = self.wanted = time.monotonic()
        self._lock = threading.Lock()
        self._exact: dict[int, PictureSegments] = {}
        self._about: dict[int, PictureSegments] = {}
        self._latest: tuple[int, int, int, Found] | None = None
        self._listed: list[int] = []
        self._at = 0  # in that list, where to go on

    def next_position(self) -> int | None:
        """A picture that is not merged at full size yet."""
        positions = self.opened.positions
        with self._lock:
            if positions is not self._listed:
                self._listed, self._at = positions, 0
            while self._at < len(positions) and positions[self._at] in self._exact:
                self._at += 1
            return positions[self._at] if self._at < len(positions) else None

    def go_on(self) -> None:
        """A step: first all sketches, which take a few milliseconds each, then one merge after the other."""
        opened = self.opened
        if self.task is Task.PANOPTIC and opened.has_thresholds and opened.sketch_next():
            return
        position = self.next_position()
        if position is not None:
            self.add(position)

    def add(self, position: int) -> None:
        """Merge one picture; one whose record cannot be read has no segments."""
        try:
            found = self._merge(self.opened.item(position))
        except PanosegError:
            found = _NOTHING
        with self._lock:
            self._exact[position] = found

    def look(self) -> Found:
        """What is known by now; of pictures that have a sketch, at least that."""
        outline = self.opened.outline
        positions = outline.positions
        self._sketch(positions)
        with self._lock:
            stamp = len(positions), len(self._exact), len(self._about)
            if self._latest is not None and self._latest[:3] == stamp:
                return self._latest[3]
            parts = [self._exact.get(p) or self._about.get(p) or _NOTHING for p in positions]
            known = np.array([p in self._exact or p in self._about for p in positions], bool)
            exact = sum(p in self._exact for p in positions)
            found = Found(SegmentTable.of(parts), outline, exact, int(known.sum()), known)
            self._latest = *stamp, found
        return found

    def _sketch(self, positions: list[int]) -> None:
        if self.task is not Task.PANOPTIC or not self.opened.has_thresholds:
            return
        sketches = self.opened.sketches
        missing = (p for p in positions if p in sketches and p not in self._exact and p not in self._about)
        wanted = list(islice(missing, _SKETCHES_AT_ONCE))
        things = frozenset(self.opened.run.header.vocabulary.things)
        found = merge_sketches([sketches[p] for p in wanted], self.thresholds, things)
        parts = {
            position: PictureSegments(
                each.class_id, each.name, each.area, each.score, each.quality, each.near_misses
            )
            for position, each in zip(wanted, found, strict=True)
        }
        with self._lock:
            self._about.update(parts)

    def _merge(self, item: RunItem) -> PictureSegments:
        if not self.opened.has_thresholds:
            return _columns(item.segmentation(), 0)
        prediction = item.prediction()
        findings = find(self.task, prediction, self.thresholds)
        segmentation = findings.segmentation
        return _columns(segmentation, sum(each.is_near_miss for each in findings.candidates))


def _columns(segmentation: Segmentation, near_misses: int) -> PictureSegments:
    segments, pixels = segmentation.segments, segmentation.id_map.size
    return PictureSegments(
        np.array([s.class_id for s in segments], np.int32),
        np.array([s.queries[0] if s.queries else s.id for s in segments], np.int32),
        np.array([s.area / pixels for s in segments], np.float32),
        np.array([s.score for s in segments], np.float32),
        np.array([s.quality for s in segments], np.float32),
        near_misses,
    )


class Surveys:
    """The surveys that are looked at, and the one thread that carries them on.

    Args:
        most: how many are kept that nobody looks at; the one that was looked at the longest ago goes first.
        patience: seconds after which one that nobody asks for is left as it is.
    """

    def __init__(
        self, most: int = 12, patience: float = 2.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._patience = patience
        self._clock = clock
        self._lock = threading.Lock()
        self._surveys: dict[tuple[int, Thresholds, Task], Survey] = {}
        self._has_worker = False

    def get(self, opened: OpenedRun, thresholds: Thresholds, task: Task) -> Survey:
        """That survey, on its way."""
        if not opened.has_thresholds:
            thresholds, task = Thresholds(), Task.PANOPTIC
        key = id(opened), thresholds, task
        with self._lock:
            survey = self._surveys.pop(key, None)
            if survey is None or survey.opened is not opened:
                survey = Survey(opened, thresholds, task)
                survey.begun = self._clock()
            self._surveys[key] = survey
            survey.wanted = now = self._clock()
            for oldest in list(self._surveys)[: -self._most]:
                # Else more visitors than that, each with thresholds of its own, would end one another's.
                if len(self._surveys) > MOST_WANTED or not self._is_wanted(self._surveys[oldest], now):
                    del self._surveys[oldest]
            if not self._has_worker and survey.next_position() is not None:
                self._has_worker = True
                threading.Thread(target=self._work, name="survey", daemon=True).start()
            return survey

    def _work(self) -> None:
        while (survey := self._next()) is not None:
            survey.go_on()

    def _next(self) -> Survey | None:
        """The one that waits too long, or was asked for last, and is not at its end; None ends the thread."""
        with self._lock:
            now = self._clock()
            wanted = [each for each in self._surveys.values() if self._is_wanted(each, now)]
            late = (each for each in wanted if now - each.begun > TURN_SECONDS)
            in_turn = sorted(late, key=lambda each: each.begun)
            for survey in (*in_turn, *sorted(wanted, key=lambda each: -each.wanted)):
                if survey.next_position() is not None:
                    return survey
            self._has_worker = False
            return None

    def _is_wanted(self, survey: Survey, now: float) -> bool:
        return now - survey.wanted < self._patience
