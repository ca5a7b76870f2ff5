"""Extents, the area and box of each segment, of bands of the photo that were looked at apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Box = tuple[int, int, int, int]


def combine_extents(bands: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """(K, 5) the extents (`panoseg.merging.kernels.pixels.new_extents`) of all bands together."""
    extents = np.stack(bands)
    return np.concatenate(
        [extents[:, :, :1].sum(axis=0), extents[:, :, 1:3].min(axis=0), extents[:, :, 3:].max(axis=0)],
        axis=1,
    )


def box_of(extents: NDArray[np.int64]) -> Box:
    """Tight box (x, y, width, height) around the pixels of all rows of extents (K, 5) together."""
    top, left = (int(side) for side in extents[:, 1:3].min(axis=0))
    bottom, right = (int(side) for side in extents[:, 3:].max(axis=0))
    return left, top, right - left, bottom - top
