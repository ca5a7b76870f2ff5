"""Which queries take part, and in which order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panoseg.prediction import Prediction


class Ranking(NamedTuple):
    """Queries by descending score, the first of equals first.

    Attributes:
        queries: (K,) int64, their indices.
        scores: (K,) float64, 0–1.
    """

    queries: NDArray[np.int64]
    scores: NDArray[np.float64]


def kept_queries(prediction: Prediction, score: float) -> NDArray[np.int64]:
    """Ascending indices of the queries that are something, with a score strictly above `score`."""
    keep = (prediction.labels != len(prediction.vocabulary)) & (prediction.scores > score)
    return np.flatnonzero(keep).astype(np.int64)


def are_things(prediction: Prediction, queries: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(K,) bool, whether the class of each of K queries is a thing."""
    return np.array(
        [prediction.vocabulary.is_thing(label) for label in prediction.labels[queries].tolist()], bool
    )


def rank(prediction: Prediction, queries: NDArray[np.int64]) -> tuple[Ranking, NDArray[np.int64]]:
    """K queries ranked, and (K,) the place in `queries` of each that is ranked."""
    order = np.argsort(-prediction.scores[queries], kind="stable")
    ranked = queries[order]
    return Ranking(ranked, prediction.scores[ranked]), order
