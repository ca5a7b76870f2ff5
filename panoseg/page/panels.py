"""What stands around the picture: header, notices, table, chart and downloads."""

import base64
import time
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg import export
from panoseg.charts import area_chart
from panoseg.comparison import Outcome
from panoseg.drawing import segment_color
from panoseg.merging import Fate
from panoseg.page import shared_look, sidebar, state
from panoseg.page.markdown import plain
from panoseg.page.model_offers import COCO, DEMO, Offer, offers
from panoseg.photo import Photo
from panoseg.segmentation import Segmentation
from panoseg.tasks import Findings

_HERE = Path(__file__).parent
_VISITED = "visited"

HEAD_START_SECONDS = 0.5
"""What a picture takes to be shown."""


def set_up() -> None:
    """The tab's title and icon, and the page's own measures."""
    st.set_page_config("panoseg", page_icon=_icon(), layout="wide")
    st.html(_HERE / "page.css")


@st.cache_resource(show_spinner=False)
def _icon() -> str:
    """The icon itself: a browser would fetch a file's address again after every run of the script."""
    icon = base64.b64encode((_HERE / "icon.png").read_bytes())
    return "data:image/png;base64," + icon.decode("ascii")


def header(photo: Photo, model: Offer) -> None:
    """Name, picture and the model that is really in use."""
    height, width = photo.size
    st.markdown("# panoseg")
    st.caption(f"{plain(photo.name)} · {width} × {height} pixels · {plain(model.title)}")


def trouble(wanted: Offer, model: Offer) -> None:
    """Say why the wanted model is not the one in use."""
    message = state.failure(wanted)
    if message and wanted != model:
        words, action = notice()
        words.markdown(f"{plain(message)} panoseg goes on with **{plain(model.title)}**.")
        action.button("Try again", on_click=state.retry, args=(wanted.name,), width="stretch")


def advise(model: Offer, *, drawn: bool) -> None:
    """Say what the demo model is for, and offer a model for photographs."""
    coco = next((offer for offer in offers() if offer.name == COCO), None)
    if model.name != DEMO or drawn or (coco and state.failure(coco)):
        return
    words, action = notice()
    words.markdown(
        "The demo model knows only its drawn world: on a photograph it sees grass where there is carpet. "
        "For photographs use a COCO model."
    )
    if coco:
        action.button(
            "Use the COCO model", on_click=sidebar.use_model, args=(COCO,), type="primary", width="stretch"
        )


def notice() -> tuple[DeltaGenerator, DeltaGenerator]:
    """A box with a place for a sentence and one for a button beside it."""
    words, action = st.container(border=True).columns([3, 1], vertical_alignment="center")
    return words, action


class Notice:
    """What the page is doing, under the picture, in place of everything that comes below."""

    def __init__(self) -> None:
        self._place = st.empty()
        self._line: DeltaGenerator | None = None

    def show(self, text: str, share: float | None = None) -> None:
        """Say it, with a bar where it is known how much of it is done (0–1)."""
        if self._line is None:
            # By this name page.css hides what is still there of the picture before.
            self._line = self._place.container(key="waiting").empty()
        if share is None:
            self._line.caption(plain(text))
        else:
            self._line.progress(share, plain(text))

    def clear(self) -> None:
        """Nothing is being done any more."""
        self._place.empty()


def let_the_picture_go_first() -> None:
    """At a visitor's first run, wait: what draws tables and charts is large, and keeps a browser busy."""
    if _VISITED not in st.session_state:
        st.session_state[_VISITED] = True
        time.sleep(HEAD_START_SECONDS)


def empty_notice(findings: Findings, hidden: Collection[str]) -> None:
    """Where nothing is to be seen, say why."""
    if findings.nothing:
        st.warning(plain(findings.nothing), icon=":material/filter_alt:")
    elif all(segment.key in hidden for segment in findings.segmentation.segments):
        st.info(
            "Every segment is hidden: “All” beside the picture shows them again.",
            icon=":material/hide_source:",
        )


def summary(findings: Findings) -> None:
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


def table(segmentation: Segmentation, look: shared_look.Look, outcomes: Mapping[int, Outcome]) -> None:
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
    widget = f"table-{hash((look.source, look.turn, *keys))}"

    def select() -> None:
        chosen = st.session_state[widget].selection.rows
        shared_look.select(tuple(keys[row] for row in chosen))

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


def chart(segmentation: Segmentation, look: shared_look.Look) -> None:
    """Area by label; a click on a segment's block selects it, and a second one nothing."""
    keys = [segment.key for segment in segmentation.segments]
    selected = [segment.id for segment in segmentation.segments if segment.key in look.selected]
    # Each selection is a new chart: one that holds a selection of its own would not show another's.
    widget = f"areas-{hash((look.source, *look.selected, *keys))}"

    def select() -> None:
        chosen = tuple(keys[point] for point in st.session_state[widget].selection.point_indices)
        shared_look.select(() if chosen == look.selected else chosen, outside_table=True)

    st.plotly_chart(
        area_chart(segmentation, selected),
        key=widget,
        on_select=select,
        selection_mode="points",
        config={"displayModeBar": False},
    )


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


def swatch(color: tuple[int, int, int]) -> str:
    """A small square of a colour, as the address of a picture for a table's cell."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">'
        f'<rect x="1" y="1" width="14" height="14" rx="4" fill="rgb{color}"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")
