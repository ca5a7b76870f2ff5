"""One picture at all score and overlap thresholds: which segments there would be, and what they would match.

A segment stays the same over a range of the score threshold (until another query joins that takes pixels from
it) and of the overlap threshold (below the share of its mask that is left to it). So all that thresholds can
make of a picture is a list of rectangles in the plane of both, each with what it adds to the figures; the
figures at a point are the sum over the rectangles that hold it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.evaluation.annotations import Truth
from panoseg.evaluation.classes import ClassMatch
from panoseg.evaluation.judging import judge
from panoseg.merging.ranking import are_things
from panoseg.merging.tallies import ScoreSweep, sweep_scores, tally_masks
from panoseg.prediction import Prediction

LEAST_SCORE = 0.05
"""From this score threshold up; a run leaves out what matters below."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureSweep:
    """N rectangles of one picture; those that are excused or foreign are left out, as they count for nothing.

    Attributes:
        mask: (N,) int8, which of the mask thresholds.
        class_id: (N,) int32, place among the annotation's classes.
        score: (N, 2) float64: it is there for score thresholds from the first up to, but not including, the
            second.
        overlap: (N, 2) float64: … for overlap thresholds above the first, up to and including the second.
        iou: (N,) float64 with its match; 0 for a false positive.
        truth: (N,) int32, the number of the annotated segment that it matches, 0 for a false positive.
        wanted: (T, 2) int64: class and number of each annotated segment that counts.
    """

    mask: NDArray[np.int8]
    class_id: NDArray[np.int32]
    score: NDArray[np.float64]
    overlap: NDArray[np.float64]
    iou: NDArray[np.float64]
    truth: NDArray[np.int32]
    wanted: NDArray[np.int64]

    @classmethod
    def nothing(cls, truth: Truth, masks: int) -> PictureSweep:
        """Of a picture without a prediction."""
        return _joined([], truth)


@dataclass(frozen=True, slots=True, eq=False)
class OwnAreas:
    """Pixels of each query's own mask at a mask threshold.

    Attributes:
        mask: the threshold.
        areas: (Q,) int64; right of all that score above `LEAST_SCORE`.
    """

    mask: float
    areas: NDArray[np.int64]


Part = tuple[
    NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]
]  # class ids of the model, shared pixels, score ranges, overlap ranges


def sweep_picture(
    prediction: Prediction,
    masks: tuple[float, ...],
    truth: Truth,
    match: ClassMatch,
    known: OwnAreas | None = None,
) -> PictureSweep:
    """All rectangles of a picture.

    Args:
        prediction: of the annotation's size.
        masks: mask thresholds, 0–1.
        truth: what is annotated.
        match: how the classes meet.
        known: what was counted already.
    """
    sweep = sweep_scores(prediction, masks, LEAST_SCORE, truth.map)
    found = []
    for m, mask in enumerate(masks):
        if known is not None and known.mask == mask:
            original = known.areas[sweep.queries]
        else:
            original = tally_masks(prediction, mask, sweep.queries, truth.map).sum(axis=1)
        for model_classes, shared, scores, shares in _segments(prediction, sweep, m, original):
            classes = match.annotated[model_classes]
            judged = judge(shared, classes, truth)
            keep = judged.counts
            found.append(
                (m, classes[keep], scores[keep], shares[keep], judged.match_iou[keep], judged.partner[keep])
            )
    return _joined(found, truth)


def _segments(prediction: Prediction, sweep: ScoreSweep, m: int, original: NDArray[np.int64]) -> list[Part]:
    """Every segment that there can be, things first."""
    count = len(sweep.queries)
    if not count:
        return []
    below = np.append(sweep.scores[1:], LEAST_SCORE)  # step s holds from there up to its own score
    final, owned = sweep.final[m], sweep.owned
    labels = prediction.labels[sweep.queries]
    is_thing = are_things(prediction, sweep.queries)
    share = np.divide(owned, original[None, :], out=np.zeros(owned.shape), where=original[None, :] > 0)
    there = (owned > 0) & (original[None, :] > 0) & (final.sum(axis=2) > 0)
    there &= np.tri(count, dtype=bool) & (below < sweep.scores)[:, None]
    alone = is_thing.copy()
    for label in np.unique(labels[~is_thing]).tolist():
        members = np.flatnonzero(labels == label)
        if len(members) == 1:
            alone[members] = True
    parts = [_lone(np.flatnonzero(alone), labels, final, share, there, sweep.scores, below)]
    for label in np.unique(labels[~alone]).tolist():
        members = np.flatnonzero(~alone & (labels == label))
        parts.append(_fused(members, label, final, share, there, sweep.scores, below))
    return [part for part in parts if len(part[0])]


