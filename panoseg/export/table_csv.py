"""The table of segments as comma-separated values (RFC 4180), safe to open in a spreadsheet."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from panoseg.export.inclusion import included
from panoseg.export.measurements import MEASURES, Measurements
from panoseg.segment_columns import frame_of
from panoseg.segmentation import Segmentation

# What spreadsheets may take for the start of a formula, also behind blanks that they trim, and in the
# full-width forms that East Asian versions accept.
_FORMULA = r"[\s\x00-\x1f\u200b-\u200f\ufeff]*[=+\-@＝＋－＠]"
_START = re.compile(rf"[\t\r\n]|{_FORMULA}")
# Where commas are decimal, a semicolon ends a cell, in some programs a tab does as well, and quotes in the
# midst of one hold no lines together.
_INNER_START = re.compile(rf"(?<=[;\t\r\n])(?={_FORMULA})")


def table_csv(
    segmentation: Segmentation,
    *,
    include: Collection[int] | None = None,
    about: Mapping[str, Any] | None = None,
    measurements: Sequence[Measurements] | None = None,
) -> bytes:
    """One row per segment under the names of `COLUMNS`, as UTF-8.

    Numbers are written so that they read back equal. A text that a spreadsheet would run as a formula
    begins with an apostrophe instead, which shows it as text; so does what follows a semicolon or a tab in
    it, where that ends a cell. A byte-order mark comes first only where a text holds characters beyond
    ASCII: Excel guesses wrong without it, and other readers would take it for a part of the first column's
    name.

    Args:
        segmentation: of the photo.
        include: ids of the segments to list, or None for all.
        about: columns that come after those, by name, with the value that stands in every row: where the
            segments come from (`Origin.columns`).
        measurements: of all segments, as of `measure`; further columns, under the names of `MEASURES`.
    """
    segments = included(segmentation, include)
    frame = frame_of(segments, segmentation.size, about)
    if measurements is not None:
        for each in MEASURES:
            frame[each.name] = [measurements[segment.id - 1][each.name] for segment in segments]
    for column in frame.columns[frame.dtypes == "str"]:
        frame[column] = frame[column].map(defused)
    text = frame.to_csv(index=False, lineterminator="\r\n")
    return text.encode("ascii" if text.isascii() else "utf-8-sig")


def defused(text: str) -> str:
    """A text of which no spreadsheet runs a part."""
    inside = _INNER_START.sub("'", text)
    return "'" + inside if _START.match(text) else inside
