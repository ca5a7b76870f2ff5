"""The size at which a photo is shown: numbers and downloads stay at full size."""

import math
from collections.abc import Sequence

MAX_DISPLAY_PIXELS = 2_100_000
MAX_DISPLAY_SIDE = 8192  # browsers refuse much larger canvases


def display_size(size: Sequence[int]) -> tuple[int, int]:
    """(height, width) at which a photo of that size is shown."""
    height, width = size
    factor = min(1.0, math.sqrt(MAX_DISPLAY_PIXELS / (height * width)), MAX_DISPLAY_SIDE / max(size))
    return max(1, round(height * factor)), max(1, round(width * factor))


def display_scale(size: Sequence[int]) -> float:
    """Pixels of a photo of that (height, width) per shown pixel."""
    return size[1] / display_size(size)[1]
