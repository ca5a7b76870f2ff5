"""Landscapes of the drawn world: where sky, mountains, meadows, water and roads lie, and in what light.

Outlines are in picture heights, as everywhere on a `Canvas`; x runs from 0 to the picture's aspect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panoseg.demo.pen import Point, Rgb

Outline = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Mood:
    """The colours of an hour and a season; `light` tints the whole picture (1 leaves a channel as it is)."""

    zenith: Rgb
    haze: Rgb
    meadow: Rgb
    far_meadow: Rgb
    water: Rgb
    rock: Rgb
    light: Rgb


# fmt: off
MOODS = tuple(
    Mood(*colours) for colours in (
        # zenith, haze, meadow, far meadow, water, rock, light
        ((96, 164, 220), (214, 234, 240), (122, 178, 76), (166, 200, 118), (72, 150, 192), (132, 142, 172),
         (1.0, 1.0, 0.98)),
        ((134, 178, 226), (252, 228, 200), (142, 182, 84), (190, 204, 126), (98, 164, 192), (156, 150, 180),
         (1.02, 1.0, 0.95)),
        ((122, 118, 184), (252, 186, 142), (138, 152, 76), (186, 166, 106), (128, 136, 182), (138, 112, 152),
         (1.04, 0.96, 0.93)),
        ((168, 188, 206), (228, 232, 228), (116, 162, 92), (162, 188, 138), (104, 142, 160), (138, 146, 158),
         (0.98, 0.99, 1.0)),
        ((112, 172, 214), (246, 232, 206), (180, 172, 82), (214, 192, 118), (86, 150, 176), (150, 138, 156),
         (1.03, 1.0, 0.94)),
        ((78, 176, 206), (232, 244, 222), (98, 174, 104), (156, 206, 136), (58, 164, 178), (120, 150, 160),
         (1.0, 1.0, 0.98)),
    )
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Layer:
    """One outline of stuff, in front of those before it.

    `seed` fixes its texture; `nearness` (0–1) brings a meadow's colour closer.
    """

    label: str
    outline: Outline
    seed: int
    nearness: float = 0.0

    @property
    def top(self) -> float:
        """The smallest y."""
        return min(y for _, y in self.outline)

    @property
    def bottom(self) -> float:
        """The largest y."""
        return max(y for _, y in self.outline)


@dataclass(frozen=True, slots=True)
class Scenery:
    """A landscape without things.

    Attributes:
        mood: its colours.
        horizon: y where land or sea meets the sky.
        sun: (x, y) of its centre.
        light: −1 where the sun stands to the left, 1 where it stands to the right.
        layers: from far to near.
    """

    mood: Mood
    horizon: float
    sun: Point
    light: float
    layers: tuple[Layer, ...]

    def depth(self, y: float) -> float:
        """How near ground at `y` is: 0 at the horizon, 1 at the picture's lower edge."""
        return (y - self.horizon) / (1 - self.horizon)


def plan_scenery(rng: np.random.Generator, aspect: float) -> Scenery:
    """Choose a landscape for a picture `aspect` times as wide as high."""
    mood = MOODS[int(rng.integers(len(MOODS)))]
    horizon = float(rng.uniform(0.34, 0.5))
    side = float(rng.choice([rng.uniform(0.08, 0.32), rng.uniform(0.68, 0.92)]))
    sun = side * aspect, horizon * float(rng.uniform(0.25, 0.6))

    def layer(label: str, outline: Outline, nearness: float = 0.0) -> Layer:
        return Layer(label, outline, int(rng.integers(2**31)), nearness)

    def rolling(y: float, amplitude: float, tilt: float = 0.0) -> Outline:
        edge = _wave(rng, aspect, y, amplitude, float(rng.uniform(-tilt, tilt)) if tilt else 0.0)
        return (*edge, (aspect + 0.1, 1.1), (-0.1, 1.1))

    layers = [layer("sky", ((-0.1, -0.1), (aspect + 0.1, -0.1), (aspect + 0.1, 1.1), (-0.1, 1.1)))]
    if rng.random() < 0.7:
        layers += [layer("mountain", peak) for peak in _peaks(rng, aspect, horizon)]
    water = str(rng.choice(["sea", "lake", "none"], p=[0.3, 0.35, 0.35]))
    if water == "sea":
        layers.append(layer("water", rolling(horizon, 0.0)))
        shore = horizon + float(rng.uniform(0.15, 0.27))
        layers.append(layer("grass", rolling(shore, 0.03, tilt=0.05), 0.5))
    else:
        layers.append(layer("grass", rolling(horizon, 0.018)))
        if rng.random() < 0.7:
            layers.append(layer("grass", rolling(horizon + 0.05, 0.035, tilt=0.05), 0.3))
    if water == "lake":
        layers.append(layer("water", _lake(rng, aspect, horizon)))
    road = str(rng.choice(["street", "path", "none"], p=[0.5, 0.25, 0.25]))
    if road == "street":
        layers.append(layer("road", _street(rng, aspect, horizon)))
    elif road == "path":
        layers.append(layer("road", _path(rng, aspect, horizon + (0.24 if water == "sea" else 0.1))))
    return Scenery(mood, horizon, sun, -1.0 if side < 0.5 else 1.0, tuple(layers))


