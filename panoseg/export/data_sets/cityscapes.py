"""Cityscapes' maps of labels and of instances (github.com/mcordts/cityscapesScripts)."""

from __future__ import annotations

from collections import Counter

import numpy as np
from PIL import Image

from panoseg.export.data_sets.csv_text import csv_line
from panoseg.export.data_sets.data_set import HIDDEN, DataSetWriter, Encoded, Picture, Target
from panoseg.export.data_sets.eight_bits import VOID, eight_bit_values
from panoseg.png import encode_png

_INSTANCES_OF_LABEL = 1000
_SIXTEEN_BITS = 65535


class Cityscapes(DataSetWriter):
    """`<picture>_gtFine_labelIds.png` (8 bits) and `<picture>_gtFine_instanceIds.png` (16 bits).

    By cityscapesScripts: a label's number is the data set's own id; an instance's is 1000 · label + its place
    among those of its label, from 0; stuff has its label's number in both. Void is 255 and 0. So no label may
    be 0: where the data set begins there, as ADE20K does, all numbers are larger by one.
    """

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        values = eight_bit_values(target.vocabulary)
        self._values = [min(value + (0 in values), VOID) for value in values]

    def encode(self, picture: Picture) -> Encoded:
        """Both maps."""
        segments = picture.segments
        labels = np.full(picture.most + 1, VOID, np.uint8)
        instances = np.zeros(picture.most + 1, np.uint16)
        count: Counter[int] = Counter()
        losses = Counter({HIDDEN: picture.hidden})
        for segment in segments:
            value = self._values[segment.class_id]
            labels[segment.id] = value
            if segment.kind == "stuff":
                instances[segment.id] = value
                continue
            number = value * _INSTANCES_OF_LABEL + count[value]
            count[value] += 1
            if number > _SIXTEEN_BITS or count[value] > _INSTANCES_OF_LABEL:
                losses["instances whose number does not fit into 16 bits"] += 1
            else:
                instances[segment.id] = number
        id_map, files = picture.id_map, []
        for kind, table in (("labelIds", labels), ("instanceIds", instances)):
            png = encode_png(Image.fromarray(table[id_map]))
            files.append((f"{picture.stem}_gtFine_{kind}.png", png))
        return Encoded(files, losses)

    def finish(self) -> None:
        """Write the list of labels."""
        lines = [csv_line(["id", "name", "hasInstances"])]
        for c, label in enumerate(self.target.vocabulary.labels):
            has = int(self.target.vocabulary.is_thing(c))
            lines.append(csv_line([self._values[c], label, has]))
        self.target.sink.write("labels.csv", "".join(lines).encode())
