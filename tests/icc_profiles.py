"""Small ICC profiles for tests, each one making a difference that can be predicted.

Layout and encodings: ICC.1:2010, "Image technology colour management".
"""

import itertools
import struct

import numpy as np
from PIL import ImageCms

D50 = (0.9642, 1.0, 0.8249)
DISPLAY_P3 = {
    b"rXYZ": (0.51512, 0.24120, -0.00105),
    b"gXYZ": (0.29198, 0.69225, 0.04189),
    b"bXYZ": (0.15710, 0.06657, 0.78407),
}


def srgb():
    """The plain one."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped():
    """sRGB with red and green exchanged: red pixels are meant to be seen as green."""
    return srgb().replace(b"rXYZ", b"_XYZ").replace(b"gXYZ", b"rXYZ").replace(b"_XYZ", b"gXYZ")


def display_p3():
    """sRGB's curve with the wider primaries of phones and laptops."""
    data = bytearray(srgb())
    for tag, xyz in DISPLAY_P3.items():
        entry = data.index(tag)
        (offset,) = struct.unpack_from(">I", data, entry + 4)
        data[offset : offset + 20] = _xyz(xyz)
    return bytes(data)


def linear_grey():
    """Grey whose values are proportional to light (gamma 1)."""
    curve = b"curv" + struct.pack(">II", 0, 0)
    return _profile(b"GRAY", b"XYZ ", b"mntr", {b"wtpt": _xyz(D50), b"kTRC": curve})


def grey_press():
    """CMYK inks of which the first three are equally grey: L* = 100 · (1 − k) · (1 − (c + m + y) / 3)."""
    identity = bytes(range(256))
    matrix = np.eye(3).ravel()
    corners = []
    for c, m, y, k in itertools.product((0, 1), repeat=4):
        corners += [round(255 * (1 - k) * (1 - (c + m + y) / 3)), 128, 128]
    table = (
        b"mft1" + struct.pack(">IBBBx", 0, 4, 3, 2) + struct.pack(">9i", *(int(v * 65536) for v in matrix))
    )
    table += identity * 4 + bytes(corners) + identity * 3
    return _profile(b"CMYK", b"Lab ", b"prtr", {b"wtpt": _xyz(D50), b"A2B0": table})


def _xyz(values):
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))


def _profile(space, connection, device, tags):
    text = b"panoseg test"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + bytes(79)
    tags = {b"desc": description, b"cprt": b"text\0\0\0\0none\0", **tags}
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for tag, data in tags.items():
        table += tag + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(
        ">I4sI4s4s4s12x4s", start + len(body), b"test", 0x02400000, device, space, connection, b"acsp"
    )
    header += bytes(28) + struct.pack(">3i", *(round(v * 65536) for v in D50))
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body
