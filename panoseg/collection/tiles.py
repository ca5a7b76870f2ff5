"""Small pictures for a grid: a photo as a JPEG, and its segments as a transparent PNG to lie over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from panoseg.label_colors import label_color
from panoseg.photo import Photo
from panoseg.png import encode_png
from panoseg.prediction import Prediction, Size
from panoseg.segmentation import Segmentation
from panoseg.tasks import Task, find
from panoseg.thresholds import Thresholds

TILE_WIDTH, TILE_HEIGHT = 384, 256
"""Pixels at most: what a tile of 240 needs on a screen of high density, and no more."""

_LEAST_SCORE = 0.02
OPACITY, DIMMED = 150, 40
"""Of colours over the photo, 0–255: where a segment is asked for, and where others are."""

Look = tuple[tuple[int, int, int], int]
"""A colour, and how strong it is, 0–255."""


def tile_size(size: Size) -> Size:
    """(height, width) at which a picture of (H, W) is shown in a grid; never larger than it is."""
    height, width = size
    scale = min(1.0, TILE_WIDTH / width, TILE_HEIGHT / height)
    return max(1, round(height * scale)), max(1, round(width * scale))


def draw_thumbnail(photo: Photo) -> bytes:
    """A JPEG of `tile_size`."""
    height, width = tile_size(photo.size)
    picture = Image.fromarray(photo.pixels)
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.BOX, reducing_gap=2)
    file = BytesIO()
    picture.save(file, "JPEG", quality=82)
    return file.getvalue()


@dataclass(frozen=True, slots=True, eq=False)
class TilePrediction:
    """A prediction of the picture at tile size, freed of queries that could not be a segment.

    Attributes:
        prediction: what is merged; its colours and the numbers of its queries mean nothing.
    """

    prediction: Prediction

    @property
    def nbytes(self) -> int:
        """Of memory, with what merging keeps beside it."""
        return 2 * self.prediction.mask_logits.nbytes + 4096

    def segments(self, thresholds: Thresholds, task: Task) -> Segmentation:
        """Its segments at tile size."""
        return find(task, self.prediction, thresholds).segmentation


def slim(prediction: Prediction, size: Size) -> TilePrediction:
    """What a tile of (height, width) takes of a prediction."""
    likely = np.flatnonzero(prediction.class_probabilities[:, :-1].max(axis=1) > _LEAST_SCORE)
    queries = likely if len(likely) else np.zeros(1, np.int64)
    return TilePrediction(
        replace(
            prediction,
            class_logits=prediction.class_logits[queries],
            mask_logits=prediction.mask_logits[queries],
            image_size=size,
        )
    )


def draw_map(segmentation: Segmentation, lit: frozenset[int] | None = None) -> bytes:
    """A palette PNG of `tile_size`: each segment in its label's colour, borders in white, void transparent.

    Args:
        segmentation: of the picture, or of a smaller one of it.
        lit: class ids of the segments that stand out; None: all alike.
    """
    ids = reduced(segmentation.id_map, tile_size(segmentation.size))
    labels = [(0, 0, 0), *(label_color(segment.label) for segment in segmentation.segments)]
    shares = [0, *(_share(segment.class_id, lit) for segment in segmentation.segments)]
    return draw_looks(ids, [*zip(labels, shares, strict=True)], borders(ids))


def draw_looks(numbers: NDArray[np.integer], looks: Sequence[Look], lines: NDArray[np.bool_]) -> bytes:
    """A palette PNG.

    Args:
        numbers: (H, W) from 0; 0 is transparent.
        looks: of each number; of more than 254 different ones, the strongest.
        lines: (H, W) pixels that are white, but for those that are transparent.
    """
    different = sorted(set(looks), key=lambda look: look[1])[-254:]
    place = {look: number + 1 for number, look in enumerate(different)}
    number = np.array([place.get(look, 0) for look in looks], np.uint8)
    number[0] = 0
    pixels = number[numbers]
    pixels[lines & (pixels > 0)] = 255
    height, width = pixels.shape
    picture = Image.frombytes("P", (width, height), np.ascontiguousarray(pixels).tobytes())
    palette = np.zeros((256, 3), np.uint8)
    alpha = np.zeros(256, np.uint8)
    for (color, share), at in place.items():
        palette[at], alpha[at] = color, share
    palette[255], alpha[255] = (255, 255, 255), 190
    picture.putpalette(palette.tobytes())
    return encode_png(picture, alpha.tobytes())


def _share(class_id: int, lit: frozenset[int] | None) -> int:
    return OPACITY if lit is None or class_id in lit else DIMMED


def borders(ids: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(H, W) pixels whose right or lower neighbour belongs to another segment."""
    found = np.zeros(ids.shape, bool)
    found[:, :-1] |= ids[:, :-1] != ids[:, 1:]
    found[:-1] |= ids[:-1] != ids[1:]
    return found


def reduced(ids: NDArray[np.int32], size: Size) -> NDArray[np.int32]:
    """A map at another (height, width), by nearest neighbours."""
    if ids.shape == size:
        return ids
    rows, columns = (
        ((np.arange(target) + 0.5) * source / target).astype(np.int64)
        for source, target in zip(ids.shape, size, strict=True)
    )
    return ids[np.ix_(rows, columns)]
