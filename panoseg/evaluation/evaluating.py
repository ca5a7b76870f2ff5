"""Panoptic quality of a run: which picture is held against which, and what all of them come to."""

from __future__ import annotations

import os

from panoseg.evaluation.annotations import Annotations
from panoseg.evaluation.classes import match_classes
from panoseg.evaluation.evaluation import Evaluation
from panoseg.evaluation.parts import Plan, join_parts
from panoseg.evaluation.passes import Progress, Spread, make_parts, wanted_pictures
from panoseg.runs.reading import RunReader
from panoseg.thresholds import Thresholds


def evaluate_run(
    run: RunReader,
    annotations: Annotations,
    thresholds: Thresholds | None = None,
    *,
    mapping: str | os.PathLike[str] | None = None,
    subset: bool = False,
    sweep_masks: tuple[float, ...] = (),
    progress: Progress = lambda done, total: None,
    threads: int | None = None,
    spread: Spread | None = None,
) -> Evaluation:
    """Evaluate the panoptic segmentation of a run.

    Args:
        run: what was predicted.
        annotations: what is there.
        thresholds: the paper's by default; None for a run of finished maps.
        mapping: see `match_classes`.
        subset: leave out annotated pictures that the run lacks; by default all their segments are missed.
        sweep_masks: mask thresholds for which all score and overlap thresholds are looked at, too; that costs
            about as much again. With the mask threshold itself among them, the thresholds that reasons name
            are known to bring the segments back. Empty for a run of finished maps.
        progress: called after each picture, or after each part of those that were spread.
        threads: how many pictures are worked on at a time; by default as many as there are cores.
        spread: in place of this process's threads, such as `panoseg.evaluation.on_ray.spread_on`; what is
            found is the same.

    Raises:
        GroundTruthError: the annotation is of other pictures, or none could be evaluated.
        InvalidValueError: the classes have nothing in common; thresholds for a run of finished maps.
        RunError: as `spread`.
    """
    plan = plan_evaluation(
        run, annotations, thresholds, mapping=mapping, subset=subset, sweep_masks=sweep_masks
    )
    return join_parts(plan, make_parts(run, plan.looked_at, progress, threads, spread))


def plan_evaluation(
    run: RunReader,
    annotations: Annotations,
    thresholds: Thresholds | None,
    *,
    mapping: str | os.PathLike[str] | None = None,
    subset: bool = False,
    sweep_masks: tuple[float, ...] = (),
) -> Plan:
    """Which picture is held against which, and how; arguments and errors are those of `evaluate_run`."""
    if not run.has_thresholds and (thresholds is not None or sweep_masks):
        run.refuse_thresholds()
    match = match_classes(run.header.vocabulary, annotations.classes, mapping)
    wanted, pairing = wanted_pictures(run, annotations, subset)
    return Plan(
        annotations,
        match,
        (thresholds or Thresholds()) if run.has_thresholds else None,
        sweep_masks,
        wanted,
        pairing.missing,
        pairing.surplus,
    )
