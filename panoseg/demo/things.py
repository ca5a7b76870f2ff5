"""How each thing of the drawn world looks.

Every function draws one object with a `Pen` whose unit is the object's height and whose ground is
y = 0; `THINGS` says where such an object may stand, how large it is and how often it comes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from panoseg.demo.pen import Pen, Rgb, mix, pick, scaled, varied

Draw = Callable[[Pen, np.random.Generator], None]

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
SKIN: tuple[Rgb, ...] = ((250, 214, 184), (232, 184, 146), (186, 130, 92), (122, 80, 56))


def person(pen: Pen, rng: np.random.Generator) -> None:
    skin = pick(rng, SKIN, 6)
    shirt, trousers = pick(rng, BRIGHT), pick(rng, ((66, 74, 110), (110, 84, 70), (70, 70, 78)))
    hair = pick(rng, ((60, 42, 34), (130, 84, 46), (222, 176, 92), (176, 84, 48), (40, 38, 42)))
    dress = rng.random() < 0.4
    for side in (-1, 1):
        leg = skin if dress else trousers
        pen.limb((side * 0.07, 0.36), (side * 0.085, 0.05), 0.105, leg)
        pen.rounded(side * 0.095 - 0.075, 0.0, side * 0.095 + 0.075, 0.065, 0.03, INK)
    swing = rng.uniform(0.12, 0.2)
    waving = rng.random() < 0.35
    for side in (-1, 1):
        up = waving and side == 1
        hand = (side * (0.27 if up else swing + 0.06), 0.84 if up else 0.4)
        pen.limb((side * 0.13, 0.64), hand, 0.085, scaled(shirt, 0.88))
        pen.ellipse(*hand, 0.052, 0.052, skin)
    if dress:
        pen.polygon([(-0.11, 0.7), (0.11, 0.7), (0.2, 0.26), (-0.2, 0.26)], shirt)
    else:
        pen.rounded(-0.155, 0.32, 0.155, 0.71, 0.08, shirt)
    if rng.random() < 0.5:
        with pen.inside():
            for y in np.arange(0.34, 0.68, 0.1):
                pen.box(-0.15, y, 0.15, y + 0.04, mix(shirt, CREAM, 0.6))
    pen.ellipse(0, 0.83, 0.142, 0.142, skin)
    _hair(pen, rng, hair)
    for side in (-1, 1):
        pen.ellipse(side * 0.052, 0.83, 0.017, 0.022, INK)
        pen.ellipse(side * 0.085, 0.785, 0.026, 0.018, mix(skin, (236, 96, 92), 0.4))
    pen.line([(-0.035, 0.765), (0, 0.752), (0.035, 0.765)], 0.014, (150, 62, 58))


def _hair(pen: Pen, rng: np.random.Generator, hair: Rgb) -> None:
    if rng.random() < 0.35:
        hat = pick(rng, BRIGHT)
        pen.rounded(-0.13, 0.88, 0.13, 0.99, 0.06, hat)
        pen.rounded(-0.2, 0.87, 0.2, 0.91, 0.02, scaled(hat, 0.8))
        return
    pen.polygon(
        [
            (-0.15, 0.84),
            (-0.13, 0.93),
            (0, 0.99),
            (0.13, 0.93),
            (0.15, 0.84),
            (0.06, 0.9),
            (-0.05, 0.9),
        ],
        hair,
    )
    pen.ellipse(-0.07, 0.925, 0.08, 0.055, hair)
    pen.ellipse(0.06, 0.93, 0.09, 0.055, hair)
    if rng.random() < 0.5:
        for side in (-1, 1):
            pen.ellipse(side * 0.15, 0.8, 0.045, 0.09, hair)


def ball(pen: Pen, rng: np.random.Generator) -> None:
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


def car(pen: Pen, rng: np.random.Generator) -> None:
    paint = pick(rng, BRIGHT)
    glass = varied((176, 214, 228), rng, 10)
    facing = 1 if rng.random() < 0.5 else -1

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(facing * x, y) for x, y in points]

    if rng.random() < 0.3:
        pen.rounded(-1.08, 0.16, 1.08, 1.0, 0.16, paint)
        with pen.inside():
            pen.box(-1.1, 0.14, 1.1, 0.42, mix(paint, CREAM, 0.75))
        windows = at((-0.95, 0.55), (-0.35, 0.55), (-0.3, 0.55), (0.3, 0.55), (0.35, 0.55), (0.98, 0.55))
        for (x0, y), (x1, _) in zip(windows[::2], windows[1::2], strict=True):
            pen.rounded(min(x0, x1), y, max(x0, x1), 0.86, 0.06, glass)
    else:
        pen.polygon(at((-0.78, 0.5), (-0.5, 0.98), (0.28, 0.98), (0.66, 0.5)), paint)
        pen.rounded(-1.1, 0.16, 1.1, 0.6, 0.18, paint)
        pen.polygon(at((-0.62, 0.56), (-0.43, 0.89), (-0.12, 0.89), (-0.12, 0.56)), glass)
        pen.polygon(at((-0.03, 0.56), (-0.03, 0.89), (0.22, 0.89), (0.48, 0.56)), glass)
        with pen.inside():
            pen.box(-1.2, 0.14, 1.2, 0.26, scaled(paint, 0.78))
            pen.line(at((-0.08, 0.5), (-0.08, 0.26)), 0.025, scaled(paint, 0.7))
    pen.ellipse(facing * 1.0, 0.44, 0.08, 0.08, (255, 240, 170))
    pen.ellipse(-facing * 1.04, 0.44, 0.05, 0.07, (200, 50, 46))
    for x in (-0.62, 0.62):
        pen.ellipse(x, 0.22, 0.22, 0.22, INK)
        pen.ellipse(x, 0.22, 0.11, 0.11, (206, 204, 200))


def house(pen: Pen, rng: np.random.Generator) -> None:
    wall = pick(
        rng,
        (
            (248, 232, 200),
            (240, 206, 176),
            (226, 226, 220),
            (206, 128, 98),
            (238, 196, 196),
            (196, 214, 222),
        ),
    )
    roof = pick(rng, ((178, 70, 54), (122, 70, 60), (84, 96, 122), (66, 122, 120), (150, 94, 120)))
    door = pick(rng, ((120, 74, 50), (60, 110, 128), (150, 52, 52), (82, 110, 74)))
    trim = mix(wall, (255, 255, 255), 0.6)
    facing = 1 if rng.random() < 0.5 else -1
    long = rng.uniform(0.2, 0.42)
    front, back = -0.5 + 0.1, -0.5 + 0.1 + 0.55
    eaves = 0.52
    ridge = (front + back) / 2

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(facing * x, y) for x, y in points]

    if rng.random() < 0.7:
        x = ridge + long + 0.05
        pen.polygon(at((x, 0.7), (x + 0.1, 0.7), (x + 0.1, 1.0), (x, 1.0)), mix(roof, (150, 110, 96), 0.6))
    side = scaled(wall, 0.86)
    pen.polygon(at((back, 0), (back + long, 0.02), (back + long, eaves), (back, eaves)), side)
    pen.polygon(at((front, 0), (back, 0), (back, eaves), (ridge, 0.93), (front, eaves)), wall)
    if rng.random() < 0.45:
        with pen.inside():
            for row in range(7):
                y = 0.06 + 0.075 * row
                pen.line(at((front, y), (back, y)), 0.008, scaled(wall, 0.9))
    pen.polygon(
        at(
            (ridge, 0.97),
            (ridge + long, 0.95),
            (back + long + 0.07, eaves - 0.05),
            (back + 0.05, eaves - 0.06),
        ),
        roof,
    )
    with pen.inside():
        for step in (0.25, 0.5, 0.75):
            y = 0.96 - step * (1.02 - eaves)
            x = ridge + step * (back + 0.05 - ridge)
            pen.line(at((x, y), (x + long + 0.02, y)), 0.014, scaled(roof, 0.82))
    pen.line(
        at((front - 0.06, eaves - 0.07), (ridge, 0.965), (back + 0.05, eaves - 0.06)),
        0.05,
        scaled(roof, 0.85),
    )
    pen.polygon(at((ridge - 0.08, 0), (ridge + 0.08, 0), (ridge + 0.08, 0.27), (ridge - 0.08, 0.27)), door)
    lamp = pick(rng, ((132, 170, 192), (250, 220, 130)), 10)
    for x, y, size in (
        (ridge - 0.17, 0.34, 0.07),
        (ridge + 0.17, 0.34, 0.07),
        (ridge, 0.62, 0.075),
    ):
        _window(pen, facing * x, y, size, trim, lamp)
    if long > 0.3:
        _window(pen, facing * (back + long / 2), 0.27, 0.075, trim, lamp)


def _window(pen: Pen, x: float, y: float, size: float, trim: Rgb, pane: Rgb) -> None:
    pen.box(x - size, y - size, x + size, y + size, trim)
    inner = size * 0.74
    pen.box(x - inner, y - inner, x + inner, y + inner, pane)
    pen.line([(x, y - inner), (x, y + inner)], size * 0.2, trim)
    pen.line([(x - inner, y), (x + inner, y)], size * 0.2, trim)


def tree(pen: Pen, rng: np.random.Generator) -> None:
    trunk = pick(rng, ((112, 78, 56), (134, 104, 82), (92, 68, 58)))
    kind = rng.random()
    if kind < 0.35:
        _conifer(pen, rng, trunk)
        return
    autumn = rng.random() < 0.25
    leaves = pick(
        rng,
        ((212, 122, 46), (196, 78, 50), (222, 168, 62))
        if autumn
        else ((58, 112, 66), (84, 132, 62), (46, 98, 80)),
    )
    width = 0.3 if kind < 0.85 else 0.2
    pen.polygon([(-0.06, 0), (0.06, 0), (0.035, 0.5), (-0.035, 0.5)], trunk)
    pen.ellipse(0, 0.64, width * 0.95, 0.3, scaled(leaves, 0.86))
    blobs = []
    for turn in np.arange(9) * 2 * np.pi / 9 + rng.uniform(0, 1):
        x = float(np.cos(turn)) * width * rng.uniform(0.6, 0.75)
        y = 0.65 + float(np.sin(turn)) * 0.2 * rng.uniform(0.9, 1.05)
        blobs.append((x, y, rng.uniform(0.1, 0.14)))
    for x, y, radius in blobs:
        pen.ellipse(x, y, radius, radius, scaled(leaves, 0.84 + 0.3 * (y - 0.45)))
    with pen.inside():
        for _ in range(38):
            x, y = rng.uniform(-width, width), rng.uniform(0.38, 0.96)
            radius = rng.uniform(0.025, 0.055)
            tone = scaled(leaves, 0.8 + 0.55 * (y - 0.38) + rng.uniform(-0.08, 0.1))
            pen.ellipse(x, y, radius, radius * 0.8, tone)
        if rng.random() < 0.25:
            fruit = pick(rng, ((206, 52, 48), (240, 190, 70), (248, 208, 220)))
            for _ in range(11):
                pen.ellipse(rng.uniform(-0.26, 0.26), rng.uniform(0.45, 0.88), 0.024, 0.024, fruit)


def _conifer(pen: Pen, rng: np.random.Generator, trunk: Rgb) -> None:
    needles = pick(rng, ((42, 92, 76), (54, 104, 66), (60, 104, 98)), 10)
    pen.box(-0.045, 0, 0.045, 0.2, trunk)
    for tier, (base, tip, half) in enumerate(((0.12, 0.52, 0.3), (0.33, 0.75, 0.24), (0.56, 1.0, 0.17))):
        tone = scaled(needles, 0.86 + 0.12 * tier)
        teeth = np.linspace(-half, half, 9)
        hem = [
            (float(x), base + (0.03 if i % 2 else 0.0) + 0.25 * (half - abs(float(x))) * -0.15)
            for i, x in enumerate(teeth)
        ]
        pen.polygon(
            [
                *hem,
                (half * 0.45, base + (tip - base) * 0.45),
                (0, tip),
                (-half * 0.45, base + (tip - base) * 0.45),
            ],
            tone,
        )
    with pen.inside():
        for _ in range(26):
            x, y = rng.uniform(-0.28, 0.28), rng.uniform(0.14, 0.95)
            pen.line(
                [(x, y), (x + 0.045 * np.sign(x), y - 0.045)],
                0.014,
                scaled(needles, rng.uniform(0.75, 1.3)),
            )


def sheep(pen: Pen, rng: np.random.Generator) -> None:
    wool = pick(rng, ((250, 244, 232), (238, 228, 210), (244, 240, 240)), 6)
    dark = pick(rng, ((64, 56, 58), (90, 72, 64)), 8)
    facing = 1 if rng.random() < 0.5 else -1
    for x in (-0.38, -0.2, 0.2, 0.38):
        pen.box(x - 0.055, 0, x + 0.055, 0.36, dark)
    pen.ellipse(0, 0.55, 0.56, 0.32, wool)
    for turn in np.arange(11) * 2 * np.pi / 11 + rng.uniform(0, 0.5):
        pen.ellipse(0.5 * float(np.cos(turn)), 0.56 + 0.27 * float(np.sin(turn)), 0.155, 0.145, wool)
    with pen.inside():
        for _ in range(16):
            x, y = rng.uniform(-0.5, 0.5), rng.uniform(0.3, 0.85)
            pen.ellipse(x, y, 0.06, 0.05, scaled(wool, 0.84 + 0.2 * y))
    pen.ellipse(facing * 0.62, 0.66, 0.16, 0.21, dark)
    pen.ellipse(facing * 0.47, 0.77, 0.1, 0.05, scaled(dark, 1.15))
    pen.ellipse(facing * 0.55, 0.87, 0.14, 0.09, wool)
    pen.ellipse(facing * 0.66, 0.72, 0.035, 0.035, CREAM)


def boat(pen: Pen, rng: np.random.Generator) -> None:
    hull = pick(rng, ((168, 70, 56), (134, 88, 58), (64, 94, 140), (240, 232, 216), (70, 120, 112)))
    sail = pick(rng, (CREAM, (246, 224, 186), (228, 112, 88), (246, 206, 96), (236, 236, 240)))
    facing = 1 if rng.random() < 0.5 else -1

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(facing * x, y) for x, y in points]

    pen.line([(0, 0.2), (0, 1.0)], 0.035, (110, 80, 60))
    pen.polygon(at((0.03, 0.3), (0.2, 0.34), (0.36, 0.3), (0.22, 0.66), (0.03, 0.96)), sail)
    second = mix(sail, CREAM, 0.5)
    pen.polygon(at((-0.03, 0.3), (-0.34, 0.3), (-0.2, 0.6), (-0.03, 0.86)), scaled(second, 0.93))
    if rng.random() < 0.5:
        with pen.inside():
            pen.polygon(at((0.0, 0.5), (0.4, 0.44), (0.4, 0.53), (0.0, 0.6)), pick(rng, BRIGHT))
    pen.polygon(at((-0.5, 0.26), (0.54, 0.28), (0.4, 0.08), (0.3, 0.0), (-0.34, 0.0), (-0.44, 0.1)), hull)
    pen.line(at((-0.5, 0.245), (0.53, 0.262)), 0.04, mix(hull, CREAM, 0.6))


def balloon(pen: Pen, rng: np.random.Generator) -> None:
    first = pick(rng, BRIGHT[:-1])
    second = CREAM if sum(first) < 480 else (206, 84, 66)
    basket = (150, 104, 62)
    for x in (-0.075, 0.075):
        pen.line([(x, 0.13), (x * 2.6, 0.36)], 0.014, (110, 84, 64))
    pen.rounded(-0.1, 0.0, 0.1, 0.15, 0.03, basket)
    pen.line([(-0.1, 0.14), (0.1, 0.14)], 0.03, scaled(basket, 0.75))
    pen.ellipse(0, 0.65, 0.36, 0.35, first)
    pen.polygon([(-0.325, 0.5), (-0.1, 0.25), (0.1, 0.25), (0.325, 0.5)], first)
    with pen.inside():
        for half in (0.36, 0.13):
            for side in (-1, 1):
                outer, inner = side * half, side * half * 0.62
                top = 0.65 + 0.35
                pen.polygon(
                    [
                        (0, top + 0.02),
                        (outer, 0.66),
                        (outer * 0.3, 0.23),
                        (inner * 0.3, 0.23),
                        (inner, 0.66),
                    ],
                    second,
                )
        if rng.random() < 0.5:
            pen.box(-0.4, 0.6, 0.4, 0.69, scaled(first, 0.82))
    pen.rounded(-0.1, 0.0, 0.1, 0.15, 0.03, basket)
    pen.line([(-0.1, 0.14), (0.1, 0.14)], 0.03, scaled(basket, 0.75))


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of object.

    Attributes:
        draw: draws one, in its own heights.
        box: (left, bottom, right, top) that holds the drawing, in its own heights.
        persons: range of its height, in heights of a person (in the sky: in quarters of the picture).
        foot: half the width it stands on, in its own heights.
        ground: labels of the stuff it may stand on.
        frequency: how often it is chosen, relative to others.
        depth: how near it may stand: 0 at the horizon, 1 at the picture's lower edge.
    """

    draw: Draw
    box: tuple[float, float, float, float]
    persons: tuple[float, float]
    foot: float
    ground: tuple[str, ...]
    frequency: float
    depth: tuple[float, float] = (0.1, 0.97)


