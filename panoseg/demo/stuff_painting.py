"""How the stuff of the drawn world is painted: a ground colour, then what gives it character."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from panoseg.demo.canvas import Canvas, Patch
from panoseg.demo.pen import Floats, Pen, Rgb, mix, scaled, varied
from panoseg.demo.scenery import Layer, Scenery

Painter = Callable[[Patch, Scenery, Layer, np.random.Generator], None]
WHITE: Rgb = (255, 255, 255)


def paint_layer(canvas: Canvas, scenery: Scenery, layer: Layer, identity: int) -> None:
    """Paint one layer of the landscape; it owns the pixels inside its outline."""
    patch = canvas.patch(layer.outline)
    PAINTERS[layer.label](patch, scenery, layer, np.random.default_rng(layer.seed))
    patch.own(identity)


def _rgb(colour: Rgb) -> Floats:
    return np.array(colour, np.float32)


def _unit(values: NDArray[np.floating]) -> Floats:
    """Cut to 0–1."""
    return np.clip(values, 0, 1).astype(np.float32)


def _ramp(first: Rgb, second: Rgb, amount: Floats) -> Floats:
    """From one colour to another as `amount` goes from 0 to 1."""
    return _rgb(first) + (_rgb(second) - _rgb(first)) * _unit(amount)


def _sky(patch: Patch, scenery: Scenery, layer: Layer, rng: np.random.Generator) -> None:
    mood, (sun_x, sun_y) = scenery.mood, scenery.sun
    air = _ramp(mood.zenith, mood.haze, patch.y / (scenery.horizon + 0.03))
    distance = np.hypot(patch.x - sun_x, patch.y - sun_y)
    disc = _unit((0.062 - distance) * patch.canvas.height)
    glow = _unit(0.55 * np.exp(-((distance / 0.2) ** 2)) + disc)
    warm = _rgb((255, 244, 206))
    patch.blend(air + (warm - air) * glow + 3 * patch.noise(rng, 12, 3))
    for _ in range(int(rng.integers(2, 6))):
        _cloud(patch.canvas, scenery, rng)


def _cloud(canvas: Canvas, scenery: Scenery, rng: np.random.Generator) -> None:
    """A few overlapping puffs that fade towards their feet."""
    x, y = rng.uniform(0, canvas.aspect), rng.uniform(0.02, 0.75) * scenery.horizon
    size = rng.uniform(0.05, 0.11)
    pen = Pen((-3, -1, 3, 2), size * canvas.height, (x * canvas.height, y * canvas.height))
    for puff in np.linspace(-1.6, 1.6, 6):
        radius = (1.05 - 0.3 * abs(puff)) * rng.uniform(0.75, 1.0)
        white = mix(WHITE, scenery.mood.haze, 0.35)
        pen.ellipse(float(puff), radius * 0.35, radius, radius * 0.72, white)
    tile = pen.tile()
    fade = np.linspace(0.8, 0.28, tile.shape[0], dtype=np.float32)
    canvas.lay(tile * fade[:, None, None], pen.x, pen.y)


def _mountain(patch: Patch, scenery: Scenery, layer: Layer, rng: np.random.Generator) -> None:
    """Rock that pales downwards, shade on the side away from the sun, and a cap of snow."""
    rock = varied(scenery.mood.rock, rng, 10)
    pale = mix(rock, scenery.mood.haze, 0.6)
    patch.blend(_ramp(rock, pale, (patch.y - 0.1) / scenery.horizon) + 5 * patch.noise(rng, 40))
    foot_x, foot_y = layer.outline[0]
    summit_x, summit_y = min(layer.outline, key=lambda point: point[1])
    rise = foot_y - summit_y
    ragged = patch.noise(rng, 22)
    crest = (patch.x - summit_x) / (summit_x - foot_x) * -scenery.light + 0.07 * ragged
    height = patch.canvas.height
    patch.blend(np.zeros(3, np.float32), np.float32(0.24) * _unit(crest * height * 0.2))
    hem = (summit_y + 0.3 * rise - patch.y) / rise + 0.05 * ragged - 0.25 * np.abs(crest)
    snow = np.where(crest > 0, _rgb((214, 222, 238)), _rgb((252, 250, 246)))
    patch.blend(snow, np.float32(0.9) * _unit(hem * height * 0.25))


def _grass(patch: Patch, scenery: Scenery, layer: Layer, rng: np.random.Generator) -> None:
    """A meadow that darkens towards the viewer, with strokes of grass and a few flowers."""
    mood, reach = scenery.mood, 1 - layer.top
    far = scaled(mix(mood.far_meadow, mood.meadow, layer.nearness), 1.04)
    mottle = 7 * patch.noise(rng, 7, 2.5) + 5 * patch.noise(rng, 45, 1.5)
    ground = _ramp(far, scaled(mood.meadow, 0.86), (patch.y - layer.top) / reach)
    patch.blend(ground + mottle * _rgb((1.0, 1.0, 0.6)))
    pen, aspect = patch.pen(), patch.canvas.aspect
    for _ in range(int(260 * aspect)):
        x, depth = rng.uniform(0, aspect), rng.beta(1.3, 1.0)
        y = reach * (1 - depth) - 0.01
        length = 0.006 + 0.02 * depth
        tip = x + rng.uniform(-0.4, 0.4) * length, y + length
        pen.line([(x, y), tip], 0.0022 + 0.002 * depth, scaled(mood.meadow, rng.uniform(0.72, 1.22)))
    for _ in range(int(rng.integers(0, 40))):
        x, depth = rng.uniform(0, aspect), rng.uniform(0.25, 1)
        y, radius = reach * (1 - depth) - 0.02, 0.003 + 0.005 * depth
        pen.ellipse(x, y, radius, radius, PETALS[int(rng.integers(len(PETALS)))])
        pen.ellipse(x, y, radius * 0.4, radius * 0.4, (240, 190, 80))
    patch.lay(pen, 0.75)


PETALS: tuple[Rgb, ...] = ((250, 244, 236), (246, 214, 96), (236, 130, 150), (186, 150, 220))


def _water(patch: Patch, scenery: Scenery, layer: Layer, rng: np.random.Generator) -> None:
    """Water that mirrors the haze far away, with ripples that glitter below the sun."""
    mood, aspect = scenery.mood, patch.canvas.aspect
    reach = min(layer.bottom, layer.top + 0.35) - layer.top
    near, far = scaled(mood.water, 0.9), mix(mood.water, mood.haze, 0.55)
    patch.blend(_ramp(far, near, (patch.y - layer.top) / reach) + 6 * patch.noise(rng, 42, 7))
    pen, bright = patch.pen(), mix(mood.haze, WHITE, 0.5)
    for _ in range(int(70 * aspect)):
        x, y = rng.uniform(0, aspect), 1 - layer.top - rng.uniform(0, reach)
        half = rng.uniform(0.015, 0.05)
        glitters = abs(x - scenery.sun[0]) < 0.12 or rng.random() < 0.5
        pen.line([(x - half, y), (x + half, y)], 0.003, bright if glitters else scaled(mood.water, 0.85))
    patch.lay(pen, 0.6)


def _road(patch: Patch, scenery: Scenery, layer: Layer, rng: np.random.Generator) -> None:
    """Dusty ground between two kerbs; a street that runs from side to side has dashes as well."""
    dust = varied((172, 158, 146), rng, 8)
    ground = _ramp(mix(dust, scenery.mood.haze, 0.25), scaled(dust, 0.92), (patch.y - 0.4) / 0.6)
    patch.blend(ground + 5 * patch.noise(rng, 60) + 4 * patch.noise(rng, 10, 3))
    half = len(layer.outline) // 2
    edges = layer.outline[:half], layer.outline[half:][::-1]
    pen = patch.pen()
    for edge in edges:
        pen.line([(x, 1 - y) for x, y in edge], 0.016, mix((226, 214, 192), scenery.mood.haze, 0.2))
    if edges[0][0][0] == edges[1][0][0]:
        middle = [(x, 1 - (y + v) / 2) for (x, y), (_, v) in zip(*edges, strict=True)]
        for start in range(0, half - 2, 4):
            pen.line(middle[start : start + 3], 0.009, (248, 240, 220))
    patch.lay(pen, 0.8)


PAINTERS: dict[str, Painter] = {
    "grass": _grass,
    "mountain": _mountain,
    "road": _road,
    "sky": _sky,
    "water": _water,
}
