"""A mask as runs of pixels: its memory follows the length of its outline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.prediction import Size


@dataclass(frozen=True, slots=True, eq=False)
class RunLengthMask:
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
        from panoseg.merging.kernels.query_masks import paint

        paint(self.spans, value, id_map)

    def to_mask(self) -> NDArray[np.bool_]:
        """(H, W) bool, true inside."""
        from panoseg.merging.kernels.query_masks import paint

        mask = np.zeros(self.size, np.bool_)
        paint(self.spans, True, mask)
        return mask
