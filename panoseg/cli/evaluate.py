"""`panoseg evaluate`: a run held against an annotation, and where its quality is lost."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panoseg.cli.batch_report import BatchReport, add_report
from panoseg.cli.evaluation_text import (
    agreement_lines,
    boundary_line,
    comparison_lines,
    cost_lines,
    instance_lines,
    notes,
    official_table,
    semantic_lines,
    surface_lines,
)
from panoseg.cli.path_list import run_place
from panoseg.cli.task_options import add_task, any_threshold, thresholds
from panoseg.errors import InvalidValueError
from panoseg.runs import Run, open_run
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds

if TYPE_CHECKING:
    from panoseg.evaluation.passes import Spread

MASKS = (0.3, 0.5, 0.7)
"""Mask thresholds that are looked at for the surface, besides the one that is evaluated."""


def add(commands: Any) -> None:
    """The command and its options."""
    parser = commands.add_parser(
        "evaluate", help="hold a run against an annotation: how good it is, and where quality is lost"
    )
    parser.set_defaults(command=evaluate)
    parser.add_argument(
        "stores",
        nargs="+",
        type=run_place,
        metavar="DIR",
        help="the run, a folder or object storage; the second of two is compared with it",
    )
    parser.add_argument(
        "--annotation",
        type=Path,
        metavar="JSON",
        help="what is there, in the COCO panoptic format; without it, two runs are held against each other",
    )
    parser.add_argument(
        "--masks",
        type=run_place,
        metavar="DIR",
        help="its PNGs, in a folder or on object storage (default: a folder of the JSON's name)",
    )
    parser.add_argument(
        "--mapping",
        type=Path,
        metavar="JSON",
        help='{"label of the model": "category", …} where numbers and names do not tell',
    )
    parser.add_argument(
        "--subset", action="store_true", help="leave out annotated pictures that the run lacks"
    )
    add_task(parser)
    parser.add_argument(
        "--boundary", action="store_true", help="boundary PQ, too, which takes several times as long"
    )
    parser.add_argument(
        "--surface", action="store_true", help="PQ at all thresholds, too (--out has it anyway)"
    )
    parser.add_argument(
        "--ray",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="spread it with Ray over a cluster, or over this machine's cores",
    )
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="where the pictures lie now")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="write report.html, metrics.json, classes.csv, segments.parquet",
    )
    add_report(parser)


def evaluate(options: argparse.Namespace) -> int:
    """Print what panopticapi prints, then the reasons and what they cost."""
    if len(options.stores) > 2:
        raise InvalidValueError(f"Wanted one run or two, got {len(options.stores)}.")
    task = Task(options.task)
    if options.annotation is None:
        if len(options.stores) < 2:
            raise InvalidValueError("--annotation: wanted what the run is held against, or a second run.")
        return _agreement(options)
    if task is not Task.PANOPTIC and (len(options.stores) > 1 or options.out or options.boundary):
        raise InvalidValueError("--out, --boundary and a second run are of the panoptic task.")
    with _spread(options) as spread:
        return _panoptic(options, spread) if task is Task.PANOPTIC else _other_task(options, task, spread)


@contextmanager
def _spread(options: argparse.Namespace) -> Iterator[Spread | None]:
    """What evaluates the pictures, where it is not this process."""
    if options.ray is None:
        yield None
        return
    from panoseg.evaluation.on_ray import spread_on
    from panoseg.runs.on_ray import RayOptions, cluster

    with cluster(RayOptions(options.ray)) as ray:
        yield spread_on(ray)


def _panoptic(options: argparse.Namespace, spread: Spread | None) -> int:
    from panoseg.evaluation import Evaluation, evaluate_run, read_annotations
    from panoseg.evaluation.boundary import boundary_quality
    from panoseg.evaluation.report import write_report
    from panoseg.evaluation.surface import Surface, best_point, class_thresholds
    from panoseg.evaluation.two_runs import compare_evaluations

    values = thresholds(options)
    annotations = read_annotations(options.annotation, options.masks)
    with BatchReport(options) as report:
        runs = [open_run(store, pictures=options.pictures) for store in options.stores]
        report.start(len(annotations.pictures) * len(runs))
        found: list[Evaluation] = []
        for run in runs:
            sweep = (options.out or options.surface) and run is runs[-1] and run.has_thresholds
            masks = tuple(dict.fromkeys((values.mask, *MASKS))) if sweep else ()
            found.append(
                evaluate_run(
                    run,
                    annotations,
                    _thresholds_for(run, options, values),
                    mapping=options.mapping,
                    subset=options.subset,
                    sweep_masks=masks,
                    progress=_advance(report),
                    spread=spread,
                )
            )
        for each in found:
            for name, reason in each.failures:
                report.failed(name, reason)
        for run, each in zip(runs, found, strict=True):
            title = [f"{run.folder}: {run.header.model}"] if len(runs) > 1 else []
            _say(report, [*title, *notes(each), *official_table(each), "", *cost_lines(each), ""])
        latest, run = found[-1], runs[-1]
        comparison = compare_evaluations(*found) if len(found) == 2 else None
        if comparison is not None:
            _say(report, [*comparison_lines(comparison), ""])
        if latest.sweeps:
            surface = Surface(latest.sweeps, latest.sweep_masks, latest.classes)
            now = (values.score, values.overlap, values.mask)
            wishes = class_thresholds(surface, now)
            _say(report, [*surface_lines(best_point(surface, now), wishes, latest), ""])
        extra: dict[str, Any] = {}
        if options.boundary:
            chosen = _thresholds_for(run, options, values)
            boundary = boundary_quality(
                run, annotations, chosen, mapping=options.mapping, subset=options.subset
            )
            extra["boundary PQ"] = {name: quality.pq for name, quality in boundary.items()}
            report.say(boundary_line(boundary))
        if options.out:
            write_report(
                options.out, latest, run, annotations, comparison=comparison, extra=extra, other=runs[0]
            )
            report.say(f"wrote {options.out / 'report.html'} and what it says as tables beside it")
        for run in runs:
            run.close()
    return report.status


def _other_task(options: argparse.Namespace, task: Task, spread: Spread | None) -> int:
    from panoseg.evaluation import read_annotations
    from panoseg.evaluation.average_precision import average_precision
    from panoseg.evaluation.semantic_scores import semantic_scores

    annotations = read_annotations(options.annotation, options.masks)
    with open_run(options.stores[0]) as run, BatchReport(options) as report:
        report.start(len(annotations.pictures))
        progress = _advance(report)
        if task is Task.INSTANCES:
            found = average_precision(
                run, annotations, options.score or 0.0,
                mapping=options.mapping, subset=options.subset, progress=progress, spread=spread,
            )  # fmt: skip
            lines, failures = instance_lines(found), found.failures
        else:
            scores = semantic_scores(
                run, annotations,
                mapping=options.mapping, subset=options.subset, progress=progress, spread=spread,
            )  # fmt: skip
            lines, failures = semantic_lines(scores, annotations), scores.failures
        for name, reason in failures:
            report.failed(name, reason)
        _say(report, lines)
    return report.status


def _agreement(options: argparse.Namespace) -> int:
    from panoseg.evaluation.two_runs import agreement_of

    a, b = (open_run(store, pictures=options.pictures) for store in options.stores)
    with a, b, BatchReport(options) as report:
        report.start(min(len(a), len(b)))
        found = agreement_of(a, b, thresholds(options), lambda done, total: report.advance())
        for name, reason in found.failures:
            report.failed(name, reason)
        _say(report, agreement_lines(found))
    return report.status


def _thresholds_for(run: Run, options: argparse.Namespace, values: Thresholds) -> Thresholds | None:
    return values if run.has_thresholds or any_threshold(options) else None


def _advance(report: BatchReport) -> Callable[[int, int], None]:
    """Counts pictures one by one, however many are done at once."""
    counted = 0

    def progress(done: int, total: int) -> None:
        nonlocal counted
        for _ in range(done - counted):
            report.advance()
        counted = done

    return progress


def _say(report: BatchReport, lines: list[str]) -> None:
    for line in lines:
        report.say(line)
