"""What an evaluation found."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from panoseg.evaluation.annotations import AnnotatedClass
from panoseg.evaluation.classes import ClassMatch
from panoseg.evaluation.confusion import confusion_of
from panoseg.evaluation.costs import Cost, costs_of
from panoseg.evaluation.figures import Counts, Figures, counts_of, figures_of, group_means, qualities
from panoseg.evaluation.sweeping import PictureSweep
from panoseg.thresholds import Thresholds

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class EvaluatedPicture:
    """One annotated picture that was evaluated.

    Attributes:
        name: as the annotation calls it.
        run_name: as the run calls it; None where the run lacks it.
        size: (H, W) in pixels at which it was evaluated, the annotation's.
        resized: whether the run's picture has another size.
    """

    name: str
    run_name: str | None
    size: tuple[int, int]
    resized: bool


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What an evaluation found.

    Attributes:
        classes: the annotation's, C of them.
        pictures: that were evaluated, P of them, in the annotation's order.
        segments: a row per segment, `panoseg.evaluation.rows.Row`.
        thresholds: of the predictions; None for a run of finished maps.
        class_match: how the model's classes and the annotation's meet.
        missing: how many annotated pictures the run lacks.
        surplus: how many of the run's pictures are not annotated; they play no role.
        failures: (name, sentence) of each picture that could not be evaluated; they are not in the figures.
        proposals: a row per query that says something, before any threshold: picture, query, class_id,
            score, and whether its own mask would match (the surest of several); None for a run of finished
            maps.
        sweep_masks: the mask thresholds of the sweeps.
        sweeps: for each picture what all thresholds would make of it; empty where that was not asked for.
    """

    classes: tuple[AnnotatedClass, ...]
    pictures: tuple[EvaluatedPicture, ...]
    segments: pd.DataFrame
    thresholds: Thresholds | None
    class_match: ClassMatch
    missing: int
    surplus: int
    failures: tuple[tuple[str, str], ...] = ()
    proposals: pd.DataFrame | None = field(default=None, repr=False)
    sweep_masks: tuple[float, ...] = ()
    sweeps: tuple[PictureSweep, ...] = field(default=(), repr=False)

    @cached_property
    def counts(self) -> Counts:
        """(P, C, 4) per picture and class: IoU sum, TP, FP, FN. The sum over pictures is the data set's."""
        return counts_of(self.segments, len(self.classes), by_picture=len(self.pictures))

    @cached_property
    def figures(self) -> Figures:
        """PQ, SQ, RQ, as panopticapi has them."""
        return figures_of(self.counts.sum(axis=0), self.classes)

    @cached_property
    def costs(self) -> tuple[Cost, ...]:
        """What each reason costs."""
        return costs_of(self.segments, self.classes)

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """(C + 1, C + 1), see `confusion_of`."""
        return confusion_of(self.segments, len(self.classes))

    @cached_property
    def picture_quality(self) -> NDArray[np.float64]:
        """(P,) PQ of each picture over the classes that occur in it; NaN where none does."""
        return group_means(qualities(self.counts), np.ones(len(self.classes), bool))[..., 0]
