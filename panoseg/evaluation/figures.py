"""PQ, SQ and RQ for all, things, stuff, each class and each size, off counts per class.

Kirillov et al., "Panoptic Segmentation", CVPR 2019 (arXiv 1801.00868), as panopticapi adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from panoseg.evaluation.annotations import AnnotatedClass
from panoseg.evaluation.reasons import Outcome

if TYPE_CHECKING:
    import pandas as pd

SIZES = {"small": (0, 32**2), "medium": (32**2, 96**2), "large": (96**2, 2**62)}
"""Name → least area, and the area that it stays below, in pixels, as COCO has them."""

Counts = NDArray[np.float64]
"""(…, 4): the sum of the matches' IoU, true positives, false positives, false negatives."""

GROUPS = ("all", "things", "stuff")


@dataclass(frozen=True, slots=True)
class Quality:
    """Numbers of one class, or means over the classes of a group that occur; None where none does.

    Attributes:
        pq, sq, rq: 0–1.
        count: how many classes the mean is over; 1 for a class.
    """

    pq: float | None
    sq: float | None
    rq: float | None
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """The figures of a data set.

    Attributes:
        groups: "all", "things" and "stuff".
        classes: of each class, in the annotation's order.
        counts: (C, 4) what they are made of.
    """

    groups: dict[str, Quality]
    classes: tuple[Quality, ...]
    counts: Counts


def counts_of(
    segments: pd.DataFrame, class_count: int, *, by_picture: int = 0, size: str | None = None
) -> Counts:
    """(C, 4) counts per class; with `by_picture`, that many pictures, (P, C, 4).

    Args:
        segments: the table of an evaluation, or some of its rows.
        class_count: C.
        by_picture: P, or 0 for all together.
        size: of `SIZES`: annotated segments count by their area, and so do predicted ones that match nothing.
    """
    class_id = segments["class_id"].to_numpy()
    outcome, annotated = segments["outcome"].astype(str).to_numpy(), segments["annotated"].to_numpy()
    matched = annotated & (outcome == Outcome.MATCHED)
    surplus, missed = outcome == Outcome.SURPLUS, outcome == Outcome.MISSED
    if size is not None:
        least, most = SIZES[size]
        area = segments["area"].to_numpy()
        inside = (area >= least) & (area < most)
        matched, surplus, missed = matched & inside, surplus & inside, missed & inside
    cells = class_count * max(1, by_picture)
    cell = class_id + (class_count * segments["picture"].to_numpy() if by_picture else 0)
    columns = [np.bincount(cell[matched], segments["iou"].to_numpy()[matched], cells)]
    columns += [np.bincount(cell[which], minlength=cells) for which in (matched, surplus, missed)]
    counts = np.stack(columns, axis=-1).astype(np.float64)
    return counts.reshape(by_picture, class_count, 4) if by_picture else counts


def qualities(counts: Counts) -> NDArray[np.float64]:
    """(…, 3): PQ, SQ and RQ of counts (…, 4); NaN where a class does not occur."""
    iou, tp, fp, fn = np.moveaxis(counts, -1, 0)
    weight = tp + 0.5 * fp + 0.5 * fn
    with np.errstate(invalid="ignore", divide="ignore"):
        pq, rq = iou / weight, tp / weight
        sq = np.where(tp > 0, iou / tp, np.where(weight > 0, 0.0, np.nan))
    return np.stack([pq, sq, rq], axis=-1)


def group_means(values: NDArray[np.float64], members: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(…, k) mean over the classes of a group that occur, of values (…, C, k); NaN where none does."""
    values = values[..., members, :]
    there = ~np.isnan(values)
    count = there.sum(axis=-2)
    total = np.where(there, values, 0.0).sum(axis=-2)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def members_of(classes: Sequence[AnnotatedClass]) -> dict[str, NDArray[np.bool_]]:
    """Group → (C,) bool, which classes are in it."""
    things = np.array([each.is_thing for each in classes], bool)
    return {"all": np.ones(len(classes), bool), "things": things, "stuff": ~things}


def figures_of(counts: Counts, classes: Sequence[AnnotatedClass]) -> Figures:
    """The figures of counts (C, 4)."""
    values = qualities(counts)
    groups = {}
    for name, members in members_of(classes).items():
        pq, sq, rq = (_number(value) for value in group_means(values, members))
        groups[name] = Quality(pq, sq, rq, int((~np.isnan(values[members, 0])).sum()))
    return Figures(
        groups,
        tuple(Quality(_number(pq), _number(sq), _number(rq), int(not np.isnan(pq))) for pq, sq, rq in values),
        counts,
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
