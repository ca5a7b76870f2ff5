"""What became of each query: the answer to "why is it not there?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.fates import Fate
from panoseg.merging.ownership import Ownership
from panoseg.prediction import Prediction

__all__ = ["Candidate", "Fate", "describe"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One query on its way to becoming a segment.

    Attributes:
        query: its index, 0 … Q − 1.
        class_id: its most probable class, C for "no object".
        label: that class's name.
        score: probability of that class, 0–1.
        owned: pixels where its score × probability is the largest of all kept queries; 0 if it was not kept.
        original: pixels where its own, unweighted probability reaches the mask threshold, kept or not.
        final: pixels that are both.
        fate: what became of it.
        segment_id: the segment that it makes or paints into, 0 if none.
    """

    query: int
    class_id: int
    label: str
    score: float
    owned: int
    original: int
    final: int
    fate: Fate
    segment_id: int

    @property
    def kept(self) -> bool:
        """Whether it took part: its score is above the threshold, and it is something."""
        return self.fate not in (Fate.NO_OBJECT, Fate.LOW_SCORE)

    @property
    def overlap(self) -> float | None:
        """Share of its own mask that is left to it, owned / original; None without a mask, or if it was not
        kept.
        """
        return self.owned / self.original if self.kept and self.original else None


def describe(
    prediction: Prediction,
    kept: NDArray[np.int64],
    fates: Sequence[Fate],
    segment_of: NDArray[np.int32],
    ownership: Ownership,
    original: NDArray[np.int64],
) -> tuple[Candidate, ...]:
    """One candidate per query, in query order.

    Args:
        kept: (K,) ascending indices of the kept queries; `fates`, `segment_of` and `ownership` are theirs.
        original: (Q,) pixels of every query's own mask.
    """
    names = (*prediction.vocabulary.labels, Fate.NO_OBJECT.value)
    place = {int(query): k for k, query in enumerate(kept)}
    candidates = []
    for query, label in enumerate(prediction.labels.tolist()):
        k = place.get(query)
        if k is None:
            fate = Fate.NO_OBJECT if label == len(prediction.vocabulary) else Fate.LOW_SCORE
        candidates.append(
            Candidate(
                query=query,
                class_id=label,
                label=names[label],
                score=float(prediction.scores[query]),
                owned=0 if k is None else int(ownership.owned[k]),
                original=int(original[query]),
                final=0 if k is None else int(ownership.final[k]),
                fate=fate if k is None else fates[k],
                segment_id=0 if k is None else int(segment_of[k]),
            )
        )
    return tuple(candidates)
