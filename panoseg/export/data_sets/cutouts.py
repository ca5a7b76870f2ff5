"""Cut-outs: each segment of each picture, RGBA."""

from __future__ import annotations

from collections import Counter

import numpy as np
from PIL import Image

from panoseg.export.data_sets.data_set import WITHOUT_PHOTO, Picture, Target
from panoseg.export.names import safe_part
from panoseg.export.png import encode_png


class Cutouts:
    """`<picture>/<number>-<label>.png`: RGBA of each segment's box, transparent outside of it."""

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target

    def add(self, picture: Picture) -> None:
        """Write a file for each segment."""
        if picture.photo is None:
            self.losses[WITHOUT_PHOTO] += 1
            return
        for segment, mask in picture.masks():
            left, top, width, height = segment.bbox
            box = slice(top, top + height), slice(left, left + width)
            pixels = np.zeros((height, width, 4), np.uint8)
            inside = mask[box]
            pixels[inside, :3] = picture.photo.pixels[box][inside]
            pixels[inside, 3] = 255
            name = f"{picture.stem}/{segment.id:03d}-{safe_part(segment.label)}.png"
            self._target.sink.write(name, encode_png(Image.fromarray(pixels)))

    def finish(self) -> None:
        """Nothing is common to all."""
