"""Pixels counted by what lies on them in another map of the same picture: owners, and queries' own masks."""

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Surfaces
from panoseg.merging.kernels.pixels import Block, add_block
from panoseg.merging.kernels.surface import (
    cell_at,
    cell_block,
    cell_bounds,
    fill_nodes,
    sides,
    tile_at,
    tile_block,
)
from panoseg.merging.machine_code import inner_kernel, kernel


@kernel
def tally(first: NDArray[np.int32], second: NDArray[np.int32], counts: NDArray[np.int64]) -> None:
    """Add to counts[a, b] the pixels that are a in one map (H, W) and b in the other."""
    for y in range(first.shape[0]):
        for x in range(first.shape[1]):
            counts[first[y, x], second[y, x]] += 1


@kernel
def tally_masks(
    surfaces: Surfaces, queries: NDArray[np.int64], threshold: float, other: NDArray[np.int32], count: int
) -> NDArray[np.int64]:
    """(K, count) pixels of each of K queries whose logit reaches the threshold, by what they are in another
    map (H, W) of numbers below `count`.
    """
    counts = np.zeros((len(queries), count), np.int64)
    line = np.empty(surfaces.logits.shape[2])
    nodes = np.empty((surfaces.grid.tile + 1, surfaces.grid.tile + 1))
    for k in range(len(queries)):
        _tally_mask(surfaces, queries[k], threshold, other, counts[k], line, nodes)
    return counts


@inner_kernel
def _tally_mask(
    surfaces: Surfaces,
    query: int,
    threshold: float,
    other: NDArray[np.int32],
    counts: NDArray[np.int64],
    line: NDArray[np.float64],
    nodes: NDArray[np.float64],
) -> None:
    """One query's row of counts; `line` and `nodes` are scratch."""
    grid, low, high = surfaces.grid, surfaces.low, surfaces.high
    rows, columns = grid.rows, grid.columns
    for tile_row in range(low.shape[1]):
        for tile_column in range(low.shape[2]):
            if high[query, tile_row, tile_column] < threshold:
                continue
            tile = tile_at(grid, tile_row, tile_column)
            if low[query, tile_row, tile_column] >= threshold:
                tally_block(other, tile_block(grid, tile), counts, 1)
                continue
            fill_nodes(surfaces.logits[query], grid, tile, line, nodes)
            for i in range(tile.bottom - tile.top):
                for j in range(tile.right - tile.left):
                    cell = cell_at(tile, i, j)
                    least, most = cell_bounds(nodes, cell)
                    if most < threshold:
                        continue
                    block = cell_block(rows.first, columns.first, cell)
                    if least >= threshold:
                        tally_block(other, block, counts, 1)
                        continue
                    for y in range(block.y, block.y + block.height):
                        start, stop = sides(nodes, cell, rows.part[y])
                        for x in range(block.x, block.x + block.width):
                            if start * (1 - columns.part[x]) + stop * columns.part[x] >= threshold:
                                counts[other[y, x]] += 1


@inner_kernel
def tally_block(other: NDArray[np.int32], block: Block, counts: NDArray[np.int64], step: int) -> None:
    """Add `step` to counts[b] for each pixel of a block that is b in the other map."""
    for y in range(block.y, block.y + block.height):
        for x in range(block.x, block.x + block.width):
            counts[other[y, x]] += step


@kernel
def number_pixels(
    digits: NDArray[np.uint8],
    ids: NDArray[np.int64],
    numbers: NDArray[np.int32],
    extents: NDArray[np.int64],
) -> int:
    """Fill `numbers` (H, W) with 1 + the place in `ids` (ascending) of each pixel's id, 0 for id 0.

    Args:
        digits: (H, W, 3 or more), the id's bytes, the lowest first.
        ids: (T,) ascending, none of them 0.
        numbers: filled.
        extents: (T + 1, 5), `new_extents`; filled for each number.

    Returns:
        An id of the picture that is not among `ids`; −1 if all are.
    """
    last_id, last = np.int64(0), 0
    for y in range(digits.shape[0]):
        start = 0
        for x in range(digits.shape[1]):
            found = (
                np.int64(digits[y, x, 0]) | np.int64(digits[y, x, 1]) << 8 | np.int64(digits[y, x, 2]) << 16
            )
            if found != last_id:
                add_block(extents, last, Block(y, start, 1, x - start))
                start = x
                last_id, last = found, 0
                if found != 0:
                    place = np.searchsorted(ids, found)
                    if place == len(ids) or ids[place] != found:
                        return int(found)
                    last = int(place) + 1
            numbers[y, x] = last
        add_block(extents, last, Block(y, start, 1, digits.shape[1] - start))
    return -1
