"""What the user explores: thresholds go in, segments and their id map come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import InvalidValueError

if TYPE_CHECKING:
    import pandas as pd

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


@dataclass(frozen=True, slots=True)
class Column:
    """What a table of segments says of each: the same in data frames, files, the shell and the page.

    Attributes:
        name: in data frames and files.
        title: where people read it.
        dtype: pandas' name of its type.
        unit: of the value; empty where it is no measure.
        about: one sentence on what it holds.
        value: of a segment in a photo of so many pixels.
        text: the value as people read it under the title.
        brief: whether a table for people shows it; files hold all columns.
    """

    name: str
    title: str
    dtype: Literal["int64", "float64", "str"]
    unit: Literal["", "0–1", "pixels"]
    about: str
    value: Callable[[Segment, int], Any]
    text: Callable[[Any], str] = str
    brief: bool = True


COLUMNS = (
    Column("id", "No.", "int64", "", "Value in the id map, from 1.", lambda s, _: s.id),
    Column("label", "Label", "str", "", "Name of the class.", lambda s, _: s.label),
    Column(
        "kind",
        "Kind",
        "str",
        "",
        "A thing (one segment per object) or stuff (one per class).",
        lambda s, _: s.kind,
    ),
    Column(
        "score", "Score", "float64", "0–1", "Probability of the label.", lambda s, _: s.score, "{:.3f}".format
    ),
    Column(
        "quality",
        "Quality",
        "float64",
        "0–1",
        "Mean mask probability inside the segment.",
        lambda s, _: s.quality,
        "{:.3f}".format,
    ),
    Column("area", "Area, px", "int64", "pixels", "Pixels of the photo.", lambda s, _: s.area, "{:,}".format),
    Column(
        "area_fraction",
        "Area, %",
        "float64",
        "0–1",
        "Share of the photo.",
        lambda s, pixels: s.area / pixels,
        lambda share: f"{100 * share:.1f}",
    ),
    *(
        Column(f"bbox_{name}", title, "int64", "pixels", f"{about} of the tight box.", value, brief=False)
        for name, title, about, value in (
            ("x", "Left", "Left edge", lambda s, _: s.bbox[0]),
            ("y", "Top", "Top edge", lambda s, _: s.bbox[1]),
            ("w", "Width", "Width", lambda s, _: s.bbox[2]),
            ("h", "Height", "Height", lambda s, _: s.bbox[3]),
        )
    ),
)
"""In the order of the tables."""


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
        """One row per segment, by id, under `COLUMNS`.

        These are id, label, kind, score (0–1), quality (0–1), area (pixels), area_fraction (of the
        photo, 0–1), bbox_x, bbox_y, bbox_w, bbox_h (pixels).

        Args:
            about: columns that come after those, by name, with the value that stands in every row: where the
                segments come from, such as {"photo": "holiday.jpg", "model": "demo"}.
        """
        return frame_of(self.segments, self.size, about)

    def _repr_png_(self) -> bytes:
        """What a notebook shows: each segment in its colour, void in black, at most 1024 pixels wide."""
        from io import BytesIO

        from PIL import Image

        colors = np.array([(0, 0, 0), *(segment.color for segment in self.segments)], np.uint8)
        step = -(-max(self.size) // 1024)
        stream = BytesIO()
        Image.fromarray(colors[self.id_map[::step, ::step]]).save(stream, "PNG")
        return stream.getvalue()


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


def frame_of(
    segments: Sequence[Segment], size: tuple[int, int], about: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """A table of segments of a photo of (H, W) pixels, under `COLUMNS` and what is told about all of them."""
    import pandas as pd  # it takes longer to import than all of panoseg

    pixels = size[0] * size[1]
    return pd.DataFrame(
        {
            column.name: pd.Series([column.value(s, pixels) for s in segments], dtype=column.dtype)
            for column in COLUMNS
        }
    ).assign(**(about or {}))
