"""The question before a download: what it is, how large, under which licence."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial

from panoseg.models.downloads.hub import Snapshot
from panoseg.models.downloads.progress import megabytes


def add_yes(parser: argparse.ArgumentParser) -> None:
    """The option to download without a question."""
    parser.add_argument("--yes", "-y", action="store_true", help="download without asking")


def question(*, yes: bool, aloud: bool = False) -> Callable[[Snapshot], bool]:
    """What `load_segmenter` and `pull` take as `ask`.

    Args:
        yes: the answer is known. So it is where nobody can answer, as while an image is built: there the
            command itself is the answer.
        aloud: say what is downloaded even in a log.
    """
    return partial(_ask, yes=yes or not (sys.stdin.isatty() and sys.stderr.isatty()), aloud=aloud)


def _ask(snapshot: Snapshot, *, yes: bool, aloud: bool) -> bool:
    if aloud or sys.stderr.isatty():
        print(_announcement(snapshot), file=sys.stderr, flush=True)
    if yes:
        return True
    print("Download? [y/N] ", end="", file=sys.stderr, flush=True)
    try:
        return input().strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _announcement(snapshot: Snapshot) -> str:
    size = f"{megabytes(snapshot.size)} MB"
    if snapshot.missing < snapshot.size:
        size += f", of which {megabytes(snapshot.missing)} MB are missing"
    licence = snapshot.licence or "not stated; see its page on the hub"
    cache = snapshot.folder.parents[2]
    return f"{snapshot.name}\n  size     {size}\n  licence  {licence}\n  into     {cache}"
