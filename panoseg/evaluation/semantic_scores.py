"""mIoU and its kin, by the formulas of detectron2's evaluator of semantic segmentation.

The annotated class of a pixel is that of its segment, crowds included; void is ignored. A class that is not
annotated in any picture has no IoU, and does not count in the means. Counts of pixels add up.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import GroundTruthError, PanosegError
from panoseg.evaluation.annotations import AnnotatedPicture, Annotations, Truth
from panoseg.evaluation.classes import ClassMatch, match_classes
from panoseg.evaluation.guess import at_size
from panoseg.evaluation.passes import Failures, Pass, Progress, Spread, make_parts, wanted_pictures
from panoseg.merging import semantic
from panoseg.merging.tallies import tally_maps
from panoseg.runs.reading import RunItem, RunReader


@dataclass(frozen=True, slots=True, eq=False)
class SemanticScores:
    """The figures of the semantic task; each 0–1, None for n/a.

    Attributes:
        miou: mean IoU over the classes that are annotated.
        fwiou: IoU weighted by how often a class is annotated.
        macc: mean accuracy over the same classes.
        pacc: share of the annotated pixels that are right.
        classes: (C,) IoU of each class; NaN for n/a.
        confusion: (C, C + 1) pixels: annotated class by predicted one, the last for none of the annotation's.
        pictures: how many were evaluated.
        failures: (name, sentence) of each picture that could not be.
    """

    miou: float | None
    fwiou: float | None
    macc: float | None
    pacc: float | None
    classes: NDArray[np.float64]
    confusion: NDArray[np.int64]
    pictures: int
    failures: tuple[tuple[str, str], ...]


def semantic_scores(
    run: RunReader,
    annotations: Annotations,
    *,
    mapping: str | os.PathLike[str] | None = None,
    subset: bool = False,
    progress: Progress = lambda done, total: None,
    spread: Spread | None = None,
) -> SemanticScores:
    """Evaluate the semantic segmentation of a run.

    Args:
        run: of predictions, not of finished maps.
        annotations, mapping, subset, progress, spread: as of `evaluate_run`.

    Raises:
        GroundTruthError: the annotation is of other pictures, or none could be evaluated.
        InvalidValueError: the classes have nothing in common; a run of finished maps.
    """
    if not run.has_thresholds:
        run.refuse_thresholds()
    match = match_classes(run.header.vocabulary, annotations.classes, mapping)
    wanted, _ = wanted_pictures(run, annotations, subset)
    whole = SemanticPart(len(annotations.classes))
    for part in make_parts(run, Pass(SemanticWork(annotations, match), wanted), progress, spread=spread):
        whole.confusion += part.confusion
        whole.pictures += part.pictures
        whole.failures.update(part.failures)
    failures = whole.failures.in_order()
    if not whole.pictures:
        raise GroundTruthError(f"No picture could be evaluated. The first: {failures[0][1]}")
    return scores_of(whole.confusion, whole.pictures, failures)


class SemanticPart:
    """What some pictures came to.

    Attributes:
        confusion: as of `SemanticScores`, the sum of theirs.
        pictures: how many could be evaluated.
        failures: the others.
    """

    def __init__(self, classes: int) -> None:
        self.confusion = np.zeros((classes, classes + 1), np.int64)
        self.pictures = 0
        self.failures = Failures()

    @property
    def done(self) -> int:
        """How many pictures it knows about, those that failed among them."""
        return self.pictures + len(self.failures)

    def add(self, place: int, name: str, result: Any) -> None:
        """Take in a picture's confusion, or a `PanosegError`."""
        if not self.failures.take(place, name, result):
            self.confusion += result
            self.pictures += 1

    def finish(self) -> None:
        """Nothing more comes."""


@dataclass(frozen=True, slots=True)
class SemanticWork:
    """What is done with one picture.

    Attributes:
        annotations: that the pictures are of.
        match: how the classes meet.
    """

    annotations: Annotations
    match: ClassMatch

    def __call__(self, picture: AnnotatedPicture, item: RunItem | None) -> NDArray[np.int64] | PanosegError:
        """Its confusion, or why there is none."""
        try:
            truth = self.annotations.truth(picture)
            return _confusion(item, truth, self.match.annotated, len(self.annotations.classes))
        except PanosegError as error:
            return error

    def part(self) -> SemanticPart:
        """An empty one."""
        return SemanticPart(len(self.annotations.classes))


def scores_of(
    confusion: NDArray[np.int64], pictures: int = 1, failures: tuple[tuple[str, str], ...] = ()
) -> SemanticScores:
    """The figures of a confusion (C, C + 1)."""
    right = np.diag(confusion[:, :-1]).astype(np.float64)
    annotated, predicted = confusion.sum(axis=1), confusion[:, :-1].sum(axis=0)
    there = annotated > 0
    union = annotated + predicted - right
    iou = np.divide(right, union, out=np.full(len(right), np.nan), where=there)
    if not there.any():
        return SemanticScores(None, None, None, None, iou, confusion, pictures, failures)
    return SemanticScores(
        float(iou[there].mean()),
        float((iou[there] * annotated[there]).sum() / annotated.sum()),
        float((right[there] / annotated[there]).mean()),
        float(right.sum() / annotated.sum()),
        iou,
        confusion,
        pictures,
        failures,
    )


def _confusion(
    item: RunItem | None, truth: Truth, class_of: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """(C, C + 1) pixels of one picture."""
    table = np.zeros((count, count + 1), np.int64)
    if item is None:
        np.add.at(table[:, count], truth.classes, truth.map.areas[1:])
        return table
    found = semantic(at_size(item.prediction(), truth.size))
    shared = tally_maps(found.id_map, len(found.segments) + 1, truth.map.numbers, len(truth.map.ids) + 1)
    for segment in found.segments:
        place = int(class_of[segment.class_id])
        np.add.at(table[:, place], truth.classes, shared[segment.id, 1:])  # −1 is the last column
    return table
