"""`panoseg models`: which checkpoints there are; its own commands stand beside this file.

A new one is a module with `add` and an entry in `ACTIONS`.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from panoseg.cli.models import pull, things
from panoseg.cli.terminal import aligned
from panoseg.models.checkpoints.catalog import CATALOG, QUALITY_CAVEAT, Entry
from panoseg.models.downloads.hub import is_cached

ACTIONS = (pull, things)


def add(commands: Any) -> None:
    """The group, which lists the catalogue when it is called alone."""
    parser = commands.add_parser("models", help="list the models, get them, say what their labels are")
    parser.set_defaults(command=show_catalog)
    parser.add_argument("--json", action="store_true", help="as JSON")
    actions = parser.add_subparsers(metavar="COMMAND")
    for action in ACTIONS:
        action.add(actions)


def show_catalog(options: argparse.Namespace) -> int:
    """List every checkpoint that panoseg knows by name."""
    if options.json:
        print(json.dumps([_facts(entry) for entry in CATALOG.values()], indent=2))
        return 0
    rows = [("name", "data set", "task", "backbone", "parameters", "download", "quality", "licence", "here")]
    for entry in CATALOG.values():
        download, quality = entry.download_bytes, entry.quality
        rows.append(
            (
                entry.name,
                entry.data_set_family,
                entry.task.value,
                entry.backbone.title,
                f"{entry.backbone.parameters / 1e6:.0f} M",
                f"{download / 1e6:.0f} MB" if download else "–",
                f"{entry.metric} {quality}" if quality else "–",
                entry.licence,
                "yes" if _is_here(entry) else "no",
            )
        )
    print("\n".join(aligned(rows, left=(0, 1, 2, 3, 7, 8))))
    print(f"\nSizes are estimates. Quality: {QUALITY_CAVEAT[0].lower()}{QUALITY_CAVEAT[1:]}")
    return 0


def _facts(entry: Entry) -> dict[str, object]:
    return {
        "name": entry.name,
        "title": entry.title,
        "data_set": entry.data_set.name,
        "classes": len(entry.data_set.labels),
        "things": len(entry.data_set.things),
        "task": entry.task.value,
        "backbone": entry.backbone.title,
        "parameters": entry.backbone.parameters,
        "download_bytes": entry.download_bytes,
        "metric": entry.metric,
        "quality": entry.quality,
        "shipped_size": entry.shipped_size,
        "paper_edges": entry.paper_edges,
        "licence": entry.licence,
        "here": _is_here(entry),
    }


def _is_here(entry: Entry) -> bool:
    return not entry.download_bytes or is_cached(entry.name)
