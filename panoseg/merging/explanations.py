"""Why a query is no segment, or a picture has none: one sentence that names the threshold to move."""

import math
from collections.abc import Sequence

from panoseg.merging.candidates import Candidate, Fate
from panoseg.thresholds import Thresholds


def why_empty(candidates: Sequence[Candidate], thresholds: Thresholds) -> str:
    """What emptied the picture; an empty string if there is a segment.

    Args:
        candidates: of one merge, every query once.
        thresholds: those of that merge.
    """
    objects = [c for c in candidates if c.fate is not Fate.NO_OBJECT]
    if any(c.segment_id for c in objects):
        return ""
    if not objects:
        return "The model found nothing that it knows in this picture."
    kept = [c for c in objects if c.fate is not Fate.LOW_SCORE]
    if not kept:
        best = max(objects, key=lambda c: c.score)
        return (
            f"The score threshold of {thresholds.score:.2f} filters everything away: the best candidate, "
            f"“{best.label}”, scores {rounded_down(best.score)}."
        )
    occluded = [c for c in kept if c.fate is Fate.OCCLUDED and c.overlap is not None]
    if occluded:
        best = max(occluded, key=lambda c: c.overlap or 0)
        return (
            f"The overlap threshold of {thresholds.overlap:.2f} filters everything away: the best candidate, "
            f"“{best.label}”, keeps {best.overlap:.2f} of its mask."
        )
    return (
        f"The mask threshold of {thresholds.mask:.2f} filters everything away: no pixel of the "
        f"{len(kept)} kept {'candidate' if len(kept) == 1 else 'candidates'} reaches it."
    )


def reason(candidate: Candidate, thresholds: Thresholds) -> str:
    """What became of one query, and which threshold decided it.

    Args:
        candidate: of one merge.
        thresholds: those of that merge.
    """
    match candidate.fate:
        case Fate.SEGMENT:
            return f"It is segment {candidate.segment_id}."
        case Fate.MERGED:
            return f"It is part of segment {candidate.segment_id}, which has the same stuff."
        case Fate.NO_OBJECT:
            return f"The model is {candidate.score:.1%} sure that it is no object."
        case Fate.LOW_SCORE:
            return (
                f"Its score of {rounded_down(candidate.score)} is not above the score threshold of "
                f"{thresholds.score:.2f}."
            )
        case Fate.OCCLUDED:
            return (
                f"Others leave it {candidate.overlap or 0:.3f} of its mask; the overlap threshold wants "
                f"{thresholds.overlap:.2f}."
            )
        case Fate.EMPTY:
            if not candidate.original:
                return f"None of its pixels reaches the mask threshold of {thresholds.mask:.2f}."
            if not candidate.owned:
                return "Others win every pixel of its mask."
            return f"Of the pixels that it wins, none reaches the mask threshold of {thresholds.mask:.2f}."


def rounded_down(score: float) -> str:
    """Three decimals, rounded down: what is not above a threshold must not look as if it were."""
    return f"{math.floor(1000 * score) / 1000:.3f}"
