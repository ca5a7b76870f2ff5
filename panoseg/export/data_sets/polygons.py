"""Masks as polygons: for formats that know no others.

A polygon runs through the centres of the outermost pixels, as readers expect that fill it with its border
(OpenCV's `fillPoly`, Pillow's `ImageDraw.polygon`). Holes are lost.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Polygon = NDArray[np.int64]
"""(N, 2) x, y of pixels."""

_EIGHT = np.ones((3, 3), bool)
_JUST_INSIDE = 0.999


def polygons_of(mask: NDArray[np.bool_]) -> tuple[list[Polygon], int]:
    """The outline of each connected part (by 8 neighbours), largest first, and how many holes were lost.

    Args:
        mask: (H, W).
    """
    from scipy.ndimage import binary_fill_holes, find_objects, label
    from skimage import measure

    (box,) = find_objects(mask.astype(np.uint8)) or (None,)
    if box is None:
        return [], 0
    top, left = box[0].start, box[1].start
    cropped = np.pad(mask[box], 1)
    filled = binary_fill_holes(cropped)
    _, holes = label(filled & ~cropped)
    parts, count = label(filled, _EIGHT)
    polygons = []
    for number, place in enumerate(find_objects(parts), 1):
        part = np.pad(parts[place] == number, 1)
        contours = measure.find_contours(  # type: ignore[no-untyped-call]
            part.astype(np.float32), _JUST_INSIDE, fully_connected="high"
        )
        outline = _without_repeats(np.rint(max(contours, key=len)).astype(np.int64))
        shift = top + place[0].start - 2, left + place[1].start - 2
        polygons.append(_turned(outline + shift))
    sizes = np.bincount(parts.ravel(), minlength=count + 1)[1:]
    return [polygons[index] for index in np.argsort(-sizes, kind="stable")], holes


def joined(polygons: list[Polygon]) -> Polygon:
    """One polygon for several, tied together by lines without breadth between their nearest corners."""
    whole = polygons[0]
    for polygon in polygons[1:]:
        ours, theirs = _nearest(whole, polygon)
        there = np.concatenate([polygon[theirs:], polygon[: theirs + 1]])
        whole = np.concatenate([whole[: ours + 1], there, whole[ours:]])
    return whole


def _nearest(whole: Polygon, polygon: Polygon) -> tuple[int, int]:
    step = max(1, len(whole) * len(polygon) // 4_000_000)
    distances = ((whole[::step, None] - polygon[None]) ** 2).sum(axis=-1)
    ours, theirs = np.unravel_index(distances.argmin(), distances.shape)
    return int(ours) * step, int(theirs)


def _without_repeats(points: Polygon) -> Polygon:
    """Corners only: no point twice in a row, none in the midst of a straight line, at least three."""
    moved = (points != np.roll(points, 1, axis=0)).any(axis=1)
    points = points[moved] if moved.any() else points[:1]
    before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
    corner = (before != after).any(axis=1)
    points = points[corner] if corner.any() else points
    return points if len(points) > 2 else np.resize(points, (3, 2))


def _turned(points: Polygon) -> Polygon:
    """Row, column → x, y."""
    return np.ascontiguousarray(points[:, ::-1])
