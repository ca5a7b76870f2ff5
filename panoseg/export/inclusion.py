"""Files that hold only some of the segments: the others are void in maps, and no rows in tables. Ids stay."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from panoseg.segment import Segment
from panoseg.segmentation import Segmentation


def included(segmentation: Segmentation, ids: Collection[int] | None) -> tuple[Segment, ...]:
    """The segments of these ids, in their order; all of them if `ids` is None."""
    wanted = None if ids is None else set(ids)
    return tuple(s for s in segmentation.segments if wanted is None or s.id in wanted)


def included_map(segmentation: Segmentation, ids: Collection[int] | None) -> NDArray[np.int32]:
    """(H, W) int32: the id map with 0 where no segment of these ids is."""
    if ids is None:
        return segmentation.id_map
    kept = np.zeros(len(segmentation.segments) + 1, np.int32)
    for segment in included(segmentation, ids):
        kept[segment.id] = segment.id
    return kept[segmentation.id_map]
