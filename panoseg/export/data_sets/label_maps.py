"""Formats in which a pixel's number is its class or its segment: PNG with palette, Pascal VOC, Cityscapes."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from panoseg.export.data_sets.csv_text import csv_line
from panoseg.export.data_sets.data_set import Picture, Target
from panoseg.export.png import encode_png
from panoseg.palette import PALETTE
from panoseg.vocabulary import Vocabulary

VOID = 255
_VOC_MOST = 254
_INSTANCES_OF_LABEL = 1000
_SIXTEEN_BITS = 65535


class LabelPng:
    """`<picture>.png`, 8 bits with a palette: the data set's own category id, 255 for void.

    Where an id of the data set is above 254, all pixels hold class ids instead (0, 1, 2 …); `labels.csv` says
    which number is what.
    """

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target
        self._values = _eight_bit_values(target.vocabulary)

    def add(self, picture: Picture) -> None:
        """Write its map."""
        self.losses["instances that share a label's number"] += _sharing(picture)
        self.losses["classes beyond 255 numbers, void"] += sum(
            self._values[each.class_id] == VOID for each in picture.segments
        )
        table = np.full(picture.most + 1, VOID, np.uint8)
        for segment in picture.segments:
            table[segment.id] = self._values[segment.class_id]
        self._target.sink.write(f"{picture.stem}.png", _palette_png(table[picture.id_map]))

    def finish(self) -> None:
        """Write the list of numbers."""
        lines = [csv_line(["value", "label", "kind"]), csv_line([VOID, "void", ""])]
        for c, label in enumerate(self._target.vocabulary.labels):
            kind = "thing" if self._target.vocabulary.is_thing(c) else "stuff"
            lines.append(csv_line([self._values[c], label, kind]))
        self._target.sink.write("labels.csv", "".join(lines).encode())


class PascalVoc:
    """`SegmentationClass/<picture>.png` and `SegmentationObject/<picture>.png`, 8 bits with a palette.

    By the development kit of Pascal VOC 2012: 0 is background, classes count from 1 in the order of
    `labels.txt`, objects from 1 in the order of the segments. Stuff is a class without an object.
    """

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target

    def add(self, picture: Picture) -> None:
        """Write both maps."""
        segments = picture.segments
        classes, objects = (np.zeros(picture.most + 1, np.uint8) for _ in range(2))
        count = 0
        self.losses["instances of which others hide a part"] += picture.hidden
        for segment in segments:
            if segment.class_id >= _VOC_MOST:
                self.losses["classes beyond 254, as background"] += 1
                continue
            classes[segment.id] = segment.class_id + 1
            if segment.kind == "thing":
                count += 1
                if count > _VOC_MOST:
                    self.losses["objects beyond 254 of a picture"] += 1
                else:
                    objects[segment.id] = count
        for folder, table in (("SegmentationClass", classes), ("SegmentationObject", objects)):
            png = _palette_png(table[picture.id_map])
            self._target.sink.write(f"{folder}/{picture.stem}.png", png)

    def finish(self) -> None:
        """Write the names of the classes, one a line."""
        names = ("background", *self._target.vocabulary.labels)
        text = "".join(f"{' '.join(name.split())}\n" for name in names)
        self._target.sink.write("labels.txt", text.encode())


class Cityscapes:
    """`<picture>_gtFine_labelIds.png` (8 bits) and `<picture>_gtFine_instanceIds.png` (16 bits).

    By cityscapesScripts: a label's number is the data set's own id; an instance's is 1000 · label + its place
    among those of its label, from 0; stuff has its label's number in both. Void is 255 and 0.
    """

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target
        self._values = _eight_bit_values(target.vocabulary)

    def add(self, picture: Picture) -> None:
        """Write both maps."""
        segments = picture.segments
        labels = np.full(picture.most + 1, VOID, np.uint8)
        instances = np.zeros(picture.most + 1, np.uint16)
        count: Counter[int] = Counter()
        self.losses["instances of which others hide a part"] += picture.hidden
        for segment in segments:
            value = self._values[segment.class_id]
            labels[segment.id] = value
            if segment.kind == "stuff":
                instances[segment.id] = value
                continue
            number = value * _INSTANCES_OF_LABEL + count[value]
            count[value] += 1
            if number > _SIXTEEN_BITS or count[value] > _INSTANCES_OF_LABEL:
                self.losses["instances whose number does not fit into 16 bits"] += 1
            else:
                instances[segment.id] = number
        id_map, stem = picture.id_map, picture.stem
        for kind, table in (("labelIds", labels), ("instanceIds", instances)):
            png = encode_png(Image.fromarray(table[id_map]), effort=6)
            self._target.sink.write(f"{stem}_gtFine_{kind}.png", png)

    def finish(self) -> None:
        """Write the list of labels."""
        lines = [csv_line(["id", "name", "hasInstances"])]
        for c, label in enumerate(self._target.vocabulary.labels):
            has = int(self._target.vocabulary.is_thing(c))
            lines.append(csv_line([self._values[c], label, has]))
        self._target.sink.write("labels.csv", "".join(lines).encode())


def _eight_bit_values(vocabulary: Vocabulary) -> list[int]:
    """The number of each class: the data set's where all fit, else the class id; 255 where that does not."""
    ids = vocabulary.dataset_ids
    values = list(ids) if min(ids) >= 0 and max(ids) < VOID else list(range(len(ids)))
    return [min(value, VOID) for value in values]


def _sharing(picture: Picture) -> int:
    counts = Counter(each.class_id for each in picture.segments)
    return sum(count for count in counts.values() if count > 1)


def _palette_png(values: NDArray[np.uint8]) -> bytes:
    """Neighbouring numbers in colours that differ; 0 is black and 255 white."""
    colors = PALETTE[np.arange(256) % len(PALETTE)].astype(np.uint8)
    colors[0], colors[VOID] = 0, 255
    image = Image.fromarray(values)
    image.putpalette(colors.tobytes())
    return encode_png(image, effort=6)
