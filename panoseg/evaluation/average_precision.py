"""AP of the instance task, by pycocotools (Lin et al., "Microsoft COCO", ECCV 2014, arXiv 1405.0312).

The annotated instances are the things of the panoptic annotation: none overlap, crowds are crowds.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import GroundTruthError, PanosegError
from panoseg.evaluation.annotations import Annotations, Truth
from panoseg.evaluation.classes import NOT_ANNOTATED, match_classes
from panoseg.evaluation.guess import at_size
from panoseg.evaluation.pairing import pair_pictures
from panoseg.merging import instances
from panoseg.runs.reading import RunItem, RunReader

NAMES = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl")
"""In the order of `COCOeval.stats`; all over IoU 0.5 … 0.95, where they do not say otherwise."""


@dataclass(frozen=True, slots=True)
class AveragePrecision:
    """The figures of the instance task.

    Attributes:
        values: of `NAMES`, 0–1; None for n/a.
        classes: class name → AP; None for n/a. Things only.
        pictures: how many were evaluated.
        failures: (name, sentence) of each picture that could not be.
    """

    values: dict[str, float | None]
    classes: dict[str, float | None]
    pictures: int
    failures: tuple[tuple[str, str], ...]


def average_precision(
    run: RunReader,
    annotations: Annotations,
    score: float = 0.0,
    *,
    mapping: str | os.PathLike[str] | None = None,
    subset: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> AveragePrecision:
    """Evaluate the instances of a run.

    Args:
        run: of predictions, not of finished maps.
        annotations: what is there.
        score: instances that score more count; AP wants 0.
        mapping, subset, progress: as of `evaluate_run`.

    Raises:
        GroundTruthError: the annotation is of other pictures, or has no things.
        InvalidValueError: the classes have nothing in common; a run of finished maps.
    """
    if not run.has_thresholds:
        run.refuse_thresholds()
    match = match_classes(run.header.vocabulary, annotations.classes, mapping)
    items = {item.name: item for item in run}
    pairing = pair_pictures(annotations.pictures, items)
    if not any(each.is_thing for each in annotations.classes):
        raise GroundTruthError("The annotation has no things, so that there are no instances to find.")
    truths: list[dict[str, Any]] = []
    guesses: list[dict[str, Any]] = []
    failures: list[tuple[str, str]] = []
    sizes: dict[int, tuple[int, int]] = {}
    for number, (picture, name) in enumerate(zip(annotations.pictures, pairing.names, strict=True), 1):
        if name is None and subset:
            continue
        try:
            truth = annotations.truth(picture)
            found = _instances(items[name], truth, match.annotated, annotations, score) if name else []
        except PanosegError as error:
            failures.append((picture.name, " ".join(str(error).split())))
        else:
            sizes[number] = truth.size
            truths += _annotated(truth, annotations, number, len(truths))
            guesses += [{"image_id": number, **each} for each in found]
        progress(number, len(annotations.pictures))
    values, classes = _evaluated(truths, guesses, annotations, sizes)
    return AveragePrecision(values, classes, len(sizes), tuple(failures))


def _annotated(truth: Truth, annotations: Annotations, picture: int, before: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number, class_id in enumerate(truth.classes.tolist(), 1):
        category = annotations.classes[class_id]
        if category.is_thing:
            area, top, left, bottom, right = (int(value) for value in truth.map.extents[number])
            found.append(
                {
                    "id": before + len(found) + 1,
                    "image_id": picture,
                    "category_id": category.id,
                    "iscrowd": int(truth.crowds[number - 1]),
                    "area": area,
                    "bbox": [left, top, right - left, bottom - top],
                    "segmentation": _encoded(truth.map.numbers == number),
                }
            )
    return found


def _instances(
    item: RunItem, truth: Truth, class_of: NDArray[np.int64], annotations: Annotations, score: float
) -> list[dict[str, Any]]:
    found = instances(at_size(item.prediction(), truth.size), score)
    return [
        {
            "category_id": annotations.classes[class_of[segment.class_id]].id,
            "score": segment.score,
            "segmentation": _encoded(mask.to_mask()),
        }
        for segment, mask in zip(found.segments, found.masks, strict=True)
        if class_of[segment.class_id] != NOT_ANNOTATED
    ]


def _encoded(mask: NDArray[np.bool_]) -> dict[str, Any]:
    from pycocotools import mask as masks

    encoded: dict[str, Any] = masks.encode(np.asfortranarray(mask, np.uint8))
    return encoded


def _evaluated(
    truths: list[dict[str, Any]],
    guesses: list[dict[str, Any]],
    annotations: Annotations,
    sizes: dict[int, tuple[int, int]],
) -> tuple[dict[str, float | None], dict[str, float | None]]:
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    things = [each for each in annotations.classes if each.is_thing]
    nothing: dict[str, float | None] = dict.fromkeys((each.name for each in things), None)
    if not truths:
        return dict.fromkeys(NAMES, None), nothing
    with redirect_stdout(io.StringIO()):  # it reports as it goes
        there = COCO()
        there.dataset = {
            "images": [
                {"id": number, "height": height, "width": width} for number, (height, width) in sizes.items()
            ],
            "annotations": truths,
            "categories": [{"id": each.id, "name": each.name} for each in things],
        }
        there.createIndex()
        if not guesses:
            zeros = {each.name: 0.0 if there.getAnnIds(catIds=[each.id]) else None for each in things}
            return dict.fromkeys(NAMES, 0.0), zeros
        evaluation = COCOeval(there, there.loadRes(guesses), "segm")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    precision = evaluation.eval["precision"]  # (thresholds, recalls, classes, areas, numbers)
    order = {category: k for k, category in enumerate(evaluation.params.catIds)}
    by_class = {each.name: _mean(precision[:, :, order[each.id], 0, -1]) for each in things}
    values = {
        name: None if value < 0 else float(value) for name, value in zip(NAMES, evaluation.stats, strict=True)
    }
    return values, by_class


def _mean(values: NDArray[np.float64]) -> float | None:
    known = values[values > -1]
    return float(known.mean()) if known.size else None
