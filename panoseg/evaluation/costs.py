"""What each reason costs: the PQ if exactly these errors were mended, one oracle per reason.

The idea is TIDE's (Bolya et al., "TIDE: A General Toolbox for Identifying Object Detection Errors", ECCV
2020, arXiv 2008.08115), which has it for AP; docs/evaluation.md says what mending means here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from panoseg.evaluation.annotations import AnnotatedClass
from panoseg.evaluation.figures import SIZES, Counts, counts_of, group_means, members_of, qualities
from panoseg.evaluation.reasons import MISSED_WORDS, SURPLUS_WORDS, Missed, Outcome, Surplus

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Cost:
    """One reason, and what it costs.

    Attributes:
        side: "missed" or "surplus".
        reason: its name.
        words: what it means.
        count: how many segments have it.
        pq: PQ of all, things and stuff if these were mended, less the PQ as it is; None for n/a. 0–1.
        classes: (C,) the same of each class; NaN for n/a.
        sizes: size → the same over all classes, of the segments of that size.
    """

    side: str
    reason: str
    words: str
    count: int
    pq: dict[str, float | None]
    classes: NDArray[np.float64]
    sizes: dict[str, float | None]


def costs_of(segments: pd.DataFrame, classes: Sequence[AnnotatedClass]) -> tuple[Cost, ...]:
    """The cost of each reason that occurs, in the order of the rules; the missed ones first.

    Args:
        segments: the table of an evaluation.
        classes: the annotation's.
    """
    reasons = segments["reason"].astype(str).to_numpy()
    outcome = segments["outcome"].astype(str).to_numpy()
    members, found = members_of(classes), []
    base = counts_of(segments, len(classes))
    by_size = {size: counts_of(segments, len(classes), size=size) for size in SIZES}
    drawn = qualities(base)[:, 1]  # how well each class's matches are drawn
    for side, reason, words in _reasons():
        which = (reasons == reason) & (outcome == side)
        if not which.any():
            continue
        change = _mended(segments, which, side, drawn)
        values = _gain(base, change(None))
        found.append(
            Cost(
                side,
                reason,
                words,
                int(which.sum()),
                {name: _mean_gain(base, change(None), inside) for name, inside in members.items()},
                values,
                {size: _mean_gain(by_size[size], change(size), members["all"]) for size in SIZES},
            )
        )
    return tuple(found)


def lost_by_class(
    segments: pd.DataFrame, costs: Sequence[Cost], class_count: int
) -> dict[tuple[str, str], NDArray[np.int64]]:
    """(side, reason) → (C,) how many segments of each class have it.

    Args:
        segments: the table of an evaluation.
        costs: its reasons.
        class_count: C.
    """
    outcome, reason = (segments[name].astype(str).to_numpy() for name in ("outcome", "reason"))
    class_id = segments["class_id"].to_numpy()
    return {
        (each.side, each.reason): np.bincount(
            class_id[(outcome == each.side) & (reason == each.reason)], minlength=class_count
        )
        for each in costs
    }


def _reasons() -> Iterator[tuple[str, str, str]]:
    for missed in Missed:
        yield Outcome.MISSED.value, missed.value, MISSED_WORDS[missed]
    for surplus in Surplus:
        yield Outcome.SURPLUS.value, surplus.value, SURPLUS_WORDS[surplus]


class _mended:  # noqa: N801  # used as a function
    """What mending some segments adds to the counts (C, 4), of all sizes or of one."""

    def __init__(
        self, segments: pd.DataFrame, which: NDArray[np.bool_], side: str, drawn: NDArray[np.float64]
    ) -> None:
        self._classes = len(drawn)
        self._class = segments["class_id"].to_numpy()
        self._area = segments["area"].to_numpy()
        self._which, self._side = which, side
        if side == Outcome.MISSED:
            iou = segments["iou"].to_numpy()[which]
            usual = drawn[self._class[which]]
            usual = np.where(np.isnan(usual) | (usual == 0), 1.0, usual)
            self._iou = np.where(iou > 0.5, iou, usual)
            self._gone = _attempts(segments, which)

    def __call__(self, size: str | None) -> Counts:
        change = np.zeros((self._classes, 4))
        which = self._inside(self._which, size)
        if self._side == Outcome.SURPLUS:
            change[:, 2] -= np.bincount(self._class[which], minlength=self._classes)
            return change
        iou = self._iou[which[self._which]]
        found = np.bincount(self._class[which], minlength=self._classes)
        change[:, 0] += np.bincount(self._class[which], iou, self._classes)
        change[:, 1] += found
        change[:, 3] -= found
        gone = self._inside(self._gone, size)
        change[:, 2] -= np.bincount(self._class[gone], minlength=self._classes)
        return change

    def _inside(self, which: NDArray[np.bool_], size: str | None) -> NDArray[np.bool_]:
        if size is None:
            return which
        least, most = SIZES[size]
        return which & (self._area >= least) & (self._area < most)


def _attempts(segments: pd.DataFrame, which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The false positives that were the attempts at some missed segments: mended, they are these segments."""
    picture, segment = segments["picture"].to_numpy(np.int64), segments["segment"].to_numpy()
    attempt = segments["attempt"].to_numpy()
    with_one = which & (attempt > 0)
    wanted = np.unique((picture[with_one] << 32) + attempt[with_one])
    surplus = (segments["outcome"].astype(str).to_numpy() == Outcome.SURPLUS.value) & ~segments[
        "annotated"
    ].to_numpy()
    return surplus & np.isin((picture << 32) + segment, wanted)


def _gain(base: Counts, change: Counts) -> NDArray[np.float64]:
    """(C,) PQ after less before; a class that stops to occur has lost nothing any more."""
    before, after = qualities(base)[:, 0], qualities(base + change)[:, 0]
    return after - before


def _mean_gain(base: Counts, change: Counts, members: NDArray[np.bool_]) -> float | None:
    before = group_means(qualities(base), members)[0]
    after = group_means(qualities(base + change), members)[0]
    return None if np.isnan(before) or np.isnan(after) else float(after - before)
