"""A query's own mask, whoever owns its pixels: how large it is, and where."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import InvalidValueError
from panoseg.merging.grid import Surfaces
from panoseg.merging.parallel import in_parallel, ranges
from panoseg.merging.per_prediction_cache import PerPredictionCache
from panoseg.merging.run_length_mask import RunLengthMask
from panoseg.merging.surfaces import logit, surfaces_of
from panoseg.prediction import Prediction, Size
from panoseg.thresholds import Thresholds

_UNKNOWN = -1
_areas_by_threshold: PerPredictionCache[float, NDArray[np.int64]] = PerPredictionCache(limit=16)


def mask_areas(
    prediction: Prediction, mask: float, queries: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """(K,) pixels of the photo where the probability of each of K queries (of all by default) reaches `mask`.

    They depend on the mask threshold alone: what was computed for the last 16 thresholds is kept.
    """
    count = len(prediction.mask_logits)
    queries = np.arange(count) if queries is None else queries
    areas = _areas_by_threshold.get(prediction, mask, lambda: np.full(count, _UNKNOWN))
    missing = queries[areas[queries] == _UNKNOWN]
    if len(missing):
        areas[missing] = _areas(prediction, mask, missing)  # two threads may both do this, with equal results
    return areas[queries]


def _areas(prediction: Prediction, mask: float, queries: NDArray[np.int64]) -> NDArray[np.int64]:
    from panoseg.merging.kernels.query_masks import areas

    surfaces, threshold = surfaces_of(prediction), logit(mask)
    parts = in_parallel(
        areas, ((surfaces, queries[first:end], threshold) for first, end in ranges(len(queries)))
    )
    return np.concatenate(parts)


def query_mask(
    prediction: Prediction, query: int, mask_threshold: float = 0.5, size: Size | None = None
) -> NDArray[np.bool_]:
    """One query's own mask, whoever owns its pixels: (H, W) bool, at the photo's size or at that of a
    smaller picture of it.

    Args:
        prediction: of any geometry.
        query: its index, 0 … Q − 1.
        mask_threshold: least mask probability inside, 0–1.
        size: (height, width) of the picture.

    Raises:
        InvalidValueError: no such query, a threshold outside 0–1, or a size below 1×1.
    """
    if not 0 <= query < len(prediction.mask_logits):
        raise InvalidValueError(f"query: wanted 0 to {len(prediction.mask_logits) - 1}, got {query!r}.")
    Thresholds(mask=mask_threshold)
    return trace_mask(surfaces_of(prediction, size), query, logit(mask_threshold))[0].to_mask()


def trace_mask(surfaces: Surfaces, query: int, threshold: float) -> tuple[RunLengthMask, float]:
    """Where a query's logit is at least the threshold, and its mean probability there (0 if nowhere)."""
    from panoseg.merging.kernels.query_masks import trace

    spans, total = trace(surfaces, query, threshold)
    mask = RunLengthMask(spans, surfaces.size)
    return mask, min(1.0, total / max(1, mask.area))
