"""The best class of each pixel: tiles and cells first, then only those pixels for which they cannot tell.

The score of a class at a node is the sum over queries of class probability × mask probability; over the
photo it is bilinear in each cell. So a class that is the best at all four nodes of a cell is the best
everywhere in it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Grid, Surfaces
from panoseg.merging.kernels.pixels import Block, add_block, fill_block, new_extents
from panoseg.merging.kernels.surface import (
    Cell,
    Tile,
    cell_at,
    cell_block,
    cell_bounds,
    fill_nodes,
    sides,
    sigmoid,
    tile_at,
    tile_block,
)
from panoseg.merging.machine_code import inner_kernel, kernel

# How far a decision, or the mean score of a class, may be off because a query is taken as constant over a
# tile.
_DECISION_ERROR = 1e-7
_SCORE_ERROR = 1e-3
# Of more rivals than this, those are looked for that cannot win beside the classes that lead somewhere in
# the tile.
_FEW, _LEADS = 4, 0.2


class ClassMap(NamedTuple):
    """The classes of a band of the photo, and what each of C classes has there.

    Attributes:
        class_of: (H, W) int32, the whole photo: the class with the highest score, the first on a tie.
        extents: (C, 5) int64, of the class's pixels.
        scores: (C,) float64, the sum of its score over them.
    """

    class_of: NDArray[np.int32]
    extents: NDArray[np.int64]
    scores: NDArray[np.float64]


class Masks(NamedTuple):
    """What the scores of all classes are made of in a tile, which fills all but the first anew.

    Attributes:
        probabilities: (Q, C) float64, of each class, without "no object".
        middle, half: (Q,) float64; mask probabilities are middle ± half.
        moving: (Q,) int64, from the front: the queries that are not taken as constant; how many is told
            apart.
        nodes: (Q, side + 1, side + 1) float64, their mask probabilities at the tile's nodes.
        line: (w,) float64, scratch.
    """

    probabilities: NDArray[np.float64]
    middle: NDArray[np.float64]
    half: NDArray[np.float64]
    moving: NDArray[np.int64]
    nodes: NDArray[np.float64]
    line: NDArray[np.float64]


class RivalClasses(NamedTuple):
    """The classes that may be the best in a tile, and then in one of its cells.

    Each tile and each cell fills the arrays anew, from the front; how many entries count is told apart.

    Attributes:
        in_tile: (C,) int64, classes, ascending.
        scores: (C, side + 1, side + 1) float64, theirs at the tile's nodes.
        in_cell: (C,) int64, ascending places in `in_tile` of those that may be the best in a cell.
        mean: (C,) float64, score of every class where all mask probabilities are in their middle.
    """

    in_tile: NDArray[np.int64]
    scores: NDArray[np.float64]
    in_cell: NDArray[np.int64]
    mean: NDArray[np.float64]


@kernel
def classify(
    surfaces: Surfaces,
    probabilities: NDArray[np.float64],
    class_of: NDArray[np.int32],
    first: int,
    end: int,
) -> ClassMap:
    """Fill the pixels of tile rows first … end − 1 of `class_of` (H, W).

    Args:
        surfaces: of all queries.
        probabilities: (Q, C) of each class, without "no object".
    """
    grid = surfaces.grid
    queries, classes = probabilities.shape
    result = ClassMap(class_of, new_extents(classes, class_of.shape), np.zeros(classes))
    masks, rivals = _new_masks(surfaces, probabilities), _new_rivals(grid.tile, classes)
    for i in range(first, end):
        for j in range(surfaces.low.shape[2]):
            tile = tile_at(grid, i, j)
            for q in range(queries):
                least, most = sigmoid(surfaces.low[q, i, j]), sigmoid(surfaces.high[q, i, j])
                masks.middle[q], masks.half[q] = (least + most) / 2, (most - least) / 2
            count = _tile_rivals(masks, rivals)
            error = _DECISION_ERROR
            if count == 1:
                c = rivals.in_tile[0]
                if (probabilities[:, c] * masks.half).sum() < _SCORE_ERROR:
                    _take(result, c, tile_block(grid, tile), rivals.mean[c])
                    continue
                error = _SCORE_ERROR
            moved = _fill_nodes(masks, surfaces, tile, rivals.in_tile[:count], error / queries)
            if count > _FEW:
                count = _fewer_rivals(masks, moved, tile, rivals, count)
            _fill_scores(masks, moved, tile, rivals.in_tile[:count], rivals.scores)
            _classify_cells(rivals, count, grid, tile, result)
    return result


@kernel
def _new_masks(surfaces: Surfaces, probabilities: NDArray[np.float64]) -> Masks:
    queries, nodes = len(probabilities), surfaces.grid.tile + 1
    return Masks(
        probabilities,
        np.empty(queries),
        np.empty(queries),
        np.empty(queries, np.int64),
        np.empty((queries, nodes, nodes)),
        np.empty(surfaces.logits.shape[2]),
    )


@kernel
def _new_rivals(side: int, classes: int) -> RivalClasses:
    return RivalClasses(
        np.empty(classes, np.int64),
        np.empty((classes, side + 1, side + 1)),
        np.empty(classes, np.int64),
        np.empty(classes),
    )


@inner_kernel
def _take(result: ClassMap, c: int, block: Block, mean: float) -> None:
    """Give a block of pixels to class c, whose mean score there is known."""
    add_block(result.extents, c, block)
    result.scores[c] += block.height * block.width * mean
    fill_block(result.class_of, c, block)


@kernel
def _tile_rivals(masks: Masks, rivals: RivalClasses) -> int:
    """Fill `in_tile` with the classes that may be the best somewhere, in ascending order; returns how many.

    `mean` is filled on the way. What two classes have in common moves both alike: only the difference of
    their probabilities can let one overtake the other.
    """
    probabilities, middle, half, mean = masks.probabilities, masks.middle, masks.half, rivals.mean
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
            rivals.in_tile[count] = c
            count += 1
    return count


@inner_kernel
def _fill_nodes(
    masks: Masks, surfaces: Surfaces, tile: Tile, classes: NDArray[np.int64], error: float
) -> int:
    """Fill `moving` with the queries whose part in the scores of these classes moves by `error` or more over
    a tile, and `nodes` with their mask probabilities; returns how many they are.
    """
    moved = 0
    for q in range(len(masks.middle)):
        weight = 0.0
        for c in classes:
            weight = max(weight, masks.probabilities[q, c])
        if weight * masks.half[q] < error:
            continue
        masks.moving[moved] = q
        nodes = masks.nodes[moved]
        fill_nodes(surfaces.logits[q], surfaces.grid, tile, masks.line, nodes)
        for i in range(tile.bottom - tile.top + 1):
            for j in range(tile.right - tile.left + 1):
                nodes[i, j] = sigmoid(nodes[i, j])
        moved += 1
    return moved


@inner_kernel
def _fill_scores(
    masks: Masks, moved: int, tile: Tile, classes: NDArray[np.int64], scores: NDArray[np.float64]
) -> None:
    """Fill `scores`, from the front, with those of some classes at the nodes of a tile. Queries that do not
    move are constant there.
    """
    probabilities, middle, moving = masks.probabilities, masks.middle, masks.moving
    height, width = tile.bottom - tile.top + 1, tile.right - tile.left + 1
    for n in range(len(classes)):
        c, constant = classes[n], 0.0
        for q in range(len(middle)):
            constant += probabilities[q, c] * middle[q]
        for m in range(moved):
            constant -= probabilities[moving[m], c] * middle[moving[m]]
        scores[n, :height, :width] = constant
        for m in range(moved):
            share = probabilities[moving[m], c]
            for i in range(height):
                for j in range(width):
                    scores[n, i, j] += share * masks.nodes[m, i, j]


@kernel
def _fewer_rivals(masks: Masks, moved: int, tile: Tile, rivals: RivalClasses, count: int) -> int:
    """Drop from `in_tile` the classes that cannot win although bounds alone do not tell; returns how many are
    left.

    Where one mask gives way to another, each may be anything, but not both at once: the sum of the classes
    that lead is high everywhere. The sum is bilinear in each cell, so the best class is nowhere below the
    smallest sum divided by the number of leaders.
    """
    probabilities, middle, moving = masks.probabilities, masks.middle, masks.moving
    height, width = tile.bottom - tile.top + 1, tile.right - tile.left + 1
    peaks = np.empty(moved)
    leaders, led = rivals.in_cell, 0  # room that no cell needs yet
    for m in range(moved):
        peaks[m] = masks.nodes[m, :height, :width].max()
        best = rivals.in_tile[0]
        for c in rivals.in_tile[1:count]:
            if probabilities[moving[m], c] > probabilities[moving[m], best]:
                best = c
        known = False
        for leader in leaders[:led]:
            known = known or leader == best
        if not known and peaks[m] * probabilities[moving[m], best] > _LEADS:
            leaders[led] = best
            led += 1
    if led == 0:
        return count
    _fill_scores(masks, moved, tile, leaders[:led], rivals.scores)
    floor = np.inf
    for i in range(height):
        for j in range(width):
            floor = min(floor, rivals.scores[:led, i, j].sum() / led)
    left_over = 0
    for n in range(count):
        c = rivals.in_tile[n]
        reach = 1e-12
        for q in range(len(middle)):
            reach += probabilities[q, c] * middle[q]
        for m in range(moved):
            reach += probabilities[moving[m], c] * (peaks[m] - middle[moving[m]])
        if reach >= floor:
            rivals.in_tile[left_over] = c
            left_over += 1
    return left_over


@inner_kernel
def _classify_cells(rivals: RivalClasses, count: int, grid: Grid, tile: Tile, result: ClassMap) -> None:
    """Decide the cells of a tile with `count` rivals."""
    rows, columns, scores = grid.rows, grid.columns, rivals.scores
    for i in range(tile.bottom - tile.top):
        for j in range(tile.right - tile.left):
            cell = cell_at(tile, i, j)
            block = cell_block(rows.first, columns.first, cell)
            if block.height == 0 or block.width == 0:
                continue
            left_over = _cell_rivals(rivals, count, cell)
            if left_over == 1:
                n = rivals.in_cell[0]
                start, stop = sides(scores[n], cell, rows.middle[cell.row])
                along = columns.middle[cell.column]
                _take(result, rivals.in_tile[n], block, start * (1 - along) + stop * along)
            else:
                _classify_pixels(rivals, left_over, grid, cell, result)


@inner_kernel
def _cell_rivals(rivals: RivalClasses, count: int, cell: Cell) -> int:
    """Fill `in_cell` with those of the first `count` rivals that may be the best somewhere in a cell; returns
    how many.
    """
    scores, i, j = rivals.scores[:count], cell.i, cell.j
    best = _best(scores, i, j)
    if best == _best(scores, i, j + 1) == _best(scores, i + 1, j) == _best(scores, i + 1, j + 1):
        rivals.in_cell[0] = best
        return 1
    sure = -np.inf
    for n in range(count):
        least, _ = cell_bounds(scores[n], cell)
        sure = max(sure, least)
    left_over = 0
    for n in range(count):
        _, most = cell_bounds(scores[n], cell)
        if most >= sure:
            rivals.in_cell[left_over] = n
            left_over += 1
    return left_over


@inner_kernel
def _best(scores: NDArray[np.float64], i: int, j: int) -> int:
    """Where scores[:, i, j] are the highest, first."""
    best = 0
    for n in range(1, len(scores)):
        if scores[n, i, j] > scores[best, i, j]:
            best = n
    return best


@inner_kernel
def _classify_pixels(rivals: RivalClasses, count: int, grid: Grid, cell: Cell, result: ClassMap) -> None:
    """Decide the pixels of a cell with `count` rivals one by one."""
    block = cell_block(grid.rows.first, grid.columns.first, cell)
    rows, columns = grid.rows.part, grid.columns.part
    scores, in_tile, in_cell = rivals.scores, rivals.in_tile, rivals.in_cell
    class_of, extents, sums = result
    for y in range(block.y, block.y + block.height):
        down = rows[y]
        for x in range(block.x, block.x + block.width):
            along = columns[x]
            best, best_score = 0, -np.inf
            for m in range(count):
                start, stop = sides(scores[in_cell[m]], cell, down)
                score = start * (1 - along) + stop * along
                if score > best_score:
                    best, best_score = m, score
            c = in_tile[in_cell[best]]
            add_block(extents, c, Block(y, x, 1, 1))
            sums[c] += best_score
            class_of[y, x] = c
