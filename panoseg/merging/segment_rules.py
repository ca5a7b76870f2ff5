"""Which kept queries become segments, given how many pixels each has: steps 4 and 5 of the panoptic rules."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.candidates import Fate


def select_segments(
    labels: NDArray[np.int64],
    is_thing: NDArray[np.bool_],
    owned: NDArray[np.int64],
    original: NDArray[np.int64],
    final: NDArray[np.int64],
    overlap: float,
) -> tuple[list[Fate], NDArray[np.int32]]:
    """The fate of K kept queries, and the id (K,) of the segment that each paints into, 0 if none.

    Args:
        labels: (K,) class ids, in query order.
        is_thing: (K,) which of them are things.
        owned, original, final: (K,) pixels of each (`panoseg.merging.candidates.Candidate`).
        overlap: least share of its own mask that is left to a segment, 0–1.
    """
    fates: list[Fate] = []
    segment_of = np.zeros(len(labels), np.int32)
    stuff: dict[int, int] = {}
    count = 0
    for k, label in enumerate(labels.tolist()):
        if not (owned[k] and original[k] and final[k]):
            fates.append(Fate.EMPTY)
        elif owned[k] / original[k] < overlap:
            fates.append(Fate.OCCLUDED)
        elif label in stuff:
            fates.append(Fate.MERGED)
            segment_of[k] = stuff[label]
        else:
            count += 1
            fates.append(Fate.SEGMENT)
            segment_of[k] = count
            if not is_thing[k]:
                stuff[label] = count
    return fates, segment_of
