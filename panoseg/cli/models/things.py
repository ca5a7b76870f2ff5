"""`panoseg models things`: which labels of a checkpoint are countable things."""

from __future__ import annotations

import argparse
from typing import Any

from panoseg.cli.terminal import aligned, printable
from panoseg.errors import InvalidValueError, UnknownThingsError
from panoseg.models import look_up, remember_things


def add(actions: Any) -> None:
    """The command and its options."""
    parser = actions.add_parser("things", help="say which labels of a checkpoint are countable things")
    parser.set_defaults(command=tell_or_list)
    parser.add_argument("name", metavar="NAME", help="a hub id or a folder")
    parser.add_argument("labels", nargs="*", metavar="LABEL", help="those; without any, list all labels")
    parser.add_argument("--none", action="store_true", help="none of them: all is stuff")


def tell_or_list(options: argparse.Namespace) -> int:
    """Remember the labels that were given; without any, list them all."""
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
