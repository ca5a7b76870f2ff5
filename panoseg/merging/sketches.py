"""Predictions so small that those of a thousand pictures merge within a blink: for a first look at numbers.

A sketch holds `PIXELS` pixels of each query that could be a segment, at 8 bits. What comes of it follows the
rules of `panoseg.merging.panoptic`; areas are multiples of its pixel, and what is smaller may be missing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.candidates import LEAST_NEAR_MISS, Fate
from panoseg.merging.segment_rules import select_segments
from panoseg.prediction import Prediction
from panoseg.thresholds import Thresholds

SIZE = (24, 32)
PIXELS = SIZE[0] * SIZE[1]
LEAST_SCORE = 0.02
"""Queries that are less sure of what they are have no part in a sketch."""


class Sketch(NamedTuple):
    """One picture's.

    Attributes:
        queries: (K,) int32, ascending: those that could be a segment.
        labels: (K,) int32 class ids.
        scores: (K,) float32, 0–1.
        levels: (K, PIXELS) uint8, mask probabilities, 255 for 1.
    """

    queries: NDArray[np.int32]
    labels: NDArray[np.int32]
    scores: NDArray[np.float32]
    levels: NDArray[np.uint8]

    @property
    def nbytes(self) -> int:
        """Of memory."""
        return self.levels.nbytes + 12 * len(self.queries)


@dataclass(frozen=True, slots=True, eq=False)
class SketchedSegments:
    """What one sketch gives, as columns of N segments.

    Attributes:
        class_id, name: (N,) int32: the label and the first query.
        area, score, quality: (N,) float32, 0–1.
        near_misses: queries below a threshold that have a mask.
    """

    class_id: NDArray[np.int32]
    name: NDArray[np.int32]
    area: NDArray[np.float32]
    score: NDArray[np.float32]
    quality: NDArray[np.float32]
    near_misses: int


def sketch(prediction: Prediction) -> Sketch:
    """The sketch of a prediction: mask probabilities under the middles of `SIZE` equal rectangles."""
    queries = np.flatnonzero(
        (prediction.labels < len(prediction.vocabulary)) & (prediction.scores > LEAST_SCORE)
    )
    rows, columns = (
        np.minimum(((np.arange(count) + 0.5) / count * content / whole * mask).astype(np.int64), mask - 1)
        for count, content, whole, mask in zip(
            SIZE,
            prediction.content_size,
            prediction.input_size,
            prediction.mask_logits.shape[1:],
            strict=True,
        )
    )
    logits = prediction.mask_logits[np.ix_(queries, rows, columns)].reshape(len(queries), PIXELS)
    levels = np.rint(255 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.uint8)
    return Sketch(
        queries.astype(np.int32),
        prediction.labels[queries].astype(np.int32),
        prediction.scores[queries].astype(np.float32),
        levels,
    )


def merge_sketches(
    sketches: Sequence[Sketch], thresholds: Thresholds, things: frozenset[int]
) -> list[SketchedSegments]:
    """What each sketch gives at these thresholds.

    Args:
        sketches: of pictures of one vocabulary.
        thresholds: of the merge.
        things: class ids of the things.
    """
    from panoseg.merging.kernels.sketches import count_pixels

    if not sketches:
        return []
    first = np.cumsum([0, *(len(each.queries) for each in sketches)])
    levels = np.concatenate([each.levels for each in sketches])
    scores = np.concatenate([each.scores for each in sketches])
    level = max(0, math.ceil(255 * thresholds.mask - 1e-9))
    counts = count_pixels(levels, first, scores, scores > thresholds.score, level)
    return [
        _segments(each, counts[:, first[at] : first[at + 1]], thresholds, things)
        for at, each in enumerate(sketches)
    ]


def _segments(
    each: Sketch,
    counts: NDArray[np.int32],
    thresholds: Thresholds,
    things: frozenset[int],
) -> SketchedSegments:
    kept = np.flatnonzero(each.scores > thresholds.score)
    owned, final, original = (row.astype(np.int64) for row in counts)
    labels = each.labels[kept].astype(np.int64)
    is_thing = np.array([label in things for label in labels.tolist()], bool)
    fates, segment_of = select_segments(
        labels, is_thing, owned[kept], original[kept], final[kept], thresholds.overlap
    )
    count = int(segment_of.max(initial=0))
    inside = segment_of > 0
    place = segment_of[inside] - 1
    queries = kept[inside]
    areas = final[queries].astype(np.float64)
    area = np.bincount(place, areas, count)
    score = np.bincount(place, areas * each.scores[queries], count) / np.maximum(area, 1)
    leaders = np.full(count, -1, np.int64)
    leaders[place[::-1]] = queries[::-1]  # the first query of each is written last
    missed = (each.scores <= thresholds.score) & (each.scores >= LEAST_NEAR_MISS) & (original > 0)
    lost = [
        fate in (Fate.EMPTY, Fate.OCCLUDED) and original[k] > 0 and each.scores[k] >= LEAST_NEAR_MISS
        for fate, k in zip(fates, kept.tolist(), strict=True)
    ]
    return SketchedSegments(
        class_id=each.labels[leaders],
        name=each.queries[leaders],
        area=(area / PIXELS).astype(np.float32),
        score=score.astype(np.float32),
        quality=np.full(count, np.nan, np.float32),
        near_misses=int(missed.sum()) + sum(lost),
    )
