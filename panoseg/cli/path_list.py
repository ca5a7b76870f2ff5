"""The PATHs of a command: `-` stands for a list on standard input, one path a line."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path

from panoseg.errors import SourceError
from panoseg.runs.stores import is_url

PATHS_HELP = (
    "a picture (JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC), a folder with all below it, a pattern, a zip "
    "or tar archive, or - for a list on standard input, one path a line"
)


def run_place(text: str) -> Path | str:
    """Where a run lies: a folder, or the URL of object storage."""
    return text if is_url(text) else Path(text)


def given_paths(paths: Iterable[str]) -> Iterator[str]:
    """The paths, those on standard input in the place of "-".

    Raises:
        SourceError: the list is empty.
    """
    for path in paths:
        if path == "-":
            if isinstance(sys.stdin, TextIOWrapper):  # what is no UTF-8 is a file's name all the same
                sys.stdin.reconfigure(errors="surrogateescape")
            is_empty = True
            for line in (raw.rstrip("\r\n") for raw in sys.stdin):
                if line:
                    is_empty = False
                    yield line
            if is_empty:
                raise SourceError("The list on standard input is empty: wanted one path a line.")
        else:
            yield path
