"""A point well inside each segment, where a label can stand.

It is the segment's pole of inaccessibility, the pixel farthest from its border: a centroid may lie
outside, this never does. The map is sampled, as a label needs no exact maximum; the page's
modules/inner_points.js follows the same steps.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_SAMPLES = 1 << 17
# Lengths of a step to a neighbour and to a diagonal one in thirds of a sample: G. Borgefors, "Distance
# transformations in digital images", CVGIP 34(3), 1986.
_STRAIGHT, _DIAGONAL = 3, 4


def inner_points(id_map: NDArray[np.integer], count: int) -> list[tuple[int, int] | None]:
    """Where in the map each segment is deepest.

    Args:
        id_map: (H, W), 0 for void, else ids up to `count`.
        count: number of segments.

    Returns:
        For each id 0 … count (x, y) in pixels, or None where the map has none of it.

    >>> inner_points(np.array([[0, 0, 0, 0, 0], [1, 1, 1, 0, 0], [1, 1, 1, 0, 0], [1, 1, 1, 0, 0]]), 2)
    [(0, 0), (1, 2), None]
    """
    height, width = id_map.shape
    stride = max(1, int(np.ceil(np.sqrt(height * width / _SAMPLES))))
    sample = id_map[::stride, ::stride]
    depth = _depths(sample)
    points: list[tuple[int, int] | None] = [None] * (count + 1)
    # The deepest sample of each id, the first of equals: by falling depth, then in reading order.
    order = np.argsort(-depth, axis=None, kind="stable")
    ids, first = np.unique(sample.ravel()[order], return_index=True)
    for number, place in zip(ids, order[first], strict=True):
        y, x = divmod(int(place), sample.shape[1])
        points[number] = (x * stride, y * stride)
    # Those so small that no sample met them have their first pixel.
    missed = np.array([point is None for point in points])
    if missed.any():
        pixels = np.flatnonzero(missed[id_map])
        ids, first = np.unique(id_map.ravel()[pixels], return_index=True)
        for number, place in zip(ids, pixels[first], strict=True):
            y, x = divmod(int(place), width)
            points[number] = (x, y)
    return points


def _depths(sample: NDArray[np.integer]) -> NDArray[np.int64]:
    """(h, w) steps from each sample to the nearest one at a border, itself 3, by two sweeps."""
    edge = np.ones(sample.shape, dtype=bool)
    edge[1:-1, 1:-1] = (
        (sample[1:-1, 1:-1] != sample[1:-1, :-2])
        | (sample[1:-1, 1:-1] != sample[1:-1, 2:])
        | (sample[1:-1, 1:-1] != sample[:-2, 1:-1])
        | (sample[1:-1, 1:-1] != sample[2:, 1:-1])
    )
    depth = np.where(edge, _STRAIGHT, _STRAIGHT * sum(sample.shape)).astype(np.int64)
    _sweep(depth)
    _sweep(depth[::-1, ::-1])
    return depth


def _sweep(depth: NDArray[np.int64]) -> None:
    """Carry depths from the top left on, in place."""
    along = _STRAIGHT * np.arange(depth.shape[1])
    for above, row in pairwise(depth):
        np.minimum(row, above + _STRAIGHT, out=row)
        np.minimum(row[1:], above[:-1] + _DIAGONAL, out=row[1:])
        np.minimum(row[:-1], above[1:] + _DIAGONAL, out=row[:-1])
        # A step to the right costs the same everywhere, so a running minimum does for all of them.
        np.minimum(row, np.minimum.accumulate(row - along) + along, out=row)
