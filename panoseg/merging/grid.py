"""Where each pixel of the photo looks on the mask logits.

The paper resizes mask logits twice: bilinearly to the padded network input, of which the padding is cut off,
then bilinearly to the photo. So the photo is covered by *cells*, each between four neighbouring samples of
the input, its *nodes*; within a cell a surface is bilinear in the position, and stays between the smallest
and the largest of its four nodes. Each node lies in turn between up to four samples of the mask grid. A
*tile* is a square of cells; the smallest and largest mask sample that its nodes touch bound every pixel in
it (`panoseg.merging.surfaces`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panoseg.prediction import Size


class Axis(NamedTuple):
    """One axis of the photo: N pixels in n cells between n + 1 nodes.

    Nodes that no pixel looks at are left out; positions are those of a resize whose corners are not aligned.

    Attributes:
        low, high: (n + 1,) int32, the two mask samples that a node lies between.
        toward: (n + 1,) float64, how far it is toward the higher, 0–1.
        first: (n + 1,) int32; cell i holds the pixels first[i] … first[i + 1] − 1, perhaps none.
        part: (N,) float64, where a pixel lies in its cell, 0–1.
        middle, spread: (n,) float64, mean and standard deviation of `part` over a cell's pixels; the spread
            of the outermost cells, where pixels are not evenly spaced, is NaN.
    """

    low: NDArray[np.int32]
    high: NDArray[np.int32]
    toward: NDArray[np.float64]
    first: NDArray[np.int32]
    part: NDArray[np.float64]
    middle: NDArray[np.float64]
    spread: NDArray[np.float64]


class Grid(NamedTuple):
    """Both axes, and the side of a tile in cells."""

    rows: Axis
    columns: Axis
    tile: int


class Surfaces(NamedTuple):
    """The logits of all queries over the photo (or a smaller picture of it).

    Attributes:
        logits: (Q, h, w) float32, the network's own.
        grid: where on them each pixel looks.
        low, high: (Q, tile rows, tile columns) float32, bounds of every pixel's logit.
        sums: (Q, tile rows, tile columns) float64, the sum of the probability over a tile's pixels where a
            merge has found it, 0 elsewhere. Threads that find the same one write the same number.
    """

    logits: NDArray[np.float32]
    grid: Grid
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    sums: NDArray[np.float64]

    @property
    def size(self) -> Size:
        """(H, W) in pixels."""
        return len(self.grid.rows.part), len(self.grid.columns.part)

    @property
    def tile_rows(self) -> int:
        """Rows of tiles, the unit of parallel work."""
        return int(self.low.shape[1])


def axis(mask: int, padded: int, content: int, photo: int) -> Axis:
    """The axis of a photo side, given the sides of the mask, the padded input and the photo's part of it."""
    position = _positions(np.arange(photo), content, photo)
    # The last pixels may lie on the last node: they belong to the cell before it, at its far end.
    below = np.minimum(np.floor(position).astype(np.int64), max(content - 2, 0))
    nodes = np.unique(np.concatenate([below, np.minimum(below + 1, content - 1)]))
    nodes = np.append(nodes, nodes[-1:]) if len(nodes) == 1 else nodes
    cell = np.searchsorted(nodes, below)
    part = position - below
    count = np.bincount(cell, minlength=len(nodes) - 1)
    safe = np.maximum(count, 1)
    middle = np.bincount(cell, part, len(nodes) - 1) / safe
    variance = np.bincount(cell, (part - middle[cell]) ** 2, len(nodes) - 1) / safe
    spread = np.sqrt(variance)
    spread[[0, -1]] = np.nan
    sample = _positions(nodes, mask, padded)
    low = np.floor(sample).astype(np.int32)
    return Axis(
        low=low,
        high=np.minimum(low + 1, mask - 1).astype(np.int32),
        toward=sample - low,
        first=np.append(0, np.cumsum(count)).astype(np.int32),
        part=part,
        middle=middle,
        spread=spread,
    )


def _positions(index: NDArray[np.int64], source: int, target: int) -> NDArray[np.float64]:
    """Where samples of a resize to `target` look in `source`, in samples."""
    positions: NDArray[np.float64] = np.clip((index + 0.5) * source / target - 0.5, 0, source - 1)
    return positions
