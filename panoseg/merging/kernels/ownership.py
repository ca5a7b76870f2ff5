"""Who owns each pixel: tiles first, then cells, then only those pixels for which cells cannot tell.

Queries come in order of descending score, the first of equals first. Then a query with the larger logit can
only lose to one before it, and most comparisons of score × probability need no exponential.
"""

from math import exp

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Grid
from panoseg.merging.kernels.surface import (
    add_block,
    cell_bounds,
    fill_block,
    fill_nodes,
    new_extents,
    probability_sum,
    sides,
    sigmoid,
    tile_span,
)
from panoseg.merging.machine_code import kernel

# A tile whose probabilities differ by less than this has their sum estimated from its bounds.
_FLAT = 1e-5


@kernel
def beats(score: float, logit: float, best_score: float, best_logit: float) -> bool:
    """Whether score × sigmoid(logit) > best_score × sigmoid(best_logit), where score ≤ best_score."""
    if logit <= best_logit:
        return False
    if score == best_score:
        return True
    return score * (1 + exp(-best_logit)) > best_score * (1 + exp(-logit))


@kernel
def is_below(score: float, logit: float, other_score: float, other_logit: float) -> bool:
    """Whether score × sigmoid(logit) < other_score × sigmoid(other_logit)."""
    if score <= other_score and logit < other_logit:
        return True
    if score >= other_score and logit >= other_logit:
        return False
    return score * (1 + exp(-other_logit)) < other_score * (1 + exp(-logit))


