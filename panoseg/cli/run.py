"""`panoseg run`: predict many pictures and keep what the network said."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from panoseg.cli.batch_report import BatchReport, add_report
from panoseg.cli.model_options import add_model, load, things
from panoseg.cli.path_list import PATHS_HELP, given_paths, run_place
from panoseg.cli.terminal import FAILED
from panoseg.errors import InvalidValueError
from panoseg.models import Segmenter
from panoseg.models.checkpoints.size_choice import read_size_choice
from panoseg.models.forward_pass import SideBySide
from panoseg.runs import Run, RunProgress, import_coco_panoptic, make_run
from panoseg.runs.header import Header
from panoseg.runs.stores import is_url
from panoseg.runs.writing import holds_a_run


def add(commands: Any) -> None:
    """The command and its options."""
    parser = commands.add_parser(
        "run", help="predict many pictures and keep what the network said, or go on where that was left"
    )
    parser.set_defaults(command=run)
    parser.add_argument("paths", nargs="*", metavar="PATH", help=PATHS_HELP)
    parser.add_argument(
        "--store",
        type=run_place,
        required=True,
        metavar="DIR",
        help="the run's folder (made if need be); with --ray also object storage, s3://…",
    )
    add_model(parser, model=None, input_size=None)
    parser.add_argument(
        "--batch", type=int, metavar="N", help="pictures in a forward pass (default: the model's)"
    )
    parser.add_argument("--retry", action="store_true", help="try once more what failed before")
    parser.add_argument(
        "--keep-pictures", action="store_true", default=None, help="put the pictures into the run, too"
    )
    parser.add_argument(
        "--ray",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="spread it with Ray over a cluster, or over this machine's cores where no address follows",
    )
    parser.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="with --ray: processes that hold the network (default: one per GPU, else per core)",
    )
    parser.add_argument(
        "--results",
        type=Path,
        metavar="JSON",
        help="make the run of results in the COCO panoptic format instead, from whatever program",
    )
    parser.add_argument(
        "--masks",
        type=Path,
        metavar="DIR",
        help="with --results: their PNGs (default: a folder of the JSON's name)",
    )
    parser.add_argument(
        "--pictures",
        type=Path,
        metavar="DIR",
        help="with --results: the pictures (default: where the JSON is)",
    )
    add_report(parser)


def run(options: argparse.Namespace) -> int:
    """Make a run or go on with it; interrupted, the same command goes on where it stopped."""
    with BatchReport(options) as report:
        follow = _Follower(report)
        try:
            made = _import(options, follow) if options.results else _predict(options, follow, report)
        except KeyboardInterrupt:
            print("Stopped. The same command goes on from here.", file=sys.stderr)
            raise
        counts = made.counts
        report.say(
            f"{made.place}: {counts['done']} of {sum(counts.values())} pictures are done, "
            f"{counts['failed']} failed ({follow.skipped} before this run of the command)"
        )
        old = counts["failed"] - follow.failed
        if old > 0:
            report.say(
                f"{old} failed earlier; `panoseg runs {made.place} --failed` lists them, --retry tries again"
            )
        made.close()
    return FAILED if counts["failed"] else report.status


class _Follower:
    """Takes a run's progress to the report."""

    def __init__(self, report: BatchReport) -> None:
        self.skipped = 0
        self.failed = 0
        self._report = report

    def __call__(self, progress: RunProgress) -> None:
        row = progress.latest
        if row is None:
            self.skipped = progress.skipped
            if progress.skipped:
                self._report.say(
                    f"going on: {progress.skipped} of {progress.total} pictures are settled already"
                )
            self._report.start(progress.total, progress.skipped)
        elif row.state == "done":
            self._report.succeeded(row.name, seconds=round(row.seconds, 4))
        else:
            self.failed += 1
            self._report.failed(row.name, row.error)


def _predict(options: argparse.Namespace, follow: _Follower, report: BatchReport) -> Run:
    size = None if options.input_size is None else read_size_choice(options.input_size)
    common: dict[str, Any] = {
        "store": options.store,
        "model": options.model,
        "input_size": size,
        "batch": options.batch,
        "keep_pictures": options.keep_pictures,
        "retry": options.retry,
        "progress": follow,
        "problem": lambda error: report.failed("", error),
    }
    if options.ray is not None:
        from panoseg.runs.on_ray import RayOptions

        return make_run(
            list(given_paths(options.paths)),
            **common,
            engine=options.engine,
            things=things(options),
            ray=RayOptions(options.ray, options.workers),
        )
    if options.workers is not None:
        raise InvalidValueError("--workers: wanted --ray with it; without, one process uses all cores.")

    def load_steady(name: str, side_by_side: SideBySide) -> Segmenter:
        engine = options.engine
        if engine == "auto" and not is_url(options.store) and holds_a_run(options.store):
            made_by = Header.read(options.store).engine
            engine = made_by if made_by in ("torch", "openvino") else engine
        return load(options, name, engine=engine, steady=True, side_by_side=side_by_side)

    return make_run(list(given_paths(options.paths)), **common, load=load_steady)


def _import(options: argparse.Namespace, follow: _Follower) -> Run:
    if options.paths or options.model:
        raise InvalidValueError(
            "--results: wanted neither PATH nor --model with it; the JSON says what there is."
        )
    return import_coco_panoptic(
        options.results,
        store=options.store,
        masks=options.masks,
        pictures=options.pictures,
        progress=follow,
    )
