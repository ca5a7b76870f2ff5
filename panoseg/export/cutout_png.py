"""Parts of the photo on a transparent ground, as a PNG file."""

from collections.abc import Collection

import numpy as np
from PIL import Image

from panoseg.errors import InvalidValueError
from panoseg.photo import Photo
from panoseg.png import encode_png
from panoseg.segmentation import Segmentation


def cutout_png(photo: Photo, segmentation: Segmentation, *, visible: Collection[int] | None = None) -> bytes:
    """The photo where a visible segment is, nothing elsewhere: 8-bit RGBA at the photo's own size.

    Alpha is 255 inside and 0 outside. Outside, the colour is 0 too: what was cut away is gone.

    Args:
        photo: the one that was segmented.
        segmentation: an id map of the photo's size.
        visible: ids of the segments to keep, or None for all.

    Raises:
        InvalidValueError: a segmentation of another size than the photo's.
    """
    if photo.size != segmentation.size:
        raise InvalidValueError(
            f"The segmentation is of (height, width) {segmentation.size}, the photo of {photo.size}; "
            "wanted the same size."
        )
    shown = None if visible is None else set(visible)
    kept = np.zeros(len(segmentation.segments) + 1, dtype=bool)
    for segment in segmentation.segments:
        kept[segment.id] = shown is None or segment.id in shown
    inside = kept[segmentation.id_map]
    pixels = np.zeros((*photo.size, 4), dtype=np.uint8)
    pixels[inside, :3] = photo.pixels[inside]
    pixels[inside, 3] = 255
    return encode_png(Image.fromarray(pixels))
