"""One query's own mask, whoever owns its pixels: how large it is, and where."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Grid
from panoseg.merging.kernels.surface import (
    cell_bounds,
    fill_nodes,
    probability_sum,
    sides,
    sigmoid,
    tile_span,
)
from panoseg.merging.machine_code import kernel

_FLAT = 1e-5
_OUT, _IN, _MIXED = 0, 1, 2


@kernel
def areas(
    logits: NDArray[np.float32],
    grid: Grid,
    low: NDArray[np.float32],
    high: NDArray[np.float32],
    queries: NDArray[np.int64],
    threshold: float,
) -> NDArray[np.int64]:
    """(K,) pixels of each of K queries whose logit reaches the threshold."""
    rows, columns, side = grid
    result = np.zeros(len(queries), np.int64)
    line = np.empty(logits.shape[2])
    nodes = np.empty((side + 1, side + 1))
    for n in range(len(queries)):
        query, area = queries[n], 0
        for tile_row in range(low.shape[1]):
            top, bottom = tile_span(rows, tile_row, side)
            height = rows.first[bottom] - rows.first[top]
            for tile_column in range(low.shape[2]):
                if high[query, tile_row, tile_column] < threshold:
                    continue
                left, right = tile_span(columns, tile_column, side)
                if low[query, tile_row, tile_column] >= threshold:
                    area += height * (columns.first[right] - columns.first[left])
                    continue
                fill_nodes(logits[query], grid, top, bottom, left, right, line, nodes)
                for i in range(bottom - top):
                    for j in range(right - left):
                        area += area_of_cell(nodes, grid, top, left, i, j, threshold)
        result[n] = area
    return result


@kernel
def area_of_cell(
    nodes: NDArray[np.float64], grid: Grid, top: int, left: int, i: int, j: int, threshold: float
) -> int:
    """Pixels of cell (i, j) of a tile whose logit reaches the threshold."""
    rows, columns, _ = grid
    least, most = cell_bounds(nodes, i, j)
    if most < threshold:
        return 0
    first_y, end_y = rows.first[top + i], rows.first[top + i + 1]
    first_x, end_x = columns.first[left + j], columns.first[left + j + 1]
    area: int = (end_y - first_y) * (end_x - first_x)
    if least >= threshold:
        return area
    area = 0
    for y in range(first_y, end_y):
        start, stop = sides(nodes, i, j, rows.part[y])
        for x in range(first_x, end_x):
            area += start * (1 - columns.part[x]) + stop * columns.part[x] >= threshold
    return area


@kernel
def trace(
    logits: NDArray[np.float32],
    grid: Grid,
    low: NDArray[np.float32],
    high: NDArray[np.float32],
    query: int,
    threshold: float,
) -> tuple[NDArray[np.int32], float]:
    """The runs of pixels of a query whose logit reaches the threshold, and the sum of their probabilities.

    Returns:
        (N, 3) runs (row, first column, end column), from top to bottom and left to right, never touching;
        and the sum.
    """
    rows, columns, side = grid
    runs = np.empty((256, 3), np.int32)
    count, total = 0, 0.0
    line = np.empty(logits.shape[2])
    nodes = np.empty((low.shape[2], side + 1, side + 1))
    state = np.empty((side, len(columns.middle)), np.int8)
    for tile_row in range(low.shape[1]):
        top, bottom = tile_span(rows, tile_row, side)
        begin, stop = len(columns.middle), 0
        for tile_column in range(low.shape[2]):
            left, right = tile_span(columns, tile_column, side)
            least, most = low[query, tile_row, tile_column], high[query, tile_row, tile_column]
            if most < threshold:
                state[: bottom - top, left:right] = _OUT
                continue
            begin, stop = min(begin, left), right
            spread = sigmoid(most) - sigmoid(least)
            if least >= threshold and spread < _FLAT:
                state[: bottom - top, left:right] = _IN
                height = rows.first[bottom] - rows.first[top]
                total += height * (columns.first[right] - columns.first[left]) * (sigmoid(least) + spread / 2)
                continue
            fill_nodes(logits[query], grid, top, bottom, left, right, line, nodes[tile_column])
            for i in range(bottom - top):
                for j in range(right - left):
                    least, most = cell_bounds(nodes[tile_column], i, j)
                    if most < threshold:
                        state[i, left + j] = _OUT
                    elif least >= threshold:
                        state[i, left + j] = _IN
                        total += probability_sum(nodes[tile_column], grid, top, left, i, j)
                    else:
                        state[i, left + j] = _MIXED
        for i in range(bottom - top):
            if begin >= stop:
                break
            for y in range(rows.first[top + i], rows.first[top + i + 1]):
                if count + columns.first[-1] // 2 + 1 > len(runs):
                    grown = np.empty((2 * len(runs) + columns.first[-1], 3), np.int32)
                    grown[:count] = runs[:count]
                    runs = grown
                count, more = _trace_row(nodes, grid, state[i], begin, stop, i, y, threshold, runs, count)
                total += more
    return runs[:count].copy(), total


@kernel
def _trace_row(
    nodes: NDArray[np.float64],
    grid: Grid,
    state: NDArray[np.int8],
    begin: int,
    stop: int,
    i: int,
    y: int,
    threshold: float,
    runs: NDArray[np.int32],
    count: int,
) -> tuple[int, float]:
    """Append the runs of pixel row y; its cells begin … stop − 1 are in `state`, others are out. Returns how
    many runs there are now, and the sum of probabilities in mixed cells.
    """
    rows, columns, side = grid
    inside, total = False, 0.0
    for cell in range(begin, stop):
        if state[cell] == _MIXED:
            tile = cell // side
            near, far = sides(nodes[tile], i, cell - tile * side, rows.part[y])
            for x in range(columns.first[cell], columns.first[cell + 1]):
                logit = near * (1 - columns.part[x]) + far * columns.part[x]
                if logit >= threshold:
                    total += sigmoid(logit)
                if (logit >= threshold) != inside:
                    inside = not inside
                    count = _toggle(runs, count, inside, y, x)
        elif (state[cell] == _IN) != inside and columns.first[cell] < columns.first[cell + 1]:
            inside = not inside
            count = _toggle(runs, count, inside, y, columns.first[cell])
    if inside:
        count = _toggle(runs, count, False, y, columns.first[stop])
    return count, total


@kernel
def _toggle(runs: NDArray[np.int32], count: int, begins: bool, y: int, x: int) -> int:
    """Begin a run at x, or end the last one there; returns how many runs have ended."""
    if begins:
        runs[count, 0] = y
        runs[count, 1] = x
        return count
    runs[count, 2] = x
    return count + 1


@kernel
def paint(runs: NDArray[np.int32], value: int, target: NDArray[Any]) -> None:
    """Set target (H, W), of any dtype, to the value along all runs."""
    for n in range(len(runs)):
        target[runs[n, 0], runs[n, 1] : runs[n, 2]] = value
