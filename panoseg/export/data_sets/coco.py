"""COCO panoptic and COCO instances (cocodataset.org, "Format: Data"), one JSON for the whole data set."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import numpy as np
from PIL import Image

from panoseg.export.coco_panoptic import coco_digits
from panoseg.export.data_sets.data_set import Picture, Spool, Target
from panoseg.export.names import picture_name
from panoseg.export.png import encode_png


class CocoPanoptic:
    """`panoptic.json`, and `panoptic/<picture>.png` with id = R + 256 · G + 65536 · B."""

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target
        self._description = _Description(target)

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


class CocoInstances:
    """`instances.json`: things with their masks as compressed RLE, overlaps and holes included."""

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target
        self._description = _Description(target, things=True)
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


class _Description:
    """The JSON of either format, which may be larger than the memory."""

    def __init__(self, target: Target, *, things: bool = False) -> None:
        self._categories = [each for each in target.categories if each["isthing"] or not things]
        self._images, self._annotations = Spool(",\n"), Spool(",\n")
        self._count = 0

    def add_image(self, picture: Picture) -> int:
        """Note a picture; gives its image_id."""
        self._count += 1
        height, width = picture.segmentation.size
        name = picture_name(picture.name)
        self._images.add(_text({"id": self._count, "file_name": name, "width": width, "height": height}))
        return self._count

    def add_annotation(self, annotation: dict[str, object]) -> None:
        self._annotations.add(_text(annotation))

    def pieces(self) -> Iterator[bytes]:
        yield b'{"images": [\n'
        yield from self._images.pieces()
        yield b'\n],\n"annotations": [\n'
        yield from self._annotations.pieces()
        yield b'\n],\n"categories": '
        yield _text(self._categories).encode() + b"}\n"


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)
