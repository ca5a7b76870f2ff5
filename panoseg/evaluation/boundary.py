"""Boundary PQ: PQ that looks at outlines (Cheng et al., "Boundary IoU", CVPR 2021, arXiv 2103.16562).

A match's IoU is the smaller of that of the masks and that of their outlines, 2 % of the picture's diagonal
wide. vernier computes it, in its strict mode; it costs several times what everything else does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import InvalidValueError, PanosegError
from panoseg.evaluation.annotations import Annotations, Truth
from panoseg.evaluation.classes import NOT_ANNOTATED, match_classes
from panoseg.evaluation.figures import Quality
from panoseg.evaluation.guess import at_size
from panoseg.evaluation.pairing import pair_pictures
from panoseg.merging import panoptic
from panoseg.runs.reading import RunItem, RunReader
from panoseg.thresholds import Thresholds

_AT_ONCE = 16  # pictures whose maps are in memory at the same time


def boundary_quality(
    run: RunReader,
    annotations: Annotations,
    thresholds: Thresholds | None = None,
    *,
    mapping: str | os.PathLike[str] | None = None,
    subset: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Quality]:
    """Boundary PQ, SQ and RQ of "all", "things" and "stuff".

    Args:
        run, annotations, thresholds, mapping, subset, progress: as of `evaluate_run`. Pictures that cannot be
            evaluated are left out, as there.

    Raises:
        InvalidValueError: vernier is not installed; else as `evaluate_run`.
    """
    try:
        from vernier import _core as vernier
    except ImportError as error:
        raise InvalidValueError(
            "Boundary quality needs vernier; pip install 'panoseg[evaluation]' brings it."
        ) from error
    match = match_classes(run.header.vocabulary, annotations.classes, mapping)
    items = {item.name: item for item in run}
    pairing = pair_pictures(annotations.pictures, items)
    categories = json.dumps(
        [{"id": each.id, "name": each.name, "isthing": int(each.is_thing)} for each in annotations.classes]
    ).encode()
    partials: list[bytes] = []
    waiting: list[tuple[Any, ...]] = []
    for number, (picture, name) in enumerate(zip(annotations.pictures, pairing.names, strict=True), 1):
        try:
            if name is not None or not subset:
                truth = annotations.truth(picture)
                guess = _guess(items[name] if name else None, truth, match.annotated, annotations, thresholds)
                waiting.append((number, *_annotated(truth, annotations), *guess))
        except PanosegError:
            pass
        if len(waiting) == _AT_ONCE or (waiting and number == len(annotations.pictures)):
            partials.append(
                vernier.evaluate_panoptic_to_partial(
                    waiting, categories, "strict", len(partials), boundary=True, retain_per_image_deltas=True
                )
            )
            waiting = []
        progress(number, len(annotations.pictures))
    found = vernier.merge_panoptic_partials(
        categories, partials, "strict", boundary=True, retain_per_image_deltas=True
    )
    return {
        "all": _quality(found.pq, found.sq, found.rq, found.n),
        "things": _quality(found.pq_things, found.sq_things, found.rq_things, found.n_things),
        "stuff": _quality(found.pq_stuff, found.sq_stuff, found.rq_stuff, found.n_stuff),
    }


def _quality(pq: float | None, sq: float | None, rq: float | None, count: int | None) -> Quality:
    return Quality(pq, sq, rq, count) if count else Quality(None, None, None, 0)


def _annotated(truth: Truth, annotations: Annotations) -> tuple[NDArray[np.uint32], bytes]:
    described = [
        {
            "id": number,
            "category_id": annotations.classes[class_id].id,
            "iscrowd": int(truth.crowds[number - 1]),
            "area": int(truth.map.areas[number]),
        }
        for number, class_id in enumerate(truth.classes.tolist(), 1)
    ]
    return truth.map.numbers.astype(np.uint32), json.dumps(described).encode()


def _guess(
    item: RunItem | None,
    truth: Truth,
    class_of: NDArray[np.int64],
    annotations: Annotations,
    thresholds: Thresholds | None,
) -> tuple[NDArray[np.uint32], bytes]:
    if item is None:
        return np.zeros(truth.size, np.uint32), b"[]"
    if item.run.has_thresholds:
        found = panoptic(at_size(item.prediction(), truth.size), thresholds or Thresholds())
    else:
        found = item.segmentation()
    # Segments of classes that are not annotated play no role.
    known = [each for each in found.segments if class_of[each.class_id] != NOT_ANNOTATED]
    numbers = np.zeros(len(found.segments) + 1, np.uint32)
    numbers[[each.id for each in known]] = [each.id for each in known]
    id_map = numbers[found.id_map]
    if id_map.shape != truth.size:
        raise InvalidValueError("Boundary quality needs maps of the annotation's size.")
    return id_map, _described(known, class_of, annotations)


def _described(segments: Sequence[Any], class_of: NDArray[np.int64], annotations: Annotations) -> bytes:
    return json.dumps(
        [
            {
                "id": each.id,
                "category_id": annotations.classes[class_of[each.class_id]].id,
                "iscrowd": 0,
                "area": each.area,
            }
            for each in segments
        ]
    ).encode()
