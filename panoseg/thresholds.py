"""The three thresholds that a user moves, and the paper's values of them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from panoseg.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The three numbers, each 0–1, that decide which queries become segments.

    Defaults are the paper's for COCO (Cheng et al., CVPR 2022, arXiv 2112.01527).

    Attributes:
        score: a query is kept if the probability of its label is strictly above this.
        mask: a pixel belongs to a segment if its mask probability is at least this.
        overlap: a segment is dropped if less than this share of its own mask is left to it.

    Raises:
        InvalidValueError: a value outside 0–1.
    """

    score: float = 0.8
    mask: float = 0.5
    overlap: float = 0.8

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, (int, float, np.number)) or not 0 <= value <= 1:
                raise InvalidValueError(
                    f"{field.name} threshold: wanted a number from 0 to 1, got {value!r}."
                )
