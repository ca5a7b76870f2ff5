"""The photo with its segments painted over it, as a PNG file."""

from collections.abc import Collection, Mapping

from panoseg.comparison import Outcome
from panoseg.drawing import ColorBy, draw_overlay
from panoseg.photo import Photo
from panoseg.png import encode_png
from panoseg.segmentation import Segmentation


def overlay_png(
    photo: Photo,
    segmentation: Segmentation,
    *,
    opacity: float = 0.6,
    visible: Collection[int] | None = None,
    selected: Collection[int] = (),
    outlines: bool = True,
    outline_width: int = 1,
    labels: bool = False,
    color_by: ColorBy = "segment",
    cutout: bool = False,
    outcomes: Mapping[int, Outcome] | None = None,
) -> bytes:
    """What `draw_overlay` draws, at the photo's own size: 8-bit RGB (RGBA with `cutout`), without loss.

    Raises:
        InvalidValueError: as `draw_overlay`.
    """
    picture = draw_overlay(
        photo,
        segmentation,
        opacity,
        visible=visible,
        selected=selected,
        outlines=outlines,
        outline_width=outline_width,
        labels=labels,
        color_by=color_by,
        cutout=cutout,
        outcomes=outcomes,
    )
    return encode_png(picture)
