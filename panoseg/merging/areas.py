"""How many pixels each query's own mask has, whoever owns them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.compiled import in_parallel, shares
from panoseg.merging.grid import surfaces_of
from panoseg.merging.ownership import logit
from panoseg.merging.remembered import Remembered
from panoseg.prediction import Prediction

_UNKNOWN = -1
_known: Remembered[float, NDArray[np.int64]] = Remembered(limit=16)


def mask_areas(
    prediction: Prediction, mask: float, queries: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """(K,) pixels of the photo where the probability of each of K queries (of all by default) reaches `mask`.

    They depend on the mask threshold alone: what was computed for the last 16 thresholds is remembered.
    """
    count = len(prediction.mask_logits)
    queries = np.arange(count) if queries is None else queries
    areas = _known.get(prediction, mask, lambda: np.full(count, _UNKNOWN))
    missing = queries[areas[queries] == _UNKNOWN]
    if len(missing):
        areas[missing] = _areas(prediction, mask, missing)  # two threads may both do this, with equal results
    return areas[queries]


def _areas(prediction: Prediction, mask: float, queries: NDArray[np.int64]) -> NDArray[np.int64]:
    from panoseg.merging.kernels.masks import areas

    surfaces = surfaces_of(prediction)
    threshold = logit(mask)
    parts = in_parallel(
        areas,
        (
            (surfaces.logits, surfaces.grid, surfaces.low, surfaces.high, queries[first:end], threshold)
            for first, end in shares(len(queries))
        ),
    )
    return np.concatenate(parts)
