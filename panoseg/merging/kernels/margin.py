"""How clearly each pixel's owner wins: the best minus the second-best score × probability."""

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Grid
from panoseg.merging.kernels.surface import cell_bounds, fill_nodes, sides, sigmoid, tile_span
from panoseg.merging.machine_code import kernel

# A query that stays below this is taken as 0, and one that moves by less over a cell as constant.
_NEGLIGIBLE = 1e-4
_CALM = 1e-4


@kernel
def margins(
    logits: NDArray[np.float32],
    grid: Grid,
    low: NDArray[np.float32],
    high: NDArray[np.float32],
    order: NDArray[np.int64],
    scores: NDArray[np.float64],
    margin: NDArray[np.float32],
    first: int,
    end: int,
) -> None:
    """Fill the pixels of tile rows first … end − 1 of `margin` (H, W), to within 0.0002.

    Args:
        logits, grid, low, high: the surfaces of all queries (`panoseg.merging.grid.Surfaces`).
        order: (K,) kept queries by descending score, at least one.
        scores: (K,) theirs, in that order.
    """
    rows, columns, side = grid
    kept = len(order)
    line = np.empty(logits.shape[2])
    nodes = np.empty((kept, side + 1, side + 1))
    rivals, in_cell = np.empty(kept, np.int64), np.empty(kept, np.int64)
    least, most = np.empty(kept), np.empty(kept)
    for tile_row in range(first, end):
        top, bottom = tile_span(rows, tile_row, side)
        for tile_column in range(low.shape[2]):
            left, right = tile_span(columns, tile_column, side)
            for k in range(kept):
                least[k] = scores[k] * sigmoid(low[order[k], tile_row, tile_column])
                most[k] = scores[k] * sigmoid(high[order[k], tile_row, tile_column])
            count = _rivals(least, most, kept, rivals)
            for n in range(count):
                fill_nodes(logits[order[rivals[n]]], grid, top, bottom, left, right, line, nodes[n])
            for i in range(bottom - top):
                for j in range(right - left):
                    for n in range(count):
                        a, b = cell_bounds(nodes[n], i, j)
                        least[n], most[n] = (
                            scores[rivals[n]] * sigmoid(a),
                            scores[rivals[n]] * sigmoid(b),
                        )
                    left_over = _rivals(least, most, count, in_cell)
                    _fill_cell(
                        nodes, grid, top, left, i, j, scores, rivals, in_cell, left_over, least, most, margin
                    )


@kernel
def _rivals(
    least: NDArray[np.float64], most: NDArray[np.float64], count: int, rivals: NDArray[np.int64]
) -> int:
    """Fill `rivals` with those of `count` queries that may be the best or second best; returns how many."""
    sure, next_sure = 0.0, 0.0
    for k in range(count):
        if least[k] > sure:
            sure, next_sure = least[k], sure
        elif least[k] > next_sure:
            next_sure = least[k]
    found = 0
    for k in range(count):
        if most[k] >= max(next_sure, _NEGLIGIBLE):
            rivals[found] = k
            found += 1
    return found


@kernel
def _fill_cell(
    nodes: NDArray[np.float64],
    grid: Grid,
    top: int,
    left: int,
    i: int,
    j: int,
    scores: NDArray[np.float64],
    rivals: NDArray[np.int64],
    in_cell: NDArray[np.int64],
    count: int,
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    margin: NDArray[np.float32],
) -> None:
    rows, columns, _ = grid
    calm = True
    best, second = 0.0, 0.0
    for m in range(count):
        n = in_cell[m]
        calm = calm and most[n] - least[n] < _CALM
        best, second = _two(best, second, (least[n] + most[n]) / 2)
    for y in range(rows.first[top + i], rows.first[top + i + 1]):
        for x in range(columns.first[left + j], columns.first[left + j + 1]):
            if not calm:
                best, second = 0.0, 0.0
                along = columns.part[x]
                for m in range(count):
                    start, stop = sides(nodes[in_cell[m]], i, j, rows.part[y])
                    value = scores[rivals[in_cell[m]]] * sigmoid(start * (1 - along) + stop * along)
                    best, second = _two(best, second, value)
            margin[y, x] = best - second


@kernel
def _two(best: float, second: float, value: float) -> tuple[float, float]:
    """The larger two of three."""
    if value > best:
        return value, best
    return best, max(second, value)