# fmt: off
THINGS: dict[str, Thing] = {
    "ball": Thing(ball, (-0.52, -0.02, 0.52, 1.02), (0.42, 0.6), 0.5, ("grass", "road"), 0.9),
    "balloon": Thing(balloon, (-0.38, -0.02, 0.38, 1.02), (0.9, 1.5), 0.1, ("sky",), 0.7),
    "boat": Thing(boat, (-0.56, -0.03, 0.56, 1.03), (1.0, 1.5), 0.5, ("water",), 1.0),
    "car": Thing(car, (-1.14, -0.02, 1.14, 1.03), (0.62, 0.8), 1.0, ("road",), 1.4),
    "house": Thing(house, (-0.68, -0.03, 0.68, 1.04), (1.7, 2.5), 0.6, ("grass",), 1.0, (0.05, 0.55)),
    "person": Thing(person, (-0.34, -0.02, 0.34, 1.02), (0.75, 1.05), 0.3, ("grass", "road"), 1.8),
    "sheep": Thing(sheep, (-0.82, -0.02, 0.82, 1.02), (0.5, 0.66), 0.6, ("grass",), 1.2),
    "tree": Thing(tree, (-0.4, -0.02, 0.4, 1.04), (1.6, 2.5), 0.3, ("grass",), 1.4, (0.05, 0.55)),
}
# fmt: on
