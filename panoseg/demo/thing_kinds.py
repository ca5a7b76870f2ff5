"""The things of the drawn world: where they stand, how large they are and how often they come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from panoseg.demo import living_things as living
from panoseg.demo import man_made_things as made
from panoseg.demo.pen import Pen

Draw = Callable[[Pen, np.random.Generator], None]


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
    "ball": Thing(made.ball, (-0.52, -0.02, 0.52, 1.02), (0.42, 0.6), 0.5, ("grass", "road"), 0.9),
    "balloon": Thing(made.balloon, (-0.38, -0.02, 0.38, 1.02), (0.9, 1.5), 0.1, ("sky",), 0.7),
    "boat": Thing(made.boat, (-0.56, -0.03, 0.56, 1.03), (1.0, 1.5), 0.5, ("water",), 1.0),
    "car": Thing(made.car, (-1.14, -0.02, 1.14, 1.03), (0.62, 0.8), 1.0, ("road",), 1.4),
    "house": Thing(made.house, (-0.68, -0.03, 0.68, 1.04), (1.7, 2.5), 0.6, ("grass",), 1.0, (0.05, 0.55)),
    "person": Thing(living.person, (-0.34, -0.02, 0.34, 1.02), (0.75, 1.05), 0.3, ("grass", "road"), 1.8),
    "sheep": Thing(living.sheep, (-0.82, -0.02, 0.82, 1.02), (0.5, 0.66), 0.6, ("grass",), 1.2),
    "tree": Thing(living.tree, (-0.4, -0.02, 0.4, 1.04), (1.6, 2.5), 0.3, ("grass",), 1.4, (0.05, 0.55)),
}
# fmt: on
