"""Which queries may win a pixel: what the loops over owners, gains and margins have in common.

Queries come in order of descending score, the first of equals first. Then a query with the larger logit can
only lose to one before it, and most comparisons of score × probability need no exponential.
"""

from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.grid import Surfaces
from panoseg.merging.kernels.surface import Tile, fill_nodes
from panoseg.merging.machine_code import inner_kernel, kernel
from panoseg.merging.ranking import Ranking

# More than two products and a sigmoid are rounded by.
ROUNDING = 1e-12


class Rivals(NamedTuple):
    """Those of K ranked queries that may win a pixel of a tile, and then of one of its cells.

    Each tile and each cell fills the arrays anew, from the front; how many entries count is told apart.

    Attributes:
        in_tile: (K,) int64, ascending places in the ranking.
        scores: (K,) float64, the scores of the rivals in the tile.
        nodes: (K, side + 1, side + 1) float64, their logits at the tile's nodes.
        in_cell: (K,) int64, ascending places in `in_tile` of those who may win a pixel of a cell.
        least, most: (K,) float64, bounds over a tile, of all K queries, or over a cell, of its tile's
            rivals.
        line: (w,) float64, scratch.
        edges: (side + 1, K) float64, scratch: logits along a row of pixels at the columns of nodes.
    """

    in_tile: NDArray[np.int64]
    scores: NDArray[np.float64]
    nodes: NDArray[np.float64]
    in_cell: NDArray[np.int64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]
    line: NDArray[np.float64]
    edges: NDArray[np.float64]


@kernel
def new_rivals(surfaces: Surfaces, count: int) -> Rivals:
    """Room for as many rivals."""
    nodes = surfaces.grid.tile + 1
    return Rivals(
        np.empty(count, np.int64),
        np.empty(count),
        np.empty((count, nodes, nodes)),
        np.empty(count, np.int64),
        np.empty(count),
        np.empty(count),
        np.empty(surfaces.logits.shape[2]),
        np.empty((nodes, count)),
    )


@inner_kernel
def fill_bounds(rivals: Rivals, surfaces: Surfaces, ranking: Ranking, i: int, j: int) -> None:
    """Fill `least` and `most` with the bounds of all ranked queries' logits over tile (i, j)."""
    for k in range(len(ranking.queries)):
        query = ranking.queries[k]
        rivals.least[k] = surfaces.low[query, i, j]
        rivals.most[k] = surfaces.high[query, i, j]


@inner_kernel
def look_into_tile(rivals: Rivals, count: int, surfaces: Surfaces, ranking: Ranking, tile: Tile) -> None:
    """Fill `scores` and `nodes` of the first `count` rivals in a tile."""
    for n in range(count):
        k = rivals.in_tile[n]
        rivals.scores[n] = ranking.scores[k]
        fill_nodes(surfaces.logits[ranking.queries[k]], surfaces.grid, tile, rivals.line, rivals.nodes[n])


@inner_kernel
def beats(score: float, logit: float, best_score: float, best_logit: float) -> bool:
    """Whether score × sigmoid(logit) > best_score × sigmoid(best_logit), where score ≤ best_score."""
    if logit <= best_logit:
        return False
    return score == best_score or _makes_up(score, logit, best_score, best_logit)


@inner_kernel
def is_below(score: float, logit: float, other_score: float, other_logit: float) -> bool:
    """Whether score × sigmoid(logit) < other_score × sigmoid(other_logit)."""
    if score <= other_score and logit < other_logit:
        return True
    if score >= other_score and logit >= other_logit:
        return False
    return score * (1 + exp(-other_logit)) < other_score * (1 + exp(-logit))


@inner_kernel
def _makes_up(score: float, logit: float, best_score: float, best_logit: float) -> bool:
    """Whether score × sigmoid(logit) > best_score × sigmoid(best_logit), where score < best_score and
    logit > best_logit.

    A logit that rises by r makes the sigmoid at most 1 / (1 − r) times as large, and at least 1 + r / 2 times
    up to 0: mostly that tells, without an exponential.
    """
    rise = logit - best_logit
    if score < best_score * (1 - rise) * (1 - ROUNDING):
        return False
    if logit <= 0 and score * (1 + rise / 2) > best_score * (1 + ROUNDING):
        return True
    return score * (1 + exp(-best_logit)) > best_score * (1 + exp(-logit))
