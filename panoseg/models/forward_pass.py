"""How much memory a forward pass takes, before any of it is taken."""

from math import sqrt

from panoseg.models.checkpoints.size_choice import LARGEST_EDGE, SMALLEST_EDGE
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
