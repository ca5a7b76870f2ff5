"""The owner of each pixel: tiles and cells first, then only those pixels for which cells cannot tell."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Grid, Surfaces
from panoseg.merging.kernels.pixels import Block, add_block, fill_block, new_extents
from panoseg.merging.kernels.rivals import (
    ROUNDING,
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
    fill_nodes,
    probability_sum,
    sides,
    sigmoid,
    tile_at,
    tile_block,
)
from panoseg.merging.machine_code import inner_kernel, kernel
from panoseg.merging.ranking import Ranking

# A tile whose probabilities differ by less than this has their sum estimated from its bounds.
_FLAT = 1e-5
# At a border everybody's bounds over a tile are wide; so many of the largest are looked at in each cell.
_LEADERS = 3


class Owners(NamedTuple):
    """The owners of a band of the photo, and what each of K ranked queries has there.

    Attributes:
        owner: (H, W) int32, the whole photo: 1 + the owner's place in the ranking, or 0 where its logit is
            below the threshold.
        owned: (K,) int64, pixels that the query owns.
        extents: (K, 5) int64, of its final pixels, those of them where its logit is not below the threshold.
        probability: (K,) float64, the sum of its probability over its final pixels.
        weighs: whether `probability` is wanted, which is most of the work where one query owns all; else it
            stays 0.
    """

    owner: NDArray[np.int32]
    owned: NDArray[np.int64]
    extents: NDArray[np.int64]
    probability: NDArray[np.float64]
    weighs: bool


@kernel
def own(
    surfaces: Surfaces,
    ranking: Ranking,
    threshold: float,
    owner: NDArray[np.int32],
    weighs: bool,
    first: int,
    end: int,
) -> Owners:
    """Fill the pixels of tile rows first … end − 1 of `owner` (H, W).

    Args:
        surfaces: of all queries.
        ranking: the kept queries, at least one.
        threshold: least logit of a final pixel.
        weighs: see `Owners`.
    """
    kept = len(ranking.queries)
    extents = new_extents(kept, owner.shape)
    owners = Owners(owner, np.zeros(kept, np.int64), extents, np.zeros(kept), weighs)
    _own_tiles(new_rivals(surfaces, kept), surfaces, ranking, threshold, (first, end), owners)
    return owners


@inner_kernel
def _own_tiles(
    rivals: Rivals,
    surfaces: Surfaces,
    ranking: Ranking,
    threshold: float,
    tile_rows: tuple[int, int],
    owners: Owners,
) -> None:
    """Decide the tiles of some rows."""
    grid = surfaces.grid
    for i in range(tile_rows[0], tile_rows[1]):
        for j in range(surfaces.low.shape[2]):
            tile = tile_at(grid, i, j)
            fill_bounds(rivals, surfaces, ranking, i, j)
            count = _tile_rivals(rivals, ranking.scores)
            if count == 1 and _own_whole_tile(rivals, surfaces, ranking, tile, threshold, owners):
                continue
            if count > _LEADERS:
                count = _drop_hopeless(rivals, count, surfaces, ranking, tile)
            is_faint = _highest(rivals, count) < threshold
            look_into_tile(rivals, count, surfaces, ranking, tile)
            if is_faint and count > _LEADERS:
                _own_faint_tile(rivals, count, grid, tile, owners)
            else:
                _own_cells(rivals, count, grid, tile, threshold, owners)


@inner_kernel
def _highest(rivals: Rivals, count: int) -> float:
    """A logit that none of a tile's rivals exceeds in it."""
    highest = rivals.most[rivals.in_tile[0]]
    for n in range(1, count):
        highest = max(highest, rivals.most[rivals.in_tile[n]])
    return highest