def _wave(rng: np.random.Generator, aspect: float, y: float, amplitude: float, tilt: float) -> Outline:
    """A rolling line from left to right."""
    x = np.linspace(-0.1, aspect + 0.1, 60)
    phase = rng.uniform(0, 2 * np.pi, 2)
    length = rng.uniform(2.0, 4.5)
    swell = 0.7 * np.sin(length * x + phase[0]) + 0.3 * np.sin(2.3 * length * x + phase[1])
    return _points(x, y + amplitude * swell + tilt * (x / aspect - 0.5))


def _peaks(rng: np.random.Generator, aspect: float, horizon: float) -> list[Outline]:
    """Two to four mountains: left foot, jagged flank, summit, jagged flank, right foot."""
    count = int(rng.integers(2, 5))
    peaks = []
    for index in rng.permutation(count):
        summit = aspect * (index + rng.uniform(0.2, 0.8)) / count
        height = horizon * rng.uniform(0.35, 0.72)
        half = height * rng.uniform(1.0, 1.5)
        foot, rise = horizon + 0.08, height + 0.08
        up = np.linspace(0, 1, 8)[1:-1]
        left = foot - rise * up + rng.uniform(-0.012, 0.012, 6)
        right = foot - rise * (1 - up) + rng.uniform(-0.012, 0.012, 6)
        x = summit + half * np.array([-1, *(up - 1), 0, *up, 1])
        peaks.append(_points(x, np.array([foot, *left, horizon - height, *right, foot])))
    return peaks


def _lake(rng: np.random.Generator, aspect: float, horizon: float) -> Outline:
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    shore = 1 + 0.12 * np.sin(2 * turn + rng.uniform(0, 6)) + 0.07 * np.sin(3 * turn + rng.uniform(0, 6))
    ry = rng.uniform(0.1, 0.16)
    rx = rng.uniform(0.42, 0.75) * max(1.0, aspect / 1.4)
    x, y = rng.uniform(0.1, 0.9) * aspect, horizon + 0.06 + ry * rng.uniform(1.0, 1.5)
    return _points(x + rx * shore * np.cos(turn), y + ry * shore * np.sin(turn))


def _street(rng: np.random.Generator, aspect: float, horizon: float) -> Outline:
    """From side to side, wide enough for a car: its far edge, then its near edge backwards."""
    y = float(rng.uniform(max(0.66, horizon + 0.2), 0.86))
    half = float(rng.uniform(0.065, 0.095)) * (0.6 + 0.5 * y)
    middle = _wave(rng, aspect, y, 0.02, float(rng.uniform(-0.06, 0.06)))
    return (*((x, v - half) for x, v in middle), *((x, v + half) for x, v in reversed(middle)))


def _path(rng: np.random.Generator, aspect: float, end: float) -> Outline:
    """From the foreground to a far point: its left edge, then its right edge backwards."""
    along = np.linspace(0, 1, 40)
    near, far = rng.uniform(0.2, 0.8) * aspect, rng.uniform(0.25, 0.75) * aspect
    bend = rng.uniform(-0.22, 0.22) * np.sin(2 * np.pi * along) * (1 - 0.6 * along)
    x, y = near + (far - near) * along + bend, 1.05 + (end - 1.05) * along
    half = 0.17 * (1 - along) ** 1.3 + 0.022
    return (*_points(x - half, y), *reversed(_points(x + half, y)))


def _points(x: np.ndarray, y: np.ndarray) -> Outline:
    return tuple((float(a), float(b)) for a, b in zip(x, y, strict=True))
