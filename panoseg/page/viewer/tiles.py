"""Squares of a photo and of its id map, at full size and at halves of it, as files for browsers.

Level 0 is full size; at each further one a pixel stands for two by two of the level before. A tile of a level
has `SIDE` pixels a side, fewer at the right and lower edge; the tile (column, row) begins at pixel
(SIDE · column, SIDE · row) of its level.
"""

import io
import math
import zlib
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from panoseg.png import encode_png

SIDE = 256
"""Small enough that the first one is there at once, large enough that a screen needs few dozens."""

_LAST_LEVEL = 4  # no photo is shown so much smaller; its tiles stand for 17 megapixels each

PhotoFormat = Literal["png", "jpg"]


def levels(size: tuple[int, int], shown: tuple[int, int]) -> int:
    """How many levels of a photo of (height, width) have more pixels than the picture that is shown."""
    return math.ceil(math.log2(max(1.0, size[1] / shown[1])))


def grid(size: tuple[int, int], level: int) -> tuple[int, int]:
    """(rows, columns) of the tiles of a level."""
    rows, columns = (-(-side // (SIDE << level)) for side in size)
    return rows, columns


def photo_tile(
    pixels: NDArray[np.uint8], level: int, column: int, row: int, kind: PhotoFormat
) -> bytes | None:
    """A tile of (H, W, 3) pixels as a file: a PNG holds them as they are, a JPEG nearly.

    None where there is no such tile.
    """
    part = _part(pixels, level, column, row)
    if part is None:
        return None
    picture = Image.fromarray(np.ascontiguousarray(part))
    if level:
        picture = picture.reduce(1 << level)
    if kind == "png":
        return encode_png(picture)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90, subsampling=0)
    return file.getvalue()


def id_tile(id_map: NDArray[np.int32], count: int, level: int, column: int, row: int) -> bytes | None:
    """A tile of an (H, W) id map as a zlib stream of bytes, or of little-endian words from 256 segments on.

    It holds one more column and row than its photo tile, where the map goes on: the borders between its
    last pixels and the next tile's are its own. At level 1 and above ids are those under the middle of what
    a pixel stands for. None where there is no such tile.

    Args:
        id_map: ids from 0 (void) to `count`.
        count: of segments.
        level, column, row: which tile.
    """
    part = _part(id_map, level, column, row, margin=1)
    if part is None:
        return None
    step, half = 1 << level, (1 << level) >> 1
    # A last pixel that stands for few has its middle beyond the edge: then the edge.
    rows, columns = (np.minimum(np.arange(0, side, step) + half, side - 1) for side in part.shape)
    ids = part[np.ix_(rows, columns)]
    return zlib.compress(ids.astype("u1" if count < 256 else "<u2").tobytes(), 1)


def _part(
    array: NDArray[np.generic], level: int, column: int, row: int, margin: int = 0
) -> NDArray[np.generic] | None:
    """The pixels that a tile stands for, and `margin` of its own pixels more."""
    rows, columns = grid(array.shape[:2], level) if 0 <= level <= _LAST_LEVEL else (0, 0)
    if not (0 <= row < rows and 0 <= column < columns):
        return None
    step = 1 << level
    side = SIDE * step
    bottom, right = (row + 1) * side + margin * step, (column + 1) * side + margin * step
    return array[row * side : bottom, column * side : right]
