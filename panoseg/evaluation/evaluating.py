"""The pass over a run: each picture's prediction and annotation are read once, on all cores or machines."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from panoseg.cores import usable_cores
from panoseg.errors import PanosegError
from panoseg.evaluation.annotations import AnnotatedPicture, Annotations
from panoseg.evaluation.classes import match_classes
from panoseg.evaluation.evaluation import Evaluation
from panoseg.evaluation.pairing import pair_pictures
from panoseg.evaluation.parts import Part, Plan, join_parts
from panoseg.evaluation.picture_work import PictureResult, PictureWork
from panoseg.merging.parallel import on_one_core
from panoseg.runs import RunItem
from panoseg.runs.reading import RunReader
from panoseg.thresholds import Thresholds

Progress = Callable[[int, int], None]
"""Called with the number of pictures that are done, and of all."""

Spread = Callable[[RunReader, Plan], Iterable[Part]]
"""Has the pictures of a plan evaluated, and gives what came of them in any order."""

_AHEAD = 4  # pictures per core that are read or wait to be taken


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
    total = len(plan.wanted)
    if spread is None:
        return join_parts(plan, [_in_threads(run, plan, threads, lambda done: progress(done, total))])
    parts, done = [], 0
    for part in spread(run, plan):
        parts.append(part)
        done += len(part.pictures) + len(part.failures)
        progress(done, total)
    return join_parts(plan, parts)


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
    position_of = {name: position for position, name, *_ in run.outline()}
    pairing = pair_pictures(annotations.pictures, position_of)
    return Plan(
        annotations,
        match,
        (thresholds or Thresholds()) if run.has_thresholds else None,
        sweep_masks,
        tuple(
            (picture, None if name is None else position_of[name])
            for picture, name in zip(annotations.pictures, pairing.names, strict=True)
            if name is not None or not subset
        ),
        pairing.missing,
        pairing.surplus,
    )


def _in_threads(run: RunReader, plan: Plan, threads: int | None, progress: Callable[[int], None]) -> Part:
    work = PictureWork(plan.annotations, plan.match, plan.thresholds, plan.sweep_masks)
    threads = threads or usable_cores()
    wanted = ((picture, None if at is None else run.at(at)) for picture, at in plan.wanted)
    part = Part()
    for place, (picture, result) in enumerate(_in_order(work, wanted, threads)):
        part.add(place, picture.name, result)
        progress(place + 1)
    part.finish()
    return part


def _in_order(
    work: PictureWork, wanted: Iterable[tuple[AnnotatedPicture, RunItem | None]], threads: int
) -> Iterator[tuple[AnnotatedPicture, PictureResult | PanosegError]]:
    """Each picture's result in order; a few are worked on ahead."""

    def evaluate(picture: AnnotatedPicture, item: RunItem | None) -> PictureResult | PanosegError:
        with on_one_core():
            return work(picture, item)

    with ThreadPoolExecutor(threads, thread_name_prefix="panoseg-evaluation") as pool:
        waiting: list[tuple[AnnotatedPicture, Future[PictureResult | PanosegError]]] = []
        try:
            for picture, item in wanted:
                waiting.append((picture, pool.submit(evaluate, picture, item)))
                if len(waiting) >= _AHEAD * threads:
                    first, future = waiting.pop(0)
                    yield first, future.result()
            for first, future in waiting:
                yield first, future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
