"""Which kept query owns each pixel, and what that leaves of its mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.compiled import in_parallel, shares
from panoseg.merging.grid import surfaces_of
from panoseg.prediction import Prediction


@dataclass(frozen=True, eq=False, slots=True)
class Ownership:
    """The owners of all pixels, before anybody is dropped.

    Attributes:
        owned: (K,) pixels where the query's score × probability is the largest.
        final: (K,) those of them where its probability reaches the mask threshold.
        boxes: (K, 4) first row, first column, end row and end column of the final pixels.
        probability: (K,) the sum of the query's probability over its final pixels.
    """

    owned: NDArray[np.int64]
    final: NDArray[np.int64]
    boxes: NDArray[np.int64]
    probability: NDArray[np.float64]
    _owner: NDArray[np.int32]
    _order: NDArray[np.int64]

    def paint(self, names: NDArray[np.int32]) -> NDArray[np.int32]:
        """(H, W) int32 map with names[k] at the final pixels of query k, and 0 elsewhere. To be called once:
        it overwrites the owners, so that there is never more than one map of the photo's size.
        """
        of_place = np.append(np.int32(0), names[self._order]).astype(np.int32)
        if not np.array_equal(of_place, np.arange(len(of_place))):
            from panoseg.merging.kernels.ownership import rename

            in_parallel(rename, ((self._owner, of_place, *rows) for rows in shares(len(self._owner))))
        return self._owner


def own(prediction: Prediction, kept: NDArray[np.int64], mask: float) -> Ownership:
    """The owners among the kept queries; the first of them on a tie.

    Args:
        kept: (K,) ascending indices of queries.
        mask: least probability of a final pixel.
    """
    if not len(kept):
        none = np.zeros(0, np.int64)
        empty = np.zeros(prediction.image_size, np.int32)
        return Ownership(none, none, np.zeros((0, 4), np.int64), np.zeros(0), empty, none)
    from panoseg.merging.kernels.ownership import own as own_rows

    surfaces = surfaces_of(prediction)
    order = np.argsort(-prediction.scores[kept], kind="stable")
    owner = np.empty(surfaces.size, np.int32)
    results = in_parallel(
        own_rows,
        (
            (
                surfaces.logits, surfaces.grid, surfaces.low, surfaces.high,
                kept[order], prediction.scores[kept][order], logit(mask), owner, *rows,
            )
            for rows in shares(surfaces.tile_rows)
        ),
    )  # fmt: skip
    tallies = np.stack([tally for tally, _ in results])
    back = np.argsort(order)
    counts = np.concatenate(
        [tallies[:, :, :2].sum(axis=0), tallies[:, :, 2:4].min(axis=0), tallies[:, :, 4:].max(axis=0)], axis=1
    )[back]
    probability = np.sum([sums for _, sums in results], axis=0)[back]
    return Ownership(counts[:, 0], counts[:, 1], counts[:, 2:], probability, owner, order)


def logit(probability: float) -> float:
    """The logit whose sigmoid is that probability; for 1, the least whose sigmoid rounds to 1 in float64."""
    if probability <= 0:
        return -np.inf
    if probability >= 1:
        return float(53 * np.log(2))
    return float(np.log(probability) - np.log1p(-probability))
