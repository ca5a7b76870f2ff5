"""What bands of the photo counted apart, put together: pixels and boxes of each segment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Box = tuple[int, int, int, int]


def combine(tallies: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """One (K, 5) tally of several (`panoseg.merging.kernels.surface.new_tally`)."""
    parts = np.stack(tallies)
    return np.concatenate(
        [parts[:, :, :1].sum(axis=0), parts[:, :, 1:3].min(axis=0), parts[:, :, 3:].max(axis=0)], axis=1
    )


def box_of(tally: NDArray[np.int64]) -> Box:
    """Tight box (x, y, width, height) around the pixels of all rows of a tally (K, 5) together."""
    top, left = (int(side) for side in tally[:, 1:3].min(axis=0))
    bottom, right = (int(side) for side in tally[:, 3:].max(axis=0))
    return left, top, right - left, bottom - top
