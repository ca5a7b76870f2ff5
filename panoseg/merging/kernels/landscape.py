"""Owners for every score threshold at once: queries join one by one, by descending score.

A query that joins can take pixels from others and loses none, so at each step only gains are counted: from
whom, how many pixels, and how many of them are final for the old owner and for the new one.
"""

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Grid, Surfaces
from panoseg.merging.kernels.query_masks import area_of_cell
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
    cell_at,
    cell_block,
    cell_bounds,
    sides,
    sigmoid,
    tile_at,
    tile_block,
)
from panoseg.merging.machine_code import inner_kernel, kernel
from panoseg.merging.ranking import Ranking


@kernel
def gains(surfaces: Surfaces, ranking: Ranking, threshold: float, first: int, end: int) -> NDArray[np.int64]:
    """What joining changes in tile rows first … end − 1.

    Args:
        surfaces: of all queries.
        ranking: K queries, at least one; they join in this order.
        threshold: least logit of a final pixel.

    Returns:
        (2, K, K): by how many owned [0] and final [1] pixels the count of query k [s, k] changes when query s
        joins.
    """
    count = len(ranking.queries)
    change = np.zeros((2, count, count), np.int64)
    _join_tiles(new_rivals(surfaces, count), surfaces, ranking, threshold, (first, end), change)
    return change


@inner_kernel
def _join_tiles(
    rivals: Rivals,
    surfaces: Surfaces,
    ranking: Ranking,
    threshold: float,
    tile_rows: tuple[int, int],
    change: NDArray[np.int64],
) -> None:
    """Let the queries join in the tiles of some rows."""
    grid = surfaces.grid
    for tile_row in range(tile_rows[0], tile_rows[1]):
        for tile_column in range(surfaces.low.shape[2]):
            tile = tile_at(grid, tile_row, tile_column)
            fill_bounds(rivals, surfaces, ranking, tile_row, tile_column)
            found = rivals_at_some_score(rivals, ranking.scores)
            k = rivals.in_tile[0]
            if found == 1 and (rivals.least[k] >= threshold or rivals.most[k] < threshold):
                block = tile_block(grid, tile)
                change[0, k, k] += block.height * block.width
                change[1, k, k] += block.height * block.width * (rivals.least[k] >= threshold)
                continue
            look_into_tile(rivals, found, surfaces, ranking, tile)
            for i in range(tile.bottom - tile.top):
                for j in range(tile.right - tile.left):
                    _join_cell(rivals, found, grid, cell_at(tile, i, j), threshold, change)


@inner_kernel
def rivals_at_some_score(rivals: Rivals, scores: NDArray[np.float64]) -> int:
    """Fill `in_tile` with the queries that may own a pixel when they join, given the bounds of their logits;
    returns how many.
    """
    least, most, in_tile = rivals.least, rivals.most, rivals.in_tile
    in_tile[0] = 0
    best, sure, found = 0, scores[0] * sigmoid(least[0]), 1
    for k in range(1, len(scores)):
        if scores[k] < sure:
            break
        if not is_below(scores[k], most[k], scores[best], least[best]):
            in_tile[found] = k
            found += 1
            if beats(scores[k], least[k], scores[best], least[best]):
                best, sure = k, scores[k] * sigmoid(least[k])
    return found


@inner_kernel
def _join_cell(
    rivals: Rivals, count: int, grid: Grid, cell: Cell, threshold: float, change: NDArray[np.int64]
) -> None:
    """Let the rivals join in one cell: as long as it has one owner, all of it at once."""
    block = cell_block(grid.rows.first, grid.columns.first, cell)
    pixels = block.height * block.width
    if pixels == 0:
        return
    scores, nodes, in_tile, in_cell = rivals.scores, rivals.nodes, rivals.in_tile, rivals.in_cell
    now, k = 0, in_tile[0]
    least, most = cell_bounds(nodes[0], cell)
    best, sure = 0, least  # who has the largest lower bound, and that logit
    final = area_of_cell(nodes[0], grid, cell, threshold)
    change[0, k, k] += pixels
    change[1, k, k] += final
    waiting = 0
    for n in range(1, count):
        k = in_tile[n]
        its_least, its_most = cell_bounds(nodes[n], cell)
        if is_below(scores[n], its_most, scores[best], sure):
            continue
        if beats(scores[n], its_least, scores[best], sure):
            best, sure = n, its_least
        if waiting == 0 and is_below(scores[now], most, scores[n], its_least):
            change[0, k, in_tile[now]] -= pixels
            change[1, k, in_tile[now]] -= final
            now, most = n, its_most
            final = area_of_cell(nodes[n], grid, cell, threshold)
            change[0, k, k] += pixels
            change[1, k, k] += final
        else:
            in_cell[waiting] = n
            waiting += 1
    if waiting:
        _join_pixels(rivals, now, waiting, grid, cell, threshold, change)


@inner_kernel
def _join_pixels(
    rivals: Rivals,
    now: int,
    count: int,
    grid: Grid,
    cell: Cell,
    threshold: float,
    change: NDArray[np.int64],
) -> None:
    """Let the first `count` rivals in a cell join, pixel by pixel, where rival `now` of the tile owns it."""
    block = cell_block(grid.rows.first, grid.columns.first, cell)
    rows, columns = grid.rows.part, grid.columns.part
    scores, nodes, in_tile, in_cell = rivals.scores, rivals.nodes, rivals.in_tile, rivals.in_cell
    for y in range(block.y, block.y + block.height):
        down = rows[y]
        for x in range(block.x, block.x + block.width):
            along = columns[x]
            start, stop = sides(nodes[now], cell, down)
            best, best_logit = now, start * (1 - along) + stop * along
            for m in range(count):
                n = in_cell[m]
                start, stop = sides(nodes[n], cell, down)
                logit = start * (1 - along) + stop * along
                if beats(scores[n], logit, scores[best], best_logit):
                    change[0, in_tile[n], in_tile[best]] -= 1
                    change[1, in_tile[n], in_tile[best]] -= best_logit >= threshold
                    best, best_logit = n, logit
                    change[0, in_tile[n], in_tile[n]] += 1
                    change[1, in_tile[n], in_tile[n]] += logit >= threshold
