"""A drawn world that the demo model knows: seeded picture-book scenes with exact ground truth.

`draw_scene` is deterministic: the same seed and size give the same scene, and the same seed at another size of the
same proportions gives the same scene at another scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.demo.canvas import Canvas, Floats, Pen, lit, noise
from panoseg.demo.scenery import Scenery, paint_layer, plan_scenery
from panoseg.demo.things import THINGS
from panoseg.vocabulary import Vocabulary

_STUFF = ("grass", "mountain", "road", "sky", "water")
WORLD_VOCABULARY = Vocabulary((*sorted(THINGS), *_STUFF), things=range(len(THINGS)))
_CLASS = {label: index for index, label in enumerate(WORLD_VOCABULARY.labels)}

# What shows less of itself is left out of the scene, as fractions of the picture and of the object.
_LEAST_OF_PICTURE = 0.0055
_LEAST_OF_OBJECT = 0.35
_PLANNING_HEIGHT = 120


@dataclass(frozen=True, slots=True)
class SceneSegment:
    """One region of the ground truth: its value in the id map, and its class in `WORLD_VOCABULARY`."""

    id: int
    class_id: int


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A drawn picture and the truth about it.

    `pixels` (H, W, 3) uint8; `id_map` (H, W) int32, every pixel the id of a segment; `segments` by id, stuff merged to
    one segment per class.
    """

    pixels: NDArray[np.uint8]
    id_map: NDArray[np.int32]
    segments: tuple[SceneSegment, ...]


@dataclass(frozen=True, slots=True)
class _Actor:
    """A thing in the scene: where it touches the ground and its height, in picture heights."""

    label: str
    x: float
    y: float
    height: float
    seed: int

    def pen(self, canvas: Canvas) -> Pen:
        box = THINGS[self.label].box
        origin = (self.x * canvas.height, self.y * canvas.height)
        return Pen(box, self.height * canvas.height, origin)

    def draw(self, canvas: Canvas) -> tuple[Pen, np.random.Generator]:
        pen, rng = self.pen(canvas), np.random.default_rng(self.seed)
        THINGS[self.label].draw(pen, rng)
        return pen, rng


def draw_scene(seed: int, size: tuple[int, int] = (640, 960)) -> Scene:
    """Draw the scene of that seed at `size` (height, width) in pixels."""
    height, width = size
    if height < 32 or width < 32:
        raise ValueError(f"size: wanted at least 32×32 pixels, got {height}×{width}.")
    rng = np.random.default_rng(seed)
    aspect = width / height
    scenery = plan_scenery(rng, aspect)
    scenery, actors = _visible(scenery, _cast(rng, scenery, aspect), aspect)
    canvas = Canvas(size)
    for layer in scenery.layers:
        paint_layer(canvas, scenery, layer, 1 + _CLASS[layer.label])
    _place(canvas, scenery, actors)
    _finish(canvas, scenery, rng)
    return _scene(canvas, actors)


def _cast(rng: np.random.Generator, scenery: Scenery, aspect: float) -> list[_Actor]:
    """Choose the things of a scene and put each on ground that suits it, far ones first."""
    ground = _ground(scenery, aspect)
    person = rng.uniform(0.3, 0.4)
    present = {_CLASS[layer.label] for layer in scenery.layers}
    labels = [label for label in THINGS if any(_CLASS[g] in present for g in THINGS[label].ground)]
    weights = np.array([_POPULARITY[label] for label in labels])
    favourites = weights * rng.uniform(0.2, 1.8, len(labels))
    actors: list[_Actor] = []
    for _ in range(int(rng.integers(6, 14))):
        label = labels[int(rng.choice(len(labels), p=favourites / favourites.sum()))]
        for _ in range(12):
            actor = _try(rng, label, scenery, aspect, person, ground)
            if actor is not None and not _crowded(actor, actors):
                actors.append(actor)
                break
    return sorted(actors, key=lambda actor: (actor.label != "balloon", actor.y))


_POPULARITY = {
    "ball": 0.9, "balloon": 0.7, "boat": 1.0, "car": 1.4, "house": 1.0, "person": 1.8, "sheep": 1.2, "tree": 1.4,
}  # fmt: skip


def _ground(scenery: Scenery, aspect: float) -> NDArray[np.int32]:
    """Class of the stuff at each point of a small map of the landscape."""
    canvas = Canvas((_PLANNING_HEIGHT, round(_PLANNING_HEIGHT * aspect)))
    for layer in scenery.layers:
        canvas.id_map[canvas.coverage(layer.outline) >= 0.5] = _CLASS[layer.label]
    return canvas.id_map


def _try(
    rng: np.random.Generator,
    label: str,
    scenery: Scenery,
    aspect: float,
    person: float,
    ground: NDArray[np.int32],
) -> _Actor | None:
    """A thing somewhere, or None where its feet do not stand on what suits it."""
    thing = THINGS[label]
    x, persons = rng.uniform(0.03, 0.97) * aspect, rng.uniform(*thing.persons)
    if label == "balloon":
        height = 0.25 * persons
        y = rng.uniform(height * 0.9, max(height, scenery.horizon) + 0.02)
        return _Actor(label, x, float(y), float(height), int(rng.integers(2**31)))
    depth = rng.uniform(0.05, 0.55) if label in ("house", "tree") else rng.uniform(0.1, 0.97)
    y = scenery.horizon + (1 - scenery.horizon) * depth
    height = person * persons * (0.42 + 0.58 * depth)
    half = 0.8 * height * thing.foot
    suits = {_CLASS[stuff] for stuff in thing.ground}
    rows, columns = ground.shape
    for foot in (x - half, x, x + half):
        row, column = int(y * rows), int(np.clip(foot / aspect, 0, 0.999) * columns)
        if int(ground[min(row, rows - 1), column]) not in suits:
            return None
    return _Actor(label, float(x), float(y), float(height), int(rng.integers(2**31)))


