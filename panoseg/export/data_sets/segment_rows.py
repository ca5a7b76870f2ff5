"""The rows of a data set's table of segments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from panoseg.export.data_sets.data_set import Picture
from panoseg.export.measurements import MEASURES
from panoseg.segment_columns import COLUMNS


def rows_of(picture: Picture) -> Iterator[dict[str, Any]]:
    """A row per segment under the names of `COLUMNS`, those of `MEASURES` behind them if they were taken."""
    segments = picture.segments if picture.instances is None else picture.instances.segments
    pixels = picture.segmentation.id_map.size
    for index, segment in enumerate(segments):
        row = {"picture": picture.name}
        row.update({column.name: column.value(segment, pixels) for column in COLUMNS})
        if picture.measurements is not None:
            row.update(picture.measurements[index])
        yield row


def names_of(measured: bool) -> list[str]:
    """The columns of those rows."""
    names = ["picture", *(column.name for column in COLUMNS)]
    return names + [measure.name for measure in MEASURES] if measured else names
