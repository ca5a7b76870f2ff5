"""The annotation of a data set in the COCO panoptic format: one JSON, and a PNG per picture.

COCO, ADE20K, Mapillary Vistas and Cityscapes come in this form (cocodataset.org, "Format: Panoptic
Segmentation"). What the JSON says is checked at once, a picture's PNG when its turn comes.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from panoseg.annotation import MOST_PIXELS, MOST_SEGMENTS
from panoseg.errors import GroundTruthError
from panoseg.file_structure import excess
from panoseg.merging.tallies import NumberedMap, number_map
from panoseg.runs.stores import Store, is_url, open_store

ANNOTATION_BYTES = 4 * 2**30
"""The largest JSON that is read; that of COCO's training set takes half a gigabyte."""

_MOST_ID = 2**31 - 1
_MOST_PNG_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class AnnotatedClass:
    """A category of the annotation: the data set's own number, its name, and whether it is a thing."""

    id: int
    name: str
    is_thing: bool


@dataclass(frozen=True, slots=True, eq=False)
class AnnotatedPicture:
    """What the JSON says of one picture.

    Attributes:
        name: of the picture's file, or of its PNG where the JSON names no picture.
        mask: of its PNG.
        ids: (T,) int64, of its segments, in the JSON's order.
        classes: (T,) int64, the place of each one's class in `Annotations.classes`.
        crowds: (T,) bool.
    """

    name: str
    mask: str
    ids: NDArray[np.int64]
    classes: NDArray[np.int64]
    crowds: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """One annotated picture, T segments in ascending order of their ids.

    Attributes:
        map: its pixels; number n is the nth segment, 0 void.
        classes: (T,) place of each one's class in `Annotations.classes`.
        crowds: (T,) bool: stands for an uncounted crowd.
        forgiving: (T,) bool: the crowds that excuse predictions of their class. Of several crowds of one
            class in a picture panopticapi asks the last one alone, and so do we.
    """

    map: NumberedMap
    classes: NDArray[np.int64]
    crowds: NDArray[np.bool_]
    forgiving: NDArray[np.bool_]

    @property
    def size(self) -> tuple[int, int]:
        """(H, W) in pixels."""
        height, width = self.map.numbers.shape
        return height, width


@dataclass(frozen=True, slots=True, eq=False)
class Annotations:
    """An annotated data set.

    Attributes:
        path: the JSON's.
        masks: the folder of the PNGs, or its URL on object storage.
        sha256: of the JSON, in hexadecimal.
        classes: the categories, in the JSON's order.
        pictures: in the JSON's order.
    """

    path: Path
    masks: str | Path
    sha256: str
    classes: tuple[AnnotatedClass, ...]
    pictures: tuple[AnnotatedPicture, ...]

    def png(self, picture: AnnotatedPicture) -> bytes:
        """A picture's file of ids.

        Raises:
            OSError: it is not there, or cannot be read.
            RunError: nothing here knows such a URL.
        """
        if is_url(self.masks):
            return _storage(str(self.masks)).read(picture.mask, 0, _MOST_PNG_BYTES + 1)
        with Path(self.masks).joinpath(*picture.mask.split("/")).open("rb") as file:
            return file.read(_MOST_PNG_BYTES + 1)

    def truth(self, picture: AnnotatedPicture) -> Truth:
        """Read a picture's PNG.

        Raises:
            GroundTruthError: it cannot be read, or its ids and those of the JSON differ.
        """
        digits = _read_digits(self, picture)
        found = number_map(digits, picture.ids)
        if isinstance(found, int):
            raise GroundTruthError(
                f"“{picture.name}”: segment {found} is in the annotation's PNG but not in its JSON."
            )
        if len(empty := np.flatnonzero(found.areas[1:] == 0)):
            raise GroundTruthError(
                f"“{picture.name}”: segment {found.ids[empty[0]]} is in the annotation's JSON but not in its "
                "PNG."
            )
        order = np.argsort(picture.ids)
        last = {
            int(class_id): place
            for place, (class_id, crowd) in enumerate(zip(picture.classes, picture.crowds, strict=True))
            if crowd
        }
        forgiving = np.zeros(len(picture.ids), bool)
        forgiving[list(last.values())] = True
        return Truth(found, picture.classes[order], picture.crowds[order], forgiving[order])


def read_annotations(
    path: str | os.PathLike[str], masks: str | os.PathLike[str] | None = None
) -> Annotations:
    """Read the JSON.

    Args:
        path: the JSON.
        masks: the folder of the PNGs, or its URL; by default the folder of the JSON's name beside it.

    Raises:
        GroundTruthError: it cannot be read, is not in this format, or contradicts itself.
    """
    path = Path(path)
    content, digest = _read_json(path)
    classes = _classes(content, path.name)
    place_of = {each.id: place for place, each in enumerate(classes)}
    images = {
        image["id"]: str(image.get("file_name") or "")
        for image in content.get("images") or []
        if isinstance(image, dict) and isinstance(image.get("id"), int | str)
    }
    pictures = [_picture(entry, images, place_of, path.name) for entry in content["annotations"]]
    if not pictures:
        raise GroundTruthError(f"{path.name!r} describes no picture.")
    names: set[str] = set()
    for picture in pictures:
        if picture.mask in names:
            raise GroundTruthError(f"{path.name!r} describes “{picture.mask[:100]}” more than once.")
        names.add(picture.mask)
    folder = path.with_suffix("") if masks is None else str(masks) if is_url(masks) else Path(masks)
    return Annotations(path, folder, digest, classes, tuple(pictures))


