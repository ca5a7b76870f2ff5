"""Why a picture shows no segment, in one sentence that names the threshold to move."""

from collections.abc import Sequence

from panoseg.merging.candidates import Candidate, Fate
from panoseg.segmentation import Thresholds


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
            f"“{best.label}”, scores {best.score:.3f}."
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
