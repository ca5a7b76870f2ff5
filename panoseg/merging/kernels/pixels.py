"""Blocks of pixels: counted, filled and numbered anew."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.machine_code import inner_kernel, kernel


class Block(NamedTuple):
    """A rectangle of pixels, perhaps an empty one, from row y and column x on."""

    y: int
    x: int
    height: int
    width: int


@kernel
def new_extents(count: int, size: tuple[int, int]) -> NDArray[np.int64]:
    """(count, 5) int64, a row per segment: pixels, first row, first column, end row, end column; of none, so
    far.
    """
    extents = np.zeros((count, 5), np.int64)
    extents[:, 1] = size[0]
    extents[:, 2] = size[1]
    return extents


@inner_kernel
def add_block(extents: NDArray[np.int64], k: int, block: Block) -> None:
    """Count a block of pixels in row k of extents."""
    if block.height > 0 and block.width > 0:
        extents[k, 0] += block.height * block.width
        extents[k, 1] = min(extents[k, 1], block.y)
        extents[k, 2] = min(extents[k, 2], block.x)
        extents[k, 3] = max(extents[k, 3], block.y + block.height)
        extents[k, 4] = max(extents[k, 4], block.x + block.width)


@inner_kernel
def fill_block(picture: NDArray[np.int32], value: int, block: Block) -> None:
    """Set a block of pixels of a picture (H, W)."""
    for y in range(block.y, block.y + block.height):
        for x in range(block.x, block.x + block.width):
            picture[y, x] = value


@kernel
def renumber(id_map: NDArray[np.int32], numbers: NDArray[np.int32], first: int, end: int) -> None:
    """Replace each value v by numbers[v], in place, in rows first … end − 1."""
    for y in range(first, end):
        for x in range(id_map.shape[1]):
            id_map[y, x] = numbers[id_map[y, x]]
