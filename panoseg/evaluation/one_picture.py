"""Why segments of one picture are missed or surplus, for a comparison of it with its annotation.

The matches are those of `panoseg.comparison`; what is added here is a line for each segment that has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from panoseg.comparison import Side
from panoseg.evaluation.annotations import AnnotatedClass, Truth
from panoseg.evaluation.classes import NOT_ANNOTATED, ClassMatch
from panoseg.evaluation.guess import at_size, guess_of, guess_of_map
from panoseg.evaluation.picture_work import exact_row, judged_rows
from panoseg.evaluation.reasons import Missed
from panoseg.evaluation.rows import Row
from panoseg.evaluation.sentences import sentence_of
from panoseg.evaluation.sweeping import PictureSweep, sweep_picture
from panoseg.merging.tallies import NumberedMap
from panoseg.prediction import Prediction
from panoseg.segmentation import Segmentation
from panoseg.thresholds import Thresholds
from panoseg.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class PictureReasons:
    """One line for each segment that lacks a match, by its id: “person 0.43: below the score threshold; …”.

    Attributes:
        predicted: of the segments of `panoptic`.
        annotated: of the annotation's.
    """

    predicted: dict[int, str]
    annotated: dict[int, str]


@dataclass(frozen=True, eq=False)
class AnnotatedPrediction:
    """A prediction and the annotation that it is compared with.

    Args:
        prediction: of the picture.
        annotation: of the same picture; its vocabulary begins with the model's, as that of
            `GroundTruth.to_side` does. It may have another size.
    """

    prediction: Prediction
    annotation: Side

    def reasons(self, thresholds: Thresholds) -> PictureReasons:
        """Why each segment that has no match at these thresholds has none.

        A mask threshold that was not asked for before takes longer: all scores and overlaps are looked at,
        where a reason names one of them.
        """
        match = _match_of(self.prediction.vocabulary)
        truth, prediction = self._truth, at_size(self.prediction, self._truth.size)
        guess = guess_of(prediction, thresholds, truth, match)
        _, rows = judged_rows(truth, guess, match, thresholds, prediction)
        if any(row.annotated and row.reason in (Missed.SCORE, Missed.OVERLAP) for row in rows):
            sweep = self._sweep(thresholds.mask)
            rows = [exact_row(row, truth, sweep, 0, thresholds) for row in rows]
        return _in_words(rows, self.annotation)

    def _sweep(self, mask: float) -> PictureSweep:
        known = self._sweeps
        if mask not in known:
            known.clear()  # of the mask threshold that was left
            prediction = at_size(self.prediction, self._truth.size)
            match = _match_of(self.prediction.vocabulary)
            known[mask] = sweep_picture(prediction, (mask,), self._truth, match)
        return known[mask]

    @cached_property
    def _sweeps(self) -> dict[float, PictureSweep]:
        return {}

    @cached_property
    def _truth(self) -> Truth:
        return _truth_of(self.annotation)


def reasons_of_map(segmentation: Segmentation, vocabulary: Vocabulary, annotation: Side) -> PictureReasons:
    """The same for a finished map, of which no query is known.

    Args:
        segmentation: of the picture.
        vocabulary: its own.
        annotation: as of `AnnotatedPrediction`.
    """
    truth, match = _truth_of(annotation), _match_of(vocabulary)
    guess = guess_of_map(segmentation, truth, match)
    return _in_words(judged_rows(truth, guess, match, Thresholds())[1], annotation)


def _in_words(rows: list[Row], annotation: Side) -> PictureReasons:
    vocabulary = annotation.vocabulary
    classes = [
        AnnotatedClass(number, label, vocabulary.is_thing(number))
        for number, label in enumerate(vocabulary.labels)
    ]
    sides: tuple[dict[int, str], dict[int, str]] = {}, {}
    for row in rows:
        if words := sentence_of(row, classes):
            sides[row.annotated][row.segment] = words
    return PictureReasons(*sides)


def _match_of(vocabulary: Vocabulary) -> ClassMatch:
    """Classes keep their places: the annotation's vocabulary continues the model's."""
    return ClassMatch(np.append(np.arange(len(vocabulary)), NOT_ANNOTATED), (), ())


def _truth_of(annotation: Side) -> Truth:
    segments = annotation.segmentation.segments
    numbers = np.ascontiguousarray(annotation.segmentation.id_map, np.int32)
    extents = np.zeros((len(segments) + 1, 5), np.int64)
    extents[0, 0] = numbers.size - sum(segment.area for segment in segments)
    for segment in segments:
        left, top, width, height = segment.bbox
        extents[segment.id] = segment.area, top, left, top + height, left + width
    ids = np.arange(1, len(segments) + 1, dtype=np.int64)
    crowds: NDArray[np.bool_] = np.isin(ids, np.array([*annotation.crowds], np.int64))
    classes = np.array([segment.class_id for segment in segments], np.int64)
    return Truth(NumberedMap(numbers, ids, extents), classes, crowds, crowds)
