"""The picture under the brush, and the truth about it.

Positions are in picture heights: (x, y) from the top left, y down, so that a drawing is the same at
every size. What covers at least half of a pixel owns it in the id map; shadows, haze and light
change colours only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from panoseg.demo.pen import OVERSAMPLING, Floats, Pen, Point


def noise(rng: np.random.Generator, size: tuple[int, int], cells: tuple[float, float]) -> Floats:
    """Smooth noise, (height, width) float32 of unit variance at its knots.

    `cells` counts the knots (down, across).
    """
    rows, columns = (max(2, round(count)) for count in cells)
    knots = Image.fromarray(rng.standard_normal((rows, columns), dtype=np.float32))
    return np.asarray(knots.resize(size[::-1], Image.Resampling.BICUBIC), np.float32)


class Canvas:
    """`pixels` (H, W, 3) float32 in 0…255, and `id_map` (H, W) int32."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.height, self.width = size
        self.pixels: Floats = np.zeros((*size, 3), np.float32)
        self.id_map: NDArray[np.int32] = np.zeros(size, np.int32)

    @property
    def aspect(self) -> float:
        """Width in picture heights."""
        return self.width / self.height

    def patch(self, outline: Sequence[Point]) -> Patch:
        """The part of the canvas under a polygon."""
        bounds = []
        for values, length in zip(zip(*outline, strict=True), (self.width, self.height), strict=True):
            start = min(length - 1, max(0, floor(min(values) * self.height)))
            bounds.append((start, max(start + 1, min(length, ceil(max(values) * self.height)))))
        (left, right), (top, bottom) = bounds
        scale = self.height * OVERSAMPLING
        mask = Image.new("L", ((right - left) * OVERSAMPLING, (bottom - top) * OVERSAMPLING))
        shifted = [(x * scale - left * OVERSAMPLING, y * scale - top * OVERSAMPLING) for x, y in outline]
        ImageDraw.Draw(mask).polygon(shifted, fill=255)
        coverage = np.asarray(mask.reduce(OVERSAMPLING), np.float32) / np.float32(255)
        return Patch(self, top, left, coverage)

    def lay(self, tile: Floats, x: int, y: int) -> None:
        """Lay premultiplied ink (h, w, 4) over the picture, its top left at pixel (x, y)."""
        rows, columns, ink = self._meet(tile, x, y)
        self.pixels[rows, columns] *= 1 - ink[..., 3:] / 255
        self.pixels[rows, columns] += ink[..., :3]

    def own(self, tile: Floats, x: int, y: int, identity: int) -> None:
        """Give `identity` the pixels that the ink covers by half or more."""
        rows, columns, ink = self._meet(tile, x, y)
        self.id_map[rows, columns][ink[..., 3] >= 127.5] = identity

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: float) -> None:
        """Darken a soft ellipse around (x, y)."""
        cx, cy, ax, ay = (value * self.height for value in (x, y, rx, ry))
        rows = slice(max(0, floor(cy - 1.6 * ay)), max(0, ceil(cy + 1.6 * ay)))
        columns = slice(max(0, floor(cx - 1.6 * ax)), max(0, ceil(cx + 1.6 * ax)))
        under = self.pixels[rows, columns]
        down = (np.arange(under.shape[0], dtype=np.float32) + (rows.start + 0.5 - cy)) / ay
        across = (np.arange(under.shape[1], dtype=np.float32) + (columns.start + 0.5 - cx)) / ax
        dark = strength * np.clip(1.4 - down[:, None] ** 2 - across[None, :] ** 2, 0, 1)
        under *= 1 - dark[..., None] * np.array((1.0, 0.96, 0.85), np.float32)  # shade is bluish

    def _meet(self, tile: Floats, x: int, y: int) -> tuple[slice, slice, Floats]:
        """Rows and columns of the canvas under a tile, and the part of the tile that is on them."""
        top, left = max(0, y), max(0, x)
        bottom = max(top, min(self.height, y + tile.shape[0]))
        right = max(left, min(self.width, x + tile.shape[1]))
        ink = tile[top - y : bottom - y, left - x : right - x]
        return slice(top, bottom), slice(left, right), ink


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A window of the canvas; `coverage` (h, w) float32, 0–1, is the part inside its outline."""

    canvas: Canvas
    top: int
    left: int
    coverage: Floats

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the canvas."""
        height, width = self.coverage.shape
        return slice(self.top, self.top + height), slice(self.left, self.left + width)

    @property
    def y(self) -> Floats:
        """(h, 1, 1) positions of the pixel centres."""
        rows = np.arange(self.coverage.shape[0], dtype=np.float32) + (self.top + 0.5)
        return rows[:, None, None] / np.float32(self.canvas.height)

    @property
    def x(self) -> Floats:
        """(1, w, 1) positions of the pixel centres."""
        columns = np.arange(self.coverage.shape[1], dtype=np.float32) + (self.left + 0.5)
        return columns[None, :, None] / np.float32(self.canvas.height)

    def noise(self, rng: np.random.Generator, cells: float, stretch: float = 1.0) -> Floats:
        """Smooth noise, (h, w, 1); `cells` per picture height, drawn out sideways by `stretch`."""
        height, width = self.coverage.shape
        per_pixel = cells / self.canvas.height
        return noise(rng, (height, width), (per_pixel * height, per_pixel * width / stretch))[..., None]

    def blend(self, colours: Floats, amount: Floats | None = None) -> None:
        """Mix colours (broadcast to (h, w, 3)) into the picture inside the outline, `amount` 0–1 of them."""
        under = self.canvas.pixels[self.window]
        opacity = self.coverage[..., None] if amount is None else self.coverage[..., None] * amount
        under += (np.clip(colours, 0, 255) - under) * opacity

    def own(self, identity: int) -> None:
        """Give `identity` the pixels inside the outline."""
        self.canvas.id_map[self.window][self.coverage >= 0.5] = identity

    def pen(self) -> Pen:
        """A pen over the patch, in picture heights, y up from the picture's lower edge."""
        height, width = self.coverage.shape
        scale = self.canvas.height
        bottom = (self.canvas.height - self.top - height) / scale
        return Pen((0, bottom, width / scale, bottom + height / scale), scale, (self.left, scale))

    def lay(self, pen: Pen, opacity: float) -> None:
        """Lay what a pen drew over the picture, inside the outline."""
        height, width = self.coverage.shape
        ink = pen.tile()[:height, :width]
        self.canvas.lay(ink * (self.coverage[..., None] * np.float32(opacity)), self.left, self.top)


