"""The options that say what is looked for and where the thresholds stand."""

from __future__ import annotations

import argparse

from panoseg.errors import InvalidValueError
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds

_THRESHOLDS = (
    ("score", "least probability of a segment's label"),
    ("mask", "least mask probability of its pixels"),
    ("overlap", "least share of its mask that is left to it"),
)


def add_task(parser: argparse.ArgumentParser) -> None:
    """The options; a threshold that is not given is None."""
    parser.add_argument(
        "--task", choices=[task.value for task in Task], default="panoptic", help="default panoptic"
    )
    paper = Thresholds()
    for name, help_line in _THRESHOLDS:
        help_line += f", 0 to 1 (default {getattr(paper, name)}, the paper's)"
        parser.add_argument(f"--{name}", type=float, metavar="X", help=help_line)


def thresholds(options: argparse.Namespace) -> Thresholds:
    """Those that were given, else the paper's.

    Raises:
        InvalidValueError: one is out of range.
    """
    given = {name: getattr(options, name) for name, _ in _THRESHOLDS}
    return Thresholds(**{name: value for name, value in given.items() if value is not None})


def any_threshold(options: argparse.Namespace) -> bool:
    """Whether one was given."""
    return any(getattr(options, name) is not None for name, _ in _THRESHOLDS)


def chosen_formats(text: str, known: dict[str, object]) -> list[str]:
    """The names of a list, each once.

    Raises:
        InvalidValueError: one of them is not known.
    """
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InvalidValueError(f'--formats: wanted some of {", ".join(known)}, got "{unknown[0]}".')
    return list(dict.fromkeys(names))
