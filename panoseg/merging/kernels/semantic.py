"""The best class of each pixel: tiles and cells first, then only those pixels for which they cannot tell.

The score of a class at a node is the sum over queries of class probability × mask probability; over the
photo it is bilinear in each cell. So a class that is the best at all four nodes of a cell is the best
everywhere in it.
"""

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Grid
from panoseg.merging.kernels.surface import (
    add_block,
    cell_bounds,
    fill_block,
    fill_nodes,
    new_extents,
    sides,
    sigmoid,
    tile_span,
)
from panoseg.merging.machine_code import kernel

# How far a decision, or the mean score of a class, may be off because a query is taken as constant over a
# tile.
_DECISION_ERROR = 1e-7
_SCORE_ERROR = 1e-3
# Of more rivals than this, those are looked for that cannot win beside the classes that lead somewhere in
# the tile.
_FEW, _LEADS = 4, 0.2


@kernel
def classify(
    logits: NDArray[np.float32],
    grid: Grid,
    low: NDArray[np.float32],
    high: NDArray[np.float32],
    probabilities: NDArray[np.float64],
    class_of: NDArray[np.int32],
    first: int,
    end: int,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Fill the pixels of tile rows first … end − 1 of `class_of`.

    Args:
        logits, grid, low, high: the surfaces of all queries (`panoseg.merging.grid.Surfaces`).
        probabilities: (Q, C) of each class, without "no object".
        class_of: (H, W) int32, gets the class with the highest score, the first on a tie.

    Returns:
        (C, 5) the extents of each class's pixels, and (C,) the sum of its score over them.
    """
    rows, columns, side = grid
    queries, classes = probabilities.shape
    extents, sums = new_extents(classes, class_of.shape), np.zeros(classes)
    line = np.empty(logits.shape[2])
    moving, nodes = np.empty(queries, np.int64), np.empty((queries, side + 1, side + 1))
    scores = np.empty((classes, side + 1, side + 1))
    middle, half = np.empty(queries), np.empty(queries)
    mean, rivals, in_cell = np.empty(classes), np.empty(classes, np.int64), np.empty(classes, np.int64)
    for tile_row in range(first, end):
        top, bottom = tile_span(rows, tile_row, side)
        for tile_column in range(low.shape[2]):
            left, right = tile_span(columns, tile_column, side)
            for q in range(queries):
                least, most = low[q, tile_row, tile_column], high[q, tile_row, tile_column]
                least, most = sigmoid(least), sigmoid(most)
                middle[q], half[q] = (least + most) / 2, (most - least) / 2
            count = _rivals(probabilities, middle, half, mean, rivals)
            y, x = rows.first[top], columns.first[left]
            height, width = rows.first[bottom] - y, columns.first[right] - x
            error = _DECISION_ERROR
            if count == 1:
                c = rivals[0]
                wobble = 0.0
                for q in range(queries):
                    wobble += probabilities[q, c] * half[q]
                if wobble < _SCORE_ERROR:
                    add_block(extents, c, y, x, height, width)
                    sums[c] += height * width * mean[c]
                    fill_block(class_of, c, y, x, height, width)
                    continue
                error = _SCORE_ERROR
            moved = _fill_nodes(
                logits, grid, top, bottom, left, right, probabilities, middle, half, error / queries,
                rivals, count, line, moving, nodes,
            )  # fmt: skip
            shape = bottom - top + 1, right - left + 1
            if count > _FEW:
                count = _fewer_rivals(
                    probabilities, middle, moving, moved, nodes, shape, rivals, count, in_cell, scores
                )
            _fill_scores(probabilities, middle, moving, moved, nodes, shape, rivals, count, scores)
            for i in range(bottom - top):
                y, height = rows.first[top + i], rows.first[top + i + 1] - rows.first[top + i]
                for j in range(right - left):
                    x, width = columns.first[left + j], columns.first[left + j + 1] - columns.first[left + j]
                    if height == 0 or width == 0:
                        continue
                    left_over = _cell_rivals(scores, count, i, j, in_cell)
                    if left_over == 1:
                        n = in_cell[0]
                        c = rivals[n]
                        add_block(extents, c, y, x, height, width)
                        start, stop = sides(scores[n], i, j, rows.middle[top + i])
                        along = columns.middle[left + j]
                        sums[c] += height * width * (start * (1 - along) + stop * along)
                        fill_block(class_of, c, y, x, height, width)
                    else:
                        _pixels(
                            scores, grid, top, left, i, j, rivals, in_cell, left_over, class_of, extents, sums
                        )
    return extents, sums


@kernel
def _rivals(
    probabilities: NDArray[np.float64],
    middle: NDArray[np.float64],
    half: NDArray[np.float64],
    mean: NDArray[np.float64],
    rivals: NDArray[np.int64],
) -> int:
    """Fill `rivals` with the classes that may be the best somewhere, in ascending order; returns how many.

    Mask probabilities are middle ± half. `mean` is filled with the scores (C,) in the middle. What two
    classes have in common moves both alike: only the difference of their probabilities can let one overtake
    the other.
    """
    queries, classes = probabilities.shape
    mean[:] = 0
    for q in range(queries):
        for c in range(classes):
            mean[c] += probabilities[q, c] * middle[q]
    best = 0
    for c in range(1, classes):
        if mean[c] > mean[best]:
            best = c
    reach = mean - mean[best]
    slack = 1e-12  # for rounding, and for queries that hardly move
    for q in range(queries):
        if half[q] < 1e-10:
            slack += half[q]
            continue
        for c in range(classes):
            reach[c] += abs(probabilities[q, c] - probabilities[q, best]) * half[q]
    count = 0
    for c in range(classes):
        if c == best or reach[c] + slack >= 0:
            rivals[count] = c
            count += 1
    return count


@kernel
def _fill_nodes(
    logits: NDArray[np.float32],
    grid: Grid,
    top: int,
    bottom: int,
    left: int,
    right: int,
    probabilities: NDArray[np.float64],
    middle: NDArray[np.float64],
    half: NDArray[np.float64],
    error: float,
    rivals: NDArray[np.int64],
    count: int,
    line: NDArray[np.float64],
    moving: NDArray[np.int64],
    nodes: NDArray[np.float64],
) -> int:
    """Fill `moving` with the queries whose part in the scores of the rival classes moves by `error` or more
    over a tile, and `nodes` with their mask probabilities at its nodes; returns how many they are.
    """
    moved = 0
    for q in range(len(middle)):
        weight = 0.0
        for n in range(count):
            weight = max(weight, probabilities[q, rivals[n]])
        if weight * half[q] < error:
            continue
        moving[moved] = q
        fill_nodes(logits[q], grid, top, bottom, left, right, line, nodes[moved])
        for i in range(bottom - top + 1):
            for j in range(right - left + 1):
                nodes[moved, i, j] = sigmoid(nodes[moved, i, j])
        moved += 1
    return moved


@kernel
def _fill_scores(
    probabilities: NDArray[np.float64],
    middle: NDArray[np.float64],
    moving: NDArray[np.int64],
    moved: int,
    nodes: NDArray[np.float64],
    shape: tuple[int, int],
    rivals: NDArray[np.int64],
    count: int,
    scores: NDArray[np.float64],
) -> None:
    """Fill scores[: count] with the scores of the rival classes at the nodes of a tile. Queries that do not
    move are constant there.
    """
    height, width = shape
    for n in range(count):
        c, constant = rivals[n], 0.0
        for q in range(len(middle)):
            constant += probabilities[q, c] * middle[q]
        for m in range(moved):
            constant -= probabilities[moving[m], c] * middle[moving[m]]
        scores[n, :height, :width] = constant
        for m in range(moved):
            share = probabilities[moving[m], c]
            for i in range(height):
                for j in range(width):
                    scores[n, i, j] += share * nodes[m, i, j]


@kernel
def _fewer_rivals(
    probabilities: NDArray[np.float64],
    middle: NDArray[np.float64],
    moving: NDArray[np.int64],
    moved: int,
    nodes: NDArray[np.float64],
    shape: tuple[int, int],
    rivals: NDArray[np.int64],
    count: int,
    leaders: NDArray[np.int64],
    scores: NDArray[np.float64],
) -> int:
    """Drop from `rivals` the classes that cannot win although bounds alone do not tell; returns how many are
    left.

    Where one mask gives way to another, each may be anything, but not both at once: the sum of the classes
    that lead is high everywhere. The sum is bilinear in each cell, so the best class is nowhere below the
    smallest sum divided by the number of leaders.
    """
    height, width = shape
    peaks = np.empty(moved)
    led = 0
    for m in range(moved):
        peaks[m] = nodes[m, :height, :width].max()
        best = 0
        for n in range(1, count):
            if probabilities[moving[m], rivals[n]] > probabilities[moving[m], rivals[best]]:
                best = n
        known = False
        for n in range(led):
            known = known or leaders[n] == rivals[best]
        if not known and peaks[m] * probabilities[moving[m], rivals[best]] > _LEADS:
            leaders[led] = rivals[best]
            led += 1
    if led == 0:
        return count
    _fill_scores(probabilities, middle, moving, moved, nodes, shape, leaders, led, scores)
    floor = np.inf
    for i in range(height):
        for j in range(width):
            floor = min(floor, scores[:led, i, j].sum() / led)
    left_over = 0
    for n in range(count):
        c = rivals[n]
        reach = 1e-12
        for q in range(len(middle)):
            reach += probabilities[q, c] * middle[q]
        for m in range(moved):
            reach += probabilities[moving[m], c] * (peaks[m] - middle[moving[m]])
        if reach >= floor:
            rivals[left_over] = c
            left_over += 1
    return left_over


@kernel
def _cell_rivals(scores: NDArray[np.float64], count: int, i: int, j: int, in_cell: NDArray[np.int64]) -> int:
    """Fill `in_cell` with the places in `scores` that may be the best somewhere in a cell; returns
    how many.
    """
    best = _best(scores, count, i, j)
    if (
        best == _best(scores, count, i, j + 1)
        and best == _best(scores, count, i + 1, j)
        and best == _best(scores, count, i + 1, j + 1)
    ):
        in_cell[0] = best
        return 1
    sure = -np.inf
    for n in range(count):
        least, _ = cell_bounds(scores[n], i, j)
        sure = max(sure, least)
    left_over = 0
    for n in range(count):
        _, most = cell_bounds(scores[n], i, j)
        if most >= sure:
            in_cell[left_over] = n
            left_over += 1
    return left_over


@kernel
def _best(scores: NDArray[np.float64], count: int, i: int, j: int) -> int:
    best = 0
    for n in range(1, count):
        if scores[n, i, j] > scores[best, i, j]:
            best = n
    return best


@kernel
def _pixels(
    scores: NDArray[np.float64],
    grid: Grid,
    top: int,
    left: int,
    i: int,
    j: int,
    rivals: NDArray[np.int64],
    in_cell: NDArray[np.int64],
    count: int,
    class_of: NDArray[np.int32],
    extents: NDArray[np.int64],
    sums: NDArray[np.float64],
) -> None:
    """Decide the pixels of one cell one by one."""
    rows, columns, _ = grid
    for y in range(rows.first[top + i], rows.first[top + i + 1]):
        for x in range(columns.first[left + j], columns.first[left + j + 1]):
            along = columns.part[x]
            best, best_score = 0, -np.inf
            for m in range(count):
                start, stop = sides(scores[in_cell[m]], i, j, rows.part[y])
                score = start * (1 - along) + stop * along
                if score > best_score:
                    best, best_score = m, score
            c = rivals[in_cell[best]]
            add_block(extents, c, y, x, 1, 1)
            sums[c] += best_score
            class_of[y, x] = c
