"""How far figures may be believed: the bootstrap over pictures (Efron 1979), paired for two runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.evaluation.figures import Counts, group_means, qualities

SAMPLES = 1000
_AT_ONCE = 100
_SEED = 20191  # the same intervals for the same counts


@dataclass(frozen=True, slots=True)
class Interval:
    """A number, and where 95 of 100 bootstrap samples have it."""

    value: float
    low: float
    high: float


def resampled(counts: Counts, samples: int = SAMPLES) -> Iterator[Counts]:
    """Sums (n, …) of counts (P, …) over P pictures that are drawn with replacement; `samples` in all.

    For as many pictures the draws are always the same, so that two evaluations can be paired.
    """
    rng = np.random.default_rng(_SEED)
    pictures = len(counts)
    flat = counts.reshape(pictures, -1)
    for start in range(0, samples, _AT_ONCE):
        rows = min(_AT_ONCE, samples - start)
        weights = rng.multinomial(pictures, np.full(pictures, 1 / pictures), size=rows)
        yield (weights.astype(np.float64) @ flat).reshape(rows, *counts.shape[1:])


def interval_of(
    counts: Counts, less: Counts | None, members: NDArray[np.bool_], column: int = 0
) -> Interval | None:
    """PQ (or SQ, RQ: columns 1, 2) of a group of classes, or what it is above that of other counts.

    Args:
        counts: (P, C, 4).
        less: of the same pictures; None for none.
        members: (C,) bool, the group.
        column: 0 for PQ, 1 for SQ, 2 for RQ.

    Returns:
        None where no class of the group occurs.
    """

    def of(sums: Counts) -> NDArray[np.float64]:
        return group_means(qualities(sums), members)[..., column]

    value = of(counts.sum(axis=0)) - (0 if less is None else of(less.sum(axis=0)))
    if np.isnan(value):
        return None
    if less is None:
        samples = np.concatenate([of(sums) for sums in resampled(counts)])
    else:
        both = zip(resampled(counts), resampled(less), strict=True)
        samples = np.concatenate([of(one) - of(other) for one, other in both])
    low, high = np.nanpercentile(samples, (2.5, 97.5))
    return Interval(float(value), float(low), float(high))


def class_intervals(counts: Counts, less: Counts) -> tuple[Interval | None, ...]:
    """What PQ of each class is above that of other counts of the same pictures, (P, C, 4) both."""
    value = (qualities(counts.sum(axis=0)) - qualities(less.sum(axis=0)))[:, 0]
    both = zip(resampled(counts), resampled(less), strict=True)
    samples = np.concatenate([(qualities(one) - qualities(other))[..., 0] for one, other in both])
    found: list[Interval | None] = []
    for class_id, each in enumerate(value.tolist()):
        column = samples[:, class_id]
        if np.isnan(each) or np.isnan(column).all():
            found.append(None)
            continue
        low, high = np.nanpercentile(column, (2.5, 97.5))
        found.append(Interval(each, float(low), float(high)))
    return tuple(found)
