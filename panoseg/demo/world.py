"""A drawn world that the demo model knows: seeded picture-book scenes with exact ground truth.

The same seed and size give the same scene, and the same seed at another size of the same
proportions gives the same scene at another scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.demo.canvas import Canvas, noise
from panoseg.demo.placement import choose_cast, keep_visible
from panoseg.demo.scenery import Scenery, plan_scenery
from panoseg.demo.stuff_painting import paint_layer
from panoseg.demo.thing_kinds import THINGS
from panoseg.errors import InvalidValueError
from panoseg.vocabulary import Vocabulary

STUFF = ("grass", "mountain", "road", "sky", "water")
WORLD_VOCABULARY = Vocabulary((*THINGS, *STUFF), things=range(len(THINGS)))
_CLASS_IDS = {label: class_id for class_id, label in enumerate(WORLD_VOCABULARY.labels)}


@dataclass(frozen=True, slots=True)
class SceneSegment:
    """One region of the truth: its value in the id map, and its class in `WORLD_VOCABULARY`."""

    id: int
    class_id: int

    @property
    def label(self) -> str:
        """The class's name."""
        return WORLD_VOCABULARY.labels[self.class_id]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A drawn picture and the truth about it.

    Attributes:
        pixels: (H, W, 3) uint8, sRGB.
        id_map: (H, W) int32; every pixel holds the id of a segment, there is no void.
        segments: ids 1 … N, each once, in that order; one segment per stuff class and per thing.
    """

    pixels: NDArray[np.uint8]
    id_map: NDArray[np.int32]
    segments: tuple[SceneSegment, ...]


def draw_scene(seed: int, size: tuple[int, int] = (640, 960)) -> Scene:
    """Draw the scene of that seed, (height, width) pixels large.

    Raises:
        InvalidValueError: a side below 64 pixels, where things would vanish.

    >>> draw_scene(7, (80, 120)).pixels.shape
    (80, 120, 3)
    """
    if min(size) < 64:
        raise InvalidValueError(f"size: wanted at least 64×64 pixels, got {size[0]}×{size[1]}.")
    rng = np.random.default_rng(seed)
    canvas = Canvas(size)
    scenery = plan_scenery(rng, canvas.aspect)
    scenery, cast = keep_visible(scenery, choose_cast(rng, scenery, canvas.aspect), canvas.aspect)
    for layer in scenery.layers:
        paint_layer(canvas, scenery, layer, _CLASS_IDS[layer.label])
    for number, actor in enumerate(cast, len(WORLD_VOCABULARY)):
        actor.paint(canvas, scenery, number)
    _finish(canvas, scenery, np.random.default_rng(int(rng.integers(2**31))))
    classes = [*range(len(WORLD_VOCABULARY)), *(_CLASS_IDS[actor.label] for actor in cast)]
    return _scene(canvas, classes)


def _finish(canvas: Canvas, scenery: Scenery, rng: np.random.Generator) -> None:
    """The hour's light, a darker rim, and the grain of the paper."""
    size = canvas.height, canvas.width
    y, x = (np.linspace(-1, 1, length, dtype=np.float32) for length in size)
    tone = 1.09 - 0.05 * (y[:, None] ** 2 + x[None, :] ** 2)
    tone += 0.012 * noise(rng, size, (70, 70 * canvas.aspect))
    canvas.pixels *= tone[..., None] * np.array(scenery.mood.light, np.float32)
    canvas.pixels += 3 * rng.standard_normal(size, dtype=np.float32)[..., None]


def _scene(canvas: Canvas, classes: list[int]) -> Scene:
    """Number what is on the canvas 1, 2, 3 …; `classes` holds the class id of each of its values."""
    values, positions = np.unique(canvas.id_map, return_inverse=True)
    segments = tuple(SceneSegment(i, classes[value]) for i, value in enumerate(values.tolist(), 1))
    pixels = np.clip(canvas.pixels + 0.5, 0, 255).astype(np.uint8)
    return Scene(pixels, (positions.reshape(canvas.id_map.shape) + 1).astype(np.int32), segments)
