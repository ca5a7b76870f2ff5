"""PQ at every score and overlap threshold, off what one pass has seen (`panoseg.evaluation.sweeping`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import InvalidValueError
from panoseg.evaluation.annotations import AnnotatedClass
from panoseg.evaluation.bootstrap import Interval, interval_of
from panoseg.evaluation.figures import Counts, Figures, figures_of, group_means, members_of, qualities
from panoseg.evaluation.sweeping import LEAST_SCORE, PictureSweep

SCORES = (*(round(0.05 * step, 2) for step in range(1, 20)), 0.98)
OVERLAPS = tuple(round(0.1 * step, 2) for step in range(1, 11))
"""The points of the surface that reports show: 20 × 10."""


class Surface:
    """The figures of a data set as functions of the thresholds.

    A point costs a few milliseconds for 5,000 pictures, wherever it is: nothing is predicted or merged.

    Args:
        sweeps: of P pictures, with the same mask thresholds.
        masks: those.
        classes: the annotation's, C of them.

    Attributes:
        masks: mask thresholds, the points on that axis.
        classes: the annotation's.
        pictures: P.
    """

    def __init__(
        self, sweeps: Sequence[PictureSweep], masks: Sequence[float], classes: Sequence[AnnotatedClass]
    ) -> None:
        self.masks, self.classes, self.pictures = tuple(masks), tuple(classes), len(sweeps)
        count = len(classes)
        self._class = np.concatenate([each.class_id for each in sweeps]) if sweeps else np.zeros(0, np.int32)
        self._mask = np.concatenate([each.mask for each in sweeps]) if sweeps else np.zeros(0, np.int8)
        self._scores, self._overlaps = (
            _joined([getattr(each, name) for each in sweeps], (0, 2)) for name in ("score", "overlap")
        )
        self._iou = _joined([each.iou for each in sweeps], 0)
        self._picture = np.repeat(np.arange(len(sweeps)), [len(each.iou) for each in sweeps])
        wanted = np.zeros((len(sweeps), count))
        for picture, each in enumerate(sweeps):
            wanted[picture] = np.bincount(each.wanted[:, 0], minlength=count)
        self._wanted = wanted

    def counts_at(
        self,
        score: float,
        overlap: float,
        mask: float | None = None,
        *,
        pictures: NDArray[np.bool_] | None = None,
    ) -> Counts:
        """(C, 4) counts at one point; of some of the pictures, (P,) bool, or of all.

        Raises:
            InvalidValueError: a point that was not looked at.
        """
        inside = self._inside(score, overlap, mask)
        wanted = self._wanted
        if pictures is not None:
            inside = inside[pictures[self._picture[inside]]]
            wanted = wanted[pictures]
        return _counted(self._class[inside], self._iou[inside], wanted.sum(axis=0))

    def counts_by_picture(self, score: float, overlap: float, mask: float | None = None) -> Counts:
        """(P, C, 4) counts at one point.

        Raises:
            InvalidValueError: a point that was not looked at.
        """
        inside = self._inside(score, overlap, mask)
        cell = self._class[inside] + len(self.classes) * self._picture[inside]
        shape = (self.pictures, len(self.classes), 4)
        return _counted(cell, self._iou[inside], self._wanted.ravel()).reshape(shape)

    def figures_at(self, score: float, overlap: float, mask: float | None = None) -> Figures:
        """PQ, SQ and RQ of all, things, stuff and each class at one point, as an evaluation there has them.

        Raises:
            InvalidValueError: a point that was not looked at.
        """
        return figures_of(self.counts_at(score, overlap, mask), self.classes)

    def grid(
        self,
        scores: Sequence[float] = SCORES,
        overlaps: Sequence[float] = OVERLAPS,
        mask: float | None = None,
        *,
        pictures: NDArray[np.bool_] | None = None,
    ) -> Counts:
        """(S, O, C, 4) counts at each point.

        Raises:
            InvalidValueError: a point that was not looked at.
        """
        return np.stack(
            [
                np.stack([self.counts_at(score, overlap, mask, pictures=pictures) for overlap in overlaps])
                for score in scores
            ]
        )

    def _inside(self, score: float, overlap: float, mask: float | None) -> NDArray[np.int64]:
        """The rectangles that hold a point."""
        mask = self.masks[0] if mask is None else mask
        if not LEAST_SCORE <= score <= 1 or not 0 <= overlap <= 1:
            raise InvalidValueError(
                f"Wanted a score of {LEAST_SCORE} to 1 and an overlap of 0 to 1, got {score!r}, {overlap!r}."
            )
        if mask not in self.masks:
            raise InvalidValueError(f"mask: wanted one of {self.masks}, got {mask!r}.")
        inside = (self._scores[:, 0] <= score) & (score < self._scores[:, 1])
        inside &= (self._overlaps[:, 0] < overlap) & (overlap <= self._overlaps[:, 1])
        if len(self.masks) > 1:
            inside &= self._mask == self.masks.index(mask)
        return np.flatnonzero(inside)


@dataclass(frozen=True, slots=True)
class BestPoint:
    """Where PQ is highest, and how far that may be believed.

    Attributes:
        score, overlap, mask: the thresholds.
        pq: there, over all pictures.
        before: PQ at the thresholds that were evaluated.
        gain: of the first over the second, with its bootstrap interval over pictures; None for one picture.
        held_out: the gain on the half of the pictures that did not choose the point, the mean of both ways
            round; None for one picture.
    """

    score: float
    overlap: float
    mask: float
    pq: float
    before: float
    gain: Interval | None
    held_out: float | None


def best_point(surface: Surface, now: tuple[float, float, float], group: str = "all") -> BestPoint | None:
    """The best point of the grid, over all mask thresholds; None where no class of the group occurs.

    Of equals it is the nearest to `now`, which is the best itself where no point is better.

    Args:
        surface: of a data set.
        now: the score, overlap and mask thresholds that were evaluated.
        group: "all", "things" or "stuff".
    """
    members = members_of(surface.classes)[group]
    whole = _best(surface, members, now, None)
    if whole is None:
        return None
    (score, overlap, mask), pq = whole
    before = _mean_pq(surface.counts_at(*now), members)
    if pq <= before:
        (score, overlap, mask), pq = now, before
    gain = held_out = None
    if surface.pictures > 1:
        there, here = surface.counts_by_picture(score, overlap, mask), surface.counts_by_picture(*now)
        gain = interval_of(there, here, members)
        held_out = _held_out(surface, members, now)
    return BestPoint(score, overlap, mask, pq, before, gain, held_out)


@dataclass(frozen=True, slots=True)
class ClassThreshold:
    """The score threshold that a class would like best, the others being as they are.

    Attributes:
        class_id: its place among the annotation's classes.
        score: the threshold.
        pq: of the class there.
        before: its PQ at the thresholds that were evaluated.
    """

    class_id: int
    score: float
    pq: float
    before: float


def class_thresholds(
    surface: Surface, now: tuple[float, float, float], scores: Sequence[float] = SCORES
) -> tuple[ClassThreshold, ...]:
    """What each class that occurs would like. The threshold is moved for all classes together, as other
    classes' queries take pixels, too.
    """
    _, overlap, mask = now
    before = qualities(surface.counts_at(*now))[:, 0]
    values = qualities(surface.grid(scores, (overlap,), mask)[:, 0])[..., 0]
    found = []
    for class_id in np.flatnonzero(~np.isnan(values).all(axis=0) & ~np.isnan(before)).tolist():
        # Of equals the one that is nearest to where it stands.
        column = np.nan_to_num(values[:, class_id], nan=-1.0)
        nearest = min(np.flatnonzero(column == column.max()).tolist(), key=lambda i: abs(scores[i] - now[0]))
        best, now_pq = float(column[nearest]), float(before[class_id])
        if best > now_pq:
            found.append(ClassThreshold(class_id, float(scores[nearest]), best, now_pq))
        else:
            found.append(ClassThreshold(class_id, now[0], now_pq, now_pq))
    return tuple(found)


def _best(
    surface: Surface,
    members: NDArray[np.bool_],
    now: tuple[float, float, float],
    pictures: NDArray[np.bool_] | None,
) -> tuple[tuple[float, float, float], float] | None:
    best: tuple[tuple[float, float, float], float] | None = None
    away = np.add.outer(np.abs(np.array(SCORES) - now[0]), np.abs(np.array(OVERLAPS) - now[1]))
    for mask in sorted(surface.masks, key=lambda each: abs(each - now[2])):
        values = group_means(qualities(surface.grid(mask=mask, pictures=pictures)), members)[..., 0]
        if np.isnan(values).all():
            continue
        equals = np.where(values == np.nanmax(values), away, np.inf)
        i, j = np.unravel_index(int(equals.argmin()), values.shape)
        if best is None or values[i, j] > best[1]:
            best = (SCORES[int(i)], OVERLAPS[int(j)], mask), float(values[i, j])
    return best


def _held_out(surface: Surface, members: NDArray[np.bool_], now: tuple[float, float, float]) -> float | None:
    half = np.arange(surface.pictures) % 2 == 0
    gains = []
    for chosen in (half, ~half):
        found = _best(surface, members, now, chosen)
        if found is None:
            return None
        rest = ~chosen
        there = _mean_pq(surface.counts_at(*found[0], pictures=rest), members)
        gains.append(there - _mean_pq(surface.counts_at(*now, pictures=rest), members))
    mean = float(np.mean(gains))
    return None if np.isnan(mean) else mean


def _mean_pq(counts: Counts, members: NDArray[np.bool_]) -> float:
    return float(group_means(qualities(counts), members)[0])


def _counted(cell: NDArray[np.integer], iou: NDArray[np.float64], wanted: NDArray[np.float64]) -> Counts:
    """Counts of some cells, given the segments' IoU (0 for a false positive)."""
    matched = iou > 0
    sums = np.bincount(cell, iou, len(wanted))
    found = np.bincount(cell[matched], minlength=len(wanted)).astype(np.float64)
    wrong = np.bincount(cell[~matched], minlength=len(wanted)).astype(np.float64)
    return np.stack([sums, found, wrong, wanted - found], axis=-1)


def _joined(parts: list[NDArray[np.float64]], shape: int | tuple[int, int]) -> NDArray[np.float64]:
    return np.concatenate(parts) if parts else np.zeros(shape)
