"""What went wrong with one segment, in one line for people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from panoseg.evaluation.annotations import AnnotatedClass
from panoseg.evaluation.reasons import MISSED_WORDS, SURPLUS_WORDS, Missed, Outcome, Surplus


def sentence_of(row: Any, classes: Sequence[AnnotatedClass]) -> str:
    """“person 0.43: below the score threshold; back at 0.42”. Empty where nothing went wrong.

    Args:
        row: of an evaluation's table, as `itertuples` gives it.
        classes: the annotation's.
    """
    name = classes[row.class_id].name if row.class_id >= 0 else "?"
    other = classes[row.other].name if row.other >= 0 else "something not annotated"
    if row.outcome == Outcome.MISSED.value:
        score = "" if math.isnan(row.query_score) else f" {row.query_score:.2f}"
        return f"{name}{score}: {_missed(Missed(row.reason), row, name, other)}"
    if row.outcome == Outcome.SURPLUS.value:
        return f"{name} {row.score:.2f}: {_surplus(Surplus(row.reason), row, name, other)}"
    return ""


def _missed(reason: Missed, row: Any, name: str, other: str) -> str:
    back = "" if math.isnan(row.threshold) else f"; back at {row.threshold:.2f}"
    match reason:
        case Missed.PIXELS:
            return f"lost its pixels to {other}" if row.partner else MISSED_WORDS[reason]
        case Missed.FUSION:
            return f"fused with other {name}"
        case Missed.WRONG_CLASS:
            return f"called {other} (IoU {row.iou:.2f})"
        case Missed.BADLY_DRAWN:
            return f"badly drawn (IoU {row.iou:.2f})"
    if not back and reason in (Missed.SCORE, Missed.OVERLAP):
        back = "; that threshold alone does not bring it back"
    return MISSED_WORDS[reason] + back


def _surplus(reason: Surplus, row: Any, name: str, other: str) -> str:
    match reason:
        case Surplus.WRONG_CLASS:
            return f"is {other} (IoU {row.iou:.2f})"
        case Surplus.BADLY_DRAWN:
            return f"badly drawn (IoU {row.iou:.2f})"
        case Surplus.MERGE:
            return f"several of {name} in one"
        case Surplus.DUPLICATE:
            return f"a {name} that is found already"
        case Surplus.PART:
            return f"part of a {name}"
    return SURPLUS_WORDS[reason]
