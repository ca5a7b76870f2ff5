"""One query's own mask, whoever owns its pixels: how large it is, and where."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Grid, Surfaces
from panoseg.merging.kernels.surface import (
    Cell,
    cell_at,
    cell_block,
    cell_bounds,
    fill_nodes,
    probability_sum,
    sides,
    sigmoid,
    tile_at,
    tile_block,
)
from panoseg.merging.machine_code import inner_kernel, kernel

_FLAT = 1e-5
_OUT, _IN, _MIXED = 0, 1, 2


class TileRow(NamedTuple):
    """What is known of a mask in a row of tiles.

    Attributes:
        state: (side, columns of cells) int8, whether a cell is outside, inside or mixed.
        nodes: (columns of tiles, side + 1, side + 1) float64, the logits of tiles with mixed cells.
        threshold: least logit inside.
    """

    state: NDArray[np.int8]
    nodes: NDArray[np.float64]
    threshold: float


@kernel
def areas(surfaces: Surfaces, queries: NDArray[np.int64], threshold: float) -> NDArray[np.int64]:
    """(K,) pixels of each of K queries whose logit reaches the threshold."""
    result = np.zeros(len(queries), np.int64)
    line = np.empty(surfaces.logits.shape[2])
    nodes = np.empty((surfaces.grid.tile + 1, surfaces.grid.tile + 1))
    for n in range(len(queries)):
        result[n] = _area(surfaces, queries[n], threshold, line, nodes)
    return result


@inner_kernel
def _area(
    surfaces: Surfaces, query: int, threshold: float, line: NDArray[np.float64], nodes: NDArray[np.float64]
) -> int:
    """Pixels of one query; `line` and `nodes` are scratch."""
    grid, low, high = surfaces.grid, surfaces.low, surfaces.high
    area = 0
    for tile_row in range(low.shape[1]):
        for tile_column in range(low.shape[2]):
            if high[query, tile_row, tile_column] < threshold:
                continue
            tile = tile_at(grid, tile_row, tile_column)
            if low[query, tile_row, tile_column] >= threshold:
                block = tile_block(grid, tile)
                area += block.height * block.width
                continue
            fill_nodes(surfaces.logits[query], grid, tile, line, nodes)
            for i in range(tile.bottom - tile.top):
                for j in range(tile.right - tile.left):
                    area += area_of_cell(nodes, grid, cell_at(tile, i, j), threshold)
    return area


@inner_kernel
def area_of_cell(nodes: NDArray[np.float64], grid: Grid, cell: Cell, threshold: float) -> int:
    """Pixels of a cell whose logit reaches the threshold."""
    least, most = cell_bounds(nodes, cell)
    if most < threshold:
        return 0
    block = cell_block(grid.rows.first, grid.columns.first, cell)
    if least >= threshold:
        return block.height * block.width
    area, rows, columns = 0, grid.rows.part, grid.columns.part
    for y in range(block.y, block.y + block.height):
        start, stop = sides(nodes, cell, rows[y])
        for x in range(block.x, block.x + block.width):
            area += start * (1 - columns[x]) + stop * columns[x] >= threshold
    return area


@kernel
def trace(surfaces: Surfaces, query: int, threshold: float) -> tuple[NDArray[np.int32], float]:
    """The runs of pixels of a query whose logit reaches the threshold, and the sum of their probabilities.

    Returns:
        (N, 3) spans (row, first column, end column), from top to bottom and left to right, never touching;
        and the sum.
    """
    grid, rows, columns = surfaces.grid, surfaces.grid.rows, surfaces.grid.columns
    cells, side = len(columns.middle), grid.tile
    row = TileRow(
        np.empty((side, cells), np.int8),
        np.empty((surfaces.low.shape[2], side + 1, side + 1)),
        threshold,
    )
    line = np.empty(surfaces.logits.shape[2])
    spans = np.empty((256, 3), np.int32)
    count, total = 0, 0.0
    for tile_row in range(surfaces.low.shape[1]):
        begin, stop, more = _look_into_tiles(row, surfaces, query, tile_row, line)
        total += more
        if begin >= stop:
            continue
        tile = tile_at(grid, tile_row, 0)
        for i in range(tile.bottom - tile.top):
            for y in range(rows.first[tile.top + i], rows.first[tile.top + i + 1]):
                if count + columns.first[-1] // 2 + 1 > len(spans):
                    grown = np.empty((2 * len(spans) + columns.first[-1], 3), np.int32)
                    grown[:count] = spans[:count]
                    spans = grown
                count, more = _trace_row(row, (begin, stop), grid, i, y, spans, count)
                total += more
    return spans[:count].copy(), total


@inner_kernel
def _look_into_tiles(
    row: TileRow, surfaces: Surfaces, query: int, tile_row: int, line: NDArray[np.float64]
) -> tuple[int, int, float]:
    """Fill `state` and `nodes` of a row of tiles. Returns the range of cells outside which all are out, and
    the sum of probabilities in all cells that are in.
    """
    grid, state, threshold = surfaces.grid, row.state, row.threshold
    begin, stop, total = len(grid.columns.middle), 0, 0.0
    for tile_column in range(surfaces.low.shape[2]):
        tile = tile_at(grid, tile_row, tile_column)
        least: float = surfaces.low[query, tile_row, tile_column]
        most: float = surfaces.high[query, tile_row, tile_column]
        if most < threshold:
            state[: tile.bottom - tile.top, tile.left : tile.right] = _OUT
            continue
        begin, stop = min(begin, tile.left), tile.right
        spread = sigmoid(most) - sigmoid(least)
        if least >= threshold and spread < _FLAT:
            state[: tile.bottom - tile.top, tile.left : tile.right] = _IN
            block = tile_block(grid, tile)
            total += block.height * block.width * (sigmoid(least) + spread / 2)
            continue
        nodes = row.nodes[tile_column]
        fill_nodes(surfaces.logits[query], grid, tile, line, nodes)
        for i in range(tile.bottom - tile.top):
            for j in range(tile.right - tile.left):
                cell = cell_at(tile, i, j)
                least, most = cell_bounds(nodes, cell)
                if most < threshold:
                    state[i, cell.column] = _OUT
                elif least >= threshold:
                    state[i, cell.column] = _IN
                    total += probability_sum(nodes, grid, cell)
                else:
                    state[i, cell.column] = _MIXED
    return begin, stop, total


@inner_kernel
def _trace_row(
    row: TileRow,
    cells: tuple[int, int],
    grid: Grid,
    i: int,
    y: int,
    spans: NDArray[np.int32],
    count: int,
) -> tuple[int, float]:
    """Append the runs of pixel row y, in row i of the cells of a tile; cells beyond the range `cells` are
    out. Returns how many runs there are now, and the sum of probabilities in mixed cells.
    """
    columns, down = grid.columns, grid.rows.part[y]
    states, nodes, threshold = row
    begin, stop = cells
    inside, total = False, 0.0
    for column in range(begin, stop):
        state = states[i, column]
        if state == _MIXED:
            tile = column // grid.tile
            cell = Cell(i, column - tile * grid.tile, 0, column)
            near, far = sides(nodes[tile], cell, down)
            for x in range(columns.first[column], columns.first[column + 1]):
                logit = near * (1 - columns.part[x]) + far * columns.part[x]
                if logit >= threshold:
                    total += sigmoid(logit)
                if (logit >= threshold) != inside:
                    inside = not inside
                    count = _toggle(spans, count, inside, y, x)
        elif (state == _IN) != inside and columns.first[column] < columns.first[column + 1]:
            inside = not inside
            count = _toggle(spans, count, inside, y, columns.first[column])
    if inside:
        count = _toggle(spans, count, False, y, columns.first[stop])
    return count, total


@inner_kernel
def _toggle(spans: NDArray[np.int32], count: int, begins: bool, y: int, x: int) -> int:
    """Begin a run at x, or end the last one there; returns how many runs have ended."""
    if begins:
        spans[count, 0] = y
        spans[count, 1] = x
        return count
    spans[count, 2] = x
    return count + 1


@kernel
def paint(spans: NDArray[np.int32], value: int, target: NDArray[Any]) -> None:
    """Set target (H, W), of any dtype, to the value along all runs."""
    for n in range(len(spans)):
        target[spans[n, 0], spans[n, 1] : spans[n, 2]] = value