@inner_kernel
def _own_faint_tile(rivals: Rivals, count: int, grid: Grid, tile: Tile, owners: Owners) -> None:
    """Decide the pixels of a tile that many compete for and nobody fills: they are counted, no more.

    All are about as faint there, and cells would rule out hardly any.
    """
    nodes, scores, edges, columns = rivals.nodes, rivals.scores, rivals.edges, grid.columns
    first = grid.rows.first
    width = tile.right - tile.left
    fill_block(owners.owner, 0, tile_block(grid, tile))
    for i in range(tile.bottom - tile.top):
        for y in range(first[tile.top + i], first[tile.top + i + 1]):
            down = grid.rows.part[y]
            for n in range(count):
                for j in range(width + 1):
                    edges[j, n] = nodes[n, i, j] * (1 - down) + nodes[n, i + 1, j] * down
            for j in range(width):
                starts, stops = edges[j], edges[j + 1]
                for x in range(columns.first[tile.left + j], columns.first[tile.left + j + 1]):
                    along = columns.part[x]
                    best, best_logit = 0, starts[0] * (1 - along) + stops[0] * along
                    for n in range(1, count):
                        logit = starts[n] * (1 - along) + stops[n] * along
                        if beats(scores[n], logit, scores[best], best_logit):
                            best, best_logit = n, logit
                    owners.owned[rivals.in_tile[best]] += 1


@inner_kernel
def _tile_rivals(rivals: Rivals, scores: NDArray[np.float64]) -> int:
    """Fill `in_tile` with the queries that may own a pixel, given the bounds of their logits; returns how
    many.
    """
    least, most, in_tile, kept = rivals.least, rivals.most, rivals.in_tile, len(scores)
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
            in_tile[count] = k
            count += 1
    return count


@inner_kernel
def _drop_hopeless(rivals: Rivals, count: int, surfaces: Surfaces, ranking: Ranking, tile: Tile) -> int:
    """Drop those of a tile's rivals that reach nowhere what one of the leaders has in each cell for sure;
    returns how many are left.
    """
    in_tile, reach, leaders, nodes = rivals.in_tile, rivals.scores, rivals.in_cell, rivals.nodes
    for n in range(count):
        reach[n] = ranking.scores[in_tile[n]] * sigmoid(rivals.most[in_tile[n]])
    for m in range(_LEADERS):
        best = -1
        for n in range(count):
            taken = False
            for earlier in range(m):
                taken = taken or leaders[earlier] == n
            if not taken and (best < 0 or reach[n] > reach[best]):
                best = n
        leaders[m] = best
        query = ranking.queries[in_tile[best]]
        fill_nodes(surfaces.logits[query], surfaces.grid, tile, rivals.line, nodes[m])
    least = reach[leaders[0]]
    for i in range(tile.bottom - tile.top):
        for j in range(tile.right - tile.left):
            sure = 0.0
            for m in range(_LEADERS):
                low, _ = cell_bounds(nodes[m], cell_at(tile, i, j))
                sure = max(sure, ranking.scores[in_tile[leaders[m]]] * sigmoid(low))
            least = min(least, sure)
    left = 0
    for n in range(count):
        if reach[n] >= least * (1 - ROUNDING):
            in_tile[left] = in_tile[n]
            left += 1
    return left


@inner_kernel
def _own_whole_tile(
    rivals: Rivals, surfaces: Surfaces, ranking: Ranking, tile: Tile, threshold: float, owners: Owners
) -> bool:
    """Give all pixels of a tile to its only rival, if its bounds tell enough; returns whether they do."""
    k, grid = rivals.in_tile[0], surfaces.grid
    block = tile_block(grid, tile)
    if rivals.most[k] < threshold:
        owners.owned[k] += block.height * block.width
        fill_block(owners.owner, 0, block)
        return True
    if rivals.least[k] < threshold:
        return False
    owners.owned[k] += block.height * block.width
    add_block(owners.extents, k, block)
    fill_block(owners.owner, k + 1, block)
    if not owners.weighs:
        return True
    probability = sigmoid(rivals.least[k])
    spread = sigmoid(rivals.most[k]) - probability
    if spread < _FLAT:
        owners.probability[k] += block.height * block.width * (probability + spread / 2)
        return True
    # Looking into the tile is most of the work, and gives the same at all thresholds.
    query, i, j = ranking.queries[k], tile.top // grid.tile, tile.left // grid.tile
    if surfaces.sums[query, i, j] == 0:
        look_into_tile(rivals, 1, surfaces, ranking, tile)
        surfaces.sums[query, i, j] = _tile_sum(rivals.nodes[0], grid, tile)
    owners.probability[k] += surfaces.sums[query, i, j]
    return True


