"""A photo with its segments painted over it, at the photo's own size.

The page paints by the same rules in the browser (page/viewer/modules/palette.js, borders.js, labels.js).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from panoseg.comparison import Outcome
from panoseg.errors import InvalidValueError
from panoseg.inner_points import inner_points
from panoseg.label_colors import label_color
from panoseg.palette import outcome_color, score_color
from panoseg.photo import Photo
from panoseg.segment import Segment
from panoseg.segmentation import Segmentation

ColorBy = Literal["segment", "label", "score", "outcome"]
_Box = tuple[float, float, float, float]

_BAND_PIXELS = 1 << 16  # stay in a core's cache
OUTLINE = (255, 255, 255)
DIMMED = 0.35  # of the opacity, for what is not selected while something is
LIT = 0.75  # the least opacity of what is selected
# A label's letters are this share of the picture's width high, as on a page that shows it 900 pixels wide.
_LETTER_SHARE = 12 / 900
_LETTER_PIXELS = 11  # smaller ones cannot be read


def draw_overlay(
    photo: Photo,
    segmentation: Segmentation,
    opacity: float = 0.6,
    *,
    visible: Collection[int] | None = None,
    selected: Collection[int] = (),
    outlines: bool = True,
    outline_width: int = 1,
    labels: bool = False,
    color_by: ColorBy = "segment",
    cutout: bool = False,
    outcomes: Mapping[int, Outcome] | None = None,
) -> Image.Image:
    """The photo with each visible segment in its colour.

    Args:
        photo: the one that was segmented.
        segmentation: an id map of the photo's size.
        opacity: of the colour over the photo, 0 (photo only) to 1 (colour only).
        visible: ids of the segments to paint, or None for all.
        selected: ids of segments that stand out: they get an opacity of at least 0.75, all others 0.35
            of theirs. Empty: none does.
        outlines: draw the borders of visible segments in white.
        outline_width: of the borders, in pixels, 1 or more.
        labels: write each visible segment's label and id at its inner point; where two would overlap,
            the larger segment's stays.
        color_by: a colour for each segment, for each label, for each score, or for what a comparison
            made of it.
        cutout: leave only the photo inside visible (if any are selected: selected) segments, without
            colours, on a transparent ground.
        outcomes: by segment id, what a comparison made of it (`Comparison.outcomes`); needed to colour by
            that.

    Returns:
        An RGB picture of the photo's own size; RGBA with `cutout`. A pixel inside a segment is
        round((1 − opacity) · photo + opacity · colour).

    Raises:
        InvalidValueError: an opacity outside 0–1, a width below 1, an unknown way to colour, no outcomes
            to colour by, or a segmentation of another size.
    """
    _check(photo, segmentation, opacity, outline_width, color_by)
    if color_by == "outcome" and outcomes is None:
        raise InvalidValueError("color_by: wanted outcomes to colour by, got none.")
    visible = None if visible is None else set(visible)
    standing_out = {segment.id for segment in segmentation.segments} & set(selected)
    shown = np.zeros(len(segmentation.segments) + 1, dtype=bool)
    colors = np.zeros((len(shown), 3), dtype=np.float32)
    shares = np.zeros((len(shown), 1), dtype=np.float32)
    for segment in segmentation.segments:
        lit = segment.id in standing_out
        shown[segment.id] = visible is None or segment.id in visible
        if cutout:
            shown[segment.id] &= lit or not standing_out
        if cutout or not shown[segment.id]:
            continue
        colors[segment.id] = segment_color(segment, color_by, (outcomes or {}).get(segment.id))
        shares[segment.id] = opacity if not standing_out else max(opacity, LIT) if lit else opacity * DIMMED
    pixels = photo.pixels.copy()
    if not cutout:
        _paint(pixels, segmentation.id_map, colors, shares)
    kept = shown[segmentation.id_map] if cutout else None
    if outlines:
        borders = _borders(segmentation.id_map, shown, outline_width)
        pixels[borders] = OUTLINE
        if kept is not None:
            kept |= borders
    if kept is not None:
        pixels = np.dstack([np.where(kept[..., None], pixels, np.uint8(0)), kept * np.uint8(255)])
    picture = Image.fromarray(pixels)
    if labels:
        _write_labels(picture, segmentation, shown)
    return picture


def segment_color(
    segment: Segment, color_by: ColorBy = "segment", outcome: Outcome | None = None
) -> tuple[int, int, int]:
    """sRGB colour of a segment under a way to colour."""
    if color_by == "outcome":
        return outcome_color(outcome)
    if color_by == "label":
        return label_color(segment.label)
    return score_color(segment.score) if color_by == "score" else segment.color


def _check(
    photo: Photo, segmentation: Segmentation, opacity: float, outline_width: int, color_by: ColorBy
) -> None:
    if not 0 <= opacity <= 1:
        raise InvalidValueError(f"opacity: wanted a number from 0 to 1, got {opacity!r}.")
    if outline_width < 1:
        raise InvalidValueError(f"outline_width: wanted 1 pixel or more, got {outline_width!r}.")
    if color_by not in get_args(ColorBy):
        raise InvalidValueError(f"color_by: wanted segment, label, score or outcome, got {color_by!r}.")
    height, width = segmentation.size
    if photo.pixels.shape[:2] != (height, width):
        raise InvalidValueError(
            f"The segmentation is {width}×{height} pixels, the photo "
            f"{photo.pixels.shape[1]}×{photo.pixels.shape[0]}; wanted the same size."
        )


def _paint(
    pixels: NDArray[np.uint8],
    id_map: NDArray[np.int32],
    colors: NDArray[np.float32],
    shares: NDArray[np.float32],
) -> None:
    """Mix each pixel (H, W, 3) in place with its segment's colour (N, 3), by the segment's share (N, 1).

    What becomes of each of a channel's 256 values is the same in all of a segment, so it is computed once a
    segment, and looked up for each pixel: a tenth of the time that it takes to compute it there.
    """
    values = np.arange(256, dtype=np.float32)
    band_height = max(1, _BAND_PIXELS // id_map.shape[1])
    for channel in range(3):
        mixed = (1 - shares) * values + shares * colors[:, channel : channel + 1]
        table = np.rint(mixed, out=mixed).astype(np.uint8).ravel()
        for top in range(0, len(id_map), band_height):
            band = pixels[top : top + band_height, :, channel]
            rows = id_map[top : top + band_height].astype(np.intp)
            rows <<= 8
            rows += band
            band[...] = table.take(rows)


def _borders(id_map: NDArray[np.int32], shown: NDArray[np.bool_], width: int) -> NDArray[np.bool_]:
    """(H, W) bool: pixels left of, or above, a step between what is shown and something else; wider
    borders grow to both sides in turn.
    """
    numbers = np.where(shown, np.arange(len(shown)), 0)
    ids = numbers.astype(np.min_scalar_type(len(shown))).take(id_map)  # small numbers compare faster
    borders = np.zeros(ids.shape, dtype=bool)
    for lines, target in ((ids, borders), (ids.T, borders.T)):
        steps = lines[:, :-1] != lines[:, 1:]
        before = (width + 1) // 2
        for shift in range(1 - before, 1 - before + width):
            # A step between columns x and x + 1 marks column x + shift.
            columns = steps.shape[1]
            start, end = max(0, -shift), min(columns, lines.shape[1] - shift)
            if start < end:
                target[:, start + shift : end + shift] |= steps[:, start:end]
    return borders


class _Boxes:
    """Boxes (left, top, right, bottom) that do not overlap, by the cells of a grid that they touch."""

    def __init__(self, cell: int) -> None:
        self._cell = cell
        self._by_place: defaultdict[tuple[int, int], list[_Box]] = defaultdict(list)

    def claim(self, box: _Box) -> bool:
        """Add a box, unless one that is there overlaps it."""
        left, top, right, bottom = (int(edge // self._cell) for edge in box)
        places = [(x, y) for y in range(top, bottom + 1) for x in range(left, right + 1)]
        if any(_overlap(box, other) for place in places for other in self._by_place.get(place, ())):
            return False
        for place in places:
            self._by_place[place].append(box)
        return True


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _write_labels(picture: Image.Image, segmentation: Segmentation, shown: NDArray[np.bool_]) -> None:
    size = max(_LETTER_PIXELS, round(_LETTER_SHARE * picture.width))
    font = ImageFont.load_default(size)
    canvas = ImageDraw.Draw(picture)
    points = inner_points(segmentation.id_map, len(segmentation.segments))
    air_x, air_y = round(0.45 * size), round(0.2 * size)
    taken = _Boxes(cell=8 * size)
    for segment in sorted(segmentation.segments, key=lambda segment: -segment.area):
        point = points[segment.id]
        if point is None or not shown[segment.id]:
            continue
        words = f"{segment.label} {segment.id}"
        left, top, right, bottom = canvas.textbbox((point[0] + 0.5, point[1] + 0.5), words, font, "mm")
        box = (left - air_x, top - air_y, right + air_x, bottom + air_y)
        if not taken.claim(box):
            continue
        canvas.rounded_rectangle(box, radius=air_x, fill=(20, 22, 30))
        canvas.text((point[0] + 0.5, point[1] + 0.5), words, fill=OUTLINE, font=font, anchor="mm")
