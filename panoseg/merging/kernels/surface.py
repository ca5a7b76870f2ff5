"""A surface: its bounds over tiles, its nodes and pixels; and how blocks of pixels are summed, counted and
filled.

Everything is evaluated in float64 and in the order rows, then columns, as the two resizes would be.
"""

from math import exp

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Axis, Grid
from panoseg.merging.machine_code import kernel

# A surface that rises by less than this over a cell has the sum of its sigmoid estimated from four points.
_GENTLE = 0.75


@kernel
def tile_bounds(
    logits: NDArray[np.float32],
    grid: Grid,
    low: NDArray[np.float32],
    high: NDArray[np.float32],
    first: int,
    end: int,
) -> None:
    """Fill low and high (Q, tile rows, tile columns) for the queries first … end − 1."""
    rows, columns, side = grid
    for query in range(first, end):
        for i in range(low.shape[1]):
            top, bottom = tile_span(rows, i, side)
            for j in range(low.shape[2]):
                left, right = tile_span(columns, j, side)
                smallest = largest = logits[query, rows.low[top], columns.low[left]]
                for y in range(rows.low[top], rows.high[bottom] + 1):
                    for x in range(columns.low[left], columns.high[right] + 1):
                        value = logits[query, y, x]
                        smallest = min(smallest, value)
                        largest = max(largest, value)
                low[query, i, j] = smallest
                high[query, i, j] = largest


@kernel
def tile_span(axis: Axis, index: int, side: int) -> tuple[int, int]:
    """First and last node of a tile along one axis; its cells are first … last − 1."""
    first = index * side
    return first, min(first + side, len(axis.low) - 1)


@kernel
def fill_nodes(
    surface: NDArray[np.float32],
    grid: Grid,
    top: int,
    bottom: int,
    left: int,
    right: int,
    line: NDArray[np.float64],
    nodes: NDArray[np.float64],
) -> None:
    """Fill nodes[: bottom − top + 1, : right − left + 1] with the surface (h, w) at nodes top … bottom, left
    … right.

    `line` is scratch of length w.
    """
    rows, columns, _ = grid
    first = columns.low[left]
    for i in range(top, bottom + 1):
        toward = rows.toward[i]
        above, below = surface[rows.low[i]], surface[rows.high[i]]
        for x in range(first, columns.high[right] + 1):
            line[x - first] = above[x] * (1 - toward) + below[x] * toward
        for j in range(left, right + 1):
            along = columns.toward[j]
            nodes[i - top, j - left] = (
                line[columns.low[j] - first] * (1 - along) + line[columns.high[j] - first] * along
            )


@kernel
def cell_bounds(nodes: NDArray[np.float64], i: int, j: int) -> tuple[float, float]:
    """Smallest and largest of a cell's four nodes."""
    a, b, c, d = nodes[i, j], nodes[i, j + 1], nodes[i + 1, j], nodes[i + 1, j + 1]
    return min(min(a, b), min(c, d)), max(max(a, b), max(c, d))


@kernel
def sides(nodes: NDArray[np.float64], i: int, j: int, down: float) -> tuple[float, float]:
    """The surface at the left and right side of a cell, `down` of the way from top to bottom."""
    return (
        nodes[i, j] * (1 - down) + nodes[i + 1, j] * down,
        nodes[i, j + 1] * (1 - down) + nodes[i + 1, j + 1] * down,
    )


@kernel
def sigmoid(logit: float) -> float:
    """1 / (1 + exp(−x)); exp overflows to infinity for hopeless logits, which gives 0."""
    return 1 / (1 + exp(-np.float64(logit)))


@kernel
def probability_sum(nodes: NDArray[np.float64], grid: Grid, top: int, left: int, i: int, j: int) -> float:
    """Sum of the sigmoid over all pixels of cell (i, j) of a tile whose first node is (top, left).

    A gentle surface is looked at in four points only: mean ± standard deviation along each axis, which is
    exact for polynomials up to the third degree. The mean is then off by less than 1e-5.
    """
    rows, columns, _ = grid
    first_y, end_y = rows.first[top + i], rows.first[top + i + 1]
    first_x, end_x = columns.first[left + j], columns.first[left + j + 1]
    count: int = (end_y - first_y) * (end_x - first_x)
    low, high = cell_bounds(nodes, i, j)
    total = 0.0
    y, dy = rows.middle[top + i], rows.spread[top + i]
    x, dx = columns.middle[left + j], columns.spread[left + j]
    if high - low < _GENTLE and count > 4 and dy >= 0 and dx >= 0:
        for down in (y - dy, y + dy):
            start, stop = sides(nodes, i, j, down)
            total += sigmoid(start * (1 - x + dx) + stop * (x - dx))
            total += sigmoid(start * (1 - x - dx) + stop * (x + dx))
        return total * count / 4
    for y in range(first_y, end_y):
        start, stop = sides(nodes, i, j, rows.part[y])
        for x in range(first_x, end_x):
            total += sigmoid(start * (1 - columns.part[x]) + stop * columns.part[x])
    return total


@kernel
def new_extents(count: int, size: tuple[int, int]) -> NDArray[np.int64]:
    """(count, 5) int64, a row per segment: pixels, first row, first column, end row, end column; of none, so
    far.
    """
    extents = np.zeros((count, 5), np.int64)
    extents[:, 1] = size[0]
    extents[:, 2] = size[1]
    return extents


@kernel
def add_block(extents: NDArray[np.int64], k: int, y: int, x: int, height: int, width: int) -> None:
    """Count a block of pixels, perhaps an empty one, in row k of a extents."""
    if height > 0 and width > 0:
        extents[k, 0] += height * width
        extents[k, 1] = min(extents[k, 1], y)
        extents[k, 2] = min(extents[k, 2], x)
        extents[k, 3] = max(extents[k, 3], y + height)
        extents[k, 4] = max(extents[k, 4], x + width)


@kernel
def fill_block(picture: NDArray[np.int32], value: int, y: int, x: int, height: int, width: int) -> None:
    """Set a block of pixels."""
    for row in range(y, y + height):
        for column in range(x, x + width):
            picture[row, column] = value


@kernel
def renumber(id_map: NDArray[np.int32], names: NDArray[np.int32], first: int, end: int) -> None:
    """Replace each value v by names[v], in place, in rows first … end − 1."""
    for y in range(first, end):
        for x in range(id_map.shape[1]):
            id_map[y, x] = names[id_map[y, x]]
