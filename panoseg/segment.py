"""One region of a photo with a label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from panoseg.errors import InvalidValueError

Kind = Literal["thing", "stuff"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One region of the photo with a label.

    Attributes:
        id: its value in the id map, 1 … N.
        class_id: contiguous class id in the vocabulary.
        label: the class's name.
        kind: "thing" (one segment per object) or "stuff" (one segment per class).
        score: probability of the label, 0–1; where several queries share a stuff segment, the
            area-weighted mean of theirs.
        area: pixels of the photo.
        bbox: tight box (x, y, width, height) in pixels of the photo.
        queries: the queries that paint it, in ascending order.
        color: sRGB, the same at every threshold.
        quality: mean mask probability inside the segment, 0–1.

    Raises:
        InvalidValueError: an id below 1, an area below 1, or a score or quality outside 0–1.
    """

    id: int
    class_id: int
    label: str
    kind: Kind
    score: float
    area: int
    bbox: tuple[int, int, int, int]
    queries: tuple[int, ...] = ()
    color: tuple[int, int, int] = (128, 128, 128)
    quality: float = 1.0

    def __post_init__(self) -> None:
        if self.id < 1:
            raise InvalidValueError(f"Segment id: wanted 1 or more (0 is void), got {self.id}.")
        if self.kind not in ("thing", "stuff"):
            raise InvalidValueError(f'Segment kind: wanted "thing" or "stuff", got {self.kind!r}.')
        if self.area < 1:
            raise InvalidValueError(f"Segment area: wanted at least 1 pixel, got {self.area}.")
        if not 0 <= self.score <= 1:
            raise InvalidValueError(f"Segment score: wanted 0 to 1, got {self.score}.")
        if not 0 <= self.quality <= 1:
            raise InvalidValueError(f"Segment quality: wanted 0 to 1, got {self.quality}.")

    @property
    def key(self) -> str:
        """A name that stays the same when thresholds move and ids shift: by class for stuff, by query
        and class for things (by id where no query is known).
        """
        if self.kind == "stuff":
            return f"class-{self.class_id}"
        return f"query-{self.queries[0]}-{self.class_id}" if self.queries else f"id-{self.id}"
