"""Plotly figures of a segmentation; they know no Streamlit."""

import html
from collections.abc import Collection, Iterable
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from panoseg.merging import Landscape
from panoseg.segmentation import Segmentation

ROW_PIXELS = 30
LANDSCAPE, COVERAGE = "#7a86e8", "#d58a2b"


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


def landscape_svg(landscape: Landscape, score: float) -> str:
    """What each score threshold would show: things and stuff stacked, coverage as a line.

    Args:
        landscape: of a prediction, at fixed mask and overlap thresholds.
        score: the present threshold, 0–1.

    Returns:
        An SVG drawing in colours that show on light and on dark ground; heights are relative to the most
        segments and to full coverage.
    """
    width, height, top = 240.0, 40.0, 4.0
    most = max(1, int(landscape.segments.max()))
    edges = [*landscape.scores.tolist(), 1.0]

    def steps(values: Iterable[float]) -> str:
        points = []
        for (left, right), value in zip(pairwise(edges), values, strict=True):
            level = height - (height - top) * value
            points += [f"{width * left:.1f},{level:.1f}", f"{width * right:.1f},{level:.1f}"]
        return " ".join(points)

    def area(counts: NDArray[np.int64], opacity: float) -> str:
        outline = f"0,{height:.0f} {steps((counts / most).tolist())} {width:.0f},{height:.0f}"
        return f'<polygon points="{outline}" fill="{LANDSCAPE}" opacity="{opacity}"/>'

    at, now = width * score, landscape.at(score)
    words = (
        f"{now.things} things and {now.stuff} stuff cover {100 * now.coverage:.0f} % of the picture, "
        f"of at most {most} segments"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-6 0 252 {height + 2:.0f}" width="252" '
        f'height="{height + 2:.0f}" role="img" aria-label="{words}">'
        f"{area(landscape.segments, 0.3)}{area(landscape.things, 0.45)}"
        f'<polyline points="{steps(landscape.coverage.tolist())}" fill="none" stroke="{COVERAGE}"/>'
        f'<line x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="{height:.0f}" stroke="{LANDSCAPE}" '
        'stroke-width="2"/></svg>'
    )
