"""AP of the instance task, by pycocotools (Lin et al., "Microsoft COCO", ECCV 2014, arXiv 1405.0312).

The annotated instances are the things of the panoptic annotation: none overlap, crowds are crowds. Instances
are matched picture by picture; what is kept of a picture are scores and matches, and those of all are
accumulated once, so that parts of a data set add up.
"""

from __future__ import annotations

import copy
import io
import os
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import GroundTruthError, PanosegError
from panoseg.evaluation.annotations import AnnotatedPicture, Annotations, Truth
from panoseg.evaluation.classes import NOT_ANNOTATED, ClassMatch, match_classes
from panoseg.evaluation.guess import at_size
from panoseg.evaluation.passes import Failures, Pass, Progress, Spread, make_parts, wanted_pictures
from panoseg.merging import instances
from panoseg.runs.reading import RunItem, RunReader

NAMES = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl")
"""In the order of `COCOeval.stats`; all over IoU 0.5 … 0.95, where they do not say otherwise."""

_ACCUMULATED = ("dtScores", "dtMatches", "dtIgnore", "gtIgnore")
"""What `COCOeval.accumulate` reads of a picture."""

_PICTURE = 0  # the number of each while it is alone


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
    progress: Progress = lambda done, total: None,
    spread: Spread | None = None,
) -> AveragePrecision:
    """Evaluate the instances of a run.

    Args:
        run: of predictions, not of finished maps.
        annotations: what is there.
        score: instances that score more count; AP wants 0.
        mapping, subset, progress, spread: as of `evaluate_run`.

    Raises:
        GroundTruthError: the annotation is of other pictures or has no things, or none could be evaluated.
        InvalidValueError: the classes have nothing in common; a run of finished maps.
    """
    if not run.has_thresholds:
        run.refuse_thresholds()
    match = match_classes(run.header.vocabulary, annotations.classes, mapping)
    if not any(each.is_thing for each in annotations.classes):
        raise GroundTruthError("The annotation has no things, so that there are no instances to find.")
    wanted, _ = wanted_pictures(run, annotations, subset)
    work = InstanceWork(annotations, match, score)
    whole = InstancePart()
    for part in make_parts(run, Pass(work, wanted), progress, spread=spread):
        whole.pictures.update(part.pictures)
        whole.failures.update(part.failures)
    failures = whole.failures.in_order()
    if not whole.pictures:
        raise GroundTruthError(f"No picture could be evaluated. The first: {failures[0][1]}")
    values, classes = _accumulated(whole.pictures, annotations)
    return AveragePrecision(values, classes, len(whole.pictures), failures)


PictureMatches = dict[tuple[int, int], dict[str, Any]]
"""(place among the things by number, area range) → which detections of a picture match, at each IoU: what
pycocotools accumulates."""


class InstancePart:
    """What some pictures came to.

    Attributes:
        pictures: the matches of those that could be evaluated, by place.
        failures: the others.
    """

    def __init__(self) -> None:
        self.pictures: dict[int, PictureMatches] = {}
        self.failures = Failures()

    @property
    def done(self) -> int:
        """How many pictures it knows about, those that failed among them."""
        return len(self.pictures) + len(self.failures)

    def add(self, place: int, name: str, result: Any) -> None:
        """Take in a picture's matches, or a `PanosegError`."""
        if not self.failures.take(place, name, result):
            self.pictures[place] = result

    def finish(self) -> None:
        """Nothing more comes."""


@dataclass(frozen=True, slots=True)
class InstanceWork:
    """What is done with one picture.

    Attributes:
        annotations: that the pictures are of.
        match: how the classes meet.
        score: instances that score more count.
    """

    annotations: Annotations
    match: ClassMatch
    score: float

    def __call__(self, picture: AnnotatedPicture, item: RunItem | None) -> PictureMatches | PanosegError:
        """Its matches, or why there are none."""
        try:
            truth = self.annotations.truth(picture)
            found = []
            if item is not None:
                found = _instances(item, truth, self.match.annotated, self.annotations, self.score)
        except PanosegError as error:
            return error
        return _matches(_annotated(truth, self.annotations), found, self.annotations)

    def part(self) -> InstancePart:
        """An empty one."""
        return InstancePart()


