"""Plotly figures of a segmentation; they know no Streamlit."""

import html
from collections.abc import Collection

import plotly.graph_objects as go

from panoseg.segmentation import Segmentation

ROW_PIXELS = 30


def area_chart(segmentation: Segmentation, selected: Collection[int] = ()) -> go.Figure:
    """Share of the photo by label, largest first, each segment a block of its bar in its own colour.

    Where any ids are `selected`, all other blocks are faint.
    """
    total, segments, chosen = segmentation.id_map.size, segmentation.segments, frozenset(selected)
    # plotly takes tags in a text for markup.
    labels = [html.escape(segment.label, quote=False) for segment in segments]
    by_label: dict[str, int] = {}
    for label, segment in zip(labels, segments, strict=True):
        by_label[label] = by_label.get(label, 0) + segment.area
    order = sorted(by_label, key=lambda label: by_label[label])
    figure = go.Figure(
        go.Bar(
            x=[100 * segment.area / total for segment in segments],
            y=labels,
            orientation="h",
            marker={
                "color": ["rgb({},{},{})".format(*segment.color) for segment in segments],
                "line": {"width": 1, "color": "rgba(255,255,255,0.7)"},
            },
            selectedpoints=[s.id - 1 for s in segments if s.id in chosen] if chosen else None,
            unselected={"marker": {"opacity": 0.25}},
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
        yaxis={
            "type": "category",  # labels such as "1" and "2" are no numbers
            "categoryorder": "array",
            "categoryarray": order,
            "title": None,
            "automargin": True,
        },
    )
    return figure