@kernel
def own(
    logits: NDArray[np.float32],
    grid: Grid,
    low: NDArray[np.float32],
    high: NDArray[np.float32],
    order: NDArray[np.int64],
    scores: NDArray[np.float64],
    threshold: float,
    owner: NDArray[np.int32],
    first: int,
    end: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Fill the pixels of tile rows first … end − 1 of `owner`.

    Args:
        logits, grid, low, high: the surfaces of all queries (`panoseg.merging.grid.Surfaces`).
        order: (K,) kept queries by descending score, the first of equals first.
        scores: (K,) theirs, in that order.
        threshold: least logit of a final pixel.
        owner: (H, W) int32, gets 1 + place in `order`, or 0 where the owner's logit is below the threshold.

    Returns:
        (K,) owned pixels, (K, 5) the extents of the final pixels, and (K,) the sum of their probabilities.
    """
    rows, columns, side = grid
    kept = len(order)
    owned, extents, sums = np.zeros(kept, np.int64), new_extents(kept, owner.shape), np.zeros(kept)
    line = np.empty(logits.shape[2])
    nodes = np.empty((kept, side + 1, side + 1))
    rivals, in_cell = np.empty(kept, np.int64), np.empty(kept, np.int64)
    least, most = np.empty(kept), np.empty(kept)
    for tile_row in range(first, end):
        top, bottom = tile_span(rows, tile_row, side)
        for tile_column in range(low.shape[2]):
            left, right = tile_span(columns, tile_column, side)
            for k in range(kept):
                least[k] = low[order[k], tile_row, tile_column]
                most[k] = high[order[k], tile_row, tile_column]
            count = _rivals(scores, least, most, kept, rivals)
            k = rivals[0]
            y, x = rows.first[top], columns.first[left]
            height, width = rows.first[bottom] - y, columns.first[right] - x
            if count == 1:
                if most[k] < threshold:
                    owned[k] += height * width
                    fill_block(owner, 0, y, x, height, width)
                    continue
                spread = sigmoid(most[k]) - sigmoid(least[k])
                if least[k] >= threshold and spread < _FLAT:
                    owned[k] += height * width
                    add_block(extents, k, y, x, height, width)
                    sums[k] += height * width * (sigmoid(least[k]) + spread / 2)
                    fill_block(owner, k + 1, y, x, height, width)
                    continue
            for n in range(count):
                fill_nodes(logits[order[rivals[n]]], grid, top, bottom, left, right, line, nodes[n])
            for i in range(bottom - top):
                y, height = rows.first[top + i], rows.first[top + i + 1] - rows.first[top + i]
                for j in range(right - left):
                    x, width = columns.first[left + j], columns.first[left + j + 1] - columns.first[left + j]
                    if height == 0 or width == 0:
                        continue
                    for n in range(count):
                        least[n], most[n] = cell_bounds(nodes[n], i, j)
                    if count == 1:
                        in_cell[0] = n = 0
                        left_over = 1
                    else:
                        left_over = _cell_rivals(scores, rivals, least, most, count, in_cell)
                        n = in_cell[0]
                    k = rivals[n]
                    if left_over == 1 and most[n] < threshold:
                        owned[k] += height * width
                        fill_block(owner, 0, y, x, height, width)
                    elif left_over == 1 and least[n] >= threshold:
                        owned[k] += height * width
                        add_block(extents, k, y, x, height, width)
                        sums[k] += probability_sum(nodes[n], grid, top, left, i, j)
                        fill_block(owner, k + 1, y, x, height, width)
                    else:
                        _pixels(
                            nodes, grid, top, left, i, j, scores, rivals, in_cell, left_over, threshold,
                            owner, owned, extents, sums, least, most,
                        )  # fmt: skip
    return owned, extents, sums


@kernel
def _rivals(
    scores: NDArray[np.float64],
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    kept: int,
    rivals: NDArray[np.int64],
) -> int:
    """Fill `rivals` with the queries that may own a pixel, given the bounds of their logits; returns how
    many.
    """
    best, sure = 0, scores[0] * sigmoid(least[0])
    for k in range(1, kept):
        if scores[k] < sure:  # nor can any after it reach what one has for sure
            kept = k
            break
        if beats(scores[k], least[k], scores[best], least[best]):
            best, sure = k, scores[k] * sigmoid(least[k])
    count = 0
    for k in range(kept):
        if k == best or not is_below(scores[k], most[k], scores[best], least[best]):
            rivals[count] = k
            count += 1
    return count


@kernel
def _cell_rivals(
    scores: NDArray[np.float64],
    rivals: NDArray[np.int64],
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    count: int,
    in_cell: NDArray[np.int64],
) -> int:
    """The same among the first `count` rivals, of which bounds are given; fills `in_cell` with places in
    `rivals`.
    """
    best = 0
    for n in range(1, count):
        if beats(scores[rivals[n]], least[n], scores[rivals[best]], least[best]):
            best = n
    left_over = 0
    for n in range(count):
        if n == best or not is_below(scores[rivals[n]], most[n], scores[rivals[best]], least[best]):
            in_cell[left_over] = n
            left_over += 1
    return left_over


@kernel
def _pixels(
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
    threshold: float,
    owner: NDArray[np.int32],
    owned: NDArray[np.int64],
    extents: NDArray[np.int64],
    sums: NDArray[np.float64],
    starts: NDArray[np.float64],
    stops: NDArray[np.float64],
) -> None:
    """Decide the pixels of one cell one by one, among `count` rivals."""
    rows, columns, _ = grid
    for y in range(rows.first[top + i], rows.first[top + i + 1]):
        for m in range(count):
            starts[m], stops[m] = sides(nodes[in_cell[m]], i, j, rows.part[y])
        for x in range(columns.first[left + j], columns.first[left + j + 1]):
            along = columns.part[x]
            best, best_logit = 0, starts[0] * (1 - along) + stops[0] * along
            for m in range(1, count):
                logit = starts[m] * (1 - along) + stops[m] * along
                if beats(scores[rivals[in_cell[m]]], logit, scores[rivals[in_cell[best]]], best_logit):
                    best, best_logit = m, logit
            k = rivals[in_cell[best]]
            owned[k] += 1
            if best_logit >= threshold:
                add_block(extents, k, y, x, 1, 1)
                sums[k] += sigmoid(best_logit)
                owner[y, x] = k + 1
            else:
                owner[y, x] = 0
