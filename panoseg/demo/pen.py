"""Ink: colours, and a pen that draws one shape after another with smooth edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

OVERSAMPLING = 3
"""Shapes are drawn at this multiple of the picture's size and averaged."""

Rgb = tuple[float, float, float]
Point = tuple[float, float]
Floats = NDArray[np.float32]

INK: Rgb = (52, 44, 48)
CREAM: Rgb = (250, 240, 218)
BRIGHT: tuple[Rgb, ...] = (
    (214, 62, 58),
    (240, 158, 54),
    (246, 206, 78),
    (70, 128, 196),
    (128, 84, 164),
    (232, 120, 150),
    (64, 164, 160),
    (246, 240, 228),
)


def mix(first: Rgb, second: Rgb, amount: float) -> Rgb:
    """Colour between `first` (amount 0) and `second` (amount 1)."""
    r, g, b = (a + (z - a) * amount for a, z in zip(first, second, strict=True))
    return r, g, b


def scaled(colour: Rgb, factor: float) -> Rgb:
    """Colour made lighter (factor above 1) or darker."""
    r, g, b = (min(255.0, channel * factor) for channel in colour)
    return r, g, b


def varied(colour: Rgb, rng: np.random.Generator, amount: float = 12.0) -> Rgb:
    """Colour with each channel moved by up to `amount` of 255."""
    r, g, b = (min(255.0, max(0.0, c + rng.uniform(-amount, amount))) for c in colour)
    return r, g, b


def pick(rng: np.random.Generator, colours: Sequence[Rgb], amount: float = 12.0) -> Rgb:
    """One of the colours, slightly varied."""
    return varied(colours[int(rng.integers(len(colours)))], rng, amount)


class Pen:
    """Draws one object in its own units: x to the right, y UP, the origin where it stands.

    Args:
        box: (left, bottom, right, top) in those units; what is drawn beyond is cut off.
        scale: pixels of the picture per unit.
        origin: (x, y) of the object's origin in pixels of the picture, y down.

    Attributes:
        x, y: pixel of the picture at the drawing's top left.
        facing: −1 draws everything mirrored.
    """

    def __init__(self, box: tuple[float, float, float, float], scale: float, origin: Point) -> None:
        left, bottom, right, top = box
        self.x, self.y = floor(origin[0] + left * scale), floor(origin[1] - top * scale)
        width = max(1, ceil(origin[0] + right * scale) - self.x)
        height = max(1, ceil(origin[1] - bottom * scale) - self.y)
        self.facing = 1
        self._scale = scale * OVERSAMPLING
        self._origin = (origin[0] - self.x) * OVERSAMPLING, (origin[1] - self.y) * OVERSAMPLING
        self._size = width * OVERSAMPLING, height * OVERSAMPLING
        self._take(Image.new("RGBX", self._size))

    def polygon(self, points: Sequence[Point], colour: Rgb) -> None:
        """A filled polygon."""
        self._draw.polygon([self._at(*point) for point in points], fill=_ink(colour))

    def box(self, left: float, bottom: float, right: float, top: float, colour: Rgb) -> None:
        """A filled rectangle."""
        self.polygon([(left, bottom), (right, bottom), (right, top), (left, top)], colour)

    def rounded(
        self, left: float, bottom: float, right: float, top: float, radius: float, colour: Rgb
    ) -> None:
        """A filled rectangle with round corners."""
        corners = self._corners(left, bottom, right, top)
        self._draw.rounded_rectangle(corners, radius * self._scale, fill=_ink(colour))

    def ellipse(self, x: float, y: float, rx: float, ry: float, colour: Rgb) -> None:
        """A filled ellipse around (x, y)."""
        self._draw.ellipse(self._corners(x - rx, y - ry, x + rx, y + ry), fill=_ink(colour))

    def line(self, points: Sequence[Point], width: float, colour: Rgb) -> None:
        """A line through the points, at least a hair wide at any size."""
        pixels = max(1, round(width * self._scale))
        line = [self._at(*point) for point in points]
        self._draw.line(line, fill=_ink(colour), width=pixels, joint="curve")

    def limb(self, start: Point, end: Point, width: float, colour: Rgb) -> None:
        """A line with round ends."""
        self.line([start, end], width, colour)
        for x, y in (start, end):
            self.ellipse(x, y, width / 2, width / 2, colour)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Within this block ink stays inside what has been drawn so far."""
        silhouette = self._image.getchannel("X")
        yield
        self._take(Image.composite(self._image, Image.new("RGBX", self._size), silhouette))

    def tile(self) -> Floats:
        """The drawing in pixels of the picture.

        Returns:
            (h, w, 4) float32 in 0…255: colours multiplied by the coverage, and the coverage.
        """
        # Ink is opaque and the rest is black, so plain averages are premultiplied colours.
        return np.asarray(self._image.reduce(OVERSAMPLING), np.float32)

    def _take(self, image: Image.Image) -> None:
        self._image, self._draw = image, ImageDraw.Draw(image)

    def _at(self, x: float, y: float) -> Point:
        return self._origin[0] + self.facing * x * self._scale, self._origin[1] - y * self._scale

    def _corners(
        self, left: float, bottom: float, right: float, top: float
    ) -> tuple[float, float, float, float]:
        if self.facing < 0:
            left, right = right, left
        return (*self._at(left, top), *self._at(right, bottom))


def _ink(colour: Rgb) -> tuple[int, int, int, int]:
    r, g, b = (min(255, max(0, int(channel))) for channel in colour)
    return r, g, b, 255
