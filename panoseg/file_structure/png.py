"""Chunks of a PNG file (W3C, "Portable Network Graphics", section 5)."""

MOST_CHUNKS = 1 << 17
"""Pixels are written in chunks of 8 kB and more: 5,000 in a file of 40 MB. Those of 1 kB would be 40,000."""

_SIGNATURE = 8
_LENGTH_TYPE_CRC = 12


def excess_of_png(data: bytes) -> str | None:
    """What there is beyond reason, such as "more than 64 scans"; or None."""
    position, chunks = _SIGNATURE, 0
    while position < len(data):
        chunks += 1
        if chunks > MOST_CHUNKS:
            return f"more than {MOST_CHUNKS:,} chunks"
        position += _LENGTH_TYPE_CRC + int.from_bytes(data[position : position + 4], "big")
    return None
