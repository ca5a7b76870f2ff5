"""What a pixel could be: the queries that come closest to it, and why it belongs to no segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.candidates import Candidate, Fate
from panoseg.merging.explanations import reason, rounded_down
from panoseg.merging.query_probabilities import corners_at, probabilities_at
from panoseg.prediction import Prediction
from panoseg.thresholds import Thresholds

# A query that scores less is not worth a sentence.
_LEAST_SCORE = 0.05


@dataclass(frozen=True, slots=True)
class Rival:
    """What a pixel could be.

    Attributes:
        query: the query's index, or None for a class of the semantic task.
        class_id: its most probable class, or the class.
        label: that class's name.
        score: probability of the class, 0–1; None for a class of the semantic task.
        probability: the query's own mask probability at the pixel, 0–1; None as before.
        weight: what the merging compares: score × probability, or the class's score at the pixel.
    """

    query: int | None
    class_id: int
    label: str
    score: float | None
    probability: float | None
    weight: float


def rivals_at(prediction: Prediction, x: int, y: int, count: int = 3) -> tuple[Rival, ...]:
    """The queries with the largest score × probability at a pixel of the photo, best first.

    Queries that say "no object" take no part, whatever the thresholds; those below the score threshold do.

    Raises:
        InvalidValueError: a pixel outside of the photo.
    """
    probabilities = probabilities_at(prediction, x, y)
    something = np.flatnonzero(prediction.labels != len(prediction.vocabulary))
    weights = prediction.scores[something] * probabilities[something]
    best = something[np.argsort(-weights, kind="stable")[:count]]
    return tuple(_rival(prediction, int(query), float(probabilities[query])) for query in best)


def _rival(prediction: Prediction, query: int, probability: float) -> Rival:
    class_id, score = int(prediction.labels[query]), float(prediction.scores[query])
    label = prediction.vocabulary.labels[class_id]
    return Rival(query, class_id, label, score, probability, score * probability)


def classes_at(prediction: Prediction, x: int, y: int, count: int = 3) -> tuple[Rival, ...]:
    """The classes with the largest semantic score at a pixel of the photo, best first (`panoseg.semantic`).

    Raises:
        InvalidValueError: a pixel outside of the photo.
    """
    corners, down, along = corners_at(prediction, x, y)
    with np.errstate(over="ignore"):
        masks = 1 / (1 + np.exp(-corners))
    scores = np.einsum("qij,qc->cij", masks, prediction.class_probabilities[:, :-1])
    sides = scores[:, 0] * (1 - down) + scores[:, 1] * down
    totals: NDArray[np.float64] = sides[:, 0] * (1 - along) + sides[:, 1] * along
    labels = prediction.vocabulary.labels
    return tuple(
        Rival(None, class_id, labels[class_id], None, None, float(totals[class_id]))
        for class_id in np.argsort(-totals, kind="stable")[:count].tolist()
    )


def why_void(
    prediction: Prediction, candidates: Sequence[Candidate], thresholds: Thresholds, x: int, y: int
) -> str:
    """Why a pixel of the photo is in no panoptic segment: one sentence that names the threshold to move.

    Args:
        prediction: of any geometry.
        candidates: of the merge at these thresholds, every query once.
        thresholds: of that merge.
        x, y: column and row of the photo.

    Returns:
        An empty string where the pixel is in a segment.

    Raises:
        InvalidValueError: a pixel outside of the photo.
    """
    probabilities = probabilities_at(prediction, x, y)
    kept = [c for c in candidates if c.kept]
    owner = max(kept, key=lambda c: c.score * probabilities[c.query], default=None)
    covers = owner is not None and probabilities[owner.query] >= thresholds.mask
    if owner and covers and owner.fate in (Fate.SEGMENT, Fate.MERGED):
        return ""
    if owner and covers:
        return f"It is won by “{owner.label}”, which is no segment. {reason(owner, thresholds)}"
    filtered = [
        c
        for c in candidates
        if c.fate is Fate.LOW_SCORE
        and c.score >= _LEAST_SCORE
        and probabilities[c.query] >= max(thresholds.mask, 0.5)
    ]
    if filtered:
        best = max(filtered, key=lambda c: c.score * probabilities[c.query])
        return f"“{best.label}” covers it. {reason(best, thresholds)}"
    if owner:
        return (
            f"“{owner.label}” wins it, but with a mask probability of "
            f"{rounded_down(float(probabilities[owner.query]))}; the mask threshold wants "
            f"{thresholds.mask:.2f}."
        )
    return (
        f"No query scores above the score threshold of {thresholds.score:.2f}, and none of the others "
        "covers it."
    )


def why_no_instance(prediction: Prediction, score: float, x: int, y: int) -> str:
    """Why a pixel of the photo that is in no instance is in none: one sentence.

    Args:
        prediction: of any geometry.
        score: the score threshold of the instances.
        x, y: column and row of the photo.

    Raises:
        InvalidValueError: a pixel outside of the photo.
    """
    things = sorted(prediction.vocabulary.things)
    if not things:
        return "The model knows no things, and only things are instances."
    probabilities = probabilities_at(prediction, x, y)
    classes = prediction.class_probabilities[:, things]
    likeliest = np.where(classes.max(axis=1) < _LEAST_SCORE, 0, classes.max(axis=1))
    if not likeliest.any():
        return "The model saw no thing in this picture."
    query = int((likeliest * probabilities).argmax())
    label = prediction.vocabulary.labels[things[int(classes[query].argmax())]]
    if probabilities[query] > 0.5:
        return (
            f"“{label}” covers it, but its score is not above the score threshold of {score:.2f}: "
            f"the class alone has a probability of {rounded_down(float(likeliest[query]))}."
        )
    return (
        f"No thing's mask reaches it: the closest, “{label}”, has a mask probability of "
        f"{rounded_down(float(probabilities[query]))} here, and an instance needs more than a half."
    )
