"""Small pictures for a grid in which what an evaluation is asked for is lit up: lost segments, mostly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from panoseg.collection.evaluated import Evaluated
from panoseg.collection.questions import Lost
from panoseg.collection.tiles import DIMMED, OPACITY, borders, draw_looks, reduced, tile_size
from panoseg.evaluation.guess import at_size
from panoseg.label_colors import label_color
from panoseg.merging import panoptic, query_mask
from panoseg.prediction import Size
from panoseg.runs.reading import RunItem
from panoseg.segmentation import Segmentation

_STRIPE = 3
"""Pixels from one stripe of a missed segment to the next: nobody painted it, it lies over those who did."""

_SPECK = 12
"""Pixels of a tile; around a segment of fewer there is a frame."""


def draw_lost(found: Evaluated, item: RunItem, wanted: Sequence[Lost]) -> bytes | None:
    """A palette PNG of the picture's `tile_size`, as `panoseg.collection.tiles.draw_map` makes one.

    Segments are those of the evaluation, whatever thresholds are looked at. Surplus ones are painted, and so
    are matches and queries' own masks where these are asked for; missed ones are striped, as the annotation
    has them; other predicted segments are faint.

    Args:
        found: an evaluation of the run.
        item: a picture of the run.
        wanted: what was lost, or found; of several, each counts.

    Returns:
        None for a picture that was not evaluated.

    Raises:
        RunError, GroundTruthError: its record or its annotation cannot be read any more.
    """
    lost = found.lost_in_picture(item.row.position, wanted)
    if lost is None:
        return None
    truth = found.annotations.truth(lost.picture)
    size = tile_size(item.size)
    segmentation = _segmentation(found, item, truth.size)
    ids, annotated = reduced(segmentation.id_map, size), reduced(truth.map.numbers, size)
    names = [found.evaluation.classes[place].name for place in truth.classes.tolist()]
    surplus = set(lost.predicted)
    looks = [((0, 0, 0), 0)]
    # A finished map's ids may have gaps; a segment's number here is its place.
    number_of = np.zeros(max((each.id for each in segmentation.segments), default=0) + 1, np.int32)
    for number, each in enumerate(segmentation.segments, 1):
        number_of[each.id] = number
        looks.append((label_color(each.label), OPACITY if each.id in surplus else DIMMED))
    numbers = number_of[ids]
    lit = np.isin(ids, [*surplus])
    lines = borders(numbers) & lit
    stripes = np.add.outer(np.arange(size[0]), np.arange(size[1])) % _STRIPE == 0
    for own_id in lost.annotated:
        number = int(np.searchsorted(truth.map.ids, own_id)) + 1
        looks.append((label_color(names[number - 1]), OPACITY))
        inside = annotated == number
        edge = borders(inside.astype(np.int32))
        numbers = np.where((inside & stripes) | edge, len(looks) - 1, numbers)
        lines = (lines & ~inside) | edge
    boxes = [*lost.boxes]
    for label, mask in _own_masks(found, item, truth.size, lost.queries[::-1]):  # the surest on top
        looks.append((label_color(label), OPACITY))
        inside = reduced(mask.astype(np.int32), size)
        numbers = np.where(inside > 0, len(looks) - 1, numbers)
        lines = (lines & (inside == 0)) | (borders(inside) & (numbers > 0))
        boxes.append(_box(mask))
    looks.append(((255, 255, 255), OPACITY))
    for box in boxes:
        _frame_speck(numbers, lines, box, truth.size, len(looks) - 1)
    return draw_looks(numbers, looks, lines)


def _segmentation(found: Evaluated, item: RunItem, size: Size) -> Segmentation:
    """What was evaluated."""
    thresholds = found.evaluation.thresholds
    if thresholds is None:
        return item.segmentation()
    return panoptic(at_size(item.prediction(), size), thresholds)


def _own_masks(
    found: Evaluated, item: RunItem, size: Size, queries: Sequence[int]
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Likeliest label and own mask of each of some queries, whoever owns its pixels."""
    thresholds = found.evaluation.thresholds
    if thresholds is None or not queries:
        return
    prediction = at_size(item.prediction(), size)
    for query in queries:
        label = int(prediction.class_probabilities[query, :-1].argmax())
        yield prediction.vocabulary.labels[label], query_mask(prediction, query, thresholds.mask)


def _box(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """x, y, width and height of a mask that is not empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    x, y = int(columns[0]), int(rows[0])
    return x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y


def _frame_speck(
    numbers: NDArray[np.integer], lines: NDArray[np.bool_], box: Sequence[int], size: Size, white: int
) -> None:
    """Draw a frame around a segment that is hardly to be seen at this size.

    Args:
        numbers, lines: of the tile; changed.
        box: x, y, width, height in pixels of the annotation.
        size: of the annotation.
        white: the number of a look.
    """
    down, along = (tile / full for tile, full in zip(numbers.shape, size, strict=True))
    x, y, width, height = box
    if width * along * height * down >= _SPECK:
        return
    top, left = max(0, round(y * down) - 3), max(0, round(x * along) - 3)
    bottom = min(numbers.shape[0] - 1, round((y + height) * down) + 3)
    right = min(numbers.shape[1] - 1, round((x + width) * along) + 3)
    frame = np.zeros(numbers.shape, bool)
    frame[top : bottom + 1, left : right + 1] = True
    frame[top + 1 : bottom, left + 1 : right] = False
    numbers[frame], lines[frame] = white, True
