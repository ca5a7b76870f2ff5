"""An annotation in the COCO panoptic format, read back: what a prediction is compared with.

The format is described at cocodataset.org ("Format: Panoptic Segmentation"): an RGB PNG whose pixels hold
id = R + 256 · G + 65536 · B (0 is void), and a JSON that gives each id its category.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from scipy.ndimage import find_objects

from panoseg.coloring import colors_of_map
from panoseg.comparison import Side
from panoseg.errors import GroundTruthError
from panoseg.quality import VOID, LabelMap, ids_in
from panoseg.segmentation import Segment, Segmentation
from panoseg.vocabulary import Vocabulary

MOST_PIXELS = 50_000_000
_MOST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True, eq=False)
class GroundTruth:
    """One annotated picture.

    Attributes:
        labels: id map (H, W), 0 is void; class ids are those of `vocabulary`; crowds are marked.
        vocabulary: the model's, with the annotation's further categories added at its end, so that
            what the model cannot name counts as missed.
    """

    labels: LabelMap
    vocabulary: Vocabulary

    def to_side(self) -> Side:
        """The annotation as segments with ids 1 … N, in the order of its own ids; each scores 1.

        Neighbours differ in colour, as those of a prediction do.
        """
        ids = sorted(self.labels.classes)
        number_of = np.zeros(max(ids, default=0) + 1, np.int32)
        number_of[ids] = np.arange(1, len(ids) + 1)
        id_map = number_of[self.labels.id_map]
        areas = np.bincount(id_map.ravel(), minlength=len(ids) + 1)
        colors = colors_of_map(id_map, len(ids)).tolist()
        segments = []
        for number, (own_id, box) in enumerate(zip(ids, find_objects(id_map), strict=True), 1):
            class_id = self.labels.classes[own_id]
            rows, columns = box
            red, green, blue = colors[number - 1]
            segments.append(
                Segment(
                    id=number,
                    class_id=class_id,
                    label=self.vocabulary.labels[class_id],
                    kind="thing" if self.vocabulary.is_thing(class_id) else "stuff",
                    score=1.0,
                    area=int(areas[number]),
                    bbox=(columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start),
                    color=(red, green, blue),
                )
            )
        crowds = frozenset(int(number_of[own_id]) for own_id in self.labels.crowds)
        return Side(Segmentation(id_map, tuple(segments)), self.vocabulary, annotated=True, crowds=crowds)


def read_coco_panoptic(
    png: bytes,
    description: bytes,
    vocabulary: Vocabulary,
    file_name: str = "",
    *,
    size: tuple[int, int] | None = None,
) -> GroundTruth:
    """Read one annotation.

    Args:
        png: the id map's file.
        description: the JSON's bytes; it may describe one picture or a whole data set.
        vocabulary: of the model that is compared; categories meet by the data set's own ids.
        file_name: of the PNG, to find its entry among several.
        size: (H, W) in pixels of the picture that is annotated, checked before anything is decoded; None:
            any.

    Raises:
        GroundTruthError: a damaged file, another size, no entry for the picture, or ids that differ between
            both.
    """
    id_map = _read_ids(png, size)
    content = _read_json(description)
    segments = _entry(content, file_name)["segments_info"]
    names = _categories(content)
    class_of = {dataset_id: c for c, dataset_id in enumerate(vocabulary.dataset_ids)}
    unknown = sorted({s["category_id"] for s in segments} - class_of.keys())
    for dataset_id in unknown:
        class_of[dataset_id] = len(class_of)
    wider = Vocabulary(
        (*vocabulary.labels, *(_name(names.get(i, {}), i) for i in unknown)),
        vocabulary.things | {class_of[i] for i in unknown if names.get(i, {}).get("isthing", 1)},
        (*vocabulary.dataset_ids, *unknown),
    )
    mapped = set(ids_in(id_map)) - {VOID}
    listed = {s["id"] for s in segments}
    if len(listed) < len(segments):
        raise GroundTruthError("The JSON lists a segment of this picture more than once.")
    if strays := sorted(mapped ^ listed):
        where = "the PNG but not the JSON" if strays[0] in mapped else "the JSON but not the PNG"
        raise GroundTruthError(f"The annotation does not fit together: segment {strays[0]} is in {where}.")
    labels = LabelMap(
        id_map,
        {s["id"]: class_of[s["category_id"]] for s in segments},
        frozenset(s["id"] for s in segments if s.get("iscrowd")),
    )
    return GroundTruth(labels, wider)


def _read_ids(png: bytes, size: tuple[int, int] | None) -> NDArray[np.int32]:
    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as picture:
            _check(picture, size)
            digits = np.asarray(picture.convert("RGB"))
    except MemoryError as error:
        raise GroundTruthError("There is not enough memory to read the annotation.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise GroundTruthError(
            "The annotation's picture cannot be read; wanted an RGB PNG in the COCO panoptic format."
        ) from error
    id_map = digits[..., 2].astype(np.int32)
    for channel in (1, 0):
        id_map <<= 8
        id_map |= digits[..., channel]
    return id_map


def _check(picture: Image.Image, size: tuple[int, int] | None) -> None:
    """Refuse what its header says to be no annotation of the picture."""
    if picture.mode not in ("RGB", "RGBA"):
        raise GroundTruthError(
            "The annotation's picture has no colours; wanted an RGB PNG in the COCO panoptic format."
        )
    width, height = picture.size
    if size is not None and (height, width) != size:
        raise GroundTruthError(
            f"The annotation is {width}×{height} pixels and the picture {size[1]}×{size[0]}; "
            "wanted the annotation of this picture."
        )
    if width * height > MOST_PIXELS:
        raise GroundTruthError(
            f"The annotation is {width}×{height} pixels; at most {MOST_PIXELS // 1_000_000} megapixels "
            "are accepted."
        )


def _read_json(description: bytes) -> dict[str, Any]:
    try:
        content = json.loads(description)
    except (ValueError, RecursionError) as error:
        raise GroundTruthError("The annotation's JSON is damaged and cannot be read.") from error
    if not isinstance(content, dict) or not isinstance(content.get("annotations"), list):
        raise GroundTruthError("The JSON has no “annotations”; wanted one in the COCO panoptic format.")
    return content


def _categories(content: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """The categories by id, as far as they make sense; those without an entry are named by their number."""
    categories = content.get("categories")
    if not isinstance(categories, list):
        return {}
    return {c["id"]: c for c in categories if isinstance(c, dict) and _is_id(c.get("id"))}


def _name(category: dict[str, Any], dataset_id: int) -> str:
    name = category.get("name")
    # JSON may hold halves of characters, which no file and no page can.
    shown = name.encode(errors="replace").decode() if isinstance(name, str) else ""
    return shown if shown.strip() else f"category {dataset_id}"


def _entry(content: dict[str, Any], file_name: str) -> dict[str, Any]:
    entries = [entry for entry in content["annotations"] if isinstance(entry, dict)]
    if len(entries) > 1:
        entries = [entry for entry in entries if entry.get("file_name") == file_name]
    if not entries:
        raise GroundTruthError(f"The JSON describes no picture called “{file_name}”.")
    segments = entries[0].get("segments_info")
    whole = isinstance(segments, list) and all(
        isinstance(s, dict) and _is_id(s.get("id")) and _is_id(s.get("category_id")) for s in segments
    )
    if not whole:
        raise GroundTruthError("The JSON lists no segments with id and category_id for this picture.")
    return entries[0]


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MOST_ID
