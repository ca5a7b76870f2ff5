"""Why a predicted segment matches nothing: exactly one reason.

The rules stand in docs/evaluation.md; they are asked in the order of `Surplus`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panoseg.evaluation.annotations import Truth
from panoseg.evaluation.guess import Guess
from panoseg.evaluation.judging import Judged, overlaps
from panoseg.evaluation.reasons import Surplus
from panoseg.evaluation.why_missed import MATCH, TRACE


@dataclass(frozen=True, slots=True)
class WhySurplus:
    """The reason, and what it is about.

    Attributes:
        reason: the reason.
        iou: with the annotated segment that it is about, 0 for none.
        partner: the number of that segment, 0 for none.
        other: place of that segment's class, −1 for none.
    """

    reason: Surplus
    iou: float = 0.0
    partner: int = 0
    other: int = -1


class SurplusRules:
    """The rules, for one picture.

    Args:
        truth: what was annotated.
        guess: what was predicted.
        judged: how both meet.
    """

    def __init__(self, truth: Truth, guess: Guess, judged: Judged) -> None:
        self._truth, self._guess, self._judged = truth, guess, judged
        self._matched = set(judged.partner[judged.partner > 0].tolist())
        proposals = guess.proposals
        self._own = overlaps(proposals.own, truth) if proposals is not None else None

    def why(self, number: int) -> WhySurplus:
        """The reason of the predicted segment in that place (from 1), a false positive."""
        g = number - 1
        iou, shared, truth = self._judged.iou[g], self._guess.shared[g], self._truth
        area = int(shared.sum())
        same = (truth.classes == self._guess.classes[g]) & ~truth.crowds
        if len(others := np.flatnonzero((iou > MATCH) & ~same)):
            return self._about(Surplus.WRONG_CLASS, g, int(others[0]))
        # What it holds most of, and what holds most of it.
        held = same & (2 * shared[1:] > truth.map.areas[1:])
        if held.sum() >= 2:
            return self._about(Surplus.MERGE, g, int(np.where(held, shared[1:], 0).argmax()))
        holders = np.flatnonzero(same & (2 * shared[1:] > area))
        if len(holders):
            t = int(holders[0])
            twice = t + 1 in self._matched and self._own_iou(number, t) > MATCH
            return self._about(Surplus.DUPLICATE if twice else Surplus.PART, g, t)
        near = np.where(same, iou, 0.0)
        if near.max(initial=0.0) >= TRACE:
            return self._about(Surplus.BADLY_DRAWN, g, int(near.argmax()))
        unknown = int(shared[0] + shared[1:][truth.crowds].sum())
        if unknown > shared[1:][~truth.crowds].max(initial=0):
            return WhySurplus(Surplus.UNANNOTATED)
        return WhySurplus(Surplus.SPURIOUS)

    def _own_iou(self, number: int, t: int) -> float:
        """Best IoU of an own mask of the segment's queries with an annotated one."""
        proposals, own = self._guess.proposals, self._own
        if proposals is None or own is None:
            return 0.0
        return float(own[proposals.segments == self._guess.numbers[number - 1], t].max(initial=0.0))

    def _about(self, reason: Surplus, g: int, t: int) -> WhySurplus:
        return WhySurplus(reason, float(self._judged.iou[g, t]), t + 1, int(self._truth.classes[t]))
