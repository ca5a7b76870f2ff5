"""The COCO panoptic format (cocodataset.org, "Format: Panoptic Segmentation"): a PNG and its JSON.

Tools made for that data set, panopticapi among them, read it; so can the evaluation of panoptic quality.
"""

import json
import zipfile
from collections.abc import Collection
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from panoseg.errors import InvalidValueError
from panoseg.export.inclusion import included, included_map
from panoseg.export.names import file_name, picture_name
from panoseg.png import encode_png
from panoseg.segmentation import Segmentation
from panoseg.vocabulary import Vocabulary

_MOST = 2**24 - 1
_IMAGE_ID = 1


def coco_panoptic(
    photo_name: str,
    segmentation: Segmentation,
    vocabulary: Vocabulary,
    *,
    include: Collection[int] | None = None,
) -> bytes:
    """A ZIP archive of both files, named after the photo: `<photo>-panoptic.png` and `.json`.

    - PNG: 8-bit RGB of the photo's size; a pixel's id is R + 256 · G + 65536 · B, 0 is void.
    - JSON: one entry under "images" and one under "annotations", whose "segments_info" lists id,
      category_id, area (pixels), bbox [x, y, width, height] (pixels) and iscrowd (0) of each segment;
      and the vocabulary under "categories". category_id is the data set's own id
      (`Vocabulary.dataset_ids`), not the class id.

    Args:
        photo_name: of the photo's file.
        segmentation: of the photo.
        vocabulary: of the model.
        include: ids of the segments to write, the others being void; None for all.

    Raises:
        InvalidValueError: more than 16,777,215 segments, or one whose class is not in the vocabulary.
    """
    png = file_name(photo_name, "panoptic.png")
    description = _description(photo_name, png, segmentation, vocabulary, include)
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        # A ZipInfo of its own keeps the clock out: equal segmentations give equal archives.
        picture = encode_png(Image.fromarray(coco_digits(included_map(segmentation, include))))
        files.writestr(zipfile.ZipInfo(png), picture)
        text = zipfile.ZipInfo(file_name(photo_name, "panoptic.json"))
        text.compress_type = zipfile.ZIP_DEFLATED
        files.writestr(text, json.dumps(description, ensure_ascii=False, indent=1))
    return archive.getvalue()


def coco_digits(id_map: NDArray[np.int32]) -> NDArray[np.uint8]:
    """(H, W, 3) uint8: the id in base 256, lowest digit first."""
    digits = np.zeros((*id_map.shape, 3), np.uint8)
    for place in range(3):
        if id_map.max(initial=0) >> 8 * place:
            digits[..., place] = id_map >> 8 * place & 255
    return digits


def _description(
    photo_name: str,
    png: str,
    segmentation: Segmentation,
    vocabulary: Vocabulary,
    include: Collection[int] | None,
) -> dict[str, Any]:
    if len(segmentation.segments) > _MOST:
        raise InvalidValueError(
            f"The COCO panoptic format holds ids up to {_MOST}, got {len(segmentation.segments)} segments."
        )
    strays = [s.class_id for s in segmentation.segments if not 0 <= s.class_id < len(vocabulary)]
    if strays:
        raise InvalidValueError(f"Wanted class ids from 0 to {len(vocabulary) - 1}, got {strays[0]}.")
    height, width = segmentation.size
    segments = [
        {
            "id": segment.id,
            "category_id": vocabulary.dataset_ids[segment.class_id],
            "area": segment.area,
            "bbox": list(segment.bbox),
            "iscrowd": 0,
        }
        for segment in included(segmentation, include)
    ]
    categories = [
        {"id": dataset_id, "name": label, "isthing": int(vocabulary.is_thing(class_id))}
        for class_id, (dataset_id, label) in enumerate(
            zip(vocabulary.dataset_ids, vocabulary.labels, strict=True)
        )
    ]
    return {
        "images": [
            {"id": _IMAGE_ID, "file_name": picture_name(photo_name), "width": width, "height": height}
        ],
        "annotations": [{"image_id": _IMAGE_ID, "file_name": png, "segments_info": segments}],
        "categories": categories,
    }
