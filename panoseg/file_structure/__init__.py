"""What a picture's file is made of, counted before anything is decoded.

A decoder may take a thousand times as long for a file as for an honest one of its size: by scans, segments,
strips or comments without number. To count them takes time by the file's length and no memory, so that
`excess` can refuse such a file at once. The bounds stand far above what was found in real files; each module
says what that was.
"""

from panoseg.file_structure.gif import excess_of_gif
from panoseg.file_structure.jpeg import excess_of_jpeg
from panoseg.file_structure.png import excess_of_png
from panoseg.file_structure.tiff import excess_of_tiff

_LOOKED_AT = (
    (b"\xff\xd8", excess_of_jpeg),
    (b"\x89PNG\r\n\x1a\n", excess_of_png),
    (b"GIF8", excess_of_gif),
    (b"II", excess_of_tiff),
    (b"MM", excess_of_tiff),
)


def excess(data: bytes) -> str | None:
    """What a file has beyond reason, or None: of JPEG, PNG, GIF and TIFF files.

    Whether the file is whole is not asked: that is the decoder's to say.

    >>> excess(b"GIF89a" + bytes(7) + (b"!" + bytes(2)) * 5000)
    'more than 4,096 blocks of comments and extensions'
    """
    for signature, look in _LOOKED_AT:
        if data.startswith(signature):
            return look(data)
    return None


__all__ = ["excess"]
