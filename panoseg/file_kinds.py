"""What a file is that no picture decoder claims, by how it begins."""

from __future__ import annotations

import re

_LOOKED_AT = 4096

_OUR_SIGNATURES = re.compile(
    rb"\xff\xd8|\x89PNG|RIFF....WEBP|GIF8|BM....\0\0\0\0|II\*\0|MM\0\*|II\+\0|MM\0\+"
    rb"|....ftyp(?:avi[fs]|he[iv][cmsx]|mif1|msf1)",
    re.DOTALL,
)
_OTHER_KINDS = (
    (rb"%PDF", "a PDF document"),
    (rb"\s*<(?:!DOCTYPE )?html\b", "a web page"),
    (rb"\s*<(?:svg\b|[?!].*?<svg\b)", "an SVG drawing"),
    (rb"....ftyp(?:iso[m2-9]|mp4|avc1|dash|MSNV|M4V|3g|qt  )", "a video"),
    (rb"RIFF....AVI |\x1a\x45\xdf\xa3|\0\0\x01[\xb3\xba]|FLV\x01|OggS", "a video"),
    (rb"ID3|RIFF....WAVE|fLaC", "a sound"),
    (rb"8BPS", "a Photoshop document"),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (rb"\0\0\x01\0", "an icon"),
    (rb"PK\x03\x04", "a ZIP archive or an office document"),
    (rb"[\t\n\r -~\x80-\xf4]*\Z", "a text file"),
)


def claims_to_be_a_picture(data: bytes) -> bool:
    """Whether it begins as a picture that panoseg opens does."""
    return _OUR_SIGNATURES.match(data[:_LOOKED_AT]) is not None


def other_kind(data: bytes) -> str | None:
    """What to call something that people take for a picture, or rename to .jpg; None for all else.

    >>> other_kind(b"%PDF-1.7")
    'a PDF document'
    """
    start = data[:_LOOKED_AT]
    for pattern, kind in _OTHER_KINDS:
        if re.match(pattern, start, re.DOTALL | re.IGNORECASE):
            return kind
    return None
