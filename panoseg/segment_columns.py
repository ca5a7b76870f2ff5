"""The columns of every table of segments: data frames, CSV, runs, the shell and the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from panoseg.segment import Segment

if TYPE_CHECKING:
    import pandas as pd


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
