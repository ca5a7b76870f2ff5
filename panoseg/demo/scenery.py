"""The stuff of the drawn world: sky, mountains, meadows, water and roads, and the light that they lie in.

Outlines are in picture heights, like all positions (`panoseg.demo.canvas`); x runs from 0 to the picture's aspect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panoseg.demo.canvas import Canvas, Floats, Pen, Point, Rgb, mix, noise, scaled, varied

Outline = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Mood:
    """The colours of an hour and a season; `light` tints the whole picture."""

    zenith: Rgb
    haze: Rgb
    meadow: Rgb
    far_meadow: Rgb
    water: Rgb
    rock: Rgb
    light: Rgb


MOODS = (
    Mood((96, 164, 220), (214, 234, 240), (122, 178, 76), (166, 200, 118), (72, 150, 192), (132, 142, 172), (1.0, 1.0, 0.98)),
    Mood((134, 178, 226), (252, 228, 200), (142, 182, 84), (190, 204, 126), (98, 164, 192), (156, 150, 180), (1.02, 1.0, 0.95)),
    Mood((122, 118, 184), (252, 186, 142), (138, 152, 76), (186, 166, 106), (128, 136, 182), (138, 112, 152), (1.04, 0.96, 0.93)),
    Mood((168, 188, 206), (228, 232, 228), (116, 162, 92), (162, 188, 138), (104, 142, 160), (138, 146, 158), (0.98, 0.99, 1.0)),
    Mood((112, 172, 214), (246, 232, 206), (180, 172, 82), (214, 192, 118), (86, 150, 176), (150, 138, 156), (1.03, 1.0, 0.94)),
    Mood((78, 176, 206), (232, 244, 222), (98, 174, 104), (156, 206, 136), (58, 164, 178), (120, 150, 160), (1.0, 1.0, 0.98)),
)


@dataclass(frozen=True, slots=True)
class Layer:
    """One outline of stuff, painted over what lies behind it; `seed` fixes its texture."""

    label: str
    outline: Outline
    seed: int
    nearness: float = 0.0


@dataclass(frozen=True, slots=True)
class Scenery:
    """A landscape without things: layers from far to near, the horizon's y, the sun's x and its side (−1 or 1)."""

    mood: Mood
    horizon: float
    sun: Point
    layers: tuple[Layer, ...]

    def light(self, aspect: float) -> float:
        return -1.0 if self.sun[0] < aspect / 2 else 1.0


def plan_scenery(rng: np.random.Generator, aspect: float) -> Scenery:
    """Choose a landscape for a picture `aspect` times as wide as high."""
    mood = MOODS[int(rng.integers(len(MOODS)))]
    horizon = float(rng.uniform(0.34, 0.5))
    sun = (float(rng.choice([rng.uniform(0.08, 0.32), rng.uniform(0.68, 0.92)])) * aspect, horizon * float(rng.uniform(0.25, 0.6)))

    def layer(label: str, outline: Outline, nearness: float = 0.0) -> Layer:
        return Layer(label, outline, int(rng.integers(2**31)), nearness)

    def below(edge: list[Point]) -> Outline:
        return (*edge, (aspect + 0.1, 1.1), (-0.1, 1.1))

    layers = [layer("sky", ((-0.1, -0.1), (aspect + 0.1, -0.1), (aspect + 0.1, 1.1), (-0.1, 1.1)))]
    if rng.random() < 0.7:
        layers += [layer("mountain", peak) for peak in _peaks(rng, aspect, horizon)]
    kind = str(rng.choice(["sea", "lake", "none"], p=[0.3, 0.35, 0.35]))
    if kind == "sea":
        layers.append(layer("water", below(_wave(rng, aspect, horizon, 0.0))))
        shore = horizon + float(rng.uniform(0.15, 0.27))
        layers.append(layer("grass", below(_wave(rng, aspect, shore, 0.03, float(rng.uniform(-0.05, 0.05)))), 0.5))
    else:
        layers.append(layer("grass", below(_wave(rng, aspect, horizon, 0.018)), 0.0))
        if rng.random() < 0.7:
            layers.append(layer("grass", below(_wave(rng, aspect, horizon + 0.05, 0.035, float(rng.uniform(-0.05, 0.05)))), 0.3))
    if kind == "lake":
        layers.append(layer("water", _lake(rng, aspect, horizon)))
    road = str(rng.choice(["across", "path", "none"], p=[0.5, 0.25, 0.25]))
    if road == "across":
        layers.append(layer("road", _street(rng, aspect, horizon)))
    elif road == "path":
        start = horizon + (0.24 if kind == "sea" else 0.1)
        layers.append(layer("road", _path(rng, aspect, start)))
    return Scenery(mood, horizon, sun, tuple(layers))


def _wave(rng: np.random.Generator, aspect: float, y: float, amplitude: float, tilt: float = 0.0) -> list[Point]:
    """A rolling line from left to right."""
    x = np.linspace(-0.1, aspect + 0.1, 60)
    phase = rng.uniform(0, 2 * np.pi, 2)
    length = rng.uniform(2.0, 4.5)
    rolling = 0.7 * np.sin(length * x + phase[0]) + 0.3 * np.sin(2.3 * length * x + phase[1])
    line = y + amplitude * rolling + tilt * (x / aspect - 0.5)
    return [(float(a), float(b)) for a, b in zip(x, line, strict=True)]


def _peaks(rng: np.random.Generator, aspect: float, horizon: float) -> list[Outline]:
    """Two to four mountains, each a jagged triangle: left foot, summit, right foot."""
    count = int(rng.integers(2, 5))
    peaks: list[Outline] = []
    for index in rng.permutation(count):
        x = aspect * (index + rng.uniform(0.2, 0.8)) / count
        height = horizon * rng.uniform(0.35, 0.72)
        half = height * rng.uniform(1.0, 1.5)
        foot = horizon + 0.08
        steps = np.linspace(0, 1, 8)[1:-1]
        left = [(x - half * (1 - s), foot - (height + 0.08) * s + rng.uniform(-0.012, 0.012)) for s in steps]
        right = [(x + half * s, foot - (height + 0.08) * (1 - s) + rng.uniform(-0.012, 0.012)) for s in steps]
        outline = [(x - half, foot), *left, (x, horizon - height), *right, (x + half, foot)]
        peaks.append(tuple((float(a), float(b)) for a, b in outline))
    return peaks


def _lake(rng: np.random.Generator, aspect: float, horizon: float) -> Outline:
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    wobble = 1 + 0.12 * np.sin(2 * turn + rng.uniform(0, 6)) + 0.07 * np.sin(3 * turn + rng.uniform(0, 6))
    ry = rng.uniform(0.1, 0.16)
    rx = rng.uniform(0.42, 0.75) * max(1.0, aspect / 1.4)
    x, y = rng.uniform(0.1, 0.9) * aspect, horizon + 0.06 + ry * rng.uniform(1.0, 1.5)
    return tuple(
        (float(x + rx * w * np.cos(t)), float(y + ry * w * np.sin(t))) for t, w in zip(turn, wobble, strict=True)
    )


def _street(rng: np.random.Generator, aspect: float, horizon: float) -> Outline:
    """A street from side to side, wide enough for a car."""
    y = rng.uniform(max(0.66, horizon + 0.2), 0.86)
    half = rng.uniform(0.065, 0.095) * (0.6 + 0.5 * y)
    middle = _wave(rng, aspect, float(y), 0.02, float(rng.uniform(-0.06, 0.06)))
    return (*((x, v - half) for x, v in middle), *((x, v + half) for x, v in reversed(middle)))


def _path(rng: np.random.Generator, aspect: float, start: float) -> Outline:
    """A path that winds from the foreground to a far point."""
    s = np.linspace(0, 1, 40)
    y = 1.05 + (start - 1.05) * s
    bottom, top = rng.uniform(0.2, 0.8) * aspect, rng.uniform(0.25, 0.75) * aspect
    x = bottom + (top - bottom) * s + rng.uniform(-0.22, 0.22) * np.sin(2 * np.pi * s) * (1 - 0.6 * s)
    half = 0.17 * (1 - s) ** 1.3 + 0.022
    left = [(float(a - h), float(b)) for a, b, h in zip(x, y, half, strict=True)]
    right = [(float(a + h), float(b)) for a, b, h in zip(x, y, half, strict=True)]
    return (*left, *reversed(right))


def paint_layer(canvas: Canvas, scenery: Scenery, layer: Layer, identity: int) -> None:
    """Paint one layer with its texture and light."""
    rng = np.random.default_rng(layer.seed)
    coverage = canvas.coverage(layer.outline)
    colours = _PAINTERS[layer.label](canvas, scenery, layer, rng)
    canvas.fill(np.clip(colours, 0, 255), coverage, identity)
    _DETAILS[layer.label](canvas, scenery, layer, rng, coverage)


def _rows(canvas: Canvas) -> Floats:
    return (np.arange(canvas.height, dtype=np.float32)[:, None, None] + 0.5) / canvas.height


def _columns(canvas: Canvas) -> Floats:
    return (np.arange(canvas.width, dtype=np.float32)[None, :, None] + 0.5) / canvas.height


def _ramp(first: Rgb, second: Rgb, amount: Floats) -> Floats:
    start, end = np.float32(first), np.float32(second)
    return start + (end - start) * np.clip(amount, 0, 1)


def _mottle(canvas: Canvas, rng: np.random.Generator, cells: float, stretch: float = 1.0) -> Floats:
    return noise(rng, (canvas.height, canvas.width), cells, stretch)[..., None]


def _sky(canvas: Canvas, scenery: Scenery, layer: Layer, rng: np.random.Generator) -> Floats:
    mood = scenery.mood
    colours = _ramp(mood.zenith, mood.haze, _rows(canvas) / (scenery.horizon + 0.03))
    distance = np.hypot(_columns(canvas) - scenery.sun[0], _rows(canvas) - scenery.sun[1])
    glow = 0.55 * np.exp(-((distance / 0.2) ** 2)) + np.clip((0.062 - distance) * canvas.height, 0, 1)
    warm = np.float32((255, 244, 206))
    return colours + (warm - colours) * np.clip(glow, 0, 1) + 3 * _mottle(canvas, rng, 12, 3)


def _mountain(canvas: Canvas, scenery: Scenery, layer: Layer, rng: np.random.Generator) -> Floats:
    rock = varied(scenery.mood.rock, rng, 10)
    return _ramp(rock, mix(rock, scenery.mood.haze, 0.6), (_rows(canvas) - 0.1) / scenery.horizon) + 5 * _mottle(canvas, rng, 40)


def _grass(canvas: Canvas, scenery: Scenery, layer: Layer, rng: np.random.Generator) -> Floats:
    far = mix(scenery.mood.far_meadow, scenery.mood.meadow, layer.nearness)
    top = min(y for _, y in layer.outline)
    depth = (_rows(canvas) - top) / (1 - top)
    colours = _ramp(scaled(far, 1.04), scaled(scenery.mood.meadow, 0.86), depth)
    mottled = 7 * _mottle(canvas, rng, 7, 2.5) + 5 * _mottle(canvas, rng, 45, 1.5)
    return colours + mottled * np.float32((1.0, 1.0, 0.6))


def _water(canvas: Canvas, scenery: Scenery, layer: Layer, rng: np.random.Generator) -> Floats:
    mood = scenery.mood
    top, bottom = (f(y for _, y in layer.outline) for f in (min, max))
    depth = (_rows(canvas) - top) / (min(bottom, top + 0.35) - top)
    colours = _ramp(mix(mood.water, mood.haze, 0.55), scaled(mood.water, 0.9), depth)
    return colours + 6 * _mottle(canvas, rng, 42, 7)


def _road(canvas: Canvas, scenery: Scenery, layer: Layer, rng: np.random.Generator) -> Floats:
    tone = varied((172, 158, 146), rng, 8)
    colours = _ramp(mix(tone, scenery.mood.haze, 0.25), scaled(tone, 0.92), (_rows(canvas) - 0.4) / 0.6)
    return colours + 5 * _mottle(canvas, rng, 60) + 4 * _mottle(canvas, rng, 10, 3)


def _clouds(canvas: Canvas, scenery: Scenery, layer: Layer, rng: np.random.Generator, coverage: Floats) -> None:
    aspect = canvas.width / canvas.height
    white = mix((255, 255, 255), scenery.mood.haze, 0.35)
    for _ in range(int(rng.integers(2, 6))):
        x, y = rng.uniform(0, aspect), rng.uniform(0.02, 0.75) * scenery.horizon
        size = rng.uniform(0.05, 0.11)
        pen = Pen((-3, -1, 3, 2), size * canvas.height, (x * canvas.height, y * canvas.height))
        for puff in np.linspace(-1.6, 1.6, 6):
            radius = (1.05 - 0.3 * abs(puff)) * rng.uniform(0.75, 1.0)
            pen.ellipse(float(puff), radius * 0.35, radius, radius * 0.72, white)
        tile = pen.tile()
        fade = np.linspace(1, 0.35, tile.shape[0], dtype=np.float32)[:, None, None]
        canvas.glaze(tile * fade * np.float32(0.8), pen.x, pen.y)


def _snow(canvas: Canvas, scenery: Scenery, layer: Layer, rng: np.random.Generator, coverage: Floats) -> None:
    """The side away from the sun in shade, and a cap of snow with a ragged hem."""
    feet, summit = layer.outline[0], min(layer.outline, key=lambda p: p[1])
    height, half = feet[1] - summit[1], summit[0] - feet[0]
    aspect = canvas.width / canvas.height
    away = -scenery.light(aspect)
    rows, columns = _rows(canvas)[..., 0], _columns(canvas)[..., 0]
    ragged = noise(rng, (canvas.height, canvas.width), 22)
    crest = (columns - summit[0]) / half * away + 0.07 * ragged
    canvas.pixels *= 1 - (0.24 * coverage * np.clip(crest * canvas.height * 0.2, 0, 1))[..., None]
    hem = (summit[1] + height * 0.3 - rows) / height + 0.05 * ragged - 0.25 * np.abs(crest)
    snow = np.clip(hem * canvas.height * 0.25, 0, 1) * coverage * 0.9
    tone = np.where(crest[..., None] > 0, np.float32((214, 222, 238)), np.float32((252, 250, 246)))
    canvas.pixels += (tone - canvas.pixels) * snow[..., None]


def _blades(canvas: Canvas, scenery: Scenery, layer: Layer, rng: np.random.Generator, coverage: Floats) -> None:
    """Strokes of grass, and flowers in the foreground."""
    aspect = canvas.width / canvas.height
    top = min(y for _, y in layer.outline)
    pen = Pen((0, 0, aspect, 1.0), canvas.height, (0, canvas.height))
    petals = ((250, 244, 236), (246, 214, 96), (236, 130, 150), (186, 150, 220))
    for _ in range(int(260 * aspect)):
        x, depth = rng.uniform(0, aspect), float(rng.beta(1.3, 1.0))
        y = 1 - (top + 0.01 + (1 - top) * depth)
        size = 0.006 + 0.02 * depth
        lean = rng.uniform(-0.4, 0.4) * size
        tone = scaled(scenery.mood.meadow, rng.uniform(0.72, 1.22))
        pen.line([(x, y), (x + lean, y + size)], 0.0022 + 0.002 * depth, tone)
    for _ in range(int(rng.integers(0, 40))):
        x, depth = rng.uniform(0, aspect), rng.uniform(0.25, 1)
        y = 1 - (top + 0.02 + (1 - top) * depth)
        radius = 0.003 + 0.005 * depth
        colour = petals[int(rng.integers(len(petals)))]
        pen.ellipse(x, y, radius, radius, colour)
        pen.ellipse(x, y, radius * 0.4, radius * 0.4, (240, 190, 80))
    tile = pen.tile()[: canvas.height, : canvas.width]
    canvas.glaze(tile * (coverage * 0.75)[: tile.shape[0], : tile.shape[1], None], 0, 0)


def _ripples(canvas: Canvas, scenery: Scenery, layer: Layer, rng: np.random.Generator, coverage: Floats) -> None:
    aspect = canvas.width / canvas.height
    top, bottom = (f(y for _, y in layer.outline) for f in (min, max))
    pen = Pen((0, 0, aspect, 1.0), canvas.height, (0, canvas.height))
    bright = mix(scenery.mood.haze, (255, 255, 255), 0.5)
    for _ in range(int(70 * aspect)):
        x, y = rng.uniform(0, aspect), rng.uniform(top, min(bottom, top + 0.4))
        near = abs(x - scenery.sun[0]) < 0.12
        length = rng.uniform(0.015, 0.05)
        tone = bright if near or rng.random() < 0.5 else scaled(scenery.mood.water, 0.85)
        pen.line([(x - length, 1 - y), (x + length, 1 - y)], 0.003, tone)
    tile = pen.tile()[: canvas.height, : canvas.width]
    canvas.glaze(tile * (coverage * 0.6)[: tile.shape[0], : tile.shape[1], None], 0, 0)


def _markings(canvas: Canvas, scenery: Scenery, layer: Layer, rng: np.random.Generator, coverage: Floats) -> None:
    """Kerbs along both sides and dashes along the middle."""
    half = len(layer.outline) // 2
    one, other = layer.outline[:half], layer.outline[half:][::-1]
    aspect = canvas.width / canvas.height
    pen = Pen((0, 0, aspect, 1.0), canvas.height, (0, canvas.height))
    kerb = mix((226, 214, 192), scenery.mood.haze, 0.2)
    for side in (one, other):
        pen.line([(x, 1 - y) for x, y in side], 0.016, kerb)
    middle = [((x + u) / 2, 1 - (y + v) / 2) for (x, y), (u, v) in zip(one, other, strict=True)]
    if one[0][0] == other[0][0]:
        for start in range(0, half - 2, 4):
            pen.line(middle[start : start + 3], 0.009, (248, 240, 220))
    tile = pen.tile()[: canvas.height, : canvas.width]
    canvas.glaze(tile * (coverage * 0.8)[: tile.shape[0], : tile.shape[1], None], 0, 0)


_PAINTERS = {"sky": _sky, "mountain": _mountain, "grass": _grass, "water": _water, "road": _road}
_DETAILS = {"sky": _clouds, "mountain": _snow, "grass": _blades, "water": _ripples, "road": _markings}