def _lone(
    queries: NDArray[np.int64],
    labels: NDArray[np.int64],
    final: NDArray[np.int64],
    share: NDArray[np.float64],
    there: NDArray[np.bool_],
    scores: NDArray[np.float64],
    below: NDArray[np.float64],
) -> Part:
    """Segments of one query each; steps at which nothing changes for one are joined."""
    classes, shared, ranges, shares = [], [], [], []
    for k in queries.tolist():
        steps = np.flatnonzero(there[:, k])
        if not len(steps):
            continue
        same = (final[steps[1:], k] == final[steps[:-1], k]).all(axis=1)
        # Steps of equal scores are left out, so neighbours here hold neighbouring ranges.
        same &= share[steps[1:], k] == share[steps[:-1], k]
        firsts = np.append(0, np.flatnonzero(~same) + 1)
        lasts = np.append(firsts[1:] - 1, len(steps) - 1)
        classes.append(np.full(len(firsts), labels[k]))
        shared.append(final[steps[firsts], k])
        ranges.append(np.stack([below[steps[lasts]], scores[steps[firsts]]], axis=1))
        shares.append(np.stack([np.full(len(firsts), -1.0), share[steps[firsts], k]], axis=1))
    return _part(classes, shared, ranges, shares, final.shape[2])


def _fused(
    members: NDArray[np.int64],
    label: int,
    final: NDArray[np.int64],
    share: NDArray[np.float64],
    there: NDArray[np.bool_],
    scores: NDArray[np.float64],
    below: NDArray[np.float64],
) -> Part:
    """Segments of a stuff class that several queries have: the lower the overlap threshold, the more of them
    paint into it.
    """
    classes, shared, ranges, shares = [], [], [], []
    for s in np.flatnonzero(there[:, members].any(axis=1)).tolist():
        present = members[there[s, members]]
        present = present[np.argsort(-share[s, present], kind="stable")]
        least = np.append(share[s, present[1:]], -1.0)
        most = share[s, present]
        use = least < most
        classes.append(np.full(int(use.sum()), label))
        shared.append(np.cumsum(final[s, present], axis=0)[use])
        ranges.append(np.tile([below[s], scores[s]], (int(use.sum()), 1)))
        shares.append(np.stack([least, most], axis=1)[use])
    return _part(classes, shared, ranges, shares, final.shape[2])


def _part(
    classes: list[NDArray[np.int64]],
    shared: list[NDArray[np.int64]],
    ranges: list[NDArray[np.float64]],
    shares: list[NDArray[np.float64]],
    numbers: int,
) -> Part:
    if not classes:
        return np.zeros(0, np.int64), np.zeros((0, numbers), np.int64), np.zeros((0, 2)), np.zeros((0, 2))
    return np.concatenate(classes), np.concatenate(shared), np.concatenate(ranges), np.concatenate(shares)


def _joined(
    found: list[
        tuple[
            int,
            NDArray[np.int64],
            NDArray[np.float64],
            NDArray[np.float64],
            NDArray[np.float64],
            NDArray[np.int64],
        ]
    ],
    truth: Truth,
) -> PictureSweep:
    counted = np.flatnonzero(~truth.crowds)
    wanted = np.stack([truth.classes[counted], counted + 1], axis=1).reshape(-1, 2)
    if not found:
        none = np.zeros((0, 2))
        return PictureSweep(
            np.zeros(0, np.int8),
            np.zeros(0, np.int32),
            none,
            none,
            np.zeros(0),
            np.zeros(0, np.int32),
            wanted,
        )
    masks, classes, scores, shares, ious, partners = zip(*found, strict=True)
    return PictureSweep(
        np.concatenate([np.full(len(each), m, np.int8) for m, each in zip(masks, classes, strict=True)]),
        np.concatenate(classes).astype(np.int32),
        np.concatenate(scores),
        np.concatenate(shares),
        np.concatenate(ious),
        np.concatenate(partners).astype(np.int32),
        wanted,
    )


def back_at(sweep: PictureSweep, number: int, mask: int, score: float, overlap: float) -> tuple[float, float]:
    """The highest score threshold below `score`, and the highest overlap threshold below `overlap`, at which
    an annotated segment is matched while the other stays where it is; NaN where there is none.

    Args:
        sweep: of its picture.
        number: the segment's, from 1.
        mask: the place of the mask threshold.
        score, overlap: where the thresholds stand.
    """
    mine = (sweep.truth == number) & (sweep.mask == mask)
    scores, overlaps = sweep.score, sweep.overlap
    lower = mine & (overlaps[:, 0] < overlap) & (overlap <= overlaps[:, 1]) & (scores[:, 1] <= score)
    looser = mine & (scores[:, 0] <= score) & (score < scores[:, 1]) & (overlaps[:, 1] < overlap)
    best_score = best_overlap = math.nan
    if lower.any():
        best_score = _shortest_below(*max(scores[lower].tolist(), key=lambda each: each[1]))
    if looser.any():
        least, most = max(overlaps[looser].tolist(), key=lambda each: each[1])
        rounded = math.floor(100 * most) / 100
        best_overlap = rounded if least < rounded <= most else most
    return best_score, best_overlap


def _shortest_below(least: float, most: float) -> float:
    """The largest value of two decimals from `least` up to, but not including, `most`; of more where there is
    none.
    """
    for decimals in (2, 3, 4, 5):
        value = round((math.ceil(10**decimals * most) - 1) / 10**decimals, decimals)
        if least <= value < most:
            return value
    return least
