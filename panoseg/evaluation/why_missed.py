"""Why an annotated segment is not matched: exactly one reason, by looking at the queries.

The rules stand in docs/evaluation.md; they are asked in the order of `Missed`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.evaluation.annotations import Truth
from panoseg.evaluation.classes import ClassMatch
from panoseg.evaluation.guess import Guess, Proposals
from panoseg.evaluation.judging import Judged, overlaps
from panoseg.evaluation.reasons import Missed
from panoseg.merging import Fate
from panoseg.thresholds import Thresholds

MATCH = 0.5
"""An IoU above this is a match."""

TRACE = 0.1
"""A proposal of the right class from this IoU up is the segment badly drawn; below, it is something else
(as the background threshold of TIDE, arXiv 2008.08115)."""

OTHER_MASKS = (0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
"""Mask thresholds that are tried for a proposal that nearly matches."""

_HOPELESS = 0.2  # an IoU below which no other mask threshold is tried

OwnMask = Callable[[int, float], NDArray[np.int64]]
"""(T + 1,) pixels of one query's own mask at a mask threshold, on void and on each annotated segment."""


@dataclass(frozen=True, slots=True)
class WhyMissed:
    """The reason, and what it is about.

    Attributes:
        reason: the reason.
        query: that proposed it, −1 for none.
        score: that query's probability of its class, NaN for none.
        iou: of what comes closest: the query's own mask, or the predicted segment.
        threshold: where the threshold of the reason must stand to bring it back, NaN where it names none.
        partner: place (from 1) of the predicted segment that stands there instead, 0 for none.
        attempt: place (from 1) of the predicted segment that was the attempt at it, 0 for none: mended, it
            would be this one.
        other: place of the class that it was called, or of whom its pixels went to, −1 for none.
    """

    reason: Missed
    query: int = -1
    score: float = math.nan
    iou: float = 0.0
    threshold: float = math.nan
    partner: int = 0
    attempt: int = 0
    other: int = -1


