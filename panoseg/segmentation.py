"""What the user explores: thresholds go in, segments and their id map come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import InvalidValueError
from panoseg.png import encode_png
from panoseg.segment import Segment
from panoseg.segment_columns import frame_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """A flat map of segments at the photo's full size.

    Attributes:
        id_map: (H, W) int32, read-only; 0 is void, every other value is the id of one segment.
        segments: ids 1 … N, each once, in that order.
    """

    id_map: NDArray[np.int32]
    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        id_map = np.ascontiguousarray(self.id_map, dtype=np.int32).view()
        if id_map.ndim != 2 or id_map.size == 0:
            raise InvalidValueError(f"id_map: wanted shape (H, W), got {id_map.shape}.")
        ids = [segment.id for segment in self.segments]
        if ids != list(range(1, len(ids) + 1)):
            raise InvalidValueError(f"Segment ids: wanted 1 to {len(ids)} in order, got {_brief(ids)}.")
        id_map.flags.writeable = False
        object.__setattr__(self, "id_map", id_map)

    def __repr__(self) -> str:
        return f"<Segmentation of {describe_segments(self.segments, self.size)}>"

    @property
    def size(self) -> tuple[int, int]:
        """(H, W) of the photo in pixels."""
        height, width = self.id_map.shape
        return height, width

    @property
    def coverage(self) -> float:
        """Share of the photo that is not void, 0–1."""
        return sum(segment.area for segment in self.segments) / self.id_map.size

    def mask(self, segment_id: int) -> NDArray[np.bool_]:
        """(H, W) bool, true where the segment is.

        Raises:
            InvalidValueError: no segment has that id.
        """
        if not 1 <= segment_id <= len(self.segments):
            raise InvalidValueError(f"Segment id: wanted 1 to {len(self.segments)}, got {segment_id}.")
        return self.id_map == segment_id

    def to_frame(self, about: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """One row per segment, by id, under `segment_columns.COLUMNS`.

        These are id, label, kind, score (0–1), quality (0–1), area (pixels), area_fraction (of the
        photo, 0–1), bbox_x, bbox_y, bbox_w, bbox_h (pixels).

        Args:
            about: columns that come after those, by name, with the value that stands in every row: where the
                segments come from, such as {"photo": "holiday.jpg", "model": "demo"}.
        """
        return frame_of(self.segments, self.size, about)

    def _repr_png_(self) -> bytes:
        """What a notebook shows: each segment in its colour, void in black, at most 1024 pixels wide."""
        from PIL import Image

        colors = np.array([(0, 0, 0), *(segment.color for segment in self.segments)], np.uint8)
        step = -(-max(self.size) // 1024)
        return encode_png(Image.fromarray(colors[self.id_map[::step, ::step]]))


def _brief(ids: Sequence[int]) -> str:
    return f"[{', '.join(map(str, ids[:20]))}{', …' * (len(ids) > 20)}]"


def describe_segments(segments: Sequence[Segment], size: tuple[int, int]) -> str:
    """A few words on a photo of (H, W) pixels and its commonest labels, for a `repr`.

    >>> describe_segments([Segment(1, 0, "sky", "stuff", 0.9, 6, (0, 0, 3, 2))], (2, 3))
    '3×2 pixels: 1 segment (sky)'
    """
    counts = Counter(segment.label[:40] for segment in segments).most_common()
    labels = [label if count == 1 else f"{count} {label}" for label, count in counts[:6]]
    names = f" ({', '.join(labels)}{', …' * (len(counts) > 6)})" if labels else ""
    return f"{size[1]}×{size[0]} pixels: {len(segments)} segment{'s' * (len(segments) != 1)}{names}"
