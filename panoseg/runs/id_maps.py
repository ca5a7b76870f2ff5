"""The PNG of a COCO panoptic annotation → its ids."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from panoseg.errors import RunError

MOST_PIXELS = 50_000_000


def read_id_map(png: bytes, size: tuple[int, int] | None = None) -> NDArray[np.int32]:
    """(H, W) ids of an RGB PNG: R + 256 · G + 65536 · B.

    Args:
        png: the file.
        size: (H, W) in pixels that it must have, looked at before it is decoded; None: any.

    Raises:
        RunError: it is no such PNG, of another size, or too large.
    """
    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as picture:
            width, height = picture.size
            if picture.mode not in ("RGB", "RGBA"):
                raise RunError("The map has no colours; wanted an RGB PNG in the COCO panoptic format.")
            if size is not None and (height, width) != size:
                raise RunError(f"The map is {width}×{height} pixels, the picture {size[1]}×{size[0]}.")
            if width * height > MOST_PIXELS:
                raise RunError(f"The map has more than {MOST_PIXELS // 1_000_000} megapixels.")
            digits = np.asarray(picture.convert("RGB"))
    except MemoryError as error:
        raise RunError("There is not enough memory to read the map.") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise RunError("The map cannot be read; wanted an RGB PNG in the COCO panoptic format.") from error
    id_map = digits[..., 2].astype(np.int32)
    for channel in (1, 0):
        id_map <<= 8
        id_map |= digits[..., channel]
    return id_map
