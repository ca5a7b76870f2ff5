"""What stands around the picture: header, notices, table, chart and downloads."""

import base64
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from panoseg import export
from panoseg.charts import area_chart
from panoseg.drawing import segment_color
from panoseg.merging import Candidate, Fate
from panoseg.merging.explain import why_empty
from panoseg.photo import Photo
from panoseg.segmentation import Segmentation, Thresholds
from panoseg.ui import looking, sidebar, state
from panoseg.ui.offers import COCO, DEMO, Offer, offers
from panoseg.ui.words import plain

_HERE = Path(__file__).parent


def set_up() -> None:
    """The tab's title and icon, and the page's own measures."""
    st.set_page_config("panoseg", page_icon=str(_HERE / "icon.png"), layout="wide")
    st.html(_HERE / "page.css")


def header(photo: Photo, model: Offer) -> None:
    """Name, picture and the model that is really in use."""
    height, width = photo.size
    st.markdown("# panoseg")
    st.caption(f"{plain(photo.name)} · {width} × {height} pixels · {plain(model.title)}")


def trouble(wanted: Offer, model: Offer) -> None:
    """Say why the wanted model is not the one in use."""
    message = state.failure(wanted)
    if message and wanted != model:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"{plain(message)} panoseg goes on with **{plain(model.title)}**.", width="stretch")
            st.button("Try again", on_click=state.retry, args=(wanted.name,))


def advise(model: Offer, *, drawn: bool) -> None:
    """Say what the demo model is for, and offer a model for photographs."""
    coco = next((offer for offer in offers() if offer.name == COCO), None)
    if model.name != DEMO or drawn or (coco and state.failure(coco)):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            "The demo model knows only its drawn world: on a photograph it sees grass where there is carpet. "
            "For photographs use a COCO model.",
            width="stretch",
        )
        if coco:
            st.button("Use the COCO model", on_click=sidebar.use_model, args=(COCO,), type="primary")


def empty_notice(
    segmentation: Segmentation,
    candidates: Sequence[Candidate],
    thresholds: Thresholds,
    hidden: Collection[str],
) -> None:
    """Where nothing is to be seen, say why."""
    reason = why_empty(candidates, thresholds)
    if reason:
        st.warning(plain(reason), icon=":material/filter_alt:")
    elif all(segment.key in hidden for segment in segmentation.segments):
        st.info(
            "Every segment is hidden: “All” beside the picture shows them again.",
            icon=":material/hide_source:",
        )


def summary(segmentation: Segmentation, candidates: Sequence[Candidate]) -> None:
    """One line of numbers: what was found and what was filtered away."""
    things = sum(segment.kind == "thing" for segment in segmentation.segments)
    fates = [candidate.fate for candidate in candidates]
    parts = [
        f"**{things}** {'thing' if things == 1 else 'things'}",
        f"**{len(segmentation.segments) - things}** stuff",
        f"**{100 * segmentation.coverage:.1f} %** of the picture",
    ]
    for fate, words in ((Fate.LOW_SCORE, "below the score"), (Fate.OCCLUDED, "occluded")):
        if count := fates.count(fate):
            parts.append(f"{count} {words}")
    st.markdown(" · ".join(parts))


def table(segmentation: Segmentation, look: looking.Look) -> None:
    """The segments, sortable; rows and picture share one selection."""
    keys = [segment.key for segment in segmentation.segments]
    frame = segmentation.to_frame()
    colors = [segment_color(segment, look.style.color_by) for segment in segmentation.segments]
    frame.insert(0, "color", [_swatch(color) for color in colors])
    frame["area_fraction"] *= 100
    rows = [row for row, key in enumerate(keys) if key in look.selected]
    # Rows can be selected from here only in a new table: one for each set of rows, and for each
    # selection that was made in the picture.
    widget = f"table-{hash((look.source, look.turn, *keys))}"

    def select() -> None:
        chosen = st.session_state[widget].selection.rows
        looking.select(tuple(keys[row] for row in chosen))

    st.dataframe(
        frame,
        key=widget,
        hide_index=True,
        on_select=select,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": rows}},
        column_order=["color", "id", "label", "kind", "score", "area", "area_fraction"],
        column_config={
            "color": st.column_config.ImageColumn("", width=36),
            "id": st.column_config.NumberColumn("No.", width=48),
            "label": st.column_config.TextColumn("Label"),
            "kind": st.column_config.TextColumn("Kind", width=64),
            "score": st.column_config.ProgressColumn(
                "Score", width=100, format="%.3f", min_value=0, max_value=1
            ),
            "area": st.column_config.NumberColumn("Area, px", format="localized"),
            "area_fraction": st.column_config.NumberColumn("Area, %", format="%.1f"),
        },
        height=38 + 35 * min(12, max(1, len(frame))),
    )


def chart(segmentation: Segmentation) -> None:
    """Area by label."""
    st.plotly_chart(area_chart(segmentation), key="areas", config={"displayModeBar": False})


def downloads(view: export.View) -> None:
    """The files to take home, each computed when its button is pressed."""
    with st.container(horizontal=True):
        for name, kind in export.FORMATS.items():
            st.download_button(
                kind.title,
                data=partial(kind.encode, view),
                file_name=kind.file_name(view.photo.name),
                mime=kind.mime,
                key=f"download-{name}",
                help=kind.help,
                on_click="ignore",
                icon=":material/download:",
            )


def _swatch(color: tuple[int, int, int]) -> str:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">'
        f'<rect x="1" y="1" width="14" height="14" rx="4" fill="rgb{color}"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")
