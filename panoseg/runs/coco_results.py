"""Results of others in the COCO panoptic format (one JSON, a PNG per picture) → a run without logits.

detectron2, MMDetection and panopticapi write and read this format (cocodataset.org, "Format: Panoptic
Segmentation").
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from panoseg.errors import InvalidValueError, PanosegError, RunError, SourceError, sentence_of
from panoseg.photo import PhotoLimits
from panoseg.runs.finished_maps import MapSegment, encode_map
from panoseg.runs.header import Header
from panoseg.runs.id_maps import read_id_map
from panoseg.runs.ledger import Ledger, Row
from panoseg.runs.listing import list_pictures
from panoseg.runs.run import Run
from panoseg.runs.sources import Source, read_file
from panoseg.runs.writer_lock import WriterLock
from panoseg.runs.writing import NotWritableError, Progress, RunWriter, holds_a_run, make_run_folder
from panoseg.vocabulary import Vocabulary

RESULTS_BYTES = 4 * 2**30
"""The largest JSON that is read; that of COCO's training set takes half a gigabyte."""

_AT_ONCE = 16
_MASK_LIMITS = PhotoLimits()


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the JSON says of one picture."""

    picture: str
    mask: str
    size: tuple[int, int] | None
    segments: list[dict[str, Any]]


def import_coco_panoptic(
    results: str | os.PathLike[str],
    *,
    store: str | os.PathLike[str],
    masks: str | os.PathLike[str] | None = None,
    pictures: str | os.PathLike[str] | None = None,
    model: str | None = None,
    progress: Progress | None = None,
) -> Run:
    """Make a run of finished maps, or go on where that was left.

    Args:
        results: the JSON with "images", "annotations" and "categories".
        store: the run's folder, made if need be.
        masks: the folder of the PNGs; by default the folder of the JSON's name beside it.
        pictures: the folder of the pictures, which are looked for when they are asked for; by default that
            of the JSON.
        model: a word on whose results these are; the JSON's name by default.
        progress: called at the start and after each picture.

    Raises:
        SourceError: the JSON cannot be read, or describes no picture.
        RunBusyError, RunError: as of `make_run`.
    """
    path, folder = Path(results), Path(store)
    content = _read_json(path)
    vocabulary = _vocabulary(content, path)
    entries = _entries(content, path, Path(pictures or path.parent))
    del content
    header = Header(model or path.stem, vocabulary, holds="segmentations")
    existing = Header.read(folder) if holds_a_run(folder) else None
    make_run_folder(folder)
    with WriterLock(folder):
        if existing is None:
            header.write(folder)
        else:
            existing.check_same(header, folder)
        ledger = Ledger(folder, write=True)
        try:
            list_pictures(ledger, (Source(entry.picture, place) for place, entry in entries.items()))
            with RunWriter(folder, ledger, header, progress or (lambda _: None)) as writer:
                class_of = {dataset_id: c for c, dataset_id in enumerate(vocabulary.dataset_ids)}
                where = Path(masks) if masks is not None else path.with_suffix("")
                for rows in _waiting(ledger):
                    writer.settle([_settled(row, entries.get(row.place), where, class_of) for row in rows])
        except OSError as error:
            raise NotWritableError(folder, error) from error
        finally:
            ledger.close()
    return Run(folder, pictures=pictures)


def _waiting(ledger: Ledger) -> Iterator[list[Row]]:
    position = -1
    while rows := ledger.rows("waiting", position, _AT_ONCE):
        yield rows
        position = rows[-1].position


def _settled(
    row: Row, entry: _Entry | None, masks: Path, class_of: dict[int, int]
) -> tuple[Row, bytes | None, bytes | None]:
    try:
        if entry is None:
            raise RunError(f"“{row.name}” is not in the JSON any more.")
        png = read_file(masks / Path(*entry.mask.replace("\\", "/").split("/")), _MASK_LIMITS)
        size, segments = _checked(png, entry, class_of)
        return replace(row, height=size[0], width=size[1]), encode_map(png, segments), None
    except PanosegError as error:
        return replace(row, state="failed", error=sentence_of(error)), None, None


def _checked(png: bytes, entry: _Entry, class_of: dict[int, int]) -> tuple[tuple[int, int], list[MapSegment]]:
    """The map's size and segments, which fit together."""
    from panoseg.quality import VOID, ids_in

    id_map = read_id_map(png, entry.size)
    segments = []
    for each in entry.segments:
        try:
            own_id, category = int(each["id"]), int(each["category_id"])
            score = float(each.get("score", 1.0))
        except (KeyError, TypeError, ValueError) as error:
            raise RunError(f"“{entry.picture}”: a segment in the JSON has no id or category_id.") from error
        if category not in class_of:
            raise RunError(f"“{entry.picture}”: category {category} is none of the JSON's categories.")
        segments.append(MapSegment(own_id, class_of[category], min(1.0, max(0.0, score))))
    listed = {segment.id for segment in segments}
    if len(listed) < len(segments):
        raise RunError(f"“{entry.picture}”: the JSON lists a segment more than once.")
    if strays := sorted((set(ids_in(id_map)) - {VOID}) ^ listed):
        where = "the JSON but not the PNG" if strays[0] in listed else "the PNG but not the JSON"
        raise RunError(f"“{entry.picture}”: segment {strays[0]} is in {where}.")
    height, width = id_map.shape
    return (height, width), segments