def _annotated(truth: Truth, annotations: Annotations) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number, class_id in enumerate(truth.classes.tolist(), 1):
        category = annotations.classes[class_id]
        if category.is_thing:
            crowd = int(truth.crowds[number - 1])
            found.append(
                {
                    "id": len(found) + 1,
                    "category_id": category.id,
                    "iscrowd": crowd,
                    "ignore": crowd,
                    "area": int(truth.map.areas[number]),
                    "segmentation": _encoded(truth.map.numbers == number),
                }
            )
    return found


def _instances(
    item: RunItem, truth: Truth, class_of: NDArray[np.int64], annotations: Annotations, score: float
) -> list[dict[str, Any]]:
    from pycocotools import mask as masks

    found = instances(at_size(item.prediction(), truth.size), score)
    described: list[dict[str, Any]] = []
    for segment, mask in zip(found.segments, found.masks, strict=True):
        if class_of[segment.class_id] == NOT_ANNOTATED:
            continue
        encoded = _encoded(mask.to_mask())
        described.append(
            {
                "id": len(described) + 1,
                "category_id": annotations.classes[class_of[segment.class_id]].id,
                "score": segment.score,
                "area": int(masks.area(encoded)),
                "segmentation": encoded,
            }
        )
    return described


def _encoded(mask: NDArray[np.bool_]) -> dict[str, Any]:
    from pycocotools import mask as masks

    encoded: dict[str, Any] = masks.encode(np.asfortranarray(mask, np.uint8))
    return encoded


def _matches(
    truths: list[dict[str, Any]], guesses: list[dict[str, Any]], annotations: Annotations
) -> PictureMatches:
    """Which of a picture's instances match, by class and area range."""
    evaluation = _evaluation(annotations, [_PICTURE])
    for name, instances_ in (("_gts", truths), ("_dts", guesses)):
        its = getattr(evaluation, name)
        for each in instances_:
            its[_PICTURE, each["category_id"]].append(each)
    settings = evaluation.params
    found: PictureMatches = {}
    for k, category in enumerate(settings.catIds):
        evaluation.ious[_PICTURE, category] = evaluation.computeIoU(_PICTURE, category)
        for a, area in enumerate(settings.areaRng):
            matches = evaluation.evaluateImg(_PICTURE, category, area, settings.maxDets[-1])
            if matches is not None:
                found[k, a] = {name: matches[name] for name in _ACCUMULATED}
    return found


def _evaluation(annotations: Annotations, pictures: list[int]) -> Any:
    """What pycocotools evaluates masks with, of these pictures and the things of an annotation."""
    from pycocotools.cocoeval import COCOeval

    evaluation = COCOeval(iouType="segm")
    evaluation.params.imgIds = pictures
    evaluation.params.catIds = sorted(each.id for each in annotations.classes if each.is_thing)
    return evaluation


def _accumulated(
    pictures: dict[int, PictureMatches], annotations: Annotations
) -> tuple[dict[str, float | None], dict[str, float | None]]:
    """The figures of all, and AP of each class."""
    places = sorted(pictures)
    evaluation = _evaluation(annotations, places)
    settings = evaluation.params
    evaluation.evalImgs = [
        pictures[place].get((k, a))
        for k in range(len(settings.catIds))
        for a in range(len(settings.areaRng))
        for place in places
    ]
    evaluation._paramsEval = copy.deepcopy(settings)
    with redirect_stdout(io.StringIO()):  # it reports as it goes
        evaluation.accumulate()
        evaluation.summarize()
    precision = evaluation.eval["precision"]  # (thresholds, recalls, classes, areas, numbers)
    order = {category: k for k, category in enumerate(settings.catIds)}
    by_class = {
        each.name: _mean(precision[:, :, order[each.id], 0, -1])
        for each in annotations.classes
        if each.is_thing
    }
    values = {
        name: None if value < 0 else float(value) for name, value in zip(NAMES, evaluation.stats, strict=True)
    }
    return values, by_class


def _mean(values: NDArray[np.float64]) -> float | None:
    known = values[values > -1]
    return float(known.mean()) if known.size else None
