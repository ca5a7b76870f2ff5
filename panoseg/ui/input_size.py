"""How large the model sees the picture: the visitor's choice, for each model its own."""

import streamlit as st

from panoseg.models.preprocess import LARGEST_EDGE, SMALLEST_EDGE, InputSize
from panoseg.photo import Photo
from panoseg.ui.offers import Offer

_NAMES = {"shipped": "As shipped", "paper": "Paper's", "custom": "Custom"}
_EDGE = 800
_MUCH = 4.0
_SLOT = "input sizes"


def choose(model: Offer, photo: Photo) -> InputSize:
    """As the checkpoint ships, as the paper tests, or with a shorter edge of one's own."""
    known = model.entry and model.entry.policy
    ways = [way for way in _NAMES if way != "paper" or not model.entry or model.entry.paper_edges]
    with st.popover("Input size", icon=":material/aspect_ratio:", width="stretch"):
        way = st.segmented_control(
            "Input size",
            ways,
            default="shipped",
            format_func=_NAMES.__getitem__,
            required=True,
            width="stretch",
            key="input",
            bind="query-params",
            help="A larger input gives finer masks and takes longer. Masks come at a quarter of it.",
        )
        chosen: InputSize = "paper" if way == "paper" else "shipped"
        if way == "custom":
            chosen = st.number_input(
                "Shorter edge, in pixels",
                SMALLEST_EDGE,
                LARGEST_EDGE,
                _EDGE,
                32,
                key="edge",
                bind="query-params",
            )
        if known:
            _, (height, width) = known.at(chosen).geometry(photo.size)
            _, shipped = known.geometry(photo.size)
            st.caption(f"The model sees this picture at {width} × {height} pixels.")
            ratio = height * width / (shipped[0] * shipped[1])
            if ratio >= _MUCH:
                st.warning(
                    f"That is {ratio:.0f} times the pixels of the shipped size, and takes about as many "
                    "times as long and as much memory.",
                    icon=":material/hourglass_top:",
                )
    st.session_state.setdefault(_SLOT, {})[model.name] = (way, st.session_state.get("edge", _EDGE))
    return chosen


def restore(name: str) -> None:
    """In a callback: go back to what was chosen for that model, or to the shipped size."""
    way, edge = st.session_state.get(_SLOT, {}).get(name, ("shipped", _EDGE))
    st.session_state["input"] = way
    st.session_state["edge"] = edge
