"""Which class is taken for which, with what was missed and what is spurious."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from panoseg.evaluation.reasons import Missed, Outcome

if TYPE_CHECKING:
    import pandas as pd


def confusion_of(segments: pd.DataFrame, class_count: int) -> NDArray[np.int64]:
    """(C + 1, C + 1) numbers of segments, of things and stuff together.

    Row: the annotated class, the last for what is not there. Column: what it was called, the last for missed.
    Every annotated segment that counts stands in one row, every false positive in one column: in the row of
    the segment that it is drawn as, in the last row where there is none. What matched stands on the diagonal.

    Args:
        segments: the table of an evaluation.
        class_count: C.
    """
    table = np.zeros((class_count + 1, class_count + 1), np.int64)
    class_id, other = segments["class_id"].to_numpy(), segments["other"].to_numpy()
    outcome, reason = segments["outcome"].astype(str).to_numpy(), segments["reason"].astype(str).to_numpy()
    annotated = segments["annotated"].to_numpy()
    matched = annotated & (outcome == Outcome.MATCHED)
    np.add.at(table, (class_id[matched], class_id[matched]), 1)
    # A predicted segment stands there under another name: one entry for both sides of that error.
    swapped = (outcome == Outcome.MISSED) & (reason == Missed.WRONG_CLASS.value) & (other >= 0)
    swapped &= segments["attempt"].to_numpy() > 0
    np.add.at(table, (class_id[swapped], other[swapped]), 1)
    missed = (outcome == Outcome.MISSED) & ~swapped
    np.add.at(table, (class_id[missed], class_count), 1)
    taken = set(
        zip(
            segments["picture"].to_numpy()[swapped].tolist(),
            segments["attempt"].to_numpy()[swapped].tolist(),
            strict=True,
        )
    )
    surplus = outcome == Outcome.SURPLUS
    pairs = zip(
        segments["picture"].to_numpy()[surplus].tolist(),
        segments["segment"].to_numpy()[surplus].tolist(),
        strict=True,
    )
    lone = np.array([pair not in taken for pair in pairs], bool)
    np.add.at(table, (class_count, class_id[surplus][lone]), 1)
    return table
