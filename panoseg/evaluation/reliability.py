"""Whether scores can be trusted: does 0.8 mean right in 80 of 100 cases?

Expected calibration error: Naeini et al., AAAI 2015, as Guo et al. (arXiv 1706.04599) have it. The idea
of pECE and uPQ is that of Sirohi et al., "Uncertainty-aware Panoptic Segmentation" (arXiv 2206.14554); their
formulas here are panoseg's own, as scores belong to segments: docs/evaluation.md has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from panoseg.evaluation.annotations import AnnotatedClass
from panoseg.evaluation.figures import group_means, members_of
from panoseg.evaluation.reasons import Outcome

if TYPE_CHECKING:
    from panoseg.evaluation.evaluation import Evaluation

BINS = 10
_WIDEST = 8.0  # temperatures from one eighth to eight


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """Scores beside how often they are right, in bins of equal width from 0 to 1.

    Attributes:
        count: (BINS,) what falls into each (segments, or pixels).
        confidence: (BINS,) mean score; NaN in an empty bin.
        accuracy: (BINS,) share that is right, 0–1; NaN in an empty bin.
        ece: the mean of |accuracy − confidence|, weighted by count; None where there is nothing.
    """

    count: NDArray[np.float64]
    confidence: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    ece: float | None


@dataclass(frozen=True, slots=True)
class Temperature:
    """What would mend scores: each score's log odds divided by one number.

    Attributes:
        value: that number; above 1 where scores promise too much.
        ece: the calibration error with it, on the data that it was found on.
    """

    value: float
    ece: float


@dataclass(frozen=True, slots=True, eq=False)
class Trust:
    """All of it.

    Attributes:
        proposals: of all queries that say something, before any threshold; None where there are no logits.
        segments: of the predicted segments that count.
        pixels: of their pixels on annotated ground: a pixel is right if it lies in the segment's match.
        classes: (C,) calibration error of the segments of each class; NaN for none.
        pixel_classes: (C,) the same of pixels.
        upq: group → the mean over classes of PQ · (1 − pECE); None for n/a.
        temperature: that mends the segments' scores; None for too few.
        proposal_temperature: … the proposals'.
    """

    proposals: Reliability | None
    segments: Reliability
    pixels: Reliability
    classes: NDArray[np.float64]
    pixel_classes: NDArray[np.float64]
    upq: dict[str, float | None]
    temperature: Temperature | None
    proposal_temperature: Temperature | None

    @property
    def pece(self) -> float | None:
        """The pixels' calibration error."""
        return self.pixels.ece


def reliability(
    scores: NDArray[np.float64], right: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> Reliability:
    """Bin N scores.

    Args:
        scores: (N,) 0–1.
        right: (N,) 0–1, how far each is right.
        weights: (N,) how much each counts, 1 by default.
    """
    weights = np.ones(len(scores)) if weights is None else np.asarray(weights, np.float64)
    place = np.minimum((scores * BINS).astype(np.int64), BINS - 1)
    count = np.bincount(place, weights, BINS).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        confidence = np.bincount(place, weights * scores, BINS) / count
        accuracy = np.bincount(place, weights * right, BINS) / count
    used = count > 0
    error = np.abs(accuracy - confidence)[used] * count[used]
    return Reliability(count, confidence, accuracy, float(error.sum() / count.sum()) if used.any() else None)


def mending_temperature(scores: NDArray[np.float64], right: NDArray[np.float64]) -> Temperature | None:
    """The temperature under which the scores are likeliest, given what was right; None if all or none was, or
    fewer than ten.
    """
    from scipy.optimize import minimize_scalar

    if len(scores) < 10 or right.min() == right.max():
        return None
    safe = np.clip(scores, 1e-7, 1 - 1e-7)
    odds = np.log(safe) - np.log1p(-safe)

    def loss(log_temperature: float) -> float:
        scaled = odds / np.exp(log_temperature)
        return float(np.mean(np.logaddexp(0, scaled) - right * scaled))

    bound = float(np.log(_WIDEST))
    value = float(np.exp(minimize_scalar(loss, bounds=(-bound, bound), method="bounded").x))
    mended = reliability(1 / (1 + np.exp(-odds / value)), right)
    return Temperature(value, mended.ece or 0.0)


def trust_of(evaluation: Evaluation) -> Trust:
    """Reliability of an evaluation's scores."""
    table, classes = evaluation.segments, evaluation.classes
    outcome = table["outcome"].astype(str)
    predicted = table[~table["annotated"] & outcome.isin([Outcome.MATCHED.value, Outcome.SURPLUS.value])]
    scores = predicted["score"].to_numpy()
    matched = (predicted["outcome"].astype(str) == Outcome.MATCHED.value).to_numpy()
    right = matched.astype(np.float64)
    area = (predicted["area"] - predicted["unannotated"]).to_numpy(np.float64)
    share = np.divide(predicted["shared"].to_numpy(), area, out=np.zeros(len(area)), where=area > 0) * right
    class_id = predicted["class_id"].to_numpy()
    by_class = _by_class(scores, right, None, class_id, classes)
    pixels_by_class = _by_class(scores, share, area, class_id, classes)
    pq = np.array([each.pq if each.pq is not None else np.nan for each in evaluation.figures.classes])
    # Where a class was never predicted, no score promised anything.
    upq = pq * (1 - np.nan_to_num(pixels_by_class))
    means = {
        name: float(group_means(upq[:, None], members)[0]) for name, members in members_of(classes).items()
    }
    proposals = evaluation.proposals
    before = proposal_temperature = None
    if proposals is not None:
        its_scores, its_right = (
            proposals["score"].to_numpy(),
            proposals["right"].to_numpy().astype(np.float64),
        )
        before = reliability(its_scores, its_right)
        proposal_temperature = mending_temperature(its_scores, its_right)
    return Trust(
        before,
        reliability(scores, right),
        reliability(scores, share, area),
        by_class,
        pixels_by_class,
        {name: None if np.isnan(value) else value for name, value in means.items()},
        mending_temperature(scores, right),
        proposal_temperature,
    )


def _by_class(
    scores: NDArray[np.float64],
    right: NDArray[np.float64],
    weights: NDArray[np.float64] | None,
    class_id: NDArray[np.int64],
    classes: Sequence[AnnotatedClass],
) -> NDArray[np.float64]:
    found = np.full(len(classes), np.nan)
    for c in np.unique(class_id).tolist():
        its = class_id == c
        error = reliability(scores[its], right[its], None if weights is None else weights[its]).ece
        found[c] = np.nan if error is None else error
    return found