class MissedRules:
    """The rules, for one picture.

    Args:
        truth: what was annotated.
        guess: what was predicted.
        judged: how both meet.
        match: how the classes meet.
        thresholds: those of the prediction.
        own_mask: looks at a query with another mask threshold.
    """

    def __init__(
        self,
        truth: Truth,
        guess: Guess,
        judged: Judged,
        match: ClassMatch,
        thresholds: Thresholds,
        own_mask: OwnMask,
    ) -> None:
        self._truth, self._guess, self._judged = truth, guess, judged
        self._known = set(match.annotated.tolist())
        self._thresholds, self._own_mask = thresholds, own_mask
        proposals = guess.proposals
        self._own = overlaps(proposals.own, truth) if proposals is not None else None
        self._final = overlaps(proposals.final, truth) if proposals is not None else None

    def why(self, number: int) -> WhyMissed:
        """The reason of the annotated segment with that number, which no prediction matches."""
        t = number - 1
        if int(self._truth.classes[t]) not in self._known:
            return WhyMissed(Missed.UNKNOWN_CLASS)
        for rule in (self._proposed, self._called_otherwise, self._cut_off, self._badly_drawn):
            if (found := rule(t)) is not None:
                return found
        return WhyMissed(Missed.NEVER_PROPOSED, iou=self._best_iou(t))

    def _proposed(self, t: int) -> WhyMissed | None:
        """A query of its class whose own mask would match: the step that took it away."""
        proposals, own = self._guess.proposals, self._own
        if proposals is None or own is None:
            return None
        right = np.flatnonzero((own[:, t] > MATCH) & (proposals.classes == self._truth.classes[t]))
        if not len(right):
            return None
        k = max(right.tolist(), key=lambda k: _how_far(proposals, k))
        fate, score, iou = proposals.fates[k], float(proposals.scores[k]), float(own[k, t])
        query = int(proposals.queries[k])
        if fate is Fate.LOW_SCORE:
            return WhyMissed(Missed.SCORE, query, score, iou, just_below(score))
        if fate is Fate.NO_OBJECT:
            return WhyMissed(Missed.NO_OBJECT, query, score, iou)
        partner = self._instead(t, int(proposals.segments[k]))
        other = int(self._guess.classes[partner - 1]) if partner else -1
        if fate is Fate.OCCLUDED:
            value = math.floor(100 * float(proposals.overlap[k])) / 100
            return WhyMissed(Missed.OVERLAP, query, score, iou, value, partner, 0, other)
        attempt = int(proposals.segments[k])
        reason = self._from_segment(k, t, fate)
        return WhyMissed(reason, query, score, iou, math.nan, partner, attempt, other)

    def _from_segment(self, k: int, t: int, fate: Fate) -> Missed:
        """The step between a query that was kept, and the segment that does not match."""
        proposals, final = self._guess.proposals, self._final
        if fate is Fate.EMPTY or proposals is None or final is None:
            return Missed.PIXELS
        # What was left to the query alone would still match: then others of its class spoil the segment.
        return Missed.FUSION if final[k, t] > MATCH else Missed.PIXELS

    def _instead(self, t: int, own_segment: int) -> int:
        """Place of the predicted segment that has most of its pixels; its own if no other has any."""
        shared = self._guess.shared[:, t + 1].copy()
        if own_segment:
            shared[own_segment - 1] = min(1, shared[own_segment - 1])
        return int(shared.argmax()) + 1 if shared.any() else 0

    def _called_otherwise(self, t: int) -> WhyMissed | None:
        """A segment, else a query, of another class that would match."""
        iou = self._judged.iou[:, t] if len(self._guess.numbers) else np.zeros(0)
        if len(found := np.flatnonzero(iou > MATCH)):
            g = int(found[0])
            return WhyMissed(
                Missed.WRONG_CLASS,
                score=float(self._guess.scores[g]),
                iou=float(iou[g]),
                partner=g + 1,
                attempt=g + 1,
                other=int(self._guess.classes[g]),
            )
        proposals, own = self._guess.proposals, self._own
        if proposals is None or own is None:
            return None
        found = np.flatnonzero((own[:, t] > MATCH) & ~proposals.no_object)
        if not len(found):
            return None
        k = int(found[proposals.scores[found].argmax()])
        return WhyMissed(
            Missed.WRONG_CLASS,
            int(proposals.queries[k]),
            float(proposals.scores[k]),
            float(own[k, t]),
            other=int(proposals.classes[k]),
        )

    def _cut_off(self, t: int) -> WhyMissed | None:
        """A kept query of its class that would match with another mask threshold."""
        proposals, own = self._guess.proposals, self._own
        if proposals is None or own is None:
            return None
        near = (own[:, t] >= _HOPELESS) & (proposals.classes == self._truth.classes[t])
        near &= [fate not in (Fate.LOW_SCORE, Fate.NO_OBJECT) for fate in proposals.fates]
        ranked = sorted(np.flatnonzero(near).tolist(), key=lambda k: -own[k, t])[:2]
        for k in ranked:
            query = int(proposals.queries[k])
            for mask in sorted(OTHER_MASKS, key=lambda value: abs(value - self._thresholds.mask)):
                if mask == self._thresholds.mask:
                    continue
                iou = float(overlaps(self._own_mask(query, mask)[None], self._truth)[0, t])
                if iou > MATCH:
                    segment, score = int(proposals.segments[k]), float(proposals.scores[k])
                    return WhyMissed(Missed.MASK, query, score, iou, mask, segment, segment)
        return None

    def _badly_drawn(self, t: int) -> WhyMissed | None:
        """The best that comes near it, of its class."""
        best = WhyMissed(Missed.BADLY_DRAWN, iou=0.0)
        right = self._guess.classes == self._truth.classes[t]
        if right.any():
            iou = np.where(right, self._judged.iou[:, t], 0.0)
            g = int(iou.argmax())
            score = float(self._guess.scores[g])
            best = WhyMissed(Missed.BADLY_DRAWN, score=score, iou=float(iou[g]), partner=g + 1, attempt=g + 1)
        proposals, own = self._guess.proposals, self._own
        if proposals is not None and own is not None:
            iou = np.where(
                (proposals.classes == self._truth.classes[t]) & ~proposals.no_object, own[:, t], 0.0
            )
            k = int(iou.argmax()) if len(iou) else 0
            if len(iou) and iou[k] > best.iou:
                segment = int(proposals.segments[k])
                best = WhyMissed(
                    Missed.BADLY_DRAWN,
                    int(proposals.queries[k]),
                    float(proposals.scores[k]),
                    float(iou[k]),
                    partner=segment,
                    attempt=segment,
                )
        return best if best.iou >= TRACE else None

    def _best_iou(self, t: int) -> float:
        """Of whatever comes nearest, of any class."""
        found = [self._judged.iou[:, t]] if len(self._guess.numbers) else []
        if self._own is not None:
            found.append(self._own[:, t])
        return max((float(each.max(initial=0.0)) for each in found), default=0.0)


def _how_far(proposals: Proposals, k: int) -> tuple[bool, bool, float]:
    """How far a query came: kept before not kept, something before nothing, then by score."""
    fate = proposals.fates[k]
    return (
        fate not in (Fate.LOW_SCORE, Fate.NO_OBJECT),
        fate is not Fate.NO_OBJECT,
        float(proposals.scores[k]),
    )


def just_below(score: float) -> float:
    """The largest threshold of two decimals that a score is above."""
    value = math.floor(100 * score) / 100
    return value if value < score else max(0.0, round(value - 0.01, 2))
