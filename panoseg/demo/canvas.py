"""Paper and pencil of the drawn world: antialiased shapes whose ground truth is exact.

Positions on a `Canvas` are in picture heights: (x, y) with the origin at the top left, x to the right and y down, so
that a drawing is the same at every size. Shapes are drawn at `OVERSAMPLING` times the size and averaged; a shape owns
the pixels of which it covers at least half.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

OVERSAMPLING = 3

Rgb = tuple[float, float, float]
Point = tuple[float, float]
Floats = NDArray[np.float32]


def mix(first: Rgb, second: Rgb, amount: float) -> Rgb:
    """Colour between `first` (amount 0) and `second` (amount 1)."""
    r, g, b = (a + (z - a) * amount for a, z in zip(first, second, strict=True))
    return (r, g, b)


def scaled(colour: Rgb, factor: float) -> Rgb:
    """Colour made lighter (factor above 1) or darker."""
    r, g, b = (min(255.0, channel * factor) for channel in colour)
    return (r, g, b)


def varied(colour: Rgb, rng: np.random.Generator, amount: float = 12.0) -> Rgb:
    """Colour with each channel moved by up to `amount` of 255."""
    r, g, b = (float(np.clip(c + rng.uniform(-amount, amount), 0, 255)) for c in colour)
    return (r, g, b)


def pick(rng: np.random.Generator, colours: Sequence[Rgb], amount: float = 12.0) -> Rgb:
    """One of the colours, slightly varied."""
    return varied(colours[int(rng.integers(len(colours)))], rng, amount)


def noise(
    rng: np.random.Generator, shape: tuple[int, int], cells: float, stretch: float = 1.0
) -> Floats:
    """Smooth noise, (height, width) float32 of unit variance at the knots.

    `cells` counts the knots along the height; `stretch` draws the noise out sideways by that factor.
    """
    height, width = shape
    rows = max(2, round(cells))
    columns = max(2, round(cells * width / height / stretch))
    knots = Image.fromarray(rng.standard_normal((rows, columns), dtype=np.float32))
    return np.asarray(knots.resize((width, height), Image.Resampling.BICUBIC), np.float32)


class Pen:
    """Draws one object in its own units: x to the right, y UP, the origin where it touches the ground.

    `box` is (left, bottom, right, top) in those units and must hold the whole drawing; `scale` is pixels per unit.
    `origin` is where the object's origin falls on the canvas, (x, y) in pixels.
    """

    def __init__(self, box: tuple[float, float, float, float], scale: float, origin: Point) -> None:
        left, bottom, right, top = box
        self.x = int(np.floor(origin[0] + left * scale))
        self.y = int(np.floor(origin[1] - top * scale))
        width = int(np.ceil(origin[0] + right * scale)) - self.x
        height = int(np.ceil(origin[1] - bottom * scale)) - self.y
        self._scale = scale * OVERSAMPLING
        self._origin = (
            (origin[0] - self.x) * OVERSAMPLING,
            (origin[1] - self.y) * OVERSAMPLING,
        )
        size = (max(1, width) * OVERSAMPLING, max(1, height) * OVERSAMPLING)
        self._image = Image.new("RGBA", size)
        self._draw = ImageDraw.Draw(self._image)

    def _at(self, point: Point) -> Point:
        return (
            self._origin[0] + point[0] * self._scale,
            self._origin[1] - point[1] * self._scale,
        )

    def polygon(self, points: Sequence[Point], colour: Rgb) -> None:
        self._draw.polygon([self._at(p) for p in points], fill=_ink(colour))

    def box(self, left: float, bottom: float, right: float, top: float, colour: Rgb) -> None:
        self.polygon([(left, bottom), (right, bottom), (right, top), (left, top)], colour)

    def rounded(
        self, left: float, bottom: float, right: float, top: float, radius: float, colour: Rgb
    ) -> None:
        (x0, y1), (x1, y0) = self._at((left, bottom)), self._at((right, top))
        self._draw.rounded_rectangle((x0, y0, x1, y1), radius * self._scale, fill=_ink(colour))

    def ellipse(self, x: float, y: float, rx: float, ry: float, colour: Rgb) -> None:
        (x0, y0), (x1, y1) = self._at((x - rx, y + ry)), self._at((x + rx, y - ry))
        self._draw.ellipse((x0, y0, x1, y1), fill=_ink(colour))

    def line(self, points: Sequence[Point], width: float, colour: Rgb) -> None:
        pixels = max(1, round(width * self._scale))
        self._draw.line(
            [self._at(p) for p in points], fill=_ink(colour), width=pixels, joint="curve"
        )

    def limb(self, start: Point, end: Point, width: float, colour: Rgb) -> None:
        """A line with round ends."""
        self.line([start, end], width, colour)
        for x, y in (start, end):
            self.ellipse(x, y, width / 2, width / 2, colour)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Within this block ink stays inside what has been drawn so far."""
        silhouette = self._image.getchannel("A")
        yield
        self._image.putalpha(silhouette)

    def tile(self) -> Floats:
        """The drawing at the canvas' scale, (h, w, 4) float32 in 0…255, colours premultiplied by the last channel."""
        return np.asarray(self._image.convert("RGBa").reduce(OVERSAMPLING), np.float32)


