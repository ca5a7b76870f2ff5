"""`panoseg models pull`: download a checkpoint for later."""

from __future__ import annotations

import argparse
from typing import Any

from panoseg.cli.download_question import add_yes, question
from panoseg.cli.progress_bar import ProgressBar
from panoseg.models import pull
from panoseg.models.downloads.progress import megabytes


def add(actions: Any) -> None:
    """The command and its options."""
    parser = actions.add_parser(
        "pull",
        help="download a checkpoint, for an image or a machine without network; again: check what is there",
    )
    parser.set_defaults(command=download)
    parser.add_argument("name", metavar="NAME", help="a hub id, owner/name")
    parser.add_argument("--revision", metavar="R", help="a branch, a tag or a commit (default: main)")
    add_yes(parser)


def download(options: argparse.Namespace) -> int:
    """Download what is missing, and say where it is."""
    with ProgressBar() as bar:
        ask = question(yes=options.yes, aloud=True)
        snapshot = pull(options.name, revision=options.revision, progress=bar, ask=ask)
    print(f"{snapshot.name} ({snapshot.commit[:12]}, {megabytes(snapshot.size)} MB) is complete.")
    print(snapshot.folder)
    return 0
