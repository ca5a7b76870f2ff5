"""What every slider position shares: the surfaces of a prediction, with the bounds of their tiles.

They are the same at every threshold, so they are computed once per prediction and size.
"""

from __future__ import annotations

import numpy as np

from panoseg.errors import InvalidValueError
from panoseg.merging.grid import Grid, Surfaces, axis
from panoseg.merging.parallel import in_parallel, ranges
from panoseg.merging.per_prediction_cache import PerPredictionCache
from panoseg.prediction import Prediction, Size

# A tile is the smallest of these squares whose bounds fit into the budget.
_TILES = (8, 16, 32, 64, 128)
_BOUNDS_BYTES = 16 << 20
_SIZES_KEPT = 3

_by_size: PerPredictionCache[Size, Surfaces] = PerPredictionCache(_SIZES_KEPT)


def surfaces_of(prediction: Prediction, size: Size | None = None) -> Surfaces:
    """The prediction's surfaces at a size (the photo's by default), computed once while the prediction lives.

    Bounded: at most 3 sizes per prediction are kept, each of at most 16 MiB, 44 bytes per row and column, and
    8 bytes per tile and query that owns it.

    Raises:
        InvalidValueError: a size below 1×1.
    """
    height, width = size or prediction.image_size
    if height < 1 or width < 1:
        raise InvalidValueError(f"size: wanted sides of at least 1 pixel, got {size!r}.")
    size = height, width
    return _by_size.get(prediction, size, lambda: _surfaces(prediction, size))


def _surfaces(prediction: Prediction, size: Size) -> Surfaces:
    from panoseg.merging.kernels.surface import tile_bounds

    queries = len(prediction.mask_logits)
    rows, columns = (
        axis(*sides)
        for sides in zip(
            prediction.mask_logits.shape[1:],
            prediction.input_size,
            prediction.content_size,
            size,
            strict=True,
        )
    )
    for tile in _TILES:
        shape = (queries, -(-len(rows.middle) // tile), -(-len(columns.middle) // tile))
        if 8 * np.prod(shape) <= _BOUNDS_BYTES:
            break
    low, high = np.empty(shape, np.float32), np.empty(shape, np.float32)
    # Zeros that nobody has written to take no memory: only those who own a tile have a sum there.
    sums = np.zeros(shape)
    surfaces = Surfaces(prediction.mask_logits, Grid(rows, columns, tile), low, high, sums)
    in_parallel(tile_bounds, ((surfaces, *some) for some in ranges(queries)))
    return surfaces


def logit(probability: float) -> float:
    """The logit whose sigmoid is that probability; for 1, the least whose sigmoid rounds to 1 in float64."""
    if probability <= 0:
        return -np.inf
    if probability >= 1:
        return float(53 * np.log(2))
    return float(np.log(probability) - np.log1p(-probability))
