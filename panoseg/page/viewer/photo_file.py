"""The photo as browsers are sent it: a JPEG of at most display size, made once for whoever asks."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from panoseg.page.display_size import display_size
from panoseg.serving.shared_cache import SharedCache

MOST_KEPT_BYTES = 96 * 2**20
"""Of all visitors' photos together; most take a megabyte or less."""

# By the photo's digest. All visitors share it, so it holds nothing that is one visitor's own, such as the
# file's name.
_files: SharedCache[bytes] = SharedCache(MOST_KEPT_BYTES, len)


def photo_file(digest: str, pixels: NDArray[np.uint8]) -> bytes:
    """A JPEG of (H, W, 3) pixels, at most `display_size.MAX_DISPLAY_PIXELS`; `digest` is the photo's."""
    return _files.get(digest, lambda: _encode(pixels))


def forget_photo_files() -> None:
    """Keep none for whoever may want to see it again."""
    _files.clear()


def _encode(pixels: NDArray[np.uint8]) -> bytes:
    height, width = display_size(pixels.shape[:2])
    picture = Image.fromarray(pixels)
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=92, subsampling=0)
    return file.getvalue()
