"""Pascal VOC's maps of classes and of objects (the development kit of 2012)."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from panoseg.export.data_sets.data_set import HIDDEN, DataSetWriter, Encoded, Picture, Target
from panoseg.export.data_sets.eight_bits import palette_png

_MOST = 254


class PascalVoc(DataSetWriter):
    """`SegmentationClass/<picture>.png` and `SegmentationObject/<picture>.png`, 8 bits with a palette.

    By the development kit of Pascal VOC 2012: 0 is background, classes count from 1 in the order of
    `labels.txt`, objects from 1 in the order of the segments. Stuff is a class without an object. Colours are
    the kit's; `labelmap.txt` says which is whose, for readers that go by them.
    """

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._colors = _colors()

    def encode(self, picture: Picture) -> Encoded:
        """Both maps."""
        segments = picture.segments
        classes, objects = (np.zeros(picture.most + 1, np.uint8) for _ in range(2))
        count = 0
        losses = Counter({HIDDEN: picture.hidden})
        for segment in segments:
            if segment.class_id >= _MOST:
                losses["classes beyond 254, as background"] += 1
                continue
            classes[segment.id] = segment.class_id + 1
            if segment.kind == "thing":
                count += 1
                if count > _MOST:
                    losses["objects beyond 254 of a picture"] += 1
                else:
                    objects[segment.id] = count
        id_map, files = picture.id_map, []
        for folder, table in (("SegmentationClass", classes), ("SegmentationObject", objects)):
            files.append((f"{folder}/{picture.stem}.png", palette_png(table[id_map], self._colors)))
        return Encoded(files, losses)

    def finish(self) -> None:
        """Write the names of the classes, one a line, and with their colours."""
        names = [" ".join(name.split()) for name in ("background", *self.target.vocabulary.labels)]
        self.target.sink.write("labels.txt", "".join(f"{name}\n" for name in names).encode())
        lines = ["# label:color_rgb:parts:actions\n"]
        for name, (red, green, blue) in zip(names[: _MOST + 1], self._colors.tolist(), strict=False):
            lines.append(f"{name.replace(':', ' ')}:{red},{green},{blue}::\n")
        self.target.sink.write("labelmap.txt", "".join(lines).encode())


def _colors() -> NDArray[np.uint8]:
    """(256, 3): bits 0, 3 and 6 of a number are the highest of its red, bits 1, 4 and 7 of its green, 2 and 5
    of its blue.
    """
    numbers = np.arange(256)
    colors = np.zeros((256, 3), np.uint8)
    for place in range(8):
        colors |= ((numbers[:, None] >> (3 * place + np.arange(3)) & 1) << (7 - place)).astype(np.uint8)
    return colors
