"""What the PNG formats share (ISO/IEC 15948)."""

from io import BytesIO

from PIL import Image


def encode_png(image: Image.Image, effort: int = 1) -> bytes:
    """A Pillow image as a PNG file.

    Args:
        image: of any mode that PNG knows.
        effort: zlib's level, 1 (fast) to 9 (small). Photos hardly shrink above 1, and at the usual 6 one
            of 12 megapixels keeps a user waiting for seconds; flat pictures are quick at any level.
    """
    stream = BytesIO()
    image.save(stream, "PNG", compress_level=effort)
    return stream.getvalue()
