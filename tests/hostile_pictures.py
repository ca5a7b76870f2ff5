"""Pictures that were made to be slow or large, each in as few bytes as it takes."""

import struct
import zlib
from io import BytesIO

import numpy as np
from PIL import Image


def jpeg(size=(64, 64), **options):
    stream = BytesIO()
    Image.new("RGB", size, "teal").save(stream, "JPEG", **options)
    return stream.getvalue()


def jpeg_with_segments(marker, count, content=b""):
    """So many segments of one kind before those of the picture."""
    segment = bytes([0xFF, marker]) + struct.pack(">H", 2 + len(content)) + content
    whole = jpeg()
    return whole[:2] + count * segment + whole[2:]


def jpeg_with_scans(count, size=(64, 64)):
    """A progressive JPEG whose last scan comes so many times; it refines what is final already."""
    whole = jpeg(size, progressive=True)
    start, end = whole.rindex(b"\xff\xda"), whole.rindex(b"\xff\xd9")
    return whole[:end] + count * whole[start:end] + whole[end:]


def gif_with_comments(count, content=b"x"):
    stream = BytesIO()
    Image.new("P", (16, 16)).save(stream, "GIF")
    whole = stream.getvalue()
    table = 3 << ((whole[10] & 7) + 1) if whole[10] & 0x80 else 0
    comment = b"!\xfe" + count * (bytes([len(content)]) + content) + b"\0"
    return whole[: 13 + table] + comment + whole[13 + table :]


def png_with_chunks(count):
    stream = BytesIO()
    Image.new("RGB", (16, 16)).save(stream, "PNG")
    chunk = struct.pack(">I", 0) + b"tEXt" + struct.pack(">I", zlib.crc32(b"tEXt"))
    whole = stream.getvalue()
    return whole[:33] + count * chunk + whole[33:]


def tiff_with_strips(count):
    """16×16 pixels and so many strips of nothing."""
    stream = BytesIO()
    Image.new("L", (16, 16)).save(stream, "TIFF")
    whole = stream.getvalue()
    start = int.from_bytes(whole[4:8], "little")
    tags = int.from_bytes(whole[start : start + 2], "little")
    entries = bytearray(whole[start + 2 : start + 2 + 12 * tags])
    offsets = len(whole)
    for number in range(tags):
        tag = struct.unpack_from("<H", entries, 12 * number)[0]
        if tag in (273, 279):
            struct.pack_into("<HII", entries, 12 * number + 2, 4, count, offsets)
    return whole[: start + 2] + bytes(entries) + whole[start + 2 + 12 * tags :] + bytes(4 * count)


def tiff_that_names_its_bytes_again(times):
    """So many tags, each of which holds the whole file."""
    stream = BytesIO()
    Image.fromarray(np.zeros((200, 200), np.uint8)).save(stream, "TIFF")
    whole = stream.getvalue()
    tags = b"".join(struct.pack("<HHII", 60000 + n, 7, len(whole), 0) for n in range(times))
    return whole[:4] + struct.pack("<I", len(whole)) + whole[8:] + struct.pack("<H", times) + tags + bytes(4)
