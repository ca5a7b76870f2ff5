"""`panoseg export`: a run in the formats of the field, without a forward pass."""

from __future__ import annotations

import argparse
from pathlib import Path, PurePosixPath
from typing import Any

from panoseg.cli.batch_report import BatchReport, add_report
from panoseg.cli.path_list import run_place
from panoseg.cli.task_options import add_task, any_threshold, chosen_formats, thresholds
from panoseg.errors import InvalidValueError
from panoseg.export.data_sets import RUN_FORMATS
from panoseg.export.measurements import PixelSize
from panoseg.runs import Run, open_run
from panoseg.runs.export_places import export_to
from panoseg.runs.exporting import Exported
from panoseg.runs.shard_exports import ShardExport, export_by_shard
from panoseg.tasks import Task


def add(commands: Any) -> None:
    """The command and its options."""
    parser = commands.add_parser(
        "export",
        help="write a run in the formats of the field",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="formats:\n" + "\n".join(f"  {name:15}{each.help}" for name, each in RUN_FORMATS.items()),
    )
    parser.set_defaults(command=export)
    parser.add_argument("store", type=run_place, metavar="DIR", help="the run")
    parser.add_argument(
        "--formats",
        required=True,
        metavar="LIST",
        help="one or more, separated by commas; several get a folder each",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="a folder (made if need be), or a file called .zip",
    )
    add_task(parser)
    parser.add_argument(
        "--pictures", type=Path, metavar="DIR", help="where the pictures lie now, if they have moved"
    )
    parser.add_argument(
        "--measure", action="store_true", help="csv and parquet: measurements, too, in pixels"
    )
    parser.add_argument(
        "--pixel-size", metavar="SIZE", help="the same in units: the side of a pixel, such as 0.25mm"
    )
    parser.add_argument(
        "--per-shard", action="store_true", help="a folder for every 64 pictures; nothing grows with the run"
    )
    parser.add_argument(
        "--join", action="store_true", help="with --per-shard: one COCO JSON for all of them, too"
    )
    parser.add_argument(
        "--ray",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="with --per-shard: spread it with Ray over a cluster, or over this machine's cores",
    )
    add_report(parser)


def export(options: argparse.Namespace) -> int:
    """Write a run's pictures; each is merged once, whatever the number of formats."""
    formats = chosen_formats(options.formats, dict(RUN_FORMATS))
    if not options.per_shard and (options.join or options.ray is not None):
        raise InvalidValueError("--join, --ray: wanted --per-shard with them.")
    if options.per_shard and options.out.suffix.lower() == ".zip":
        raise InvalidValueError("--out: wanted a folder with --per-shard, got a zip archive.")
    values = thresholds(options)
    size = PixelSize.read(options.pixel_size) if options.pixel_size else None
    if options.measure and size is None:
        size = PixelSize()
    with open_run(options.store, pictures=options.pictures) as run, BatchReport(options) as report:
        report.start(len(run))
        asked = any_threshold(options) or options.task != Task.PANOPTIC
        wanted = ShardExport(
            str(options.store),
            str(options.out),
            tuple(formats),
            values if run.has_thresholds or asked else None,
            Task(options.task),
            size,
            None if options.pictures is None else str(options.pictures),
        )
        exported = (
            _by_shard(run, wanted, options, report) if options.per_shard else _whole(run, wanted, report)
        )
        for name, reason in exported.failures:
            is_named = PurePosixPath(name).name in reason
            report.failed(name, reason if is_named else f"{name}: {reason}")
        pictures = "1 picture" if exported.pictures == 1 else f"{exported.pictures} pictures"
        report.say(f"wrote {pictures} as {', '.join(formats)} into {options.out}")
        for name, losses in exported.losses.items():
            for words, count in losses.items():
                report.say(f"  {name} cannot hold {words}: {count:,}")
    return report.status


def _whole(run: Run, wanted: ShardExport, report: BatchReport) -> Exported:
    return export_to(
        run,
        wanted.formats,
        Path(wanted.place),
        wanted.thresholds,
        wanted.task,
        pixel_size=wanted.pixel_size,
        progress=lambda item: report.advance(),
    )


def _by_shard(run: Run, wanted: ShardExport, options: argparse.Namespace, report: BatchReport) -> Exported:
    def advance(exported: Exported) -> None:
        for _ in range(exported.pictures + len(exported.failures)):
            report.advance()

    if options.ray is None:
        return export_by_shard(run, wanted, join=options.join, progress=advance)
    from panoseg.runs.on_ray import RayOptions, cluster, spread_on

    with cluster(RayOptions(options.ray)) as ray:
        return export_by_shard(run, wanted, join=options.join, progress=advance, spread=spread_on(ray))
