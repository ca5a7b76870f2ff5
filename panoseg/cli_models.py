"""Getting models from a shell: the question before a download, its bar, and `panoseg models pull`."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any

import panoseg
from panoseg import cli_catalog
from panoseg.models import Segmenter, Step, pull
from panoseg.models.downloads.progress import megabytes

if TYPE_CHECKING:
    from panoseg.models.downloads.hub import Snapshot


def add_yes(parser: argparse.ArgumentParser) -> None:
    """The option to download without a question."""
    parser.add_argument("--yes", "-y", action="store_true", help="download without asking")


def add_models(commands: Any) -> None:
    """The group `panoseg models`."""
    models = commands.add_parser("models", help="list the models, get them, say what their labels are")
    group = models.add_subparsers(metavar="COMMAND")
    cli_catalog.add_catalog(models, group)
    command = group.add_parser(
        "pull",
        help="download a checkpoint, for an image or a machine without network; again: check what is there",
    )
    command.set_defaults(command=_pull)
    command.add_argument("name", metavar="NAME", help="a hub id, owner/name")
    command.add_argument("--revision", metavar="R", help="a branch, a tag or a commit (default: main)")
    add_yes(command)


def load(name: str, *, yes: bool, **options: Any) -> Segmenter:
    """`load_segmenter` as a person at a terminal wants it: asked before a download, with a bar.

    Raises:
        PanosegError: as `load_segmenter`; a `CancelledError` if the person does not want the download.
    """
    with Bar() as bar:
        ask = partial(_ask, yes=yes or not _at_terminal())
        return panoseg.load_segmenter(name, progress=bar, ask=ask, **options)


def _pull(options: argparse.Namespace) -> int:
    with Bar() as bar:
        # Nobody can answer while an image is built: there the command itself is the answer.
        ask = partial(_ask, yes=options.yes or not _at_terminal(), aloud=True)
        snapshot = pull(options.name, revision=options.revision, progress=bar, ask=ask)
    print(f"{snapshot.name} ({snapshot.commit[:12]}, {megabytes(snapshot.size)} MB) is complete.")
    print(snapshot.folder)
    return 0


def _ask(snapshot: Snapshot, *, yes: bool, aloud: bool = False) -> bool:
    """Say what the download means, and ask unless the answer is known."""
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


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


class Bar:
    """Progress on the error stream of a terminal: a line per step, and a bar while bytes come.

    In a log or a pipe the error stream is for errors.
    """

    def __init__(self) -> None:
        self._bar: Any = None
        self._downloading = False

    def __call__(self, step: Step) -> None:
        self._downloading = step.total is not None
        if not sys.stderr.isatty():
            return
        if step.done is None:
            self._close()
            print(step, file=sys.stderr)
            return
        if self._bar is None:
            from tqdm import tqdm

            print(step.text, file=sys.stderr)
            self._bar = tqdm(total=step.total, initial=step.done, unit="B", unit_scale=True, miniters=1)
        self._bar.update(step.done - self._bar.n)

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        if kind is KeyboardInterrupt and self._downloading:
            print("Stopped. The same command goes on with the download from here.", file=sys.stderr)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