def _read_json(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > RESULTS_BYTES:
            raise SourceError(f"{path.name!r} is larger than {RESULTS_BYTES >> 30} GB.")
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise SourceError(f"{path.name!r} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise SourceError(f"{path.name!r} is damaged: it is no JSON.") from error
    if not isinstance(content, dict) or not all(
        isinstance(content.get(name), list) for name in ("annotations", "categories")
    ):
        raise SourceError(
            f"{path.name!r} has no “annotations” or no “categories”; wanted results in the COCO panoptic "
            "format."
        )
    return content


def _vocabulary(content: dict[str, Any], path: Path) -> Vocabulary:
    try:
        categories = sorted(content["categories"], key=lambda each: int(each["id"]))
        return Vocabulary(
            [str(each["name"]) for each in categories],
            [index for index, each in enumerate(categories) if each.get("isthing", 1)],
            [int(each["id"]) for each in categories],
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidValueError) as error:
        raise SourceError(
            f"The categories of {path.name!r} make no sense; wanted different ids, and a name for each."
        ) from error


def _entries(content: dict[str, Any], path: Path, pictures: Path) -> dict[str, _Entry]:
    """Place of the picture → what is said of it, in the JSON's order."""
    images = {
        image["id"]: image
        for image in content.get("images") or []
        if isinstance(image, dict) and isinstance(image.get("id"), (int, str))
    }
    entries: dict[str, _Entry] = {}
    for annotation in content["annotations"]:
        try:
            mask, segments = str(annotation["file_name"]), list(annotation["segments_info"])
            image = images.get(annotation.get("image_id"), {})
            picture = str(image.get("file_name") or Path(mask).with_suffix(".jpg"))
            size = (int(image["height"]), int(image["width"])) if "height" in image else None
            place = _inside(pictures, picture)
            _inside(pictures, mask)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SourceError(
                f"{path.name!r} describes a picture without a proper file_name or segments_info."
            ) from error
        entries.setdefault(place, _Entry(picture.replace("\\", "/"), mask, size, segments))
    if not entries:
        raise SourceError(f"{path.name!r} describes no picture.")
    return entries


def _inside(folder: Path, name: str) -> str:
    """The absolute path of a name that does not lead out of its folder."""
    parts = Path(name.replace("\\", "/")).parts
    if not parts or ".." in parts or Path(name).is_absolute():
        raise ValueError(name)
    return os.path.abspath(folder.joinpath(*parts))
