"""How the made things of the drawn world look, in heights of the thing drawn, the ground at y = 0."""

from __future__ import annotations

import numpy as np

from panoseg.demo.pen import BRIGHT, CREAM, INK, Pen, Rgb, mix, pick, scaled, varied

Colours = tuple[Rgb, ...]
HULLS: Colours = ((168, 70, 56), (134, 88, 58), (64, 94, 140), (240, 232, 216), (70, 120, 112))
SAILS: Colours = (CREAM, (246, 224, 186), (228, 112, 88), (246, 206, 96), (236, 236, 240))
WALLS: Colours = (
    *((248, 232, 200), (240, 206, 176), (226, 226, 220)),
    *((206, 128, 98), (238, 196, 196), (196, 214, 222)),
)
ROOFS: Colours = ((178, 70, 54), (122, 70, 60), (84, 96, 122), (66, 122, 120), (150, 94, 120))
DOORS: Colours = ((120, 74, 50), (60, 110, 128), (150, 52, 52), (82, 110, 74))


def ball(pen: Pen, rng: np.random.Generator) -> None:
    """A beach ball, seen from a random side."""
    first = pick(rng, BRIGHT[:-1])
    second = pick(rng, (CREAM, BRIGHT[2])) if rng.random() < 0.7 else pick(rng, BRIGHT)
    pen.ellipse(0, 0.5, 0.5, 0.5, first)
    turn = rng.uniform(0, np.pi)
    with pen.inside():
        if rng.random() < 0.6:
            for start in turn + np.arange(3) * 2 * np.pi / 3:
                arc = start + np.linspace(0, np.pi / 3, 5)
                rim = [(0.8 * float(np.cos(a)), 0.5 + 0.8 * float(np.sin(a))) for a in arc]
                pen.polygon([(0.06, 0.56), *rim], second)
            pen.ellipse(0.06, 0.56, 0.08, 0.08, CREAM)
        else:
            along = np.array([np.cos(turn), np.sin(turn)])
            across = np.array([-along[1], along[0]]) * 0.15
            centre = np.array([0, 0.5])
            corners = [centre + a * along + b * across for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
            pen.polygon([(float(x), float(y)) for x, y in corners], second)


def balloon(pen: Pen, rng: np.random.Generator) -> None:
    """A hot-air balloon with stripes."""
    first = pick(rng, BRIGHT[:-1])
    second = CREAM if sum(first) < 480 else (206, 84, 66)
    basket = (150, 104, 62)
    for x in (-0.075, 0.075):
        pen.line([(x, 0.13), (x * 2.6, 0.36)], 0.014, (110, 84, 64))
    pen.ellipse(0, 0.65, 0.36, 0.35, first)
    pen.polygon([(-0.325, 0.5), (-0.1, 0.25), (0.1, 0.25), (0.325, 0.5)], first)
    with pen.inside():
        for outer in (-0.36, 0.36, -0.13, 0.13):
            inner = 0.62 * outer
            foot = (0.3 * outer, 0.23), (0.3 * inner, 0.23)
            pen.polygon([(0, 1.02), (outer, 0.66), *foot, (inner, 0.66)], second)
        if rng.random() < 0.5:
            pen.box(-0.4, 0.6, 0.4, 0.69, scaled(first, 0.82))
    pen.rounded(-0.1, 0.0, 0.1, 0.15, 0.03, basket)
    pen.line([(-0.1, 0.14), (0.1, 0.14)], 0.03, scaled(basket, 0.75))


def boat(pen: Pen, rng: np.random.Generator) -> None:
    """A boat with two sails."""
    hull, sail = pick(rng, HULLS), pick(rng, SAILS)
    pen.facing = 1 if rng.random() < 0.5 else -1

    pen.line([(0, 0.2), (0, 1.0)], 0.035, (110, 80, 60))
    pen.polygon([(0.03, 0.3), (0.2, 0.34), (0.36, 0.3), (0.22, 0.66), (0.03, 0.96)], sail)
    second = mix(sail, CREAM, 0.5)
    pen.polygon([(-0.03, 0.3), (-0.34, 0.3), (-0.2, 0.6), (-0.03, 0.86)], scaled(second, 0.93))
    if rng.random() < 0.5:
        with pen.inside():
            pen.polygon([(0.0, 0.5), (0.4, 0.44), (0.4, 0.53), (0.0, 0.6)], pick(rng, BRIGHT))
    pen.polygon([(-0.5, 0.26), (0.54, 0.28), (0.4, 0.08), (0.3, 0.0), (-0.34, 0.0), (-0.44, 0.1)], hull)
    pen.line([(-0.5, 0.245), (0.53, 0.262)], 0.04, mix(hull, CREAM, 0.6))


def car(pen: Pen, rng: np.random.Generator) -> None:
    """A car, or now and then a bus."""
    paint = pick(rng, BRIGHT)
    glass = varied((176, 214, 228), rng, 10)
    pen.facing = 1 if rng.random() < 0.5 else -1

    if rng.random() < 0.3:
        pen.rounded(-1.08, 0.16, 1.08, 1.0, 0.16, paint)
        with pen.inside():
            pen.box(-1.1, 0.14, 1.1, 0.42, mix(paint, CREAM, 0.75))
        for left, right in ((-0.95, -0.35), (-0.3, 0.3), (0.35, 0.98)):
            pen.rounded(left, 0.55, right, 0.86, 0.06, glass)
    else:
        pen.polygon([(-0.78, 0.5), (-0.5, 0.98), (0.28, 0.98), (0.66, 0.5)], paint)
        pen.rounded(-1.1, 0.16, 1.1, 0.6, 0.18, paint)
        pen.polygon([(-0.62, 0.56), (-0.43, 0.89), (-0.12, 0.89), (-0.12, 0.56)], glass)
        pen.polygon([(-0.03, 0.56), (-0.03, 0.89), (0.22, 0.89), (0.48, 0.56)], glass)
        with pen.inside():
            pen.box(-1.2, 0.14, 1.2, 0.26, scaled(paint, 0.78))
            pen.line([(-0.08, 0.5), (-0.08, 0.26)], 0.025, scaled(paint, 0.7))
    pen.ellipse(1.0, 0.44, 0.08, 0.08, (255, 240, 170))
    pen.ellipse(-1.04, 0.44, 0.05, 0.07, (200, 50, 46))
    for x in (-0.62, 0.62):
        pen.ellipse(x, 0.22, 0.22, 0.22, INK)
        pen.ellipse(x, 0.22, 0.11, 0.11, (206, 204, 200))


def house(pen: Pen, rng: np.random.Generator) -> None:
    """A house seen from a corner: gable, roof and side."""
    wall, roof, door = pick(rng, WALLS), pick(rng, ROOFS), pick(rng, DOORS)
    trim = mix(wall, (255, 255, 255), 0.6)
    pen.facing = 1 if rng.random() < 0.5 else -1
    long = rng.uniform(0.2, 0.42)
    front, back, eaves = -0.4, 0.15, 0.52
    ridge = (front + back) / 2

    if rng.random() < 0.7:
        x = ridge + long + 0.05
        pen.polygon([(x, 0.7), (x + 0.1, 0.7), (x + 0.1, 1.0), (x, 1.0)], mix(roof, (150, 110, 96), 0.6))
    side = scaled(wall, 0.86)
    pen.polygon([(back, 0), (back + long, 0.02), (back + long, eaves), (back, eaves)], side)
    pen.polygon([(front, 0), (back, 0), (back, eaves), (ridge, 0.93), (front, eaves)], wall)
    if rng.random() < 0.45:
        with pen.inside():
            for row in range(7):
                y = 0.06 + 0.075 * row
                pen.line([(front, y), (back, y)], 0.008, scaled(wall, 0.9))
    tiles = [
        (ridge, 0.97),
        (ridge + long, 0.95),
        (back + long + 0.07, eaves - 0.05),
        (back + 0.05, eaves - 0.06),
    ]
    pen.polygon(tiles, roof)
    with pen.inside():
        for step in (0.25, 0.5, 0.75):
            y = 0.96 - step * (1.02 - eaves)
            x = ridge + step * (back + 0.05 - ridge)
            pen.line([(x, y), (x + long + 0.02, y)], 0.014, scaled(roof, 0.82))
    gable = [(front - 0.06, eaves - 0.07), (ridge, 0.965), (back + 0.05, eaves - 0.06)]
    pen.line(gable, 0.05, scaled(roof, 0.85))
    pen.box(ridge - 0.08, 0, ridge + 0.08, 0.27, door)
    lamp = pick(rng, ((132, 170, 192), (250, 220, 130)), 10)
    for x, y, size in ((ridge - 0.17, 0.34, 0.07), (ridge + 0.17, 0.34, 0.07), (ridge, 0.62, 0.075)):
        _window(pen, x, y, size, trim, lamp)
    if long > 0.3:
        _window(pen, (back + long / 2), 0.27, 0.075, trim, lamp)


def _window(pen: Pen, x: float, y: float, size: float, trim: Rgb, pane: Rgb) -> None:
    """Four panes; `size` is half the window's width."""
    pen.box(x - size, y - size, x + size, y + size, trim)
    inner = size * 0.74
    pen.box(x - inner, y - inner, x + inner, y + inner, pane)
    pen.line([(x, y - inner), (x, y + inner)], size * 0.2, trim)
    pen.line([(x - inner, y), (x + inner, y)], size * 0.2, trim)
