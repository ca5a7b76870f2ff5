"""What can become of a segment in an evaluation; docs/evaluation.md has the rules."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What the official figures make of a segment."""

    MATCHED = "matched"
    MISSED = "missed"  # annotated, a false negative
    SURPLUS = "surplus"  # predicted, a false positive
    CROWD = "crowd"  # annotated, not counted
    EXCUSED = "excused"  # predicted, for more than half on void or on a crowd of its class: not counted
    FOREIGN = "foreign"  # predicted, of a class that the annotation lacks: not counted


class Missed(StrEnum):
    """Why an annotated segment is not matched, in the order in which the rules ask."""

    NO_PREDICTION = "no prediction"
    UNKNOWN_CLASS = "unknown class"
    SCORE = "score"
    NO_OBJECT = "no object"
    PIXELS = "pixels"
    MASK = "mask"
    OVERLAP = "overlap"
    FUSION = "fusion"
    WRONG_CLASS = "wrong class"
    BADLY_DRAWN = "badly drawn"
    NEVER_PROPOSED = "never proposed"


class Surplus(StrEnum):
    """Why a predicted segment matches nothing, in the order in which the rules ask."""

    WRONG_CLASS = "wrong class"
    MERGE = "merge"
    DUPLICATE = "duplicate"
    PART = "part"
    BADLY_DRAWN = "badly drawn"
    UNANNOTATED = "unannotated"
    SPURIOUS = "spurious"


MISSED_WORDS: dict[Missed, str] = {
    Missed.NO_PREDICTION: "its picture is not in the run",
    Missed.UNKNOWN_CLASS: "of a class that the model does not know",
    Missed.SCORE: "below the score threshold",
    Missed.NO_OBJECT: "taken for no object",
    Missed.PIXELS: "lost its pixels to others",
    Missed.MASK: "cut off by the mask threshold",
    Missed.OVERLAP: "dropped by the overlap threshold",
    Missed.FUSION: "fused with other stuff",
    Missed.WRONG_CLASS: "called something else",
    Missed.BADLY_DRAWN: "badly drawn",
    Missed.NEVER_PROPOSED: "never proposed",
}

SURPLUS_WORDS: dict[Surplus, str] = {
    Surplus.WRONG_CLASS: "something else, rightly drawn",
    Surplus.MERGE: "several in one",
    Surplus.DUPLICATE: "a second time",
    Surplus.PART: "part of one",
    Surplus.BADLY_DRAWN: "badly drawn",
    Surplus.UNANNOTATED: "mostly on unannotated ground",
    Surplus.SPURIOUS: "nothing of the kind there",
}
