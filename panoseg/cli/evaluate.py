"""`panoseg evaluate`: a run held against an annotation, and where its quality is lost."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from panoseg.cli.batch_report import BatchReport, add_report
from panoseg.cli.evaluation_text import cost_lines, notes, official_table
from panoseg.cli.task_options import add_task, any_threshold, thresholds
from panoseg.evaluation import evaluate_run, read_annotations
from panoseg.runs import open_run


def add(commands: Any) -> None:
    """The command and its options."""
    parser = commands.add_parser(
        "evaluate", help="hold a run against an annotation: how good it is, and where quality is lost"
    )
    parser.set_defaults(command=evaluate)
    parser.add_argument("stores", nargs="+", type=Path, metavar="DIR", help="the run; two are compared")
    parser.add_argument(
        "--annotation", type=Path, metavar="JSON", help="what is there, in the COCO panoptic format"
    )
    parser.add_argument(
        "--masks", type=Path, metavar="DIR", help="its PNGs (default: a folder of the JSON's name)"
    )
    parser.add_argument(
        "--mapping",
        type=Path,
        metavar="JSON",
        help='{"label of the model": "category", …} where the names do not tell',
    )
    parser.add_argument(
        "--subset", action="store_true", help="leave out annotated pictures that the run lacks"
    )
    add_task(parser)
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="where the pictures lie now")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write a report and tables there")
    add_report(parser)


def evaluate(options: argparse.Namespace) -> int:
    """Print what panopticapi prints, then the reasons and what they cost."""
    values = thresholds(options)
    annotations = read_annotations(options.annotation, options.masks)
    with open_run(options.stores[0], pictures=options.pictures) as run, BatchReport(options) as report:
        report.start(len(annotations.pictures))
        found = evaluate_run(
            run,
            annotations,
            values if run.has_thresholds or any_threshold(options) else None,
            mapping=options.mapping,
            subset=options.subset,
            progress=lambda done, total: report.advance(),
        )
        for name, reason in found.failures:
            report.failed(name, reason)
        for line in [*notes(found), *official_table(found), "", *cost_lines(found)]:
            report.say(line)
    return report.status
