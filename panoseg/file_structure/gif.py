"""Extensions before the first picture of a GIF file (CompuServe, "Graphics Interchange Format 89a")."""

MOST_BLOCKS = 4096
"""Extensions and their blocks of up to 255 bytes, before the first picture. Comments and loop counts take
fewer than 10; metadata of some 100 kB (XMP, a colour profile), 1,500."""

_EXTENSION = 0x21
_SCREEN = 13  # bytes of signature and logical screen


def excess_of_gif(data: bytes) -> str | None:
    """What there is beyond reason, such as "more than 64 scans"; or None."""
    flags = data[10] if len(data) > 10 else 0
    position = _SCREEN + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    blocks = 0
    while data[position : position + 1] == bytes([_EXTENSION]):
        position += 2
        while True:
            blocks += 1
            if blocks > MOST_BLOCKS:
                return f"more than {MOST_BLOCKS:,} blocks of comments and extensions"
            length = data[position] if position < len(data) else 0
            position += 1 + length
            if not length:
                break
    return None
