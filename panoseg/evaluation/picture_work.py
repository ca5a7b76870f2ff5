"""One picture: from its prediction and its annotation to a row for each segment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import PanosegError
from panoseg.evaluation.annotations import AnnotatedPicture, Annotations, Truth
from panoseg.evaluation.classes import ClassMatch
from panoseg.evaluation.evaluation import EvaluatedPicture
from panoseg.evaluation.guess import Guess, Proposals, at_size, guess_of, guess_of_map
from panoseg.evaluation.judging import Judged, judge
from panoseg.evaluation.reasons import Missed
from panoseg.evaluation.rows import Row, rows_of, rows_without_prediction
from panoseg.evaluation.sweeping import OwnAreas, PictureSweep, back_at, sweep_picture
from panoseg.evaluation.why_missed import MissedRules
from panoseg.evaluation.why_surplus import SurplusRules
from panoseg.merging.tallies import tally_masks
from panoseg.prediction import Prediction
from panoseg.runs import RunItem
from panoseg.thresholds import Thresholds

JudgedProposals = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]
"""Index, class, score and rightness of some queries."""


@dataclass(slots=True)
class PictureResult:
    """What came of one picture.

    Attributes:
        rows: of its segments; their picture is 0.
        picture: which it is.
        sweep: at all thresholds, where that was asked for.
        proposals: as of `judged_proposals`; None for finished maps, or where the run lacks it.
    """

    rows: list[Row]
    picture: EvaluatedPicture
    sweep: PictureSweep | None = None
    proposals: JudgedProposals | None = None


@dataclass(frozen=True, slots=True)
class PictureWork:
    """What is done with one picture; threads share it.

    Attributes:
        annotations: that the pictures are of.
        match: how the classes meet.
        thresholds: of the predictions; None for a run of finished maps.
        sweep_masks: see `Evaluation`.
    """

    annotations: Annotations
    match: ClassMatch
    thresholds: Thresholds | None
    sweep_masks: tuple[float, ...]

    def __call__(self, picture: AnnotatedPicture, item: RunItem | None) -> PictureResult | PanosegError:
        """The picture's rows; or why there are none."""
        try:
            truth = self.annotations.truth(picture)
            if item is None:
                seen = EvaluatedPicture(picture.name, None, truth.size, False)
                sweep = PictureSweep.nothing(truth, len(self.sweep_masks)) if self.sweep_masks else None
                return PictureResult(rows_without_prediction(0, truth), seen, sweep)
            seen = EvaluatedPicture(picture.name, item.name, truth.size, item.size != truth.size)
            if self.thresholds is None:
                guess = guess_of_map(item.segmentation(), truth, self.match)
                return PictureResult(judged_rows(truth, guess, self.match, Thresholds())[1], seen)
            prediction = at_size(item.prediction(), truth.size)
            guess = guess_of(prediction, self.thresholds, truth, self.match)
            _, rows = judged_rows(truth, guess, self.match, self.thresholds, prediction)
            sweep = None
            if self.sweep_masks:
                known = _own_areas(prediction, guess, self.thresholds.mask)
                sweep = sweep_picture(prediction, self.sweep_masks, truth, self.match, known)
                if self.thresholds.mask in self.sweep_masks:
                    place = self.sweep_masks.index(self.thresholds.mask)
                    rows = [exact_row(row, truth, sweep, place, self.thresholds) for row in rows]
            return PictureResult(rows, seen, sweep, judged_proposals(guess.proposals, truth))
        except PanosegError as error:
            return error


def _own_areas(prediction: Prediction, guess: Guess, mask: float) -> OwnAreas:
    """What the guess has counted: queries that propose nothing score too little to matter."""
    areas = np.zeros(len(prediction.class_logits), np.int64)
    if guess.proposals is not None:
        areas[guess.proposals.queries] = guess.proposals.own.sum(axis=1)
    return OwnAreas(mask, areas)


def exact_row(row: Row, truth: Truth, sweep: PictureSweep, mask: int, thresholds: Thresholds) -> Row:
    """A row whose threshold, where it names one of score or overlap, is known to bring the segment back."""
    if not row.annotated or row.reason not in (Missed.SCORE, Missed.OVERLAP):
        return row
    number = int(np.searchsorted(truth.map.ids, row.segment)) + 1
    score, overlap = back_at(sweep, number, mask, thresholds.score, thresholds.overlap)
    return row._replace(threshold=score if row.reason == Missed.SCORE else overlap)


def judged_rows(
    truth: Truth,
    guess: Guess,
    match: ClassMatch,
    thresholds: Thresholds,
    prediction: Prediction | None = None,
) -> tuple[Judged, list[Row]]:
    """One picture's matches and rows (its number is 0).

    Args:
        truth: what is annotated.
        guess: what was predicted.
        match: how the classes meet.
        thresholds: of the guess.
        prediction: it was made of, at the annotation's size; None for a finished map.
    """

    def own_mask(query: int, mask: float) -> NDArray[np.int64]:
        if prediction is None:
            return np.zeros(len(truth.map.ids) + 1, np.int64)
        return tally_masks(prediction, mask, np.array([query]), truth.map)[0]

    judged = judge(guess.shared, guess.classes, truth)
    missed = MissedRules(truth, guess, judged, match, thresholds, own_mask)
    return judged, rows_of(0, truth, guess, judged, missed, SurplusRules(truth, guess, judged))


def judged_proposals(proposals: Proposals | None, truth: Truth) -> JudgedProposals:
    """Index, class, score and rightness of each query that says something and would count, the surest first.

    One is right if its own mask would match an annotated segment that no surer one would.
    """
    if proposals is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, bool)
    says = np.flatnonzero(~proposals.no_object & (proposals.own.sum(axis=1) > 0))
    order = says[np.argsort(-proposals.scores[says], kind="stable")]
    judged = judge(proposals.own[order], proposals.classes[order], truth)
    first = np.zeros(len(order), bool)
    first[np.unique(judged.partner, return_index=True)[1]] = True
    keep = judged.counts
    right = first & (judged.partner > 0)
    counted = order[keep]
    return proposals.queries[counted], proposals.classes[counted], proposals.scores[counted], right[keep]
