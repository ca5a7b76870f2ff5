"""Every kind of file that a user may hand over and that cannot be opened: one table for all tests.

The core must refuse each with the words in `says`, and the page must show them and keep working.
"""

import struct
import zlib
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import NamedTuple

import numpy as np
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

ACCEPTED = "panoseg opens JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF and HEIC pictures"


class BrokenPhoto(NamedTuple):
    """A file name as a user would see it, what makes its bytes, and words that the refusal must hold."""

    file_name: str
    make: Callable[[], bytes]
    says: str


def encoded(codec: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object) -> bytes:
    """A sound picture with enough texture that half of its file cannot hold all of it."""
    noise = np.random.default_rng(7).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    stream = BytesIO()
    Image.fromarray(noise).convert(mode).save(stream, codec, **options)
    return stream.getvalue()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG file, with its length and checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes, pixels: bytes = b"") -> bytes:
    """A greyscale PNG that declares a size, whatever its pixels are."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = png_chunk(b"IDAT", zlib.compress(pixels, 9))
    ends = (png_chunk(b"IHDR", header), *chunks, data, png_chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(ends)


def _half_of(codec: str) -> bytes:
    data = encoded(codec)
    return data[: len(data) // 2]


def _garbled(data: bytes) -> bytes:
    """The first quarter as it was, the rest turned into noise."""
    kept = len(data) // 4
    noise = np.random.default_rng(3).integers(0, 256, len(data) - kept, dtype=np.uint8)
    return data[:kept] + noise.tobytes()


def _text_bomb() -> bytes:
    text = b"Comment\0\0" + zlib.compress(bytes(64 * 2**20), 9)
    return png(16, 16, png_chunk(b"zTXt", text), pixels=bytes(17 * 16))


def _bmp_with_size(width: int, height: int) -> bytes:
    data = bytearray(encoded("BMP"))
    data[18:26] = struct.pack("<ii", width, height)
    return bytes(data)


def _gif_with_size(width: int, height: int) -> bytes:
    data = bytearray(encoded("GIF"))
    data[6:10] = struct.pack("<HH", width, height)
    return bytes(data)


def _jpeg_with_size(width: int, height: int) -> bytes:
    data = bytearray(encoded("JPEG"))
    start_of_frame = data.index(b"\xff\xc0")
    data[start_of_frame + 5 : start_of_frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def _tiff_with_width(width: int) -> bytes:
    data = bytearray(encoded("TIFF"))
    entry = data.index(struct.pack("<HHI", 256, 4, 1))
    data[entry + 8 : entry + 12] = struct.pack("<I", width)
    return bytes(data)


_SVG = (
    b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
)
_MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(64)
_WEBM = b"\x1a\x45\xdf\xa3" + bytes(60)

BROKEN_PHOTOS: dict[str, BrokenPhoto] = {
    "empty": BrokenPhoto("empty.jpg", lambda: b"", "is empty"),
    "text": BrokenPhoto("notes.jpg", lambda: b"Milk, bread and oranges.\n" * 9, "is a text file"),
    "noise": BrokenPhoto("noise.png", lambda: _garbled(bytes(999)), "is not a picture of a kind"),
    "zeros": BrokenPhoto("zeros.jpg", lambda: bytes(999), "is not a picture of a kind"),
    "svg": BrokenPhoto("drawing.png", lambda: _SVG, "is an SVG drawing"),
    "html": BrokenPhoto("photo.jpg", lambda: b"<!DOCTYPE html><title>404</title><svg/>", "is a web page"),
    "pdf": BrokenPhoto("scan.jpg", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(99), "is a PDF document"),
    "mp4": BrokenPhoto("clip.jpg", lambda: _MP4, "is a video"),
    "webm": BrokenPhoto("clip.gif", lambda: _WEBM, "is a video"),
    "zip": BrokenPhoto("photos.jpg", lambda: b"PK\x03\x04" + bytes(99), "is a ZIP archive"),
    "jpeg 2000": BrokenPhoto("photo.jp2", lambda: encoded("JPEG2000"), "is a JPEG 2000 picture"),
    "icon": BrokenPhoto("favicon.png", lambda: encoded("ICO"), "is an icon"),
    "other codec": BrokenPhoto("photo.ppm", lambda: encoded("PPM"), "is not a picture of a kind"),
    "signature only": BrokenPhoto("start.png", lambda: b"\x89PNG\r\n\x1a\n", "is damaged or incomplete"),
    **{
        f"{codec} cut in half": BrokenPhoto(
            f"half.{codec.lower()}", partial(_half_of, codec), "is damaged or incomplete"
        )
        for codec in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
    },
    "garbled": BrokenPhoto("garbled.png", lambda: _garbled(encoded("PNG")), "is damaged or incomplete"),
    "too many bytes": BrokenPhoto("big.jpg", lambda: encoded("JPEG") + bytes(40 << 20), "too large: 40.1 MB"),
    "too many pixels": BrokenPhoto("wide.png", lambda: png(10000, 5001), "10000 × 5001 are 50.1 megapixels"),
    "warned of by Pillow": BrokenPhoto("big.png", lambda: png(10000, 10000), "too many pixels"),
    "PNG bomb": BrokenPhoto("bomb.png", lambda: png(60_000, 60_000, pixels=bytes(2**24)), "too many pixels"),
    "PNG absurd": BrokenPhoto("absurd.png", lambda: png(2**31 - 1, 2**31 - 1), "too many pixels"),
    "PNG text bomb": BrokenPhoto("comment.png", _text_bomb, "is damaged or incomplete"),
    "JPEG bomb": BrokenPhoto("bomb.jpg", lambda: _jpeg_with_size(65_500, 65_500), "too many pixels"),
    "GIF bomb": BrokenPhoto("bomb.gif", lambda: _gif_with_size(65_535, 65_535), "too many pixels"),
    "BMP bomb": BrokenPhoto("bomb.bmp", lambda: _bmp_with_size(2**30, 2**30), "too many pixels"),
    "TIFF bomb": BrokenPhoto("bomb.tif", lambda: _tiff_with_width(2**31 - 1), "too many pixels"),
    "no pixels": BrokenPhoto("nothing.png", lambda: png(0, 0), "is damaged or incomplete"),
    "too flat": BrokenPhoto("line.png", lambda: encoded("PNG", (64, 7)), "is only 64 × 7 pixels"),
    "one pixel": BrokenPhoto("pixel.gif", lambda: encoded("GIF", (1, 1)), "each side needs at least 8"),
}  # fmt: skip