def _read_json(path: Path) -> tuple[dict[str, Any], str]:
    try:
        if path.stat().st_size > ANNOTATION_BYTES:
            raise GroundTruthError(f"{path.name!r} is larger than {ANNOTATION_BYTES >> 30} GB.")
        text = path.read_bytes()
        content = json.loads(text)
    except OSError as error:
        raise GroundTruthError(f"{path.name!r} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise GroundTruthError(f"{path.name!r} is damaged: it is no JSON.") from error
    if not isinstance(content, dict) or not all(
        isinstance(content.get(name), list) for name in ("annotations", "categories")
    ):
        raise GroundTruthError(
            f"{path.name!r} has no “annotations” or no “categories”; wanted an annotation in the COCO "
            "panoptic format."
        )
    return content, hashlib.sha256(text).hexdigest()


def _classes(content: dict[str, Any], name: str) -> tuple[AnnotatedClass, ...]:
    found: dict[int, AnnotatedClass] = {}
    for each in content["categories"]:
        try:
            number, label = int(each["id"]), str(each.get("name") or "")
            is_thing = bool(each.get("isthing", 1))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise GroundTruthError(f"A category of {name!r} has no proper id.") from error
        if number in found:
            raise GroundTruthError(f"{name!r} lists category {number} more than once.")
        # JSON may hold halves of characters, which no file and no page can.
        shown = label[:200].encode(errors="replace").decode() if label.strip() else f"category {number}"
        found[number] = AnnotatedClass(number, shown, is_thing)
    if not found:
        raise GroundTruthError(f"{name!r} lists no categories.")
    return tuple(found.values())


def _picture(
    entry: Any, images: dict[Any, str], place_of: dict[int, int], json_name: str
) -> AnnotatedPicture:
    try:
        mask, segments = str(entry["file_name"]), list(entry["segments_info"])
        name = images.get(entry.get("image_id")) or mask
        parts = Path(mask.replace("\\", "/")).parts
        if not parts or ".." in parts or Path(mask).is_absolute():
            raise ValueError(mask)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GroundTruthError(
            f"{json_name!r} describes a picture without a proper file_name or segments_info."
        ) from error
    if len(segments) > MOST_SEGMENTS:
        raise GroundTruthError(
            f"“{name}” has {len(segments):,} segments; at most {MOST_SEGMENTS:,} are taken."
        )
    try:
        ids = [int(segment["id"]) for segment in segments]
        categories = [int(segment["category_id"]) for segment in segments]
        crowds = [bool(segment.get("iscrowd")) for segment in segments]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GroundTruthError(f"“{name}”: a segment in the JSON has no id or category_id.") from error
    if any(not 0 < each <= _MOST_ID for each in ids):
        raise GroundTruthError(f"“{name}”: segment ids go from 1 to {_MOST_ID}; 0 is void.")
    if len(set(ids)) < len(ids):
        raise GroundTruthError(f"“{name}”: the JSON lists a segment more than once.")
    if unknown := set(categories) - place_of.keys():
        raise GroundTruthError(f"“{name}”: category {min(unknown)} is none of the JSON's categories.")
    return AnnotatedPicture(
        name.replace("\\", "/"),
        mask.replace("\\", "/"),
        np.array(ids, np.int64),
        np.array([place_of[each] for each in categories], np.int64),
        np.array(crowds, bool),
    )


@lru_cache(maxsize=2)
def _storage(url: str) -> Store:
    return open_store(url)


def _read_digits(annotations: Annotations, picture: AnnotatedPicture) -> NDArray[np.uint8]:
    try:
        png = annotations.png(picture)
        if len(png) > _MOST_PNG_BYTES:
            raise GroundTruthError(f"“{picture.name}”: the annotation's PNG is too large.")
        if found := excess(png):
            raise GroundTruthError(f"“{picture.name}”: the annotation's PNG has {found}.")
        with Image.open(BytesIO(png), formats=["PNG"]) as image:
            if image.mode not in ("RGB", "RGBA"):
                raise GroundTruthError(
                    f"“{picture.name}”: the annotation's PNG has no colours; wanted the COCO panoptic format."
                )
            if image.width * image.height > MOST_PIXELS:
                raise GroundTruthError(f"“{picture.name}”: the annotation's PNG has too many pixels.")
            return np.asarray(image)
    except FileNotFoundError:
        raise GroundTruthError(
            f"“{picture.name}”: there is no {picture.mask!r} in {str(annotations.masks)!r}; --masks names "
            "the folder of the PNGs."
        ) from None
    except MemoryError as error:
        raise GroundTruthError(f"“{picture.name}”: there is not enough memory to read its PNG.") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise GroundTruthError(f"“{picture.name}”: the annotation's PNG cannot be read.") from error
