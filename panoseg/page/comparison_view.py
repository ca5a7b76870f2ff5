"""What a comparison shows: two pictures side by side, PQ, SQ and RQ, and the list of segments."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.comparison import Comparison, Pair
from panoseg.page import viewer
from panoseg.page.comparison_reference import Reference, Rival
from panoseg.page.look import Look
from panoseg.page.markdown import plain
from panoseg.page.session import TableSelection, current_session, selected_rows
from panoseg.page.session_look import look_at_reference
from panoseg.page.session_look import select as select_segments
from panoseg.page.swatch import swatch
from panoseg.page.widget_keys import stable_key
from panoseg.palette import outcome_color
from panoseg.photo import Photo
from panoseg.quality import MeanQuality
from panoseg.tasks import Task

_MOST_STRANGERS = 6


def title_place(side: str) -> DeltaGenerator:
    """Where one line stands over a picture, cut off where there is no room (page.css)."""
    return st.container(key=f"title-{side}")


def show_beside(photo: Photo, reference: Reference, comparison: Comparison, rival: Rival) -> Look:
    """The second picture, which moves with the first, and what is hidden and selected there."""
    title_place("right").markdown(reference.title)
    look = look_at_reference(reference.source, viewer.show_photo(photo, key="beside", beside="viewer"))
    side = reference.side
    viewer.show_map(
        photo,
        reference.source,
        Task.PANOPTIC,
        side.segmentation,
        reference.stamp,
        key="beside",
        scored=not side.annotated,
    )
    viewer.show_outcomes(comparison, "right", rival.words, key="beside")
    viewer.show_look(look, key="beside", styled=False)
    if reference.nothing:
        st.warning(plain(reference.nothing), icon=":material/filter_alt:")
    return look


def show_quality(comparison: Comparison) -> None:
    """PQ, SQ and RQ of the picture: over all classes, things and stuff."""
    measures = ("PQ", "SQ", "RQ")
    st.dataframe(
        pd.DataFrame(
            [_row(group, getattr(comparison.quality, group)) for group in ("all", "things", "stuff")],
            columns=["group", *measures, "classes"],
        ).astype(dict.fromkeys(measures, "Float64")),
        hide_index=True,
        placeholder="n/a",
        column_config={
            "group": st.column_config.TextColumn("", width=84),
            **{name: st.column_config.NumberColumn(name, width=64, format="%.1f") for name in measures},
            "classes": st.column_config.NumberColumn("Classes", width=64),
        },
    )


def _row(name: str, mean: MeanQuality | None) -> tuple[str, float | None, float | None, float | None, int]:
    if mean is None:
        return name, None, None, None, 0
    return name, 100 * mean.pq, 100 * mean.sq, 100 * mean.rq, mean.count


def show_pairs(comparison: Comparison, rival: Rival, look: Look, beside: Look) -> None:
    """One row per match and per segment without a partner; a click selects it in both pictures."""
    pairs = comparison.pairs
    rows = [
        row
        for row, pair in enumerate(pairs)
        if (pair.left and pair.left.key in look.selected)
        or (pair.right and pair.right.key in beside.selected)
    ]
    turn = _turn(look, beside)
    widget = stable_key("outcomes", turn, *(_keys(pair) for pair in pairs))

    def select() -> None:
        chosen = [_keys(pairs[row]) for row in selected_rows(widget)]
        lefts = tuple(left for left, _ in chosen if left)
        rights = tuple(right for _, right in chosen if right)
        select_segments(lefts, others=rights, outside_table=True)
        current_session().table_selection = TableSelection(turn, frozenset(lefts), frozenset(rights))

    st.dataframe(
        pd.DataFrame(
            [
                (
                    swatch(outcome_color(pair.outcome)),
                    pair.label,
                    rival.words[pair.outcome],
                    pair.iou,
                    pair.left.id if pair.left else None,
                    pair.right.id if pair.right else None,
                )
                for pair in pairs
            ],
            columns=["color", "label", "result", "IoU", "left", "right"],
        ).astype({"IoU": "Float64", "left": "Int64", "right": "Int64"}),
        key=widget,
        hide_index=True,
        on_select=select,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": rows}},
        placeholder="–",
        column_config={
            "color": st.column_config.ImageColumn("", width=36),
            "label": st.column_config.TextColumn("Label"),
            "result": st.column_config.TextColumn("Result", width=84),
            "IoU": st.column_config.NumberColumn("IoU", width=56, format="%.2f"),
            "left": st.column_config.NumberColumn("Left No.", width=64),
            "right": st.column_config.NumberColumn("Right No.", width=68),
        },
        height=38 + 35 * min(8, max(1, len(pairs))),
    )
    if comparison.strangers:
        first = ", ".join(comparison.strangers[:_MOST_STRANGERS])
        more = len(comparison.strangers) - _MOST_STRANGERS
        st.caption(
            f"Labels that only one side knows cannot match: {plain(first)}"
            + (f" and {more} more." if more > 0 else ".")
        )


def _keys(pair: Pair) -> tuple[str | None, str | None]:
    return pair.left.key if pair.left else None, pair.right.key if pair.right else None


def _turn(look: Look, beside: Look) -> int:
    """How often the selection was made outside the list, which is drawn anew when it was."""
    session = current_session()
    turn, *known = session.table_selection
    selected = [frozenset(look.selected), frozenset(beside.selected)]
    if known != selected:
        turn += 1
        session.table_selection = TableSelection(turn, *selected)
    return turn
