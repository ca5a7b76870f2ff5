"""Pictures of every format and colour model, as files would hold them."""

from io import BytesIO

import numpy as np
from PIL import Image

from panoseg.photo import open_image, open_photo

LOSSLESS = {
    "PNG": {},
    "WEBP": {"lossless": True},
    "BMP": {},
    "TIFF": {},
    "AVIF": {"quality": 100, "subsampling": "4:4:4"},
    "HEIF": {"quality": -1, "chroma": 444, "matrix_coefficients": 0},
}
LOSSY = {"JPEG": {"quality": 95, "subsampling": 0}, "GIF": {}}
ORIENTATION = 0x0112


def saved(image, codec, **options):
    stream = BytesIO()
    image.save(stream, codec, **options)
    return stream.getvalue()


def pixels_of(image, codec="PNG", **options):
    """As `open_photo` opens them, and `open_image` no otherwise."""
    data = saved(image, codec, **options)
    pixels = open_photo(data).pixels
    opened = open_image(data, name="")
    assert opened.mode == "RGB"
    np.testing.assert_array_equal(np.asarray(opened), pixels)
    return pixels


def plain(mode, color, size=(16, 12)):
    return Image.new(mode, size, color)


def corners():
    """48×32: red, green / blue, white quarters, each a multiple of every codec's block."""
    pixels = np.zeros((32, 48, 3), np.uint8)
    pixels[:16, :24, 0] = pixels[:16, 24:, 1] = pixels[16:, :24, 2] = 255
    pixels[16:, 24:] = 255
    return pixels
