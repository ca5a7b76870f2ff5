"""Where the merging is unsure: how close the second-best query comes to the owner of each pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.parallel import in_parallel, ranges
from panoseg.merging.ranking import kept_queries, rank
from panoseg.merging.surfaces import surfaces_of
from panoseg.prediction import Prediction, Size
from panoseg.thresholds import Thresholds


def margin(
    prediction: Prediction,
    thresholds: Thresholds = Thresholds(),  # noqa: B008
    size: Size | None = None,
) -> NDArray[np.float32]:
    """Best minus second-best score × probability among the kept queries, at each pixel.

    A small margin is a pixel that a small change would give to another. With one kept query the second best
    is 0, so the margin is its own score × probability; with none it is 0.

    Args:
        prediction: of any geometry.
        thresholds: of which only `score` matters, for what is kept.
        size: (height, width) of a smaller picture of the photo, for display; the photo's by default.

    Returns:
        (H, W) float32, 0–1, to within 0.0002.

    Raises:
        InvalidValueError: a size below 1×1.
    """
    surfaces = surfaces_of(prediction, size)
    kept = kept_queries(prediction, thresholds.score)
    if not len(kept):
        return np.zeros(surfaces.size, np.float32)
    from panoseg.merging.kernels.margin import margins

    ranking, _ = rank(prediction, kept)
    result = np.empty(surfaces.size, np.float32)
    in_parallel(margins, ((surfaces, ranking, result, *rows) for rows in ranges(surfaces.tile_rows)))
    return result
