"""The photo with its segments painted over it, as a PNG file."""

from collections.abc import Collection

from panoseg.drawing import draw_overlay
from panoseg.export.png import encode_png
from panoseg.photo import Photo
from panoseg.segmentation import Segmentation


def overlay_png(
    photo: Photo,
    segmentation: Segmentation,
    *,
    opacity: float = 0.6,
    visible: Collection[int] | None = None,
    outlines: bool = True,
) -> bytes:
    """What `draw_overlay` draws, at the photo's own size: 8-bit RGB, without loss.

    Raises:
        InvalidValueError: an opacity outside 0–1, or a segmentation of another size than the photo's.
    """
    return encode_png(draw_overlay(photo, segmentation, opacity, visible=visible, outlines=outlines))
