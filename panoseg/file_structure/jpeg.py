"""Marker segments and scans of a JPEG file (ITU-T T.81, annex B)."""

import re
from collections.abc import Iterator

MOST_SEGMENTS = 2048
"""Of any kind. Cameras write 5 to 30; a panorama that carries its depth map, 200; a colour profile takes at
most 255."""

MOST_EXIF_SEGMENTS = 64
"""Real files have one. Pillow joins them, in time by the square of their number."""

MOST_SCANS = 64
"""Of a progressive file. libjpeg writes 10, the best optimisers up to 20; each costs a pass over the whole
picture, some 30 ms at 48 megapixels."""

_EXIF = b"Exif\0\0"
_APP1, _SOS, _EOI = 0xE1, 0xDA, 0xD9
_WITHOUT_LENGTH = frozenset((0x01, *range(0xD0, 0xD9)))

# In a scan's data, 0xFF is followed by 0 (a byte of that value), by a restart marker or by fill bytes.
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")


def excess_of_jpeg(data: bytes) -> str | None:
    """What there is beyond reason, such as "more than 64 scans"; or None."""
    exif_segments = scans = 0
    for segments, (marker, start) in enumerate(_segments(data), 1):
        scans += marker == _SOS
        exif_segments += marker == _APP1 and data.startswith(_EXIF, start + 4)
        if scans > MOST_SCANS:
            return f"more than {MOST_SCANS:,} scans"
        if exif_segments > MOST_EXIF_SEGMENTS:
            return f"more than {MOST_EXIF_SEGMENTS:,} EXIF segments"
        if segments > MOST_SEGMENTS:
            return f"more than {MOST_SEGMENTS:,} segments"
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Marker and offset of each segment, what lies between them skipped as decoders do."""
    position = 2
    while found := _MARKER.search(data, position):
        start = found.start()
        marker = data[start + 1]
        if marker == _EOI:
            return
        yield marker, start
        # A length that is none is the decoder's to complain about; going on by two never ends too early.
        position = start + 2 + max(0, int.from_bytes(data[start + 2 : start + 4], "big"))
