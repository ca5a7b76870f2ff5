"""COCO panoptic (cocodataset.org, "Format: Data"): one JSON for the data set, and a PNG per picture."""

from __future__ import annotations

from collections import Counter

from PIL import Image

from panoseg.export.coco_panoptic import coco_digits
from panoseg.export.data_sets.coco_description import Description
from panoseg.export.data_sets.data_set import Picture, Target
from panoseg.export.png import encode_png


class CocoPanoptic:
    """`panoptic.json`, and `panoptic/<picture>.png` with id = R + 256 · G + 65536 · B."""

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target
        self._description = Description(target)

    def add(self, picture: Picture) -> None:
        """Write its PNG and note its segments."""
        self.losses["instances of which others hide a part"] += picture.hidden
        file = f"{picture.stem}.png"
        png = encode_png(Image.fromarray(coco_digits(picture.id_map)), effort=6)
        self._target.sink.write(f"panoptic/{file}", png)
        image_id = self._description.add_image(picture)
        segments = [
            {
                "id": segment.id,
                "category_id": self._target.vocabulary.dataset_ids[segment.class_id],
                "area": segment.area,
                "bbox": list(segment.bbox),
                "iscrowd": 0,
                "score": round(segment.score, 6),
            }
            for segment in picture.segments
        ]
        self._description.add_annotation({"image_id": image_id, "file_name": file, "segments_info": segments})

    def finish(self) -> None:
        """Write the JSON."""
        self._target.sink.write_pieces("panoptic.json", self._description.pieces())
