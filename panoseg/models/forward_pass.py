"""How much memory a forward pass takes, before any of it is taken, and how many have room side by side."""

from __future__ import annotations

import os
from math import sqrt
from typing import NamedTuple

from panoseg.cores import usable_cores
from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.checkpoints.size_choice import LARGEST_EDGE, SMALLEST_EDGE, SizeChoice
from panoseg.models.engines.engine import Lanes
from panoseg.prediction import Size

_BYTES_PER_PIXEL = 500
_MORE_BY_WEIGHTS = 75
_LONGEST = 1333 / 800
"""The longer edge of an input by its shorter, at most (`InputPolicy.at`)."""

_SHARE = 1 / 3
"""Of the machine's memory, for one pass: the weights, visitors and the page need the rest."""


def forward_pass_bytes(weights_bytes: int, input_size: Size) -> int:
    """About as many as a pass on a CPU takes beside the weights.

    Measured with torch on square inputs: the demo (7 MB of weights) takes 250 to 460 bytes for each pixel of
    its input, Swin-T (181 MB) 1,060 to 1,420; small inputs take the most. Widths grow with the root of the
    weights.
    """
    height, width = input_size
    return round(height * width * (_BYTES_PER_PIXEL + _MORE_BY_WEIGHTS * sqrt(weights_bytes / 2**20)))


def largest_edge(weights_bytes: int, memory_bytes: int | None) -> int:
    """The largest shorter edge, a multiple of 32, of which a machine of so much memory bears a pass.

    >>> largest_edge(7 * 2**20, 2**33), largest_edge(865 * 2**20, 2**33), largest_edge(7 * 2**20, None)
    (1568, 768, 2048)
    """
    if memory_bytes is None:
        return LARGEST_EDGE
    edge = LARGEST_EDGE
    while edge > SMALLEST_EDGE and (
        forward_pass_bytes(weights_bytes, (edge, round(edge * _LONGEST))) > _SHARE * memory_bytes
    ):
        edge -= 32
    return edge


_USUAL_PHOTO = (1200, 1600)


class SideBySide(NamedTuple):
    """A wish for several forward passes at once.

    Attributes:
        input_size: how large the network will see the photos.
        threads: of each pass; 0: one, or as many more as it takes for a third of the memory to bear a pass on
            every core.
        most: passes at once; 0: as many as there are cores for.
    """

    input_size: SizeChoice = "shipped"
    threads: int = 0
    most: int = 0


def lanes(checkpoint: Checkpoint, wish: SideBySide | None) -> Lanes:
    """How passes of a checkpoint share this machine's cores."""
    if wish is None:
        return Lanes()
    cores = usable_cores()
    threads = wish.threads
    if not threads:
        _, size = checkpoint.policy.at(wish.input_size).geometry(_USUAL_PHOTO)
        room = _SHARE * _memory_bytes() / forward_pass_bytes(checkpoint.weights_bytes, size)
        threads = -(-cores // max(1, min(cores, int(room))))
    passes = max(1, cores // threads)
    return Lanes(min(passes, wish.most) if wish.most else passes, threads)


def _memory_bytes() -> float:
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):  # Windows
        return 8e9
