"""How panoseg writes to a terminal: aligned tables and harmless labels."""

from collections.abc import Collection, Sequence


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
