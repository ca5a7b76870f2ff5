"""COCO panoptic (cocodataset.org, "Format: Data"): one JSON for the data set, and a PNG per picture."""

from __future__ import annotations

from collections import Counter

from PIL import Image

from panoseg.export.coco_panoptic import coco_digits
from panoseg.export.data_sets.coco_description import Description, image_of
from panoseg.export.data_sets.data_set import HIDDEN, DataSetWriter, Encoded, Picture, Target
from panoseg.png import encode_png


class CocoPanoptic(DataSetWriter):
    """`panoptic.json`, and `panoptic/<picture>.png` with id = R + 256 · G + 65536 · B."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._description = Description(target)

    def encode(self, picture: Picture) -> Encoded:
        """Its PNG and its segments."""
        file = f"{picture.stem}.png"
        png = encode_png(Image.fromarray(coco_digits(picture.id_map)))
        segments = [
            {
                "id": segment.id,
                "category_id": self.target.vocabulary.dataset_ids[segment.class_id],
                "area": segment.area,
                "bbox": list(segment.bbox),
                "iscrowd": 0,
                "score": round(segment.score, 6),
            }
            for segment in picture.segments
        ]
        return Encoded(
            [(f"panoptic/{file}", png)],
            Counter({HIDDEN: picture.hidden}),
            (image_of(picture), {"file_name": file, "segments_info": segments}),
        )

    def note(self, note: tuple[dict[str, object], dict[str, object]]) -> None:
        """Number its image."""
        image, annotation = note
        self._description.add_annotation({"image_id": self._description.add_image(image), **annotation})

    def finish(self) -> None:
        """Write the JSON."""
        self.target.sink.write_pieces("panoptic.json", self._description.pieces())
