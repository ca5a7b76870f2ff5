"""What COCO panoptic and COCO instances have in common: one JSON of images, annotations and categories."""

from __future__ import annotations

import json
from collections.abc import Iterator

from panoseg.export.data_sets.data_set import Picture, Spool, Target
from panoseg.export.names import picture_name


class Description:
    """The JSON of either format, which may be larger than the memory."""

    def __init__(self, target: Target, *, things: bool = False) -> None:
        self._categories = [each for each in target.categories if each["isthing"] or not things]
        self._images, self._annotations = Spool(",\n"), Spool(",\n")
        self._count = 0

    def add_image(self, image: dict[str, object]) -> int:
        """Note what `image_of` says of a picture; gives its image_id."""
        self._count += 1
        self._images.add(_text({"id": self._count, **image}))
        return self._count

    def add_annotation(self, annotation: dict[str, object]) -> None:
        """Note a segment, or all of a picture's."""
        self._annotations.add(_text(annotation))

    def pieces(self) -> Iterator[bytes]:
        """All of it; nothing can be added afterwards."""
        yield b'{"images": [\n'
        yield from self._images.pieces()
        yield b'\n],\n"annotations": [\n'
        yield from self._annotations.pieces()
        yield b'\n],\n"categories": '
        yield _text(self._categories).encode() + b"}\n"


def image_of(picture: Picture) -> dict[str, object]:
    """A picture's entry under "images", but for its id."""
    height, width = picture.segmentation.size
    return {"file_name": picture_name(picture.name), "width": width, "height": height}


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)
