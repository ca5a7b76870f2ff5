"""Rows of segments as columns: a fraction of what they take as rows, and what processes send each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from panoseg.evaluation.reasons import Missed, Outcome, Surplus
from panoseg.evaluation.rows import Row

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, NDArray[Any]]
"""(N,) of each attribute of `Row`; words as their place in `WORDS`."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "outcome": tuple(sorted(each.value for each in Outcome)),
    "reason": tuple(sorted({"", *(each.value for each in (*Missed, *Surplus))})),
}

_PLACES = {name: {word: place for place, word in enumerate(words)} for name, words in WORDS.items()}
_SMALL = ("picture", "class_id", "model_class", "x", "y", "width", "height", "query", "other")
_REAL = ("score", "iou", "query_score", "threshold")


def columns_of(rows: Sequence[Row]) -> Columns:
    """The same as columns."""
    values = list(zip(*rows, strict=True)) or [()] * len(Row._fields)
    columns: Columns = {}
    for name, column in zip(Row._fields, values, strict=True):
        places = _PLACES.get(name)
        columns[name] = np.array([places[word] for word in column] if places else column, _dtype(name))
    return columns


def joined_columns(parts: Sequence[Columns]) -> Columns:
    """One after the other."""
    if len(parts) == 1:
        return parts[0]
    parts = parts or [columns_of([])]
    return {name: np.concatenate([part[name] for part in parts]) for name in Row._fields}


def frame_of(columns: Columns) -> pd.DataFrame:
    """The table; `outcome` and `reason` are categories."""
    import pandas as pd

    frame: dict[str, Any] = {**columns}
    for name, words in WORDS.items():
        codes: NDArray[np.int8] = columns[name]
        frame[name] = pd.Categorical.from_codes(codes, pd.Index(words)).remove_unused_categories()
    return pd.DataFrame(frame)


def frame_of_rows(rows: Iterable[Row]) -> pd.DataFrame:
    """The table of a few rows."""
    return frame_of(columns_of([*rows]))


def _dtype(name: str) -> type[np.generic]:
    if name in WORDS:
        return np.int8
    if name == "annotated":
        return np.bool_
    if name in _REAL:
        return np.float64
    return np.int32 if name in _SMALL else np.int64
