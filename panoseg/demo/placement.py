"""Who appears in a scene: things chosen, placed on ground that suits them, and kept if they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from panoseg.demo.canvas import Canvas, lit
from panoseg.demo.pen import Pen, Rgb
from panoseg.demo.scenery import Layer, Scenery
from panoseg.demo.thing_kinds import THINGS, Thing

# What shows less of itself is left out: fractions of the picture, and of the thing.
LEAST_OF_PICTURE = 0.0055
LEAST_OF_THING = 0.35
LEAST_OF_STUFF = 0.011
# Plans are judged on a small map, so that a scene holds the same things at every size.
_PLAN_HEIGHT = 120


@dataclass(frozen=True, slots=True)
class Actor:
    """A thing in the scene: where it stands and its height, in picture heights; `seed` fixes its looks."""

    label: str
    x: float
    y: float
    height: float
    seed: int = 0

    @property
    def thing(self) -> Thing:
        """How it looks."""
        return THINGS[self.label]

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) in picture heights."""
        left, bottom, right, top = (side * self.height for side in self.thing.box)
        return self.x + left, self.y - top, self.x + right, self.y - bottom

    def sketch(self, canvas: Canvas, rng: np.random.Generator) -> Pen:
        """The flat drawing, at the canvas' scale."""
        origin = self.x * canvas.height, self.y * canvas.height
        pen = Pen(self.thing.box, self.height * canvas.height, origin)
        self.thing.draw(pen, rng)
        return pen

    def paint(self, canvas: Canvas, scenery: Scenery, identity: int) -> None:
        """Shadow, volume, and the air between it and the viewer."""
        rng = np.random.default_rng(self.seed)
        pen = self.sketch(canvas, rng)
        ink = lit(pen.tile(), scenery.light, rng)
        if "sky" not in self.thing.ground:
            half = self.thing.foot * self.height
            x, y = self.x - 0.35 * half * scenery.light, self.y - 0.01 * self.height
            canvas.shadow(x, y, half, 0.22 * half + 0.004, 0.4)
            haze = _premultiplied(scenery.mood.haze, ink[..., 3:])
            far = np.float32(0.22 * (1 - scenery.depth(self.y)) ** 2)
            ink[..., :3] += (haze - ink[..., :3]) * far
        canvas.lay(ink, pen.x, pen.y)
        canvas.own(ink, pen.x, pen.y, identity)


def _premultiplied(colour: Rgb, coverage: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.array(colour, np.float32) * (coverage / np.float32(255))


def choose_cast(rng: np.random.Generator, scenery: Scenery, aspect: float) -> list[Actor]:
    """Place six to thirteen things, as far as there is room; far ones come first."""
    ground = _ground(scenery.layers, aspect)
    person = rng.uniform(0.3, 0.4)
    there = {layer.label for layer in scenery.layers}
    labels = [label for label, thing in THINGS.items() if there.intersection(thing.ground)]
    chances = np.array([THINGS[label].frequency for label in labels])
    chances *= rng.uniform(0.2, 1.8, len(labels))
    cast: list[Actor] = []
    for _ in range(int(rng.integers(6, 14))):
        label = labels[int(rng.choice(len(labels), p=chances / chances.sum()))]
        for _ in range(12):
            actor = _place(rng, label, scenery, aspect, person)
            if not _stands(actor, ground, aspect):
                continue
            actor = replace(actor, seed=int(rng.integers(2**31)))
            if not _crowds(actor, cast):
                cast.append(actor)
                break
    return sorted(cast, key=lambda actor: ("sky" not in actor.thing.ground, actor.y))


def _place(rng: np.random.Generator, label: str, scenery: Scenery, aspect: float, person: float) -> Actor:
    """A thing anywhere; `person` is the height of a person at the picture's lower edge."""
    thing = THINGS[label]
    x, persons = rng.uniform(0.03, 0.97) * aspect, rng.uniform(*thing.persons)
    if "sky" in thing.ground:
        height = 0.25 * persons
        y = rng.uniform(height * 0.9, max(height, scenery.horizon) + 0.02)
    else:
        depth = rng.uniform(*thing.depth)
        y = scenery.horizon + (1 - scenery.horizon) * depth
        height = person * persons * (0.42 + 0.58 * depth)
    return Actor(label, float(x), float(y), float(height))


def _ground(layers: Sequence[Layer], aspect: float) -> NDArray[np.str_]:
    """Label of the stuff at each point of a small map, (h, w)."""
    canvas = Canvas((_PLAN_HEIGHT, round(_PLAN_HEIGHT * aspect)))
    for index, layer in enumerate(layers):
        canvas.patch(layer.outline).own(index)
    return np.array([layer.label for layer in layers])[canvas.id_map]


def _stands(actor: Actor, ground: NDArray[np.str_], aspect: float) -> bool:
    """Whether its middle and both ends are on ground that suits it."""
    if "sky" in actor.thing.ground:
        return True
    half = 0.8 * actor.thing.foot * actor.height
    rows, columns = ground.shape
    row = min(rows - 1, int(actor.y * rows))
    feet = np.clip(np.array([actor.x - half, actor.x, actor.x + half]) / aspect, 0, 0.999)
    return bool(np.isin(ground[row, (feet * columns).astype(int)], actor.thing.ground).all())


def _crowds(actor: Actor, others: list[Actor]) -> bool:
    """Whether its box and another's share too much of the smaller one."""

    def area(box: tuple[float, float, float, float]) -> float:
        left, top, right, bottom = box
        return max(0.0, right - left) * max(0.0, bottom - top)

    mine = actor.extent
    for theirs in (other.extent for other in others):
        shared = area((
            max(mine[0], theirs[0]), max(mine[1], theirs[1]),
            min(mine[2], theirs[2]), min(mine[3], theirs[3]),
        ))  # fmt: skip
        if shared > 0.4 * min(area(mine), area(theirs)):
            return True
    return False


def keep_visible(scenery: Scenery, cast: list[Actor], aspect: float) -> tuple[Scenery, list[Actor]]:
    """Leave out things and stuff that hardly show."""
    ground = _ground(scenery.layers, aspect)
    canvas = Canvas((ground.shape[0], ground.shape[1]))
    whole = []
    for number, actor in enumerate(cast, 1):
        pen = actor.sketch(canvas, np.random.default_rng(actor.seed))
        ink = pen.tile()
        canvas.own(ink, pen.x, pen.y, number)
        whole.append(np.count_nonzero(ink[..., 3] >= 127.5))
    shown = np.bincount(canvas.id_map.ravel(), minlength=len(cast) + 1)
    stuff, areas = np.unique(ground[canvas.id_map == 0], return_counts=True)
    kept = set(stuff[areas >= LEAST_OF_STUFF * ground.size].tolist())
    layers = tuple(layer for layer in scenery.layers if layer.label in kept)
    visible = [
        actor
        for actor, area, full in zip(cast, shown[1:], whole, strict=True)
        if area >= max(LEAST_OF_PICTURE * ground.size, LEAST_OF_THING * full)
        and kept.intersection(actor.thing.ground)
    ]
    return replace(scenery, layers=layers), visible
