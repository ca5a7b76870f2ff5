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
    outcome = segments["outcome"].astype(str).to_numpy()
    matched = segments["annotated"].to_numpy() & (outcome == Outcome.MATCHED)
    np.add.at(table, (class_id[matched], class_id[matched]), 1)
    # A predicted segment stands there under another name: one entry for both sides of that error.
    swapped = _are_called_otherwise(segments)
    np.add.at(table, (class_id[swapped], other[swapped]), 1)
    alone = are_alone(segments)
    missed, surplus = (alone & (outcome == side) for side in (Outcome.MISSED, Outcome.SURPLUS))
    np.add.at(table, (class_id[missed], class_count), 1)
    np.add.at(table, (class_count, class_id[surplus]), 1)
    return table


def are_alone(segments: pd.DataFrame) -> NDArray[np.bool_]:
    """(rows,) which of the missed and the surplus have no other one in their place under another name."""
    outcome = segments["outcome"].astype(str).to_numpy()
    swapped = _are_called_otherwise(segments)
    picture, segment = segments["picture"].to_numpy(), segments["segment"].to_numpy()
    attempt = segments["attempt"].to_numpy()[swapped]
    taken = set(zip(picture[swapped].tolist(), attempt.tolist(), strict=True))
    surplus = np.flatnonzero(outcome == Outcome.SURPLUS)
    alone: NDArray[np.bool_] = (outcome == Outcome.MISSED) & ~swapped
    pairs = zip(picture[surplus].tolist(), segment[surplus].tolist(), strict=True)
    alone[surplus] = [pair not in taken for pair in pairs]
    return alone


def _are_called_otherwise(segments: pd.DataFrame) -> NDArray[np.bool_]:
    """(rows,) which annotated segments a predicted one of another class stands for."""
    wrong = segments["outcome"].astype(str).to_numpy() == Outcome.MISSED
    wrong &= segments["reason"].astype(str).to_numpy() == Missed.WRONG_CLASS.value
    called: NDArray[np.bool_] = wrong & (segments["other"].to_numpy() >= 0)
    return called & (segments["attempt"].to_numpy() > 0)
