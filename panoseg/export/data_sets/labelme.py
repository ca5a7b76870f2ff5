"""LabelMe's JSON (github.com/wkentaro/labelme): a file per picture, a polygon per part of a segment."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import PurePosixPath
from typing import Any

from panoseg.export.data_sets.data_set import DataSetWriter, Encoded, Picture
from panoseg.export.data_sets.polygons import polygons_of
from panoseg.export.names import picture_name

_VERSION = "5.5.0"
"""Of LabelMe, whose fields these are."""


class LabelMe(DataSetWriter):
    """`<picture>.json`; parts of one segment share their `group_id`, which is the segment's id."""

    def encode(self, picture: Picture) -> Encoded:
        """Its file."""
        losses: Counter[str] = Counter()
        height, width = picture.segmentation.size
        shapes = []
        for segment, mask in picture.masks():
            polygons, holes = polygons_of(mask)
            losses["holes, filled"] += holes
            shapes += [
                {
                    "label": segment.label,
                    "points": polygon.tolist(),
                    "group_id": segment.id,
                    "description": f"score {segment.score:.3f}",
                    "shape_type": "polygon",
                    "flags": {},
                    "mask": None,
                }
                for polygon in polygons
            ]
        content: dict[str, Any] = {
            "version": _VERSION,
            "flags": {},
            "shapes": shapes,
            "imagePath": PurePosixPath(picture_name(picture.name)).name,
            "imageData": None,
            "imageHeight": height,
            "imageWidth": width,
        }
        text = json.dumps(content, ensure_ascii=False, indent=1)
        return Encoded([(f"{picture.stem}.json", text.encode())], losses)
