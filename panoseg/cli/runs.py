"""`panoseg runs`: which runs there are, and what became of their pictures."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from panoseg.cli.path_list import run_place
from panoseg.cli.terminal import aligned, complain, printable
from panoseg.errors import RunError
from panoseg.runs import Run, open_run
from panoseg.runs.writing import holds_a_run


def add(commands: Any) -> None:
    """The command and its options."""
    parser = commands.add_parser("runs", help="list runs and what became of their pictures")
    parser.set_defaults(command=show_runs)
    parser.add_argument(
        "folders", nargs="+", type=run_place, metavar="DIR", help="a run, or a folder of runs"
    )
    parser.add_argument("--failed", action="store_true", help="list the pictures that failed, and why")
    parser.add_argument("--json", action="store_true", help="as JSON")


def show_runs(options: argparse.Namespace) -> int:
    """One row per run."""
    status, facts = 0, []
    for folder in options.folders:
        found = list(_runs_in(folder))
        if not found:
            status = complain(RunError(f"There is no run in {str(folder)!r}."))
        for path in found:
            try:
                with open_run(path) as run:
                    facts.append(_facts(run, failures=options.failed))
            except RunError as error:
                status = complain(error)
    if options.json:
        print(json.dumps(facts, indent=2, ensure_ascii=False))
    elif facts:
        _print(facts)
    return status


def _runs_in(folder: Path | str) -> Iterator[Path | str]:
    if isinstance(folder, str) or holds_a_run(folder):
        yield folder
    elif folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if path.is_dir() and holds_a_run(path))


def _facts(run: Run, *, failures: bool) -> dict[str, Any]:
    counts = run.counts
    facts: dict[str, Any] = {
        "run": run.place,
        "model": run.header.model,
        "holds": run.header.holds,
        "input_size": run.header.input_size if run.has_thresholds else None,
        "done": counts["done"],
        "failed": counts["failed"],
        "waiting": counts["waiting"],
        "bytes": run.bytes,
    }
    if failures:
        facts["failures"] = [{"picture": name, "error": error} for name, error in run.failures]
    return facts


def _print(facts: list[dict[str, Any]]) -> None:
    rows = [("run", "model", "holds", "input size", "done", "failed", "waiting", "MB")]
    rows += [
        (
            printable(each["run"]),
            printable(each["model"]),
            each["holds"],
            str(each["input_size"] or "–"),
            f"{each['done']:,}",
            f"{each['failed']:,}",
            f"{each['waiting']:,}",
            f"{each['bytes'] / 1e6:,.1f}",
        )
        for each in facts
    ]
    print("\n".join(aligned(rows, left=(0, 1, 2, 3))))
    for each in facts:
        for failure in each.get("failures", ()):
            print(f"  {printable(failure['picture'])}: {printable(failure['error'])}")
