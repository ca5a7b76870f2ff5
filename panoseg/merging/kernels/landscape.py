"""Owners for every score threshold at once: queries join one by one, by descending score.

A query that joins can take pixels from others and loses none, so at each step only gains are counted: from
whom, how many pixels, and how many of them are final for the old owner and for the new one.
"""

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Grid
from panoseg.merging.kernels.ownership import beats, is_below
from panoseg.merging.kernels.query_masks import area_of_cell
from panoseg.merging.kernels.surface import cell_bounds, fill_nodes, sides, sigmoid, tile_span
from panoseg.merging.machine_code import kernel


@kernel
def gains(
    logits: NDArray[np.float32],
    grid: Grid,
    low: NDArray[np.float32],
    high: NDArray[np.float32],
    order: NDArray[np.int64],
    scores: NDArray[np.float64],
    threshold: float,
    first: int,
    end: int,
) -> NDArray[np.int64]:
    """What joining changes in tile rows first … end − 1.

    Args:
        logits, grid, low, high: the surfaces of all queries (`panoseg.merging.grid.Surfaces`).
        order: (K,) queries by descending score, the first of equals first.
        scores: (K,) theirs, in that order.
        threshold: least logit of a final pixel.

    Returns:
        (2, K, K): by how many owned [0] and final [1] pixels the count of query k [s, k] changes when query s
        joins.
    """
    rows, columns, side = grid
    count = len(order)
    change = np.zeros((2, count, count), np.int64)
    line = np.empty(logits.shape[2])
    nodes = np.empty((count, side + 1, side + 1))
    rivals, in_cell = np.empty(count, np.int64), np.empty(count, np.int64)
    for tile_row in range(first, end):
        top, bottom = tile_span(rows, tile_row, side)
        height = rows.first[bottom] - rows.first[top]
        for tile_column in range(low.shape[2]):
            left, right = tile_span(columns, tile_column, side)
            width = columns.first[right] - columns.first[left]
            found = _rivals(
                scores, order, low[:, tile_row, tile_column], high[:, tile_row, tile_column], rivals
            )
            k = rivals[0]
            if found == 1 and low[order[k], tile_row, tile_column] >= threshold:
                change[:, k, k] += height * width
                continue
            if found == 1 and high[order[k], tile_row, tile_column] < threshold:
                change[0, k, k] += height * width
                continue
            for n in range(found):
                fill_nodes(logits[order[rivals[n]]], grid, top, bottom, left, right, line, nodes[n])
            for i in range(bottom - top):
                for j in range(right - left):
                    if (
                        rows.first[top + i] < rows.first[top + i + 1]
                        and columns.first[left + j] < columns.first[left + j + 1]
                    ):
                        _join_cell(
                            nodes, grid, top, left, i, j, scores, rivals, found, in_cell, threshold, change
                        )
    return change


@kernel
def _rivals(
    scores: NDArray[np.float64],
    order: NDArray[np.int64],
    low: NDArray[np.float32],
    high: NDArray[np.float32],
    rivals: NDArray[np.int64],
) -> int:
    """Fill `rivals` with the queries that may own a pixel when they join; returns how many."""
    rivals[0] = 0
    best, sure, found = 0, scores[0] * sigmoid(low[order[0]]), 1
    for k in range(1, len(order)):
        if scores[k] < sure:
            break
        least, most = np.float64(low[order[k]]), np.float64(high[order[k]])
        if not is_below(scores[k], most, scores[best], low[order[best]]):
            rivals[found] = k
            found += 1
            if beats(scores[k], least, scores[best], low[order[best]]):
                best, sure = k, scores[k] * sigmoid(least)
    return found


@kernel
def _join_cell(
    nodes: NDArray[np.float64],
    grid: Grid,
    top: int,
    left: int,
    i: int,
    j: int,
    scores: NDArray[np.float64],
    rivals: NDArray[np.int64],
    count: int,
    in_cell: NDArray[np.int64],
    threshold: float,
    change: NDArray[np.int64],
) -> None:
    """Let the rivals join in one cell: as long as it has one owner, all of it at once."""
    rows, columns, _ = grid
    height = rows.first[top + i + 1] - rows.first[top + i]
    width = columns.first[left + j + 1] - columns.first[left + j]
    now, k = 0, rivals[0]
    least, most = cell_bounds(nodes[0], i, j)
    best, sure = k, least  # who has the largest lower bound, and that logit
    final = area_of_cell(nodes[0], grid, top, left, i, j, threshold)
    change[0, k, k] += height * width
    change[1, k, k] += final
    waiting = 0
    for n in range(1, count):
        k = rivals[n]
        its_least, its_most = cell_bounds(nodes[n], i, j)
        if is_below(scores[k], its_most, scores[best], sure):
            continue
        if beats(scores[k], its_least, scores[best], sure):
            best, sure = k, its_least
        if waiting == 0 and is_below(scores[rivals[now]], most, scores[k], its_least):
            change[0, k, rivals[now]] -= height * width
            change[1, k, rivals[now]] -= final
            now, most = n, its_most
            final = area_of_cell(nodes[n], grid, top, left, i, j, threshold)
            change[0, k, k] += height * width
            change[1, k, k] += final
        else:
            in_cell[waiting] = n
            waiting += 1
    if waiting:
        _join_pixels(nodes, grid, top, left, i, j, scores, rivals, now, in_cell, waiting, threshold, change)


@kernel
def _join_pixels(
    nodes: NDArray[np.float64],
    grid: Grid,
    top: int,
    left: int,
    i: int,
    j: int,
    scores: NDArray[np.float64],
    rivals: NDArray[np.int64],
    now: int,
    in_cell: NDArray[np.int64],
    count: int,
    threshold: float,
    change: NDArray[np.int64],
) -> None:
    """Let the rivals at places in_cell[: count] join, pixel by pixel, where rival `now` owns the cell."""
    rows, columns, _ = grid
    for y in range(rows.first[top + i], rows.first[top + i + 1]):
        for x in range(columns.first[left + j], columns.first[left + j + 1]):
            along = columns.part[x]
            start, stop = sides(nodes[now], i, j, rows.part[y])
            best, best_logit = rivals[now], start * (1 - along) + stop * along
            for m in range(count):
                n = in_cell[m]
                k = rivals[n]
                start, stop = sides(nodes[n], i, j, rows.part[y])
                logit = start * (1 - along) + stop * along
                if beats(scores[k], logit, scores[best], best_logit):
                    change[0, k, best] -= 1
                    change[1, k, best] -= best_logit >= threshold
                    best, best_logit = k, logit
                    change[0, k, k] += 1
                    change[1, k, k] += logit >= threshold
