"""A mask as runs of pixels: its memory follows the length of its outline.

A run takes 12 bytes. Between two nodes of the input grid a row of pixels crosses a threshold once at most, so
a mask of H rows over an input of w columns has no more than H × (w / 2 + 1) runs, however noisy it is, and
never more than H × (W + 1) / 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import InvalidValueError
from panoseg.prediction import Size


@dataclass(frozen=True, slots=True, eq=False)
class RunLengthMask:
    """A mask of a photo.

    Attributes:
        spans: (N, 3) int32, read-only: row, first column and end column of each run, from top to bottom and
            left to right; runs of a row do not touch.
        size: (H, W) of the photo in pixels.

    Raises:
        InvalidValueError: spans that are not (N, 3).
    """

    spans: NDArray[np.int32]
    size: Size

    def __post_init__(self) -> None:
        spans = np.ascontiguousarray(self.spans, dtype=np.int32)
        if spans.ndim != 2 or spans.shape[1] != 3:
            raise InvalidValueError(f"spans: wanted shape (N, 3), got {spans.shape}.")
        spans.flags.writeable = False
        object.__setattr__(self, "spans", spans)

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
        from panoseg.merging.kernels.query_masks import paint

        paint(self.spans, value, id_map)

    def to_mask(self) -> NDArray[np.bool_]:
        """(H, W) bool, true inside."""
        from panoseg.merging.kernels.query_masks import paint

        mask = np.zeros(self.size, np.bool_)
        paint(self.spans, True, mask)
        return mask
