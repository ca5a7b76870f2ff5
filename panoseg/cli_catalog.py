"""`panoseg models`, alone or with `things`: which checkpoints there are, and what is known of them."""

from __future__ import annotations

import argparse
import json
from typing import Any

from panoseg.errors import InvalidValueError, UnknownThingsError
from panoseg.models import look_up, remember_things
from panoseg.models.checkpoints.catalog import CATALOG, QUALITY_CAVEAT, Entry
from panoseg.models.downloads.hub import is_cached
from panoseg.terminal import aligned, printable


def add_catalog(models: argparse.ArgumentParser, actions: Any) -> None:
    """The list to the group's parser, and `things` to the group."""
    models.set_defaults(command=_list)
    models.add_argument("--json", action="store_true", help="as JSON")

    things = actions.add_parser("things", help="say which labels of a checkpoint are countable things")
    things.set_defaults(command=_things)
    things.add_argument("name", metavar="NAME", help="a hub id or a folder")
    things.add_argument("labels", nargs="*", metavar="LABEL", help="those; without any, list all labels")
    things.add_argument("--none", action="store_true", help="none of them: all is stuff")


def _list(options: argparse.Namespace) -> int:
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


def _things(options: argparse.Namespace) -> int:
    if options.labels and options.none:
        raise InvalidValueError(f"--none: wanted no labels beside it, got “{printable(options.labels[0])}”.")
    if options.labels or options.none:
        checkpoint = remember_things(options.name, options.labels)
        vocabulary = checkpoint.vocabulary
        print(f"{checkpoint.name}: {len(vocabulary.things)} of {len(vocabulary)} labels are things.")
        return 0
    try:
        vocabulary = look_up(options.name).vocabulary
    except UnknownThingsError as error:
        labels, kinds = error.labels, ["?"] * len(error.labels)
    else:
        labels = vocabulary.labels
        kinds = ["thing" if vocabulary.is_thing(i) else "stuff" for i in range(len(labels))]
    rows = [
        (f"{i}", printable(label), kind) for i, (label, kind) in enumerate(zip(labels, kinds, strict=True))
    ]
    print("\n".join(aligned([("id", "label", "kind"), *rows], left=(1, 2))))
    return 0
