"""How clearly each pixel's owner wins: the best minus the second-best score × probability."""

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Grid, Surfaces
from panoseg.merging.kernels.rivals import Rivals, fill_bounds, look_into_tile, new_rivals
from panoseg.merging.kernels.surface import (
    Cell,
    cell_at,
    cell_block,
    cell_bounds,
    sides,
    sigmoid,
    tile_at,
)
from panoseg.merging.machine_code import inner_kernel, kernel
from panoseg.merging.ranking import Ranking

# A query that stays below this is taken as 0, and one that moves by less over a cell as constant.
_NEGLIGIBLE = 1e-4
_CALM = 1e-4


@kernel
def margins(surfaces: Surfaces, ranking: Ranking, margin: NDArray[np.float32], first: int, end: int) -> None:
    """Fill the pixels of tile rows first … end − 1 of `margin` (H, W), to within 0.0002.

    Args:
        surfaces: of all queries.
        ranking: the kept queries, at least one.
    """
    _fill_tiles(new_rivals(surfaces, len(ranking.queries)), surfaces, ranking, (first, end), margin)


@inner_kernel
def _fill_tiles(
    rivals: Rivals,
    surfaces: Surfaces,
    ranking: Ranking,
    tile_rows: tuple[int, int],
    margin: NDArray[np.float32],
) -> None:
    """Fill the pixels of the tiles of some rows."""
    grid, kept = surfaces.grid, len(ranking.queries)
    for tile_row in range(tile_rows[0], tile_rows[1]):
        for tile_column in range(surfaces.low.shape[2]):
            tile = tile_at(grid, tile_row, tile_column)
            fill_bounds(rivals, surfaces, ranking, tile_row, tile_column)
            _weigh(rivals.least, rivals.most, ranking.scores, kept)
            count = _best_two(rivals.least, rivals.most, kept, rivals.in_tile)
            look_into_tile(rivals, count, surfaces, ranking, tile)
            for i in range(tile.bottom - tile.top):
                for j in range(tile.right - tile.left):
                    _fill_cell(rivals, count, grid, cell_at(tile, i, j), margin)


@inner_kernel
def _weigh(
    least: NDArray[np.float64], most: NDArray[np.float64], scores: NDArray[np.float64], count: int
) -> None:
    """Turn the bounds of `count` logits into those of score × probability."""
    for n in range(count):
        least[n], most[n] = scores[n] * sigmoid(least[n]), scores[n] * sigmoid(most[n])


@inner_kernel
def _best_two(
    least: NDArray[np.float64], most: NDArray[np.float64], count: int, places: NDArray[np.int64]
) -> int:
    """Fill `places` with those of `count` queries that may be the best or second best; returns how many."""
    sure, next_sure = 0.0, 0.0
    for n in range(count):
        sure, next_sure = _larger_two(sure, next_sure, least[n])
    found = 0
    for n in range(count):
        if most[n] >= max(next_sure, _NEGLIGIBLE):
            places[found] = n
            found += 1
    return found


@inner_kernel
def _fill_cell(rivals: Rivals, count: int, grid: Grid, cell: Cell, margin: NDArray[np.float32]) -> None:
    """Fill the pixels of a cell of a tile with `count` rivals."""
    block = cell_block(grid.rows.first, grid.columns.first, cell)
    rows, columns = grid.rows.part, grid.columns.part
    scores, nodes, in_cell = rivals.scores, rivals.nodes, rivals.in_cell
    least, most = rivals.least, rivals.most
    for n in range(count):
        least[n], most[n] = cell_bounds(nodes[n], cell)
    _weigh(least, most, scores, count)
    left_over = _best_two(least, most, count, in_cell)
    calm = True
    best, second = 0.0, 0.0
    for m in range(left_over):
        n = in_cell[m]
        calm = calm and most[n] - least[n] < _CALM
        best, second = _larger_two(best, second, (least[n] + most[n]) / 2)
    for y in range(block.y, block.y + block.height):
        down = rows[y]
        for x in range(block.x, block.x + block.width):
            if not calm:
                best, second = 0.0, 0.0
                along = columns[x]
                for m in range(left_over):
                    n = in_cell[m]
                    start, stop = sides(nodes[n], cell, down)
                    value = scores[n] * sigmoid(start * (1 - along) + stop * along)
                    best, second = _larger_two(best, second, value)
            margin[y, x] = best - second


@inner_kernel
def _larger_two(best: float, second: float, value: float) -> tuple[float, float]:
    """The larger two of three, of which best ≥ second."""
    if value > best:
        return value, best
    return best, max(second, value)
