"""What every score threshold would give, computed at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.parallel import in_parallel, ranges
from panoseg.merging.per_prediction_cache import PerPredictionCache
from panoseg.merging.query_masks import mask_areas
from panoseg.merging.ranking import Ranking, are_things, kept_queries, rank
from panoseg.merging.segment_rules import select_segments
from panoseg.merging.surfaces import logit, surfaces_of
from panoseg.prediction import Prediction
from panoseg.thresholds import Thresholds

# Owned and final pixels by mask threshold: 2 × K × K counts each, 160 kB for 100 queries.
_counts_by_mask: PerPredictionCache[float, tuple[NDArray[np.int64], NDArray[np.int64]]] = PerPredictionCache(
    limit=4
)


class SegmentCounts(NamedTuple):
    """What one score threshold gives: numbers of segments, and the share of the photo that they cover."""

    segments: int
    things: int
    stuff: int
    coverage: float


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """Step functions of the score threshold, the other two thresholds being fixed.

    Attributes:
        scores: (N,) float64, ascending from 0: where something may change. Value i holds from scores[i] up
            to, but not including, scores[i + 1]; the last one up to 1.
        segments, things, stuff: (N,) int64, how many there are.
        coverage: (N,) float64, share of the photo that is not void, 0–1.
    """

    scores: NDArray[np.float64]
    segments: NDArray[np.int64]
    things: NDArray[np.int64]
    stuff: NDArray[np.int64]
    coverage: NDArray[np.float64]

    def at(self, score: float) -> SegmentCounts:
        """The values at one threshold, 0–1."""
        i = max(0, int(np.searchsorted(self.scores, score, side="right")) - 1)
        return SegmentCounts(
            int(self.segments[i]), int(self.things[i]), int(self.stuff[i]), float(self.coverage[i])
        )


def landscape(prediction: Prediction, mask: float = 0.5, overlap: float = 0.8) -> Landscape:
    """Numbers of segments and coverage for all score thresholds, exactly as `panoptic` would give them.

    Only the set of kept queries depends on the score threshold. Queries join in order of descending score,
    and only the pixels that one takes from others are looked at. After that, moving the overlap threshold
    costs next to nothing.

    Args:
        prediction: of any geometry.
        mask: mask threshold, 0–1.
        overlap: overlap threshold, 0–1.

    Raises:
        InvalidValueError: a threshold outside 0–1.
    """
    Thresholds(0.0, mask, overlap)
    queries = kept_queries(prediction, 0.0)
    ranking, order = rank(prediction, queries)
    scores, place = prediction.scores[queries], np.argsort(order)
    owned, final = _counts_by_mask.get(prediction, mask, lambda: _counts(prediction, ranking, mask))
    original = mask_areas(prediction, mask, queries)
    labels, is_thing = prediction.labels[queries], are_things(prediction, queries)
    height, width = prediction.image_size

    steps = np.unique(np.append(0.0, scores))
    results = []
    for step in steps:
        kept = np.flatnonzero(scores > step)
        if not len(kept):
            results.append(SegmentCounts(0, 0, 0, 0.0))
            continue
        its_owned, its_final = owned[len(kept) - 1, place[kept]], final[len(kept) - 1, place[kept]]
        _, segment_of = select_segments(
            labels[kept], is_thing[kept], its_owned, original[kept], its_final, overlap
        )
        things = int(np.count_nonzero(segment_of[is_thing[kept]]))
        segments = int(segment_of.max())
        covered = int(its_final[segment_of > 0].sum())
        results.append(SegmentCounts(segments, things, segments - things, covered / (height * width)))
    segments_, things_, stuff_, coverage = zip(*results, strict=True)
    return Landscape(
        steps, np.array(segments_), np.array(things_), np.array(stuff_), np.array(coverage, np.float64)
    )


def _counts(
    prediction: Prediction, ranking: Ranking, mask: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Owned and final pixels (K, K) of the query at place k when those at places 0 … s are kept: [s, k]."""
    if not len(ranking.queries):
        return np.zeros((0, 0), np.int64), np.zeros((0, 0), np.int64)
    from panoseg.merging.kernels.landscape import gains

    surfaces = surfaces_of(prediction)
    parts = in_parallel(
        gains, ((surfaces, ranking, logit(mask), *rows) for rows in ranges(surfaces.tile_rows))
    )
    owned, final = np.cumsum(np.sum(parts, axis=0), axis=1)
    return owned, final
