"""Maps of 8 bits: which number stands for which class, and a PNG with a palette."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from panoseg.palette import PALETTE
from panoseg.png import encode_png
from panoseg.vocabulary import Vocabulary

VOID = 255
"""Of pixels that no segment has."""


def eight_bit_values(vocabulary: Vocabulary) -> list[int]:
    """The number of each class: the data set's where all fit, else the class id; 255 where that does not."""
    ids = vocabulary.dataset_ids
    values = list(ids) if min(ids) >= 0 and max(ids) < VOID else list(range(len(ids)))
    return [min(value, VOID) for value in values]


def usual_colors() -> NDArray[np.uint8]:
    """(256, 3): neighbouring numbers in colours that differ; 0 is black and 255 white."""
    colors = PALETTE[np.arange(256) % len(PALETTE)].astype(np.uint8)
    colors[0], colors[VOID] = 0, 255
    return colors


def palette_png(values: NDArray[np.uint8], colors: NDArray[np.uint8]) -> bytes:
    """A map (H, W) with its numbers in these colours (256, 3)."""
    image = Image.fromarray(values)
    image.putpalette(colors.tobytes())
    return encode_png(image)
