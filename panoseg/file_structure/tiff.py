"""Strips, tiles and values of the first picture of a TIFF file (Adobe, "TIFF 6.0"; BigTIFF)."""

from typing import Literal, NamedTuple

MOST_PIECES = 1 << 17
"""Strips or tiles. One row a strip and one colour a strip, the most that writers make, are 26,000 in a square
picture of 50 megapixels."""

MOST_TAGS = 1024
"""Real files have 10 to 60."""

_BYTES_OF_TYPE = (1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 1, 1, 8, 8, 8)
_STRIP_OFFSETS, _TILE_OFFSETS = 273, 324


class _Layout(NamedTuple):
    """How many bytes numbers take in a TIFF or a BigTIFF."""

    order: Literal["little", "big"]
    first: int
    offset: int
    tags: int

    def read(self, data: bytes, start: int, length: int) -> int:
        return int.from_bytes(data[start : start + length], self.order)


def excess_of_tiff(data: bytes) -> str | None:
    """What there is beyond reason, such as "more than 64 scans"; or None."""
    order: Literal["little", "big"] = "little" if data.startswith(b"II") else "big"
    big = int.from_bytes(data[2:4], order) == 43
    layout = _Layout(order, 8, 8, 8) if big else _Layout(order, 4, 4, 2)
    start = layout.read(data, layout.first, layout.offset)
    tags = layout.read(data, start, layout.tags)
    if tags > MOST_TAGS:
        return f"more than {MOST_TAGS:,} tags"
    values = 0
    for number in range(tags):
        entry = start + layout.tags + number * (4 + 2 * layout.offset)
        tag, kind = layout.read(data, entry, 2), layout.read(data, entry + 2, 2)
        count = layout.read(data, entry + 4, layout.offset)
        if tag in (_STRIP_OFFSETS, _TILE_OFFSETS) and count > MOST_PIECES:
            return f"more than {MOST_PIECES:,} strips"
        values += count * (_BYTES_OF_TYPE[kind] if kind < len(_BYTES_OF_TYPE) else 1)
    # All tags together hold no more than the file, unless they name the same bytes again and again.
    most = 2 * len(data) + 4096
    return f"more than {most:,} bytes of values" if values > most else None