def lit(tile: Floats, light: float, rng: np.random.Generator) -> Floats:
    """Give a flat drawing (h, w, 4) volume and brush texture.

    The light comes from above and from the left (−1) or the right (+1).
    """
    height, width = tile.shape[:2]
    radius = max(1.0, 0.09 * min(height, width))
    relief = np.pad(_blurred(tile[..., 3] / np.float32(255), radius), 1, mode="edge")
    across = (relief[1:-1, :-2] - relief[1:-1, 2:]) * light
    down = relief[2:, 1:-1] - relief[:-2, 1:-1]
    shade = 1 + np.clip((0.8 * across + 0.5 * down) * radius, -0.5, 0.35)
    shade += 0.035 * noise(rng, (height, width), (9, 9 * width / height))
    lit_tile = tile.copy()
    lit_tile[..., :3] = np.minimum(tile[..., :3] * shade[..., None], tile[..., 3:])
    return lit_tile


def _blurred(values: Floats, radius: float) -> Floats:
    """Gaussian blur in floating point; Pillow's own, in 8 bits, leaves contour lines in the shading."""
    height, width = values.shape
    shrink = max(1.0, radius / 2)
    small = max(1, round(width / shrink)), max(1, round(height / shrink))
    field = np.asarray(Image.fromarray(values).resize(small, Image.Resampling.BOX))
    for _ in range(round(2 * (radius / shrink) ** 2)):
        for _ in range(2):
            padded = np.pad(field, ((1, 1), (0, 0)), mode="edge")
            field = ((padded[:-2] + 2 * field + padded[2:]) / 4).T
    return np.asarray(
        Image.fromarray(np.ascontiguousarray(field)).resize((width, height), Image.Resampling.BICUBIC)
    )
