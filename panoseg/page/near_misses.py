"""Near misses: what the model saw but a threshold filtered away, in plain JSON types for the viewer."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from panoseg.merging import LEAST_NEAR_MISS, Candidate, query_mask
from panoseg.prediction import Prediction
from panoseg.segmentation import Segmentation

MOST_NEAR_MISSES = 20
LEAST_SCORE = LEAST_NEAR_MISS
_COARSE_PIXELS = 128 * 128  # enough to say what lies over most of a mask


def near_misses(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Queries that could be segments at other thresholds, the likeliest first."""
    missing = [candidate for candidate in candidates if candidate.is_near_miss]
    return sorted(missing, key=lambda candidate: -candidate.score)[:MOST_NEAR_MISSES]


def missed_payload(
    prediction: Prediction, segmentation: Segmentation, candidates: Sequence[Candidate], mask_threshold: float
) -> list[dict[str, Any]]:
    """The near misses as modules/near_miss_rules.js takes them.

    Args:
        prediction: that was merged.
        segmentation: what came of it.
        candidates: what became of each query.
        mask_threshold: of that merge, 0–1.
    """
    return [
        {
            "query": candidate.query,
            "class_id": candidate.class_id,
            "label": candidate.label,
            "score": candidate.score,
            "fate": candidate.fate.value,
            "original": candidate.original,
            "overlap": candidate.overlap,
            "under": _under(prediction, segmentation, candidate.query, mask_threshold),
        }
        for candidate in near_misses(candidates)
    ]


def _under(prediction: Prediction, segmentation: Segmentation, query: int, mask_threshold: float) -> str:
    """The name of the segment that lies over most of a query's mask; empty if none does over half of it."""
    height, width = segmentation.size
    step = max(1.0, (height * width / _COARSE_PIXELS) ** 0.5)
    size = max(1, round(height / step)), max(1, round(width / step))
    mask = query_mask(prediction, query, mask_threshold, size)
    rows, columns = (
        ((np.arange(count) + 0.5) * full / count).astype(int)
        for count, full in zip(size, segmentation.size, strict=True)
    )
    ids = segmentation.id_map[np.ix_(rows, columns)][mask]
    if not ids.size:
        return ""
    count = np.bincount(ids)
    most = int(count[1:].argmax()) + 1 if len(count) > 1 else 0
    if not most or 2 * count[most] < ids.size:
        return ""
    return f"{segmentation.segments[most - 1].label} {most}"
