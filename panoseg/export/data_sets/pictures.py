"""Pictures of a run's pictures: overlays, and each segment cut out."""

from __future__ import annotations

from collections import Counter

import numpy as np
from PIL import Image

from panoseg.export.data_sets.data_set import Picture, Target
from panoseg.export.id_map_png import id_map_png
from panoseg.export.names import safe_part
from panoseg.export.overlay_png import overlay_png
from panoseg.export.png import encode_png

_WITHOUT_PHOTO = "pictures that are not where they were"


class Overlays:
    """`<picture>.png`: the picture with its segments painted over it."""

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target

    def add(self, picture: Picture) -> None:
        """Write its overlay."""
        if picture.photo is None:
            self.losses[_WITHOUT_PHOTO] += 1
            return
        self._target.sink.write(
            f"{picture.stem}.png", overlay_png(picture.photo, picture.segmentation, visible=picture.include)
        )

    def finish(self) -> None:
        """Nothing is common to all."""


class Cutouts:
    """`<picture>/<number>-<label>.png`: RGBA of each segment's box, transparent outside of it."""

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target

    def add(self, picture: Picture) -> None:
        """Write a file for each segment."""
        if picture.photo is None:
            self.losses[_WITHOUT_PHOTO] += 1
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


class IdMaps:
    """`<picture>.png`: 16-bit grey, each pixel's segment id, 0 for void."""

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target

    def add(self, picture: Picture) -> None:
        """Write its map."""
        self.losses["instances of which others hide a part"] += picture.hidden
        self._target.sink.write(
            f"{picture.stem}.png", id_map_png(picture.segmentation, include=picture.include)
        )

    def finish(self) -> None:
        """Nothing is common to all."""
