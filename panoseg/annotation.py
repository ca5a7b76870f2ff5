"""The two files of an annotation in the COCO panoptic format, and what they say before a model is known.

The format is described at cocodataset.org ("Format: Panoptic Segmentation"): an RGB PNG whose pixels hold
id = R + 256 · G + 65536 · B (0 is void), and a JSON that gives each id its category.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from panoseg.errors import GroundTruthError
from panoseg.file_structure import excess

MOST_PIXELS = 50_000_000
MOST_SEGMENTS = 65_535
"""Of one picture; the largest annotations of the usual data sets list some hundreds."""

_MOST_ID = 2**31 - 1
_MOST_LETTERS = 200


class AnnotatedSegment(NamedTuple):
    """One entry of the JSON's "segments_info"."""

    id: int
    category: int
    crowd: bool


class Category(NamedTuple):
    """One of the categories that the segments have."""

    name: str
    is_thing: bool


@dataclass(frozen=True, slots=True, eq=False)
class Annotation:
    """One annotated picture, as its files have it.

    Attributes:
        digits: (H, W, 3) uint8: the id of each pixel, its lowest byte first.
        segments: all that the JSON lists for the picture.
        categories: those of the segments, by the data set's ids, as far as the JSON describes them.
    """

    digits: NDArray[np.uint8]
    segments: tuple[AnnotatedSegment, ...]
    categories: Mapping[int, Category]


def read_annotation(
    png: bytes, description: bytes, file_name: str = "", *, size: tuple[int, int] | None = None
) -> Annotation:
    """Read both files.

    Args:
        png: the id map's file.
        description: the JSON's bytes; it may describe one picture or a whole data set.
        file_name: of the PNG, to find its entry among several.
        size: (H, W) in pixels of the picture that is annotated, checked before anything is decoded; None:
            any.

    Raises:
        GroundTruthError: a damaged file, another size, or no entry for the picture.
    """
    digits = _read_digits(png, size)
    try:
        content = _read_json(description)
    except MemoryError as error:
        raise _too_little_memory() from error
    segments = _segments(content, file_name)
    used = {segment.category for segment in segments}
    return Annotation(digits, segments, _categories(content, used))


def _read_digits(png: bytes, size: tuple[int, int] | None) -> NDArray[np.uint8]:
    if found := excess(png):
        raise GroundTruthError(f"The annotation's picture has {found}, which no program writes.")
    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as picture:
            _check(picture, size)
            return np.asarray(picture.convert("RGB"))
    except MemoryError as error:
        raise _too_little_memory() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise GroundTruthError(
            "The annotation's picture cannot be read; wanted an RGB PNG in the COCO panoptic format."
        ) from error


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


def _segments(content: dict[str, Any], file_name: str) -> tuple[AnnotatedSegment, ...]:
    entries = [entry for entry in content["annotations"] if isinstance(entry, dict)]
    if len(entries) > 1:
        entries = [entry for entry in entries if entry.get("file_name") == file_name]
    if not entries:
        raise GroundTruthError(f"The JSON describes no picture called “{file_name}”.")
    segments = entries[0].get("segments_info")
    if not isinstance(segments, list) or not all(
        isinstance(s, dict) and _is_id(s.get("id")) and _is_id(s.get("category_id")) for s in segments
    ):
        raise GroundTruthError("The JSON lists no segments with id and category_id for this picture.")
    if len(segments) > MOST_SEGMENTS:
        raise GroundTruthError(
            f"The JSON lists {len(segments):,} segments; at most {MOST_SEGMENTS:,} are accepted."
        )
    return tuple(AnnotatedSegment(s["id"], s["category_id"], bool(s.get("iscrowd"))) for s in segments)


def _categories(content: dict[str, Any], used: set[int]) -> dict[int, Category]:
    """The categories by id, as far as they make sense; those without an entry are named by their number."""
    categories = content.get("categories")
    if not isinstance(categories, list):
        return {}
    return {
        c["id"]: Category(_name(c), bool(c.get("isthing", 1)))
        for c in categories
        if isinstance(c, dict) and _is_id(c.get("id")) and c["id"] in used
    }


def _name(category: dict[str, Any]) -> str:
    """What it is called; empty where that is nothing to read."""
    name = category.get("name")
    # JSON may hold halves of characters, which no file and no page can.
    shown = name[:_MOST_LETTERS].encode(errors="replace").decode() if isinstance(name, str) else ""
    return shown if shown.strip() else ""


def _too_little_memory() -> GroundTruthError:
    return GroundTruthError("There is not enough memory to read the annotation.")


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MOST_ID
