"""COCO instances (cocodataset.org, "Format: Data"): one JSON, masks as compressed run lengths."""

from __future__ import annotations

from collections import Counter

import numpy as np

from panoseg.export.data_sets.coco_description import Description, image_of
from panoseg.export.data_sets.data_set import DataSetWriter, Encoded, Picture, Target


class CocoInstances(DataSetWriter):
    """`instances.json`: things with their masks as compressed RLE, overlaps and holes included."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._description = Description(target, things=True)
        self._next = 1

    def encode(self, picture: Picture) -> Encoded:
        """Its things."""
        from pycocotools import mask as coco_mask

        losses: Counter[str] = Counter()
        annotations = []
        for segment, mask in picture.masks():
            if segment.kind == "stuff":
                losses["stuff segments"] += 1
                continue
            code = coco_mask.encode(np.asfortranarray(mask, dtype=np.uint8))
            annotations.append(
                {
                    "category_id": self.target.vocabulary.dataset_ids[segment.class_id],
                    "segmentation": {"size": code["size"], "counts": code["counts"].decode("ascii")},
                    "area": segment.area,
                    "bbox": list(segment.bbox),
                    "iscrowd": 0,
                    "score": round(segment.score, 6),
                }
            )
        return Encoded(losses=losses, note=(image_of(picture), annotations))

    def note(self, note: tuple[dict[str, object], list[dict[str, object]]]) -> None:
        """Number its image and its things."""
        image, annotations = note
        image_id = self._description.add_image(image)
        for annotation in annotations:
            self._description.add_annotation({"id": self._next, "image_id": image_id, **annotation})
            self._next += 1

    def finish(self) -> None:
        """Write the JSON."""
        self.target.sink.write_pieces("instances.json", self._description.pieces())
