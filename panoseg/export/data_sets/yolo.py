"""YOLO segmentation (docs.ultralytics.com, "Instance Segmentation Datasets Overview"): a line per thing."""

from __future__ import annotations

import json
from collections import Counter

from panoseg.export.data_sets.data_set import DataSetWriter, Encoded, Picture, Target
from panoseg.export.data_sets.polygons import joined, polygons_of

_INSIDE = 0.25
"""Added to a pixel's number: readers that cut off and readers that round both find the pixel again."""


class Yolo(DataSetWriter):
    """`labels/<picture>.txt` with `class x y x y …` in fractions of the picture, and `data.yaml`.

    Classes count the things from 0. Parts of one thing are one polygon, tied together by lines.
    """

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._class_of = {c: index for index, c in enumerate(sorted(target.vocabulary.things))}

    def encode(self, picture: Picture) -> Encoded:
        """Its text file, an empty one if it has no things."""
        losses: Counter[str] = Counter()
        height, width = picture.segmentation.size
        lines = []
        for segment, mask in picture.masks():
            if segment.kind == "stuff":
                losses["stuff segments"] += 1
                continue
            polygons, holes = polygons_of(mask)
            losses["holes, filled"] += holes
            points = (joined(polygons) + _INSIDE) / (width, height)
            numbers = " ".join(f"{value:.6f}" for value in points.ravel())
            lines.append(f"{self._class_of[segment.class_id]} {numbers}\n")
        return Encoded([(f"labels/{picture.stem}.txt", "".join(lines).encode())], losses)

    def finish(self) -> None:
        """Write the names of the classes."""
        labels = self.target.vocabulary.labels
        names = "".join(f"  {i}: {_quoted(labels[c])}\n" for c, i in self._class_of.items())
        self.target.sink.write("data.yaml", f"path: .\ntrain: images\nval: images\nnames:\n{names}".encode())


def _quoted(text: str) -> str:
    """In double quotes of YAML, which are JSON's but for what is beyond U+FFFF."""
    inside = (f"\\U{ord(each):08x}" if ord(each) > 0xFFFF else json.dumps(each)[1:-1] for each in text)
    return f'"{"".join(inside)}"'