def _crowded(actor: _Actor, others: list[_Actor]) -> bool:
    """Whether a thing would hide, or be hidden by, more than a fair share of another."""

    def extent(a: _Actor) -> tuple[float, float, float, float]:
        left, bottom, right, top = THINGS[a.label].box
        return (a.x + left * a.height, a.y - top * a.height, a.x + right * a.height, a.y - bottom * a.height)

    mine = extent(actor)
    for other in others:
        theirs = extent(other)
        width = min(mine[2], theirs[2]) - max(mine[0], theirs[0])
        height = min(mine[3], theirs[3]) - max(mine[1], theirs[1])
        smaller = min((e[2] - e[0]) * (e[3] - e[1]) for e in (mine, theirs))
        if width > 0 and height > 0 and width * height > 0.4 * smaller:
            return True
    return False


def _visible(scenery: Scenery, actors: list[_Actor], aspect: float) -> tuple[Scenery, list[_Actor]]:
    """Leave out what would hardly show, judged on a small map so that every size shows the same things."""
    canvas = Canvas((_PLANNING_HEIGHT, round(_PLANNING_HEIGHT * aspect)))
    canvas.id_map[:] = _ground(scenery, aspect) + 1
    first = 1 + len(WORLD_VOCABULARY)
    whole = []
    for index, actor in enumerate(actors):
        pen, _ = actor.draw(canvas)
        tile = pen.tile()
        canvas.paste(tile, pen.x, pen.y, first + index)
        whole.append(np.count_nonzero(tile[..., 3] >= 127.5))
    shown = np.bincount(canvas.id_map.ravel(), minlength=first + len(actors))
    least = _LEAST_OF_PICTURE * canvas.id_map.size
    kept = [
        actor
        for actor, area, full in zip(actors, shown[first:], whole, strict=True)
        if area >= least and area >= _LEAST_OF_OBJECT * full
    ]
    layers = tuple(
        layer for layer in scenery.layers if shown[1 + _CLASS[layer.label]] >= 2 * least
    )
    if len(kept) == len(actors) and len(layers) == len(scenery.layers):
        return scenery, actors
    # Leaving one thing out uncovers others but may strand none: what stood on a left-out layer goes as well.
    labels = {layer.label for layer in layers}
    kept = [actor for actor in kept if labels.intersection(THINGS[actor.label].ground)]
    return Scenery(scenery.mood, scenery.horizon, scenery.sun, layers), kept


def _place(canvas: Canvas, scenery: Scenery, actors: list[_Actor]) -> None:
    """Draw the things from far to near, each with its shadow on the ground."""
    light = scenery.light(canvas.width / canvas.height)
    for index, actor in enumerate(actors):
        pen, rng = actor.draw(canvas)
        tile = lit(pen.tile(), light, rng)
        if actor.label != "balloon":
            half = THINGS[actor.label].foot * actor.height
            x, y = actor.x - 0.35 * half * light, actor.y - 0.01 * actor.height
            canvas.shadow(x, y, half, 0.22 * half + 0.004, 0.4)
            depth = (actor.y - scenery.horizon) / (1 - scenery.horizon)
            tile = _hazed(tile, scenery, 0.22 * (1 - depth) ** 2)
        canvas.paste(tile, pen.x, pen.y, 1 + len(WORLD_VOCABULARY) + index)


def _hazed(tile: Floats, scenery: Scenery, amount: float) -> Floats:
    """Far things fade into the air."""
    hazed = tile.copy()
    haze = np.float32(scenery.mood.haze) * (tile[..., 3:] / 255)
    hazed[..., :3] += (haze - tile[..., :3]) * np.float32(amount)
    return hazed


def _finish(canvas: Canvas, scenery: Scenery, rng: np.random.Generator) -> None:
    """The hour's light, a darker rim, and the grain of the paper."""
    shape = (canvas.height, canvas.width)
    y = np.linspace(-1, 1, canvas.height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, canvas.width, dtype=np.float32)[None, :]
    tone = 1.09 - 0.1 * (x**2 + y**2) * 0.5
    seed = int(rng.integers(2**31))
    grain = np.random.default_rng(seed)
    tone = tone + 0.012 * noise(grain, shape, 70)
    canvas.pixels *= tone[..., None] * np.float32(scenery.mood.light)
    canvas.pixels += 3.0 * grain.standard_normal(shape, dtype=np.float32)[..., None]


def _scene(canvas: Canvas, actors: list[_Actor]) -> Scene:
    """Number the segments that are on the canvas 1, 2, 3 …"""
    first = 1 + len(WORLD_VOCABULARY)
    found = np.unique(canvas.id_map)
    numbers = np.zeros(first + len(actors), np.int32)
    numbers[found] = np.arange(1, len(found) + 1)
    classes = [int(v) - 1 if v < first else _CLASS[actors[int(v) - first].label] for v in found]
    segments = tuple(SceneSegment(i, c) for i, c in enumerate(classes, 1))
    pixels = np.clip(canvas.pixels + 0.5, 0, 255).astype(np.uint8)
    return Scene(pixels, numbers[canvas.id_map], segments)
