"""Plotly figures of a segmentation; they know no Streamlit."""

import plotly.graph_objects as go

from panoseg.segmentation import Segmentation

ROW_PIXELS = 30


def area_chart(segmentation: Segmentation) -> go.Figure:
    """Share of the photo by label, largest first, each segment a block of its bar in its own colour."""
    total = segmentation.id_map.size
    by_label: dict[str, int] = {}
    for segment in segmentation.segments:
        by_label[segment.label] = by_label.get(segment.label, 0) + segment.area
    order = sorted(by_label, key=lambda label: by_label[label])
    segments = segmentation.segments
    figure = go.Figure(
        go.Bar(
            x=[100 * segment.area / total for segment in segments],
            y=[segment.label for segment in segments],
            orientation="h",
            marker={
                "color": ["rgb({},{},{})".format(*segment.color) for segment in segments],
                "line": {"width": 1, "color": "rgba(255,255,255,0.7)"},
            },
            customdata=[[segment.id, segment.area, segment.score] for segment in segments],
            hovertemplate="%{y} %{customdata[0]}<br>%{customdata[1]:,} px, %{x:.1f} %"
            "<br>score %{customdata[2]:.3f}<extra></extra>",
        )
    )
    figure.update_layout(
        height=64 + ROW_PIXELS * max(1, len(order)),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        bargap=0.35,
        barmode="stack",
        showlegend=False,
        xaxis={"title": "share of the photo, %", "rangemode": "tozero"},
        yaxis={"categoryorder": "array", "categoryarray": order, "title": None, "automargin": True},
    )
    return figure
