"""Which segment gets which colour of the palette: none twice in a picture, and neighbours far apart.

Segments choose one after the other. The first `DISTINCT` get a colour that nobody has yet, so that any two
of them differ by 13 or more in CIEDE2000; of those colours each takes one that is clear of its neighbours',
also to a colour-blind eye. All others may share colours, but not with neighbours.

Neighbours are found on a coarse grid whose cells remember the colours that reach them, which takes time and
memory in proportion to the segments and not to their pairs.
"""

from collections.abc import Sequence
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from panoseg.palette import PALETTE, color_distances

DISTINCT = 40
_CLEAR = 30.0  # a Lab distance beyond which farther is no better
_EARLY = 0.3  # what a place nearer to the start of the palette is worth in the same units
_CELLS = 32  # along each side of a picture, or more where there are many segments
_MOST_CELLS = 512
_SAMPLES = 4  # of an id map along each side of a cell: enough to know which segments touch


def colors_of_masks(
    mask_logits: NDArray[np.float32], groups: Sequence[int], scores: Sequence[float]
) -> NDArray[np.uint8]:
    """One colour per mask, so that masks that touch get colours that differ.

    Args:
        mask_logits: (Q, h, w); a mask is where the logit is positive.
        groups: Q group numbers; masks of one group share a colour.
        scores: Q numbers, 0–1; a group has its best. The likeliest `DISTINCT` groups choose first, those of
            0.5 or more by size, so that the large regions of a picture get the palette's first colours.

    Returns:
        (Q, 3) uint8 sRGB, a function of the arguments alone.
    """
    names, group_of = np.unique(np.asarray(groups), return_inverse=True)
    masks = _coarse_masks(mask_logits, group_of, len(names))
    best = np.zeros(len(names))
    np.maximum.at(best, group_of, np.asarray(scores, dtype=float))
    rank = best.copy()
    sure = np.argsort(-best, kind="stable")[:DISTINCT]
    sure = sure[best[sure] >= 0.5]
    rank[sure] = 1 + masks[sure].mean(axis=(1, 2))
    group, row, column = np.nonzero(masks)
    chosen = _choose(np.argsort(-rank, kind="stable"), group, row, column, masks.shape[1:])
    return PALETTE[chosen[group_of]]


def colors_of_map(id_map: NDArray[np.integer], count: int) -> NDArray[np.uint8]:
    """One colour for each of the ids 1 … `count` of a map (H, W): large segments choose first.

    Returns:
        (count, 3) uint8 sRGB, a function of the map alone.
    """
    cells = min(_MOST_CELLS, max(_CELLS, ceil(2 * sqrt(count))))
    rows, columns = (_starts(side, cells * _SAMPLES) for side in id_map.shape)
    sample = id_map[np.ix_(rows, columns)].astype(np.int64)
    row_of, column_of = (np.arange(side) // _SAMPLES for side in sample.shape)
    shape = int(row_of[-1]) + 1, int(column_of[-1]) + 1
    cell_of = row_of[:, None] * shape[1] + column_of
    reached = np.unique(sample * (shape[0] * shape[1]) + cell_of)
    segment, cell = np.divmod(reached, shape[0] * shape[1])
    inside = segment > 0
    areas = np.bincount(sample.ravel(), minlength=count + 1)[1:]
    order = np.argsort(-areas, kind="stable")
    return PALETTE[_choose(order, segment[inside] - 1, *np.divmod(cell[inside], shape[1]), shape)]


def _choose(
    order: NDArray[np.intp],
    segment: NDArray[np.integer],
    row: NDArray[np.integer],
    column: NDArray[np.integer],
    shape: tuple[int, ...],
) -> NDArray[np.intp]:
    """The place in the palette of each segment's colour.

    Args:
        order: the segments 0 … N − 1, as they choose.
        segment, row, column: which segment reaches which cell of a grid, segments in ascending order.
        shape: (rows, columns) of the grid.
    """
    distance = color_distances(PALETTE)
    # A rim of one cell, so that a cell's eight neighbours need no test for the border.
    width = shape[1] + 2
    reaches = np.zeros(((shape[0] + 2) * width, len(PALETTE)), dtype=bool)
    cell = (row + 1) * width + column + 1
    around = np.array([y * width + x for y in (-1, 0, 1) for x in (-1, 0, 1)])
    ends = np.cumsum(np.bincount(segment, minlength=len(order)))
    chosen = np.zeros(len(order), dtype=np.intp)
    uses = np.zeros(len(PALETTE), dtype=np.int64)
    for turn, one in enumerate(order.tolist()):
        own = cell[ends[one - 1] if one else 0 : ends[one]]
        grown = (own[:, None] + around).ravel()
        taken = reaches[grown].any(axis=0)
        clearance = np.minimum(distance[:, taken].min(axis=1, initial=np.inf), _CLEAR)
        if turn < DISTINCT:
            clearance = np.where(uses, -np.inf, clearance - _EARLY * np.arange(len(PALETTE)))
        else:
            clearance = np.where(clearance < _CLEAR, clearance, _CLEAR + 1 / (1 + uses))
        chosen[one] = np.argmax(clearance)
        uses[chosen[one]] += 1
        reaches[own, chosen[one]] = True
    return chosen


def _coarse_masks(
    mask_logits: NDArray[np.float32], group_of: NDArray[np.intp], count: int
) -> NDArray[np.bool_]:
    """(count, ≤ 32, ≤ 32) bool: cells of a coarse grid that the groups' masks reach."""
    rows, columns = (_starts(side, _CELLS) for side in mask_logits.shape[1:])
    coarse = np.maximum.reduceat(np.maximum.reduceat(mask_logits, rows, axis=1), columns, axis=2) > 0
    masks = np.zeros((count, len(rows), len(columns)), dtype=bool)
    for mask, group in zip(coarse, group_of.tolist(), strict=True):
        masks[group] |= mask
    return masks


def _starts(side: int, parts: int) -> NDArray[np.intp]:
    """Where each of about so many parts of a side begins, at least a pixel apart."""
    return np.unique(np.linspace(0, side, parts, endpoint=False).astype(np.intp))
