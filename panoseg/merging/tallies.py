"""How the pixels of segments, queries and owners lie on another map of the same picture.

An evaluation compares what was predicted with what was annotated. All that it needs to know of their masks
are such counts; no mask and no map of the prediction has to be made for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.ownership import find_owners
from panoseg.merging.ranking import kept_queries, rank
from panoseg.merging.surfaces import logit, surfaces_of
from panoseg.prediction import Prediction
from panoseg.thresholds import Thresholds


@dataclass(frozen=True, slots=True, eq=False)
class NumberedMap:
    """A map whose segments are numbered.

    Attributes:
        numbers: (H, W) int32; 0 is void, n the nth smallest id.
        ids: (T,) int64, ascending: the segments' own ids.
        extents: (T + 1, 5) int64, of each number: pixels, first row, first column, end row, end column.
    """

    numbers: NDArray[np.int32]
    ids: NDArray[np.int64]
    extents: NDArray[np.int64]

    @property
    def areas(self) -> NDArray[np.int64]:
        """(T + 1,) pixels of each number, those of void first."""
        return self.extents[:, 0]


def number_map(digits: NDArray[np.uint8], ids: NDArray[np.int64]) -> NumberedMap | int:
    """Number the segments of an annotation's PNG.

    Args:
        digits: (H, W, 3) uint8, the bytes of each pixel's id, the lowest first.
        ids: (T,) different ids from 1.

    Returns:
        The map; or the id of a pixel that is not among `ids`.
    """
    from panoseg.merging.kernels.pixels import new_extents
    from panoseg.merging.kernels.tally import number_pixels

    ids = np.sort(np.asarray(ids, np.int64))
    size = digits.shape[:2]
    numbers = np.empty(size, np.int32)
    extents = new_extents(len(ids) + 1, size)
    stray = number_pixels(_read_only(digits), ids, numbers, extents)
    return NumberedMap(numbers, ids, extents) if stray < 0 else stray


def tally_maps(
    first: NDArray[np.int32], first_count: int, second: NDArray[np.int32], second_count: int
) -> NDArray[np.int64]:
    """(first_count, second_count) pixels by what they are in two maps (H, W) of numbers from 0."""
    from panoseg.merging.kernels.tally import tally

    counts = np.zeros((first_count, second_count), np.int64)
    tally(_read_only(first.astype(np.int32, copy=False)), _read_only(second), counts)
    return counts


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    """The array as a kernel takes it: to Numba one that can be written to is of another type, which would be
    compiled anew while somebody waits.
    """
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def tally_masks(
    prediction: Prediction, mask: float, queries: NDArray[np.int64], other: NumberedMap
) -> NDArray[np.int64]:
    """(K, T + 1) pixels of the own masks of K queries, whoever owns them, by their number in another map.

    Args:
        prediction: of the map's size.
        mask: least probability inside, 0–1.
        queries: (K,) indices.
        other: of the picture's size.
    """
    from panoseg.merging.kernels.tally import tally_masks as count_masks

    queries = np.asarray(queries, np.int64)
    surfaces, numbers = surfaces_of(prediction), _read_only(other.numbers)
    return count_masks(surfaces, queries, logit(mask), numbers, len(other.ids) + 1)


@dataclass(frozen=True, slots=True, eq=False)
class OwnersTally:
    """The kept queries of one prediction at some thresholds, K of them.

    Attributes:
        kept: (K,) ascending indices.
        owned: (K,) pixels where the query's score × probability is the largest.
        final: (K, T + 1) its final pixels by their number in another map.
        extents: (K, 5) of the final pixels: their number, first row, first column, end row, end column.
    """

    kept: NDArray[np.int64]
    owned: NDArray[np.int64]
    final: NDArray[np.int64]
    extents: NDArray[np.int64]


def tally_owners(prediction: Prediction, thresholds: Thresholds, other: NumberedMap) -> OwnersTally:
    """What each kept query has before anybody is dropped, as `panoptic` would count it.

    Args:
        prediction: of the map's size.
        thresholds: score and mask matter.
        other: of the picture's size.
    """
    kept = kept_queries(prediction, thresholds.score)
    ownership = find_owners(prediction, kept, thresholds.mask, weighs=False)
    owned, extents = ownership.owned, ownership.extents
    owners = ownership.paint(np.arange(1, len(kept) + 1, dtype=np.int32))
    counts = tally_maps(owners, len(kept) + 1, other.numbers, len(other.ids) + 1)
    return OwnersTally(kept, owned, counts[1:], extents)


@dataclass(frozen=True, slots=True, eq=False)
class ScoreSweep:
    """The same for all score thresholds at once.

    Attributes:
        queries: (K,) indices by descending score; those at places 0 … s are kept at step s.
        scores: (K,) theirs.
        owned: (K, K): pixels that query k owns at step s, [s, k].
        final: (M, K, K, T + 1): its final pixels at each of M mask thresholds, by their number.
    """

    queries: NDArray[np.int64]
    scores: NDArray[np.float64]
    owned: NDArray[np.int64]
    final: NDArray[np.int64]


def sweep_scores(
    prediction: Prediction, masks: tuple[float, ...], least_score: float, other: NumberedMap
) -> ScoreSweep:
    """Let the queries join by descending score, down to a score above `least_score`.

    Args:
        prediction: of the map's size.
        masks: M mask thresholds, 0–1.
        least_score: 0–1.
        other: of the picture's size.
    """
    queries = kept_queries(prediction, least_score)
    ranking, _ = rank(prediction, queries)
    numbers = len(other.ids) + 1
    if not len(queries):
        empty = np.zeros((0, 0), np.int64)
        return ScoreSweep(queries, np.zeros(0), empty, np.zeros((len(masks), 0, 0, numbers), np.int64))
    from panoseg.merging.kernels.joining_tally import joining_tally

    least_logits = np.array([logit(mask) for mask in masks])
    owned, final = joining_tally(
        surfaces_of(prediction), ranking, least_logits, _read_only(other.numbers), numbers
    )
    return ScoreSweep(ranking.queries, ranking.scores, np.cumsum(owned, axis=0), np.cumsum(final, axis=1))
