"""What was found, in numbers: one line, the table of segments and the chart of areas."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from panoseg.charts import area_chart
from panoseg.comparison import Outcome
from panoseg.drawing import segment_color
from panoseg.merging import Fate
from panoseg.page.look import Look
from panoseg.page.session import selected_points, selected_rows
from panoseg.page.session_look import select as select_segments
from panoseg.page.swatch import swatch
from panoseg.page.widget_keys import stable_key
from panoseg.segmentation import COLUMNS, Column, Segmentation
from panoseg.tasks import Findings

_WIDTHS = {
    "id": 40,
    "label": None,
    "kind": 56,
    "score": 56,
    "quality": 60,
    "area": 76,
    "area_fraction": 60,
}
"""In pixels; None takes what is left."""

_FORMATS = {"score": "%.3f", "quality": "%.3f", "area": "localized", "area_fraction": "%.1f"}


def show_summary(findings: Findings) -> None:
    """One line of numbers: what was found and what was filtered away."""
    segmentation = findings.segmentation
    things = sum(segment.kind == "thing" for segment in segmentation.segments)
    fates = [candidate.fate for candidate in findings.candidates]
    parts = [
        f"**{things}** {'thing' if things == 1 else 'things'}",
        f"**{len(segmentation.segments) - things}** stuff",
        f"**{100 * np.count_nonzero(segmentation.id_map) / segmentation.id_map.size:.1f} %** of the picture",
    ]
    for fate, words in ((Fate.LOW_SCORE, "below the score"), (Fate.OCCLUDED, "occluded")):
        if count := fates.count(fate):
            parts.append(f"{count} {words}")
    st.markdown(" · ".join(parts))


def show_table(segmentation: Segmentation, look: Look, outcomes: Mapping[int, Outcome]) -> None:
    """The segments, sortable; rows and picture share one selection."""
    keys = [segment.key for segment in segmentation.segments]
    frame = segmentation.to_frame()
    way = look.style.color_by
    colors = [segment_color(segment, way, outcomes.get(segment.id)) for segment in segmentation.segments]
    frame.insert(0, "color", [swatch(color) for color in colors])
    frame["area_fraction"] *= 100
    rows = [row for row, key in enumerate(keys) if key in look.selected]
    # Rows can be selected from here only in a new table: one for each set of rows, and for each
    # selection that was made in the picture.
    widget = stable_key("table", look.source, look.turn, *keys)

    def select() -> None:
        chosen = selected_rows(widget)
        select_segments(tuple(keys[row] for row in chosen))

    st.dataframe(
        frame,
        key=widget,
        hide_index=True,
        on_select=select,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": rows}},
        column_order=["color", *_WIDTHS],
        column_config={
            "color": st.column_config.ImageColumn("", width=36),
            **{column.name: _column_config(column) for column in COLUMNS if column.brief},
        },
        height=38 + 35 * min(12, max(1, len(frame))),
    )


def _column_config(column: Column) -> Any:
    width = _WIDTHS[column.name]
    if column.dtype == "str":
        return st.column_config.TextColumn(column.title, width=width, help=column.about)
    return st.column_config.NumberColumn(
        column.title, width=width, format=_FORMATS.get(column.name), help=column.about
    )


def show_chart(segmentation: Segmentation, look: Look) -> None:
    """Area by label; a click on a segment's block selects it, and a second one nothing."""
    keys = [segment.key for segment in segmentation.segments]
    selected = [segment.id for segment in segmentation.segments if segment.key in look.selected]
    # Each selection is a new chart: one that holds a selection of its own would not show another's.
    widget = stable_key("areas", look.source, *look.selected, *keys)

    def select() -> None:
        chosen = tuple(keys[point] for point in selected_points(widget))
        select_segments(() if chosen == look.selected else chosen, outside_table=True)

    st.plotly_chart(
        area_chart(segmentation, selected),
        key=widget,
        on_select=select,
        selection_mode="points",
        config={"displayModeBar": False},
    )
