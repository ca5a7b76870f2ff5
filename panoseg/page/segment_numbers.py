"""What was found, in numbers: one line, the table of segments and the chart of areas."""

from collections.abc import Mapping

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
from panoseg.segmentation import Segmentation
from panoseg.tasks import Findings


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
    frame["quality"] = [segment.quality for segment in segmentation.segments]
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
        column_order=["color", "id", "label", "kind", "score", "quality", "area", "area_fraction"],
        column_config={
            "color": st.column_config.ImageColumn("", width=36),
            "id": st.column_config.NumberColumn("No.", width=40),
            "label": st.column_config.TextColumn("Label"),
            "kind": st.column_config.TextColumn("Kind", width=56),
            "score": st.column_config.NumberColumn("Score", width=56, format="%.3f"),
            "quality": st.column_config.NumberColumn(
                "Quality", width=60, format="%.3f", help="Mean mask probability inside the segment."
            ),
            "area": st.column_config.NumberColumn("Area, px", width=76, format="localized"),
            "area_fraction": st.column_config.NumberColumn("Area, %", width=60, format="%.1f"),
        },
        height=38 + 35 * min(12, max(1, len(frame))),
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
