"""COCO instances (cocodataset.org, "Format: Data"): one JSON, masks as compressed run lengths."""

from __future__ import annotations

from collections import Counter

import numpy as np

from panoseg.export.data_sets.coco_description import Description
from panoseg.export.data_sets.data_set import Picture, Target


class CocoInstances:
    """`instances.json`: things with their masks as compressed RLE, overlaps and holes included."""

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target
        self._description = Description(target, things=True)
        self._next = 1

    def add(self, picture: Picture) -> None:
        """Note its things."""
        from pycocotools import mask as coco_mask

        image_id = self._description.add_image(picture)
        for segment, mask in picture.masks():
            if segment.kind == "stuff":
                self.losses["stuff segments"] += 1
                continue
            code = coco_mask.encode(np.asfortranarray(mask, dtype=np.uint8))
            self._description.add_annotation(
                {
                    "id": self._next,
                    "image_id": image_id,
                    "category_id": self._target.vocabulary.dataset_ids[segment.class_id],
                    "segmentation": {"size": code["size"], "counts": code["counts"].decode("ascii")},
                    "area": segment.area,
                    "bbox": list(segment.bbox),
                    "iscrowd": 0,
                    "score": round(segment.score, 6),
                }
            )
            self._next += 1

    def finish(self) -> None:
        """Write the JSON."""
        self._target.sink.write_pieces("instances.json", self._description.pieces())
