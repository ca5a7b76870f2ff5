"""A surface: its bounds over tiles, its nodes, cells and pixels.

Everything is evaluated in float64 and in the order rows, then columns, as the two resizes would be.
"""

from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Grid, Surfaces
from panoseg.merging.kernels.pixels import Block
from panoseg.merging.machine_code import inner_kernel, kernel

# A surface that rises by less than this over a cell has the sum of its sigmoid estimated from four points.
_GENTLE = 0.75


class Tile(NamedTuple):
    """A tile: its first and last row of nodes, its first and last column of nodes."""

    top: int
    bottom: int
    left: int
    right: int


class Cell(NamedTuple):
    """A cell: its place in its tile (i, j), and in the grid (row, column)."""

    i: int
    j: int
    row: int
    column: int


@inner_kernel
def tile_at(grid: Grid, i: int, j: int) -> Tile:
    """The tile in row i and column j of tiles."""
    top, left = i * grid.tile, j * grid.tile
    return Tile(
        top,
        min(top + grid.tile, len(grid.rows.low) - 1),
        left,
        min(left + grid.tile, len(grid.columns.low) - 1),
    )


@inner_kernel
def cell_at(tile: Tile, i: int, j: int) -> Cell:
    """The cell in row i and column j of a tile."""
    return Cell(i, j, tile.top + i, tile.left + j)


@inner_kernel
def tile_block(grid: Grid, tile: Tile) -> Block:
    """The pixels of a tile."""
    rows, columns = grid.rows.first, grid.columns.first
    y, x = int(rows[tile.top]), int(columns[tile.left])
    return Block(y, x, int(rows[tile.bottom]) - y, int(columns[tile.right]) - x)


@inner_kernel
def cell_block(rows: NDArray[np.int32], columns: NDArray[np.int32], cell: Cell) -> Block:
    """The pixels of a cell, given the first pixels of all rows and columns of cells.

    It is asked of every cell: handing it the whole grid would cost more than its work.
    """
    y, x = int(rows[cell.row]), int(columns[cell.column])
    return Block(y, x, int(rows[cell.row + 1]) - y, int(columns[cell.column + 1]) - x)


@kernel
def tile_bounds(surfaces: Surfaces, first: int, end: int) -> None:
    """Fill `low` and `high` of the surfaces first … end − 1."""
    rows, columns = surfaces.grid.rows, surfaces.grid.columns
    logits, low, high = surfaces.logits, surfaces.low, surfaces.high
    for query in range(first, end):
        for i in range(low.shape[1]):
            for j in range(low.shape[2]):
                tile = tile_at(surfaces.grid, i, j)
                smallest = largest = logits[query, rows.low[tile.top], columns.low[tile.left]]
                for y in range(rows.low[tile.top], rows.high[tile.bottom] + 1):
                    for x in range(columns.low[tile.left], columns.high[tile.right] + 1):
                        value = logits[query, y, x]
                        smallest = min(smallest, value)
                        largest = max(largest, value)
                low[query, i, j] = smallest
                high[query, i, j] = largest


@inner_kernel
def fill_nodes(
    surface: NDArray[np.float32],
    grid: Grid,
    tile: Tile,
    line: NDArray[np.float64],
    nodes: NDArray[np.float64],
) -> None:
    """Fill `nodes`, from [0, 0] on, with the surface (h, w) at the nodes of a tile.

    `line` is scratch of length w.
    """
    rows, columns = grid.rows, grid.columns
    first = columns.low[tile.left]
    for i in range(tile.top, tile.bottom + 1):
        toward = rows.toward[i]
        above, below = surface[rows.low[i]], surface[rows.high[i]]
        for x in range(first, columns.high[tile.right] + 1):
            line[x - first] = above[x] * (1 - toward) + below[x] * toward
        for j in range(tile.left, tile.right + 1):
            along = columns.toward[j]
            nodes[i - tile.top, j - tile.left] = (
                line[columns.low[j] - first] * (1 - along) + line[columns.high[j] - first] * along
            )


@inner_kernel
def cell_bounds(nodes: NDArray[np.float64], cell: Cell) -> tuple[float, float]:
    """Smallest and largest of a cell's four nodes."""
    i, j = cell.i, cell.j
    a, b, c, d = nodes[i, j], nodes[i, j + 1], nodes[i + 1, j], nodes[i + 1, j + 1]
    return min(min(a, b), min(c, d)), max(max(a, b), max(c, d))


@inner_kernel
def sides(nodes: NDArray[np.float64], cell: Cell, down: float) -> tuple[float, float]:
    """The surface at the left and right side of a cell, `down` of the way from top to bottom."""
    i, j = cell.i, cell.j
    return (
        nodes[i, j] * (1 - down) + nodes[i + 1, j] * down,
        nodes[i, j + 1] * (1 - down) + nodes[i + 1, j + 1] * down,
    )


@inner_kernel
def sigmoid(logit: float) -> float:
    """1 / (1 + exp(−x)); exp overflows to infinity for hopeless logits, which gives 0."""
    return 1 / (1 + exp(-np.float64(logit)))


@inner_kernel
def probability_sum(nodes: NDArray[np.float64], grid: Grid, cell: Cell) -> float:
    """Sum of the sigmoid over all pixels of a cell.

    A gentle surface is looked at in four points only: mean ± standard deviation along each axis, which is
    exact for polynomials up to the third degree. The mean is then off by less than 1e-5.
    """
    rows, columns = grid.rows, grid.columns
    block = cell_block(rows.first, columns.first, cell)
    count = block.height * block.width
    low, high = cell_bounds(nodes, cell)
    total = 0.0
    y, dy = rows.middle[cell.row], rows.spread[cell.row]
    x, dx = columns.middle[cell.column], columns.spread[cell.column]
    if high - low < _GENTLE and count > 4 and dy >= 0 and dx >= 0:
        for down in (y - dy, y + dy):
            start, stop = sides(nodes, cell, down)
            total += sigmoid(start * (1 - x + dx) + stop * (x - dx))
            total += sigmoid(start * (1 - x - dx) + stop * (x + dx))
        return total * count / 4
    for row in range(block.y, block.y + block.height):
        start, stop = sides(nodes, cell, rows.part[row])
        for column in range(block.x, block.x + block.width):
            along = columns.part[column]
            total += sigmoid(start * (1 - along) + stop * along)
    return total
