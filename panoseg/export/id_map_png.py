"""The id map as a PNG file that image libraries read back without loss."""

from collections.abc import Collection

import numpy as np
from PIL import Image

from panoseg.errors import InvalidValueError
from panoseg.export.inclusion import included_map
from panoseg.png import encode_png
from panoseg.segmentation import Segmentation

_MOST = 2**16 - 1


def id_map_png(segmentation: Segmentation, *, include: Collection[int] | None = None) -> bytes:
    """16-bit greyscale, one channel, the photo's own size: 0 is void, else the segment's id.

    Viewers show it almost black, as ids are small numbers; it is made for programs.

    Args:
        segmentation: of the photo.
        include: ids of the segments to write, the others being void; None for all.

    Raises:
        InvalidValueError: more than 65535 segments.

    >>> from io import BytesIO
    >>> data = id_map_png(Segmentation(np.zeros((2, 3), np.int32), ()))
    >>> np.asarray(Image.open(BytesIO(data))).dtype
    dtype('uint16')
    """
    if len(segmentation.segments) > _MOST:
        raise InvalidValueError(
            f"A 16-bit PNG holds ids up to {_MOST}, got {len(segmentation.segments)} segments; "
            "the COCO panoptic format holds more."
        )
    return encode_png(Image.fromarray(included_map(segmentation, include).astype(np.uint16)))
