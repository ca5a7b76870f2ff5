"""What became of each query: the answer to "why is it not there?"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """Why a query is, or is not, a segment. The text is fit to show to a user."""

    SEGMENT = "segment"
    MERGED = "merged into a stuff segment"
    NO_OBJECT = "no object"
    LOW_SCORE = "below the score threshold"
    EMPTY = "no pixels left"
    OCCLUDED = "below the overlap threshold"


LEAST_NEAR_MISS = 0.05
"""The score from which on a query that is no segment is worth a mention."""


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

    @property
    def is_near_miss(self) -> bool:
        """Whether it could be a segment at other thresholds."""
        lost = self.fate in (Fate.LOW_SCORE, Fate.OCCLUDED, Fate.EMPTY)
        return lost and self.score >= LEAST_NEAR_MISS and self.original > 0
