"""A small picture of what went wrong in one picture of a run."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from panoseg.errors import PanosegError
from panoseg.evaluation.annotations import Annotations, Truth
from panoseg.evaluation.evaluation import EvaluatedPicture
from panoseg.evaluation.reasons import Outcome
from panoseg.runs.reading import RunItem, RunReader
from panoseg.thresholds import Thresholds

if TYPE_CHECKING:
    import pandas as pd

MISSED_COLOR = (255, 77, 109)
SURPLUS_COLOR = (255, 178, 36)
WIDTH = 420
_TINT = 0.45


def thumbnail(
    run: RunReader,
    annotations: Annotations,
    picture: EvaluatedPicture,
    segments: pd.DataFrame,
    thresholds: Thresholds | None,
) -> bytes:
    """A JPEG, at most `WIDTH` pixels wide: missed segments in one colour, surplus ones in another.

    The photo is grey where nothing went wrong, and a plain ground where it cannot be read.

    Args:
        run: it is of.
        annotations: it was held against.
        picture: one of the evaluation's.
        segments: its rows.
        thresholds: of the evaluation.

    Raises:
        GroundTruthError, RunError: what was read before cannot be read any more.
    """
    entry = next(each for each in annotations.pictures if each.name == picture.name)
    truth = annotations.truth(entry)
    item = run.find(picture.run_name) if picture.run_name else None
    outcome = segments["outcome"].astype(str)
    missed = segments[segments["annotated"] & (outcome == Outcome.MISSED.value)]["segment"].to_numpy()
    surplus = segments[~segments["annotated"] & (outcome == Outcome.SURPLUS.value)]["segment"].to_numpy()
    width = min(WIDTH, truth.size[1])
    height = max(1, round(truth.size[0] * width / truth.size[1]))
    pixels = _ground(item, (height, width))
    _paint(
        pixels, _shrunk(np.isin(truth.map.numbers, _numbers(truth, missed)), (height, width)), MISSED_COLOR
    )
    if item is not None and len(surplus):
        found = item.segmentation((thresholds or Thresholds()) if run.has_thresholds else None)
        _paint(pixels, _shrunk(np.isin(found.id_map, surplus), (height, width)), SURPLUS_COLOR)
    stream = BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(stream, "JPEG", quality=82)
    return stream.getvalue()


def _numbers(truth: Truth, ids: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.searchsorted(truth.map.ids, ids) + 1


def _ground(item: RunItem | None, size: tuple[int, int]) -> NDArray[np.float64]:
    try:
        photo = None if item is None else item.photo()
    except (PanosegError, OSError):
        photo = None
    if photo is None:
        return np.full((*size, 3), 96.0)
    small = Image.fromarray(photo.pixels).resize(size[::-1], Image.Resampling.LANCZOS)
    colors = np.asarray(small, np.float64)
    grey = colors @ [0.299, 0.587, 0.114]
    return 0.35 * colors + 0.5 * grey[..., None] + 20


def _shrunk(mask: NDArray[np.bool_], size: tuple[int, int]) -> NDArray[np.bool_]:
    rows, columns = (
        (np.arange(target) * 2 + 1) * source // (2 * target)
        for source, target in zip(mask.shape, size, strict=True)
    )
    return mask[rows[:, None], columns[None, :]]


def _paint(pixels: NDArray[np.float64], mask: NDArray[np.bool_], color: tuple[int, int, int]) -> None:
    """Tint a mask and draw its border, in place."""
    inner = mask.copy()
    inner[1:] &= mask[:-1]
    inner[:-1] &= mask[1:]
    inner[:, 1:] &= mask[:, :-1]
    inner[:, :-1] &= mask[:, 1:]
    pixels[inner] = (1 - _TINT) * pixels[inner] + _TINT * np.array(color)
    pixels[mask & ~inner] = color
