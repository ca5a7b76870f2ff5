"""Owners for every score threshold at once, counted by what lies under them in another map.

As `panoseg.merging.kernels.landscape`, queries join one by one, by descending score, and each takes pixels
from others. Here every pixel that changes hands is counted with its number in another map, and its part in
the mask with several mask thresholds at once: whose a pixel is does not depend on them.
"""

from math import exp

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Grid, Surfaces
from panoseg.merging.kernels.landscape import rivals_at_some_score
from panoseg.merging.kernels.pixels import Block
from panoseg.merging.kernels.rivals import (
    Rivals,
    beats,
    fill_bounds,
    is_below,
    look_into_tile,
    new_rivals,
)
from panoseg.merging.kernels.surface import (
    Cell,
    Tile,
    cell_at,
    cell_block,
    cell_bounds,
    sides,
    tile_at,
    tile_block,
)
from panoseg.merging.kernels.tally import tally_block
from panoseg.merging.machine_code import inner_kernel, kernel
from panoseg.merging.ranking import Ranking


@kernel
def joining_tally(
    surfaces: Surfaces,
    ranking: Ranking,
    thresholds: NDArray[np.float64],
    other: NDArray[np.int32],
    count: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What joining changes.

    Args:
        surfaces: of all queries.
        ranking: K queries, at least one; they join in this order.
        thresholds: (M,) least logits of a final pixel.
        other: (H, W) numbers below `count`.
        count: how many numbers there are.

    Returns:
        (K, K): by how many the pixels that query k owns [s, k] change when query s joins; and
        (M, K, K, count): its final pixels at each threshold, by their number in the other map.
    """
    kept = len(ranking.queries)
    owned = np.zeros((kept, kept), np.int64)
    final = np.zeros((len(thresholds), kept, kept, count), np.int64)
    rivals = new_rivals(surfaces, kept)
    grid = surfaces.grid
    for tile_row in range(surfaces.low.shape[1]):
        for tile_column in range(surfaces.low.shape[2]):
            tile = tile_at(grid, tile_row, tile_column)
            fill_bounds(rivals, surfaces, ranking, tile_row, tile_column)
            found = rivals_at_some_score(rivals, ranking.scores)
            if found == 1 and _whole_tile(rivals, tile_block(grid, tile), thresholds, other, owned, final):
                continue
            look_into_tile(rivals, found, surfaces, ranking, tile)
            _join_cells(rivals, found, grid, tile, thresholds, other, owned, final)
    return owned, final


@inner_kernel
def _whole_tile(
    rivals: Rivals,
    block: Block,
    thresholds: NDArray[np.float64],
    other: NDArray[np.int32],
    owned: NDArray[np.int64],
    final: NDArray[np.int64],
) -> bool:
    """Count a tile that has one owner from first to last, if its bounds tell enough; whether they do."""
    k = rivals.in_tile[0]
    for m in range(len(thresholds)):
        if rivals.least[k] < thresholds[m] <= rivals.most[k]:
            return False
    owned[k, k] += block.height * block.width
    for m in range(len(thresholds)):
        if rivals.least[k] >= thresholds[m]:
            tally_block(other, block, final[m, k, k], 1)
    return True


@inner_kernel
def _join_cells(
    rivals: Rivals,
    count: int,
    grid: Grid,
    tile: Tile,
    thresholds: NDArray[np.float64],
    other: NDArray[np.int32],
    owned: NDArray[np.int64],
    final: NDArray[np.int64],
) -> None:
    """Let the rivals join in each cell of a tile: as long as it has one owner, all of it at once."""
    scores, nodes, in_tile, in_cell = rivals.scores, rivals.nodes, rivals.in_tile, rivals.in_cell
    rows, columns = grid.rows.first, grid.columns.first
    down, along = grid.rows.part, grid.columns.part
    for i in range(tile.bottom - tile.top):
        for j in range(tile.right - tile.left):
            cell = cell_at(tile, i, j)
            block = cell_block(rows, columns, cell)
            if block.height == 0 or block.width == 0:
                continue
            now = 0
            least, most = cell_bounds(nodes[0], cell)
            best, sure = 0, least  # who has the largest lower bound, and that logit
            pixels, k = block.height * block.width, in_tile[0]
            owned[k, k] += pixels
            _hand_over(1, nodes[0], cell, block, down, along, thresholds, other, final[:, k, k])
            waiting = 0
            for n in range(1, count):
                k = in_tile[n]
                its_least, its_most = cell_bounds(nodes[n], cell)
                if is_below(scores[n], its_most, scores[best], sure):
                    continue
                if beats(scores[n], its_least, scores[best], sure):
                    best, sure = n, its_least
                if waiting == 0 and is_below(scores[now], most, scores[n], its_least):
                    old = in_tile[now]
                    owned[k, old] -= pixels
                    _hand_over(-1, nodes[now], cell, block, down, along, thresholds, other, final[:, k, old])
                    now, most = n, its_most
                    owned[k, k] += pixels
                    _hand_over(1, nodes[n], cell, block, down, along, thresholds, other, final[:, k, k])
                else:
                    in_cell[waiting] = n
                    waiting += 1
            if waiting:
                _join_pixels(rivals, now, waiting, grid, cell, thresholds, other, owned, final)


@inner_kernel
def _hand_over(
    step: int,
    nodes: NDArray[np.float64],
    cell: Cell,
    block: Block,
    down: NDArray[np.float64],
    along: NDArray[np.float64],
    thresholds: NDArray[np.float64],
    other: NDArray[np.int32],
    final: NDArray[np.int64],
) -> None:
    """Add `step` to final[m, b] for the pixels of a cell that reach threshold m and are b in the other map.

    `down` and `along` are the parts of all rows and columns: it is asked of every cell, and handing it the
    whole grid would cost more than its work.
    """
    least, most = cell_bounds(nodes, cell)
    for m in range(len(thresholds)):
        threshold = thresholds[m]
        if most < threshold:
            continue
        if least >= threshold:
            for y in range(block.y, block.y + block.height):
                for x in range(block.x, block.x + block.width):
                    final[m, other[y, x]] += step
            continue
        for y in range(block.y, block.y + block.height):
            start, stop = sides(nodes, cell, down[y])
            for x in range(block.x, block.x + block.width):
                if start * (1 - along[x]) + stop * along[x] >= threshold:
                    final[m, other[y, x]] += step


@inner_kernel
def _join_pixels(
    rivals: Rivals,
    now: int,
    count: int,
    grid: Grid,
    cell: Cell,
    thresholds: NDArray[np.float64],
    other: NDArray[np.int32],
    owned: NDArray[np.int64],
    final: NDArray[np.int64],
) -> None:
    """Let the first `count` rivals in a cell join, pixel by pixel, where rival `now` of the tile owns it."""
    block = cell_block(grid.rows.first, grid.columns.first, cell)
    rows, columns = grid.rows.part, grid.columns.part
    scores, nodes, in_tile, in_cell = rivals.scores, rivals.nodes, rivals.in_tile, rivals.in_cell
    for y in range(block.y, block.y + block.height):
        down = rows[y]
        for x in range(block.x, block.x + block.width):
            along, number = columns[x], other[y, x]
            start, stop = sides(nodes[now], cell, down)
            best, best_logit = now, start * (1 - along) + stop * along
            best_sum = -1.0  # 1 + exp(−best_logit), once somebody had to ask
            for waiting in range(count):
                n = in_cell[waiting]
                start, stop = sides(nodes[n], cell, down)
                logit = start * (1 - along) + stop * along
                if logit <= best_logit:
                    continue
                # As `beats`, which would take the exponential of the best one each time.
                wins, its_sum = scores[n] == scores[best], -1.0
                if not wins:
                    if best_sum < 0:
                        best_sum = 1 + exp(-best_logit)
                    its_sum = 1 + exp(-logit)
                    wins = scores[n] * best_sum > scores[best] * its_sum
                if wins:
                    s, k = in_tile[n], in_tile[best]
                    owned[s, k] -= 1
                    owned[s, s] += 1
                    for m in range(len(thresholds)):
                        final[m, s, k, number] -= best_logit >= thresholds[m]
                        final[m, s, s, number] += logit >= thresholds[m]
                    best, best_logit, best_sum = n, logit, its_sum
