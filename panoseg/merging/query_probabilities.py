"""How probable each query finds a pixel, before any of them competes for it: at one pixel, or everywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import InvalidValueError
from panoseg.merging.grid import Axis
from panoseg.merging.surfaces import surfaces_of
from panoseg.prediction import Prediction, Size

_BAND_PIXELS = 1 << 18


def probabilities_at(prediction: Prediction, x: int, y: int) -> NDArray[np.float64]:
    """(Q,) mask probability of every query at one pixel of the photo, 0–1, as the merging computes it.

    Args:
        prediction: of any geometry.
        x, y: column and row of the photo.

    Raises:
        InvalidValueError: a pixel outside of the photo.
    """
    corners, down, along = corners_at(prediction, x, y)
    sides = corners[:, 0] * (1 - down) + corners[:, 1] * down
    return _sigmoid(sides[:, 0] * (1 - along) + sides[:, 1] * along)


def corners_at(prediction: Prediction, x: int, y: int) -> tuple[NDArray[np.float64], float, float]:
    """The logits of every query at the four nodes around a pixel, and where the pixel lies between them.

    Returns:
        (Q, 2, 2) float64, rows first; how far down and how far along the pixel is, each 0–1.

    Raises:
        InvalidValueError: a pixel outside of the photo.
    """
    height, width = prediction.image_size
    if not (0 <= x < width and 0 <= y < height):
        raise InvalidValueError(
            f"pixel: wanted x from 0 to {width - 1} and y from 0 to {height - 1}, got {x!r}, {y!r}."
        )
    rows, columns, _ = surfaces_of(prediction).grid
    row, column = _cell(rows, y), _cell(columns, x)
    nodes = np.array([[row, column], [row, column + 1], [row + 1, column], [row + 1, column + 1]]).T
    return (
        _nodes(prediction.mask_logits, rows, columns, *nodes).reshape(-1, 2, 2),
        rows.part[y],
        columns.part[x],
    )


def probability_map(prediction: Prediction, query: int, size: Size | None = None) -> NDArray[np.float32]:
    """(H, W) float32, one query's mask probability everywhere, 0–1, whoever owns the pixels.

    Args:
        prediction: of any geometry.
        query: its index, 0 … Q − 1.
        size: (height, width) of a smaller picture of the photo, for display; the photo's by default.

    Raises:
        InvalidValueError: no such query, or a size below 1×1.
    """
    if not 0 <= query < len(prediction.mask_logits):
        raise InvalidValueError(f"query: wanted 0 to {len(prediction.mask_logits) - 1}, got {query!r}.")
    surfaces = surfaces_of(prediction, size)
    rows, columns, _ = surfaces.grid
    count = len(rows.low), len(columns.low)
    each = np.indices(count).reshape(2, -1)
    nodes = _nodes(prediction.mask_logits[query : query + 1], rows, columns, *each).reshape(count)
    row, column = (_cells(axis) for axis in (rows, columns))
    height, width = surfaces.size
    found = np.empty((height, width), np.float32)
    band = max(1, _BAND_PIXELS // width)
    for top in range(0, height, band):
        inside = slice(top, top + band)
        down = rows.part[inside, None]
        lines = nodes[row[inside]] * (1 - down) + nodes[row[inside] + 1] * down
        logits = lines[:, column] * (1 - columns.part) + lines[:, column + 1] * columns.part
        found[inside] = _sigmoid(logits)
    return found


def _nodes(
    logits: NDArray[np.float32],
    rows: Axis,
    columns: Axis,
    row: NDArray[np.int64],
    column: NDArray[np.int64],
) -> NDArray[np.float64]:
    """(Q, N) surfaces of Q queries at N nodes."""
    down, along = rows.toward[row], columns.toward[column]
    low, high = (
        logits[:, rows.low[row], side].astype(np.float64) * (1 - down)
        + logits[:, rows.high[row], side].astype(np.float64) * down
        for side in (columns.low[column], columns.high[column])
    )
    surfaces: NDArray[np.float64] = low * (1 - along) + high * along
    return surfaces


def _cell(axis: Axis, pixel: int) -> int:
    return int(np.searchsorted(axis.first, pixel, side="right")) - 1


def _cells(axis: Axis) -> NDArray[np.int64]:
    """The cell of each pixel."""
    return np.repeat(np.arange(len(axis.first) - 1), np.diff(axis.first))


def _sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):  # of hopeless logits exp is infinite, and the probability 0
        probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
    return probabilities
