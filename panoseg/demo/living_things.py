"""How the living things of the drawn world look, in heights of the thing drawn, the ground at y = 0."""

from __future__ import annotations

import numpy as np

from panoseg.demo.pen import BRIGHT, CREAM, INK, Pen, Rgb, mix, pick, scaled

Colours = tuple[Rgb, ...]
SKIN: Colours = ((250, 214, 184), (232, 184, 146), (186, 130, 92), (122, 80, 56))
TROUSERS: Colours = ((66, 74, 110), (110, 84, 70), (70, 70, 78))
HAIR: Colours = ((60, 42, 34), (130, 84, 46), (222, 176, 92), (176, 84, 48), (40, 38, 42))
WOOL: Colours = ((250, 244, 232), (238, 228, 210), (244, 240, 240))
TRUNKS: Colours = ((112, 78, 56), (134, 104, 82), (92, 68, 58))
SUMMER: Colours = ((58, 112, 66), (84, 132, 62), (46, 98, 80))
AUTUMN: Colours = ((212, 122, 46), (196, 78, 50), (222, 168, 62))
NEEDLES: Colours = ((42, 92, 76), (54, 104, 66), (60, 104, 98))
FRUIT: Colours = ((206, 52, 48), (240, 190, 70), (248, 208, 220))


def person(pen: Pen, rng: np.random.Generator) -> None:
    """Someone who faces the viewer."""
    skin = pick(rng, SKIN, 6)
    shirt, trousers = pick(rng, BRIGHT), pick(rng, TROUSERS)
    hair = pick(rng, HAIR)
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
    """A hat, or hair, with bunches or without."""
    if rng.random() < 0.35:
        hat = pick(rng, BRIGHT)
        pen.rounded(-0.13, 0.88, 0.13, 0.99, 0.06, hat)
        pen.rounded(-0.2, 0.87, 0.2, 0.91, 0.02, scaled(hat, 0.8))
        return
    fringe = [(-0.15, 0.84), (-0.13, 0.93), (0, 0.99), (0.13, 0.93), (0.15, 0.84), (0.06, 0.9), (-0.05, 0.9)]
    pen.polygon(fringe, hair)
    pen.ellipse(-0.07, 0.925, 0.08, 0.055, hair)
    pen.ellipse(0.06, 0.93, 0.09, 0.055, hair)
    if rng.random() < 0.5:
        for side in (-1, 1):
            pen.ellipse(side * 0.15, 0.8, 0.045, 0.09, hair)


def sheep(pen: Pen, rng: np.random.Generator) -> None:
    """A woolly sheep."""
    wool = pick(rng, WOOL, 6)
    dark = pick(rng, ((64, 56, 58), (90, 72, 64)), 8)
    pen.facing = 1 if rng.random() < 0.5 else -1
    for x in (-0.38, -0.2, 0.2, 0.38):
        pen.box(x - 0.055, 0, x + 0.055, 0.36, dark)
    pen.ellipse(0, 0.55, 0.56, 0.32, wool)
    for turn in np.arange(11) * 2 * np.pi / 11 + rng.uniform(0, 0.5):
        pen.ellipse(0.5 * float(np.cos(turn)), 0.56 + 0.27 * float(np.sin(turn)), 0.155, 0.145, wool)
    with pen.inside():
        for _ in range(16):
            x, y = rng.uniform(-0.5, 0.5), rng.uniform(0.3, 0.85)
            pen.ellipse(x, y, 0.06, 0.05, scaled(wool, 0.84 + 0.2 * y))
    pen.ellipse(0.62, 0.66, 0.16, 0.21, dark)
    pen.ellipse(0.47, 0.77, 0.1, 0.05, scaled(dark, 1.15))
    pen.ellipse(0.55, 0.87, 0.14, 0.09, wool)
    pen.ellipse(0.66, 0.72, 0.035, 0.035, CREAM)


def tree(pen: Pen, rng: np.random.Generator) -> None:
    """A leafy tree, or a conifer."""
    trunk = pick(rng, TRUNKS)
    kind = rng.random()
    if kind < 0.35:
        _conifer(pen, rng, trunk)
    else:
        _leafy(pen, rng, trunk, 0.3 if kind < 0.85 else 0.2)


def _leafy(pen: Pen, rng: np.random.Generator, trunk: Rgb, width: float) -> None:
    """A crown of blobs, lighter at the top, now and then with fruit; `width` is half its width."""
    leaves = pick(rng, AUTUMN if rng.random() < 0.25 else SUMMER)
    pen.polygon([(-0.06, 0), (0.06, 0), (0.035, 0.5), (-0.035, 0.5)], trunk)
    pen.ellipse(0, 0.64, width * 0.95, 0.3, scaled(leaves, 0.86))
    for turn in np.arange(9) * 2 * np.pi / 9 + rng.uniform(0, 1):
        x = float(np.cos(turn)) * width * rng.uniform(0.6, 0.75)
        y = 0.65 + float(np.sin(turn)) * 0.2 * rng.uniform(0.9, 1.05)
        radius = rng.uniform(0.1, 0.14)
        pen.ellipse(x, y, radius, radius, scaled(leaves, 0.84 + 0.3 * (y - 0.45)))
    with pen.inside():
        for _ in range(38):
            x, y = rng.uniform(-width, width), rng.uniform(0.38, 0.96)
            radius = rng.uniform(0.025, 0.055)
            tone = scaled(leaves, 0.8 + 0.55 * (y - 0.38) + rng.uniform(-0.08, 0.1))
            pen.ellipse(x, y, radius, radius * 0.8, tone)
        if rng.random() < 0.25:
            fruit = pick(rng, FRUIT)
            for _ in range(11):
                pen.ellipse(rng.uniform(-0.26, 0.26), rng.uniform(0.45, 0.88), 0.024, 0.024, fruit)


def _conifer(pen: Pen, rng: np.random.Generator, trunk: Rgb) -> None:
    """Three tiers with ragged hems."""
    needles = pick(rng, NEEDLES, 10)
    pen.box(-0.045, 0, 0.045, 0.2, trunk)
    for tier, (base, tip, half) in enumerate(((0.12, 0.52, 0.3), (0.33, 0.75, 0.24), (0.56, 1.0, 0.17))):
        waist = base + (tip - base) * 0.45
        hem = [
            (float(x), base + 0.03 * (tooth % 2) - 0.0375 * (half - abs(float(x))))
            for tooth, x in enumerate(np.linspace(-half, half, 9))
        ]
        outline = [*hem, (half * 0.45, waist), (0, tip), (-half * 0.45, waist)]
        pen.polygon(outline, scaled(needles, 0.86 + 0.12 * tier))
    with pen.inside():
        for _ in range(26):
            x, y = rng.uniform(-0.28, 0.28), rng.uniform(0.14, 0.95)
            end = x + 0.045 * np.sign(x), y - 0.045
            pen.line([(x, y), end], 0.014, scaled(needles, rng.uniform(0.75, 1.3)))
