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
        score = "" if math.isnan(row.query_score) else f" {_number(row.query_score)}"
        return f"{name}{score}: {_missed(Missed(row.reason), row, name, other)}"
    if row.outcome == Outcome.SURPLUS.value:
        return f"{name} {_number(row.score)}: {_surplus(Surplus(row.reason), row, name, other)}"
    return ""


def _number(score: float) -> str:
    """Two decimals, and more where these would say that it is 1."""
    short = f"{score:.2f}"
    return _exact(math.floor(10**5 * score) / 10**5) if score < 1 and short == "1.00" else short


def _exact(threshold: float) -> str:
    """Two decimals, and as many more as it has, up to five."""
    text = f"{threshold:.5f}"
    return text[:-3] + text[-3:].rstrip("0")


def _missed(reason: Missed, row: Any, name: str, other: str) -> str:
    back = "" if math.isnan(row.threshold) else f"; back at {_exact(row.threshold)}"
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
