"""One row for each annotated and each predicted segment: what everything is read off."""

from __future__ import annotations

import math
from typing import NamedTuple

from panoseg.evaluation.annotations import Truth
from panoseg.evaluation.guess import Guess
from panoseg.evaluation.judging import Judged
from panoseg.evaluation.reasons import Missed, Outcome
from panoseg.evaluation.why_missed import MissedRules, WhyMissed
from panoseg.evaluation.why_surplus import SurplusRules


class Row(NamedTuple):
    """One segment.

    Attributes:
        picture: the place of its picture in `Evaluation.pictures`.
        annotated: whether it is an annotated segment, else a predicted one.
        segment: its id on its side: the annotation's own, or the segmentation's number.
        class_id: the place of its class in `Evaluation.classes`, −1 for one that is not annotated.
        model_class: the model's class id, −1 for an annotated segment.
        score: 0–1, of a predicted segment; else NaN.
        area: pixels of the annotation.
        x, y, width, height: tight box in pixels of the annotation.
        outcome: an `Outcome`.
        reason: a `Missed` or a `Surplus`; empty where nothing went wrong.
        iou: with its match, or with what the reason is about; 0 for none.
        shared: pixels that it has in common with its match, 0 for none.
        unannotated: of a predicted segment: its pixels on annotated void.
        partner: id on the other side of its match, or of what the reason is about; 0 for none.
        attempt: of a missed one: number of the predicted segment that was the attempt at it; 0 for none.
        query: of a missed one: the query that the reason is about, −1 for none.
        query_score: that query's, or that segment's, score; NaN for none.
        threshold: where the threshold that took it away must stand to bring it back; NaN for none. Score and
            overlap: where its query is let in again, unless the evaluation has swept all thresholds; then it
            is matched there, and NaN says that this threshold alone does not bring it back.
        other: place of the other class that the reason names, −1 for none.
    """

    picture: int
    annotated: bool
    segment: int
    class_id: int
    model_class: int
    score: float
    area: int
    x: int
    y: int
    width: int
    height: int
    outcome: str
    reason: str
    iou: float
    shared: int
    unannotated: int
    partner: int
    attempt: int
    query: int
    query_score: float
    threshold: float
    other: int


def rows_of(
    picture: int, truth: Truth, guess: Guess, judged: Judged, missed: MissedRules, surplus: SurplusRules
) -> list[Row]:
    """The rows of a picture: its annotated segments, then the predicted ones."""
    match_of = {int(t): g for g, t in enumerate(judged.partner) if t}
    rows = []
    for number in range(1, len(truth.map.ids) + 1):
        if truth.crowds[number - 1]:
            rows.append(_annotated(picture, truth, guess, number, Outcome.CROWD))
        elif (g := match_of.get(number)) is not None:
            rows.append(
                _annotated(
                    picture, truth, guess, number, Outcome.MATCHED,
                    iou=float(judged.match_iou[g]), shared=int(guess.shared[g, number]),
                    partner=int(guess.numbers[g]),
                )
            )  # fmt: skip
        else:
            rows.append(_annotated(picture, truth, guess, number, Outcome.MISSED, missed.why(number)))
    rows.extend(
        _predicted(picture, truth, guess, judged, surplus, number)
        for number in range(1, len(guess.numbers) + 1)
    )
    return rows


def rows_without_prediction(picture: int, truth: Truth) -> list[Row]:
    """The rows of a picture that the run lacks."""
    why = WhyMissed(Missed.NO_PREDICTION)
    return [
        _annotated(picture, truth, None, number, Outcome.CROWD)
        if truth.crowds[number - 1]
        else _annotated(picture, truth, None, number, Outcome.MISSED, why)
        for number in range(1, len(truth.map.ids) + 1)
    ]


def _annotated(
    picture: int,
    truth: Truth,
    guess: Guess | None,
    number: int,
    outcome: Outcome,
    why: WhyMissed | None = None,
    *,
    iou: float = 0.0,
    shared: int = 0,
    partner: int = 0,
) -> Row:
    area, top, left, bottom, right = (int(value) for value in truth.map.extents[number])
    attempt = 0
    if why is not None and guess is not None:
        partner = int(guess.numbers[why.partner - 1]) if why.partner else 0
        attempt = int(guess.numbers[why.attempt - 1]) if why.attempt else 0
    return Row(
        picture, True, int(truth.map.ids[number - 1]), int(truth.classes[number - 1]), -1, math.nan, area,
        left, top, right - left, bottom - top, outcome.value,
        why.reason.value if why else "",
        why.iou if why else iou,
        shared,
        0,
        partner, attempt,
        why.query if why else -1,
        why.score if why else math.nan,
        why.threshold if why else math.nan,
        why.other if why else -1,
    )  # fmt: skip


def _predicted(
    picture: int, truth: Truth, guess: Guess, judged: Judged, rules: SurplusRules, number: int
) -> Row:
    g = number - 1
    reason, iou, partner, other = "", float(judged.match_iou[g]), int(judged.partner[g]), -1
    if partner:
        outcome = Outcome.MATCHED
    elif judged.foreign[g]:
        outcome = Outcome.FOREIGN
    elif not judged.counts[g]:
        outcome = Outcome.EXCUSED
    else:
        outcome, why = Outcome.SURPLUS, rules.why(number)
        reason, iou, partner, other = why.reason.value, why.iou, why.partner, why.other
    x, y, width, height = (int(value) for value in guess.boxes[g])
    return Row(
        picture, False, int(guess.numbers[g]), int(guess.classes[g]), int(guess.model_classes[g]),
        float(guess.scores[g]), int(guess.shared[g].sum()), x, y, width, height, outcome.value, reason, iou,
        int(guess.shared[g, partner]) if outcome is Outcome.MATCHED else 0, int(guess.shared[g, 0]),
        int(truth.map.ids[partner - 1]) if partner else 0,
        0, -1, math.nan, math.nan, other,
    )  # fmt: skip
