"""A mask as runs of pixels: its memory follows the length of its outline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import InvalidValueError
from panoseg.merging.grid import Surfaces, surfaces_of
from panoseg.merging.ownership import logit
from panoseg.prediction import Prediction, Size
from panoseg.segmentation import Thresholds


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """A mask of a photo.

    Attributes:
        spans: (N, 3) int32: row, first column and end column of each run, from top to bottom and left to
            right; runs of a row do not touch.
        size: (H, W) of the photo in pixels.
    """

    spans: NDArray[np.int32]
    size: Size

    @property
    def area(self) -> int:
        """Pixels in the mask."""
        return int((self.spans[:, 2] - self.spans[:, 1]).sum(dtype=np.int64))

    @property
    def bbox(self) -> tuple[int, int, int, int]:
        """Tight box (x, y, width, height) in pixels; all zero for an empty mask."""
        if not len(self.spans):
            return 0, 0, 0, 0
        top, bottom = int(self.spans[0, 0]), int(self.spans[-1, 0]) + 1
        left, right = int(self.spans[:, 1].min()), int(self.spans[:, 2].max())
        return left, top, right - left, bottom - top

    def paint(self, id_map: NDArray[np.int32], value: int) -> None:
        """Set the mask's pixels of an id map (H, W), in place."""
        from panoseg.merging.kernels.masks import paint

        paint(self.spans, value, id_map)

    def to_mask(self) -> NDArray[np.bool_]:
        """(H, W) bool, true inside."""
        from panoseg.merging.kernels.masks import paint

        mask = np.zeros(self.size, np.bool_)
        paint(self.spans, True, mask)
        return mask


def trace_mask(surfaces: Surfaces, query: int, threshold: float) -> tuple[Runs, float]:
    """Where a query's logit is at least the threshold, and its mean probability there (0 if nowhere)."""
    from panoseg.merging.kernels.masks import trace

    spans, total = trace(surfaces.logits, surfaces.grid, surfaces.low, surfaces.high, query, threshold)
    runs = Runs(spans, surfaces.size)
    return runs, min(1.0, total / max(1, runs.area))


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
