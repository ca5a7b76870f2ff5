"""How panoseg writes to a terminal: aligned tables, harmless labels, complaints of one line."""

import sys
from collections.abc import Collection, Sequence

FAILED = 2
"""The exit status of a command that could not do all that it was asked to."""


def aligned(rows: Sequence[Sequence[str]], left: Collection[int]) -> list[str]:
    """Lines whose columns stand under each other; those at the `left` positions flush left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if index in left else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def printable(label: str) -> str:
    """A label without what a terminal would act on: a checkpoint's words are not to be trusted."""
    return "".join(c if c.isprintable() else "?" for c in label)


def complain(error: Exception) -> int:
    """Say on the error stream, in one line, what went wrong; gives the exit status."""
    if isinstance(error, (FileExistsError, NotADirectoryError)) and error.filename:
        message = f"{error.filename} cannot be a folder: there is a file of that name."
    elif isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        message = f"{place}{error.strerror or error}"
    else:
        message = str(error)
    print(f"panoseg: {' '.join(message.split())}", file=sys.stderr)
    return FAILED
