"""Label PNG: a pixel's number is its class."""

from __future__ import annotations

from collections import Counter

import numpy as np

from panoseg.export.data_sets.csv_text import csv_line
from panoseg.export.data_sets.data_set import DataSetWriter, Encoded, Picture, Target
from panoseg.export.data_sets.eight_bits import VOID, eight_bit_values, palette_png, usual_colors


class LabelPng(DataSetWriter):
    """`<picture>.png`, 8 bits with a palette: the data set's own category id, 255 for void.

    Where an id of the data set is above 254, all pixels hold class ids instead (0, 1, 2 …); `labels.csv` says
    which number is what.
    """

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._values = eight_bit_values(target.vocabulary)
        self._colors = usual_colors()

    def encode(self, picture: Picture) -> Encoded:
        """Its map."""
        losses = Counter(
            {
                "instances that share a label's number": _sharing(picture),
                "classes beyond 255 numbers, void": sum(
                    self._values[each.class_id] == VOID for each in picture.segments
                ),
            }
        )
        table = np.full(picture.most + 1, VOID, np.uint8)
        for segment in picture.segments:
            table[segment.id] = self._values[segment.class_id]
        png = palette_png(table[picture.id_map], self._colors)
        return Encoded([(f"{picture.stem}.png", png)], losses)

    def finish(self) -> None:
        """Write the list of numbers."""
        lines = [csv_line(["value", "label", "kind"]), csv_line([VOID, "void", ""])]
        for c, label in enumerate(self.target.vocabulary.labels):
            kind = "thing" if self.target.vocabulary.is_thing(c) else "stuff"
            lines.append(csv_line([self._values[c], label, kind]))
        self.target.sink.write("labels.csv", "".join(lines).encode())


def _sharing(picture: Picture) -> int:
    counts = Counter(each.class_id for each in picture.segments)
    return sum(count for count in counts.values() if count > 1)
