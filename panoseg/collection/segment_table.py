"""All segments of many pictures, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


class PictureSegments(NamedTuple):
    """The segments of one picture, N of them.

    Attributes:
        class_id: (N,) int32.
        name: (N,) int32, the first query of each, or its id in a finished map.
        area: (N,) float32, share of the picture, 0–1.
        score, quality: (N,) float32, 0–1.
        near_misses: queries that could be segments at other thresholds.
    """

    class_id: Ints
    name: Ints
    area: Floats
    score: Floats
    quality: Floats
    near_misses: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class SegmentTable:
    """A row per segment, those of one picture together, in the order of the pictures.

    Attributes:
        picture: (N,) int32, index of the picture, 0 … P − 1.
        class_id, name, area, score, quality: (N,), as of `PictureSegments`.
        near_misses: (P,) int32.
    """

    picture: Ints
    class_id: Ints
    name: Ints
    area: Floats
    score: Floats
    quality: Floats
    near_misses: Ints

    @classmethod
    def of(cls, pictures: Sequence[PictureSegments]) -> SegmentTable:
        """One table of all."""
        lengths = [len(each.class_id) for each in pictures]

        def column(name: str, dtype: type[Any]) -> NDArray[Any]:
            parts = [getattr(each, name) for each in pictures]
            return np.concatenate(parts).astype(dtype, copy=False) if parts else np.zeros(0, dtype)

        return cls(
            picture=np.repeat(np.arange(len(pictures), dtype=np.int32), lengths),
            class_id=column("class_id", np.int32),
            name=column("name", np.int32),
            area=column("area", np.float32),
            score=column("score", np.float32),
            quality=column("quality", np.float32),
            near_misses=np.array([each.near_misses for each in pictures], np.int32),
        )

    @property
    def pictures(self) -> int:
        """How many pictures there are, those without a segment included."""
        return len(self.near_misses)

    def counts(self, rows: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """(P,) how many segments each picture has, of all or of those rows."""
        picture = self.picture if rows is None else self.picture[rows]
        return np.bincount(picture, minlength=self.pictures)

    def coverage(self) -> NDArray[np.float64]:
        """(P,) share of each picture that is not void, 0–1."""
        return np.minimum(1.0, np.bincount(self.picture, self.area, self.pictures))

    def least_score(self) -> NDArray[np.float64]:
        """(P,) score of each picture's least sure segment; NaN where it has none."""
        least = np.full(self.pictures, np.inf)
        np.minimum.at(least, self.picture, self.score)
        return np.where(np.isinf(least), np.nan, least)

    def rarest(self) -> tuple[NDArray[np.float64], Ints]:
        """(P,) each: in how many pictures the rarest label of each is found, and its class id.

        NaN and −1 where a picture has no segment; of several labels that are as rare, the first.
        """
        labels = max(1, int(self.class_id.max(initial=-1)) + 1)
        pairs = np.unique(self.picture.astype(np.int64) * labels + self.class_id)
        pictures, classes = np.divmod(pairs, labels)
        found_in = np.bincount(classes, minlength=labels)[classes]
        order = np.lexsort((found_in, pictures))
        seen, first = np.unique(pictures[order], return_index=True)
        least, rarest = np.full(self.pictures, np.nan), np.full(self.pictures, -1, np.int32)
        least[seen], rarest[seen] = found_in[order[first]], classes[order[first]]
        return least, rarest
