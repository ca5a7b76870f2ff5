"""Cut-outs: each segment of each picture, RGBA."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from panoseg.export.data_sets.data_set import WITHOUT_PHOTO, DataSetWriter, Encoded, Picture
from panoseg.export.names import safe_part
from panoseg.png import encode_png


class Cutouts(DataSetWriter):
    """`<picture>/<number>-<label>.png`: RGBA of each segment's box, transparent outside of it."""

    def encode(self, picture: Picture) -> Encoded:
        """A file for each segment."""
        if picture.photo is None:
            return Encoded(losses=Counter({WITHOUT_PHOTO: 1}))
        files = _files(picture, picture.photo.pixels)
        # Segments share the picture's pixels; of instances, each of a hundred may be as large as the picture.
        return Encoded(files if picture.instances else list(files))


def _files(picture: Picture, photo: NDArray[np.uint8]) -> Iterator[tuple[str, bytes]]:
    for segment, mask in picture.masks():
        left, top, width, height = segment.bbox
        box = slice(top, top + height), slice(left, left + width)
        pixels = np.zeros((height, width, 4), np.uint8)
        inside = mask[box]
        pixels[inside, :3] = photo[box][inside]
        pixels[inside, 3] = 255
        name = f"{picture.stem}/{segment.id:03d}-{safe_part(segment.label)}.png"
        yield name, encode_png(Image.fromarray(pixels))
