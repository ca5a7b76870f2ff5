"""A photo with its segments painted over it, at the photo's own size."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from panoseg.errors import InvalidValueError
from panoseg.segmentation import Segmentation

if TYPE_CHECKING:
    from panoseg.photo import Photo

_BAND_PIXELS = 1 << 20
OUTLINE = (255, 255, 255)


def draw_overlay(
    photo: Photo,
    segmentation: Segmentation,
    opacity: float = 0.6,
    *,
    visible: Collection[int] | None = None,
    outlines: bool = True,
) -> Image.Image:
    """The photo with each visible segment in its colour.

    Args:
        photo: the one that was segmented.
        segmentation: an id map of the photo's size.
        opacity: of the colour over the photo, 0 (photo only) to 1 (colour only).
        visible: ids of the segments to paint, or None for all.
        outlines: draw the borders of visible segments, one pixel wide, in white.

    Returns:
        An RGB picture of the photo's own size. A pixel inside a segment is
        round((1 − opacity) · photo + opacity · colour).

    Raises:
        InvalidValueError: an opacity outside 0–1, or a segmentation of another size.
    """
    if not 0 <= opacity <= 1:
        raise InvalidValueError(f"opacity: wanted a number from 0 to 1, got {opacity!r}.")
    height, width = segmentation.size
    if photo.pixels.shape[:2] != (height, width):
        raise InvalidValueError(
            f"The segmentation is {width}×{height} pixels, the photo "
            f"{photo.pixels.shape[1]}×{photo.pixels.shape[0]}; wanted the same size."
        )
    shown = np.zeros(len(segmentation.segments) + 1, dtype=bool)
    colors = np.zeros((len(shown), 3), dtype=np.float32)
    for segment in segmentation.segments:
        shown[segment.id] = visible is None or segment.id in visible
        colors[segment.id] = segment.color
    pixels = photo.pixels.copy()
    band_height = max(1, _BAND_PIXELS // width)
    for top in range(0, height, band_height):
        ids = segmentation.id_map[top : top + band_height]
        inside = shown[ids]
        band = pixels[top : top + band_height]
        mixed = (1 - opacity) * band[inside] + opacity * colors[ids[inside]]
        band[inside] = np.rint(mixed).astype(np.uint8)
    if outlines:
        pixels[_borders(segmentation.id_map, shown)] = OUTLINE
    return Image.fromarray(pixels)


def _borders(id_map: NDArray[np.int32], shown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(H, W) bool: pixels of shown segments whose right or lower neighbour is something else, and
    pixels of the rest whose right or lower neighbour is a shown segment.
    """
    ids = np.where(shown[id_map], id_map, 0)
    borders = np.zeros(ids.shape, dtype=bool)
    borders[:, :-1] |= ids[:, :-1] != ids[:, 1:]
    borders[:-1] |= ids[:-1] != ids[1:]
    return borders