def _ink(colour: Rgb) -> tuple[int, int, int, int]:
    r, g, b = (min(255, max(0, int(channel))) for channel in colour)
    return (r, g, b, 255)


class Canvas:
    """The picture under the brush: `pixels` (H, W, 3) float32 in 0…255, and `id_map` (H, W) int32."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.height, self.width = size
        self.pixels: Floats = np.zeros((self.height, self.width, 3), np.float32)
        self.id_map: NDArray[np.int32] = np.zeros((self.height, self.width), np.int32)

    def coverage(self, outline: Sequence[Point]) -> Floats:
        """Fraction of each pixel inside the polygon, (H, W) float32."""
        scale = self.height * OVERSAMPLING
        mask = Image.new("L", (self.width * OVERSAMPLING, self.height * OVERSAMPLING))
        ImageDraw.Draw(mask).polygon([(x * scale, y * scale) for x, y in outline], fill=255)
        return np.asarray(mask.reduce(OVERSAMPLING), np.float32) / 255

    def fill(self, colours: Floats, coverage: Floats, identity: int) -> None:
        """Paint a field of colours (broadcast to (H, W, 3)) where `coverage` says."""
        self.pixels += (colours - self.pixels) * coverage[..., None]
        self.id_map[coverage >= 0.5] = identity

    def glaze(self, tile: Floats, x: int, y: int) -> None:
        """Lay premultiplied ink (h, w, 4) over the picture with its top left at pixel (x, y); ids stay as they are."""
        rows, columns, part = self._window(tile, x, y)
        if part.size:
            alpha = part[..., 3:] / 255
            self.pixels[rows, columns] *= 1 - alpha
            self.pixels[rows, columns] += part[..., :3]

    def paste(self, tile: Floats, x: int, y: int, identity: int) -> None:
        """Lay an object over the picture; it owns the pixels that it covers by half or more."""
        self.glaze(tile, x, y)
        rows, columns, part = self._window(tile, x, y)
        self.id_map[rows, columns][part[..., 3] >= 127.5] = identity

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: float) -> None:
        """Darken a soft ellipse around (x, y), in picture heights; ids stay as they are."""
        cx, cy, ax, ay = (v * self.height for v in (x, y, rx, ry))
        top, bottom = max(0, int(cy - 1.6 * ay)), min(self.height, int(cy + 1.6 * ay) + 2)
        left, right = max(0, int(cx - 1.6 * ax)), min(self.width, int(cx + 1.6 * ax) + 2)
        if top >= bottom or left >= right:
            return
        rows = (np.arange(top, bottom, dtype=np.float32)[:, None] + 0.5 - cy) / ay
        columns = (np.arange(left, right, dtype=np.float32)[None, :] + 0.5 - cx) / ax
        distance = rows**2 + columns**2
        dark = strength * np.clip(1.4 - distance, 0, 1).astype(np.float32)
        self.pixels[top:bottom, left:right] *= 1 - dark[..., None] * np.float32([1.0, 0.96, 0.85])

    def _window(self, tile: Floats, x: int, y: int) -> tuple[slice, slice, Floats]:
        top, left = max(0, y), max(0, x)
        bottom = max(top, min(self.height, y + tile.shape[0]))
        right = max(left, min(self.width, x + tile.shape[1]))
        part = tile[top - y : bottom - y, left - x : right - x]
        return slice(top, bottom), slice(left, right), part


def lit(tile: Floats, light: float, rng: np.random.Generator, texture: float = 0.035) -> Floats:
    """Give a flat drawing volume: light from the left (−1) or the right (+1) and above, and some brush texture."""
    height, width = tile.shape[:2]
    radius = max(1.0, 0.09 * min(height, width))
    silhouette = Image.fromarray(tile[..., 3].astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(radius)
    )
    relief = np.pad(np.asarray(silhouette, np.float32) / 255, 1, mode="edge")
    across = (relief[1:-1, :-2] - relief[1:-1, 2:]) * light
    down = relief[2:, 1:-1] - relief[:-2, 1:-1]
    shade = 1 + np.clip((0.8 * across + 0.5 * down) * radius, -0.5, 0.35)
    shade += texture * noise(rng, (height, width), 9)
    shaded = tile.copy()
    shaded[..., :3] = np.minimum(tile[..., :3] * shade[..., None], tile[..., 3:])
    return shaded
