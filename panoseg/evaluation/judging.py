"""Counts of shared pixels → which predicted segments match, by the rules of panopticapi.

Kirillov et al., "Panoptic Segmentation", CVPR 2019 (arXiv 1801.00868).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.evaluation.annotations import Truth
from panoseg.evaluation.classes import NOT_ANNOTATED


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """N predicted segments of one picture.

    Attributes:
        iou: (N, T) with each annotated segment, whatever the classes; annotated void is not in the union.
        partner: (N,) the number (from 1) of the annotated segment that it matches, 0 for none.
        match_iou: (N,) with it, 0 for none.
        counts: (N,) bool: it matches, or is a false positive; else it is excused or foreign.
        foreign: (N,) bool: its class is not annotated.
    """

    iou: NDArray[np.float64]
    partner: NDArray[np.int64]
    match_iou: NDArray[np.float64]
    counts: NDArray[np.bool_]
    foreign: NDArray[np.bool_]


def overlaps(shared: NDArray[np.int64], truth: Truth) -> NDArray[np.float64]:
    """(N, T) IoU of N masks with T annotated segments; annotated void is taken out of unions.

    Args:
        shared: (N, T + 1) pixels of each mask on void and on each segment.
        truth: the annotated picture.
    """
    area, common = shared.sum(axis=1), shared[:, 1:]
    union = area[:, None] + truth.map.areas[None, 1:] - common - shared[:, :1]
    return np.divide(common, union, out=np.zeros(common.shape), where=union > 0)


def judge(shared: NDArray[np.int64], classes: NDArray[np.int64], truth: Truth) -> Judged:
    """Match N predicted segments.

    Args:
        shared: (N, T + 1) pixels of each on void and on each annotated segment.
        classes: (N,) place of each one's class among the annotation's, or −1.
        truth: the annotated picture.
    """
    iou = overlaps(shared, truth)
    same = classes[:, None] == truth.classes[None, :]
    matching = (iou > 0.5) & same & ~truth.crowds[None, :]  # at most one in a row, and in a column
    matched = matching.any(axis=1)
    partner = np.where(matched, matching.argmax(axis=1) + 1 if matching.shape[1] else 0, 0)
    match_iou = np.where(matching, iou, 0.0).sum(axis=1)
    forgiven = shared[:, 0] + (shared[:, 1:] * (same & truth.forgiving[None, :])).sum(axis=1)
    foreign = classes == NOT_ANNOTATED
    excused = 2 * forgiven > shared.sum(axis=1)
    return Judged(iou, partner, match_iou, matched | ~(excused | foreign), foreign)