@inner_kernel
def _tile_sum(nodes: NDArray[np.float64], grid: Grid, tile: Tile) -> float:
    """Sum of the sigmoid over all pixels of a tile."""
    total = 0.0
    for i in range(tile.bottom - tile.top):
        for j in range(tile.right - tile.left):
            cell = cell_at(tile, i, j)
            block = cell_block(grid.rows.first, grid.columns.first, cell)
            if block.height > 0 and block.width > 0:
                total += probability_sum(nodes, grid, cell)
    return total


@inner_kernel
def _own_cells(rivals: Rivals, count: int, grid: Grid, tile: Tile, threshold: float, owners: Owners) -> None:
    """Decide the cells of a tile with `count` rivals."""
    rows, columns = grid.rows.first, grid.columns.first
    nodes, least, most = rivals.nodes, rivals.least, rivals.most
    in_tile, in_cell = rivals.in_tile, rivals.in_cell
    owner, owned, extents, probability, weighs = owners
    for i in range(tile.bottom - tile.top):
        for j in range(tile.right - tile.left):
            cell = cell_at(tile, i, j)
            block = cell_block(rows, columns, cell)
            if block.height == 0 or block.width == 0:
                continue
            for n in range(count):
                least[n], most[n] = cell_bounds(nodes[n], cell)
            left_over = _cell_rivals(rivals.scores, least, most, count, in_cell)
            n = in_cell[0]
            k = in_tile[n]
            if left_over == 1 and most[n] < threshold:
                owned[k] += block.height * block.width
                fill_block(owner, 0, block)
            elif left_over == 1 and least[n] >= threshold:
                owned[k] += block.height * block.width
                add_block(extents, k, block)
                if weighs:
                    probability[k] += probability_sum(nodes[n], grid, cell)
                fill_block(owner, k + 1, block)
            else:
                _own_pixels(rivals, left_over, grid, cell, threshold, owners)


@inner_kernel
def _cell_rivals(
    scores: NDArray[np.float64],
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    count: int,
    in_cell: NDArray[np.int64],
) -> int:
    """Fill `in_cell` with those of the first `count` rivals that may own a pixel, given their bounds; returns
    how many.
    """
    best = 0
    for n in range(1, count):
        if beats(scores[n], least[n], scores[best], least[best]):
            best = n
    left_over = 0
    for n in range(count):
        if n == best or not is_below(scores[n], most[n], scores[best], least[best]):
            in_cell[left_over] = n
            left_over += 1
    return left_over


@inner_kernel
def _own_pixels(rivals: Rivals, count: int, grid: Grid, cell: Cell, threshold: float, owners: Owners) -> None:
    """Decide the pixels of a cell with `count` rivals one by one."""
    block = cell_block(grid.rows.first, grid.columns.first, cell)
    rows, columns = grid.rows.part, grid.columns.part
    nodes, scores, in_tile, in_cell = rivals.nodes, rivals.scores, rivals.in_tile, rivals.in_cell
    owner, owned, extents, probability, weighs = owners
    starts, stops = rivals.least, rivals.most  # the bounds have done their work: room for a row's ends
    for y in range(block.y, block.y + block.height):
        for m in range(count):
            starts[m], stops[m] = sides(nodes[in_cell[m]], cell, rows[y])
        for x in range(block.x, block.x + block.width):
            along = columns[x]
            best, best_logit = 0, starts[0] * (1 - along) + stops[0] * along
            for m in range(1, count):
                logit = starts[m] * (1 - along) + stops[m] * along
                if beats(scores[in_cell[m]], logit, scores[in_cell[best]], best_logit):
                    best, best_logit = m, logit
            k = in_tile[in_cell[best]]
            owned[k] += 1
            if best_logit >= threshold:
                add_block(extents, k, Block(y, x, 1, 1))
                if weighs:
                    probability[k] += sigmoid(best_logit)
                owner[y, x] = k + 1
            else:
                owner[y, x] = 0
