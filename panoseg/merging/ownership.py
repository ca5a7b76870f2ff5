"""Which kept query owns each pixel, and what that leaves of its mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.extents import combine_extents
from panoseg.merging.parallel import in_parallel, ranges
from panoseg.merging.ranking import rank
from panoseg.merging.surfaces import logit, surfaces_of
from panoseg.prediction import Prediction


@dataclass(frozen=True, eq=False, slots=True)
class Ownership:
    """The owners of all pixels, before anybody is dropped.

    Attributes:
        owned: (K,) pixels where the query's score × probability is the largest.
        extents: (K, 5) of its final pixels, those of them where its probability reaches the mask threshold:
            their number, first row, first column, end row and end column.
        probability: (K,) the sum of the query's probability over its final pixels.
    """

    owned: NDArray[np.int64]
    extents: NDArray[np.int64]
    probability: NDArray[np.float64]
    _owner: NDArray[np.int32]
    _order: NDArray[np.int64]

    @property
    def final(self) -> NDArray[np.int64]:
        """(K,) final pixels."""
        return self.extents[:, 0]

    def paint(self, names: NDArray[np.int32]) -> NDArray[np.int32]:
        """(H, W) int32 map with names[k] at the final pixels of query k, and 0 elsewhere. To be called once:
        it overwrites the owners, so that there is never more than one map of the photo's size.
        """
        of_place = np.append(np.int32(0), names[self._order]).astype(np.int32)
        if not np.array_equal(of_place, np.arange(len(of_place))):
            from panoseg.merging.kernels.pixels import renumber

            in_parallel(renumber, ((self._owner, of_place, *rows) for rows in ranges(len(self._owner))))
        return self._owner


def find_owners(
    prediction: Prediction, kept: NDArray[np.int64], mask: float, *, weighs: bool = True
) -> Ownership:
    """The owners among the kept queries; the first of them on a tie.

    Args:
        kept: (K,) ascending indices of queries.
        mask: least probability of a final pixel.
        weighs: whether `Ownership.probability` is wanted; else it is 0.
    """
    if not len(kept):
        none = np.zeros(0, np.int64)
        empty = np.zeros(prediction.image_size, np.int32)
        return Ownership(none, np.zeros((0, 5), np.int64), np.zeros(0), empty, none)
    from panoseg.merging.kernels.ownership import own

    surfaces = surfaces_of(prediction)
    ranking, order = rank(prediction, kept)
    owner = np.empty(surfaces.size, np.int32)
    results = in_parallel(
        own, ((surfaces, ranking, logit(mask), owner, weighs, *rows) for rows in ranges(surfaces.tile_rows))
    )
    back = np.argsort(order)
    owned = np.sum([band.owned for band in results], axis=0)[back]
    extents = combine_extents([band.extents for band in results])[back]
    probability = np.sum([band.probability for band in results], axis=0)[back]
    return Ownership(owned, extents, probability, owner, order)
