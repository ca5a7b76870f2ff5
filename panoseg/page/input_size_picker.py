"""How large the model sees the picture: the visitor's choice, for each model its own."""

from functools import cache
from pathlib import Path

import streamlit as st

from panoseg.errors import PanosegError
from panoseg.models import look_up
from panoseg.models.checkpoints.preprocess import InputPolicy
from panoseg.models.checkpoints.size_choice import SMALLEST_EDGE, SizeChoice
from panoseg.models.forward_pass import largest_edge
from panoseg.page.markdown import plain
from panoseg.page.model_offers import Offer, offer
from panoseg.page.session import InputChoice, Session, Widgets, set_widget, widget_value
from panoseg.photo import Photo
from panoseg.serving.model_pool import memory_for_us
from panoseg.setting_values import DEMO
from panoseg.settings import settings

_NAMES = {"shipped": "As shipped", "paper": "Paper's", "custom": "Custom"}
_EDGE, _DEMO_EDGE = 640, 320
_DEMO_LARGEST_EDGE = 1024
_USUAL_WEIGHTS = 400 * 2**20
"""Of a model of the operator's own: as much as Swin-B has."""

_MUCH = 4.0
_HELP = (
    "The size, padding included, at which the network looks at the picture. Its masks have a quarter of "
    "that: a larger input gives finer edges and takes longer. The paper's figures hold for the paper's size."
)


def choose_input_size(session: Session, model: Offer, photo: Photo) -> SizeChoice:
    """As the checkpoint ships, as the paper tests, or with a shorter edge of one's own."""
    ways = [way for way in _NAMES if way != "paper" or model.name != DEMO]
    way = st.segmented_control(
        "Input size",
        ways,
        default="shipped",
        format_func=_NAMES.__getitem__,
        required=True,
        help=_HELP,
        width="stretch",
        wrap=False,
        key=Widgets.INPUT,
        bind="query-params",
    )
    most = most_edge(model)
    chosen: SizeChoice = "paper" if way == "paper" else "shipped"
    if way == "custom":
        chosen = st.number_input(
            "Shorter edge, in pixels",
            SMALLEST_EDGE,
            most,
            min(_edge(model.name), most),
            32,
            key=Widgets.EDGE,
            bind="query-params",
        )
    _tell(model, photo, chosen)
    session.input_choices[model.name] = InputChoice(way, widget_value(Widgets.EDGE, _edge(model.name)))
    return chosen


def choices(model: Offer, chosen: SizeChoice) -> dict[SizeChoice, str]:
    """Sizes worth comparing with the chosen one, which is the first, and what to call them."""
    edges = (256, 320, 384, 512) if model.name == DEMO else (384, 512, 640, 800, 1024)
    sizes: list[SizeChoice] = (
        [chosen, "shipped", *edges] if model.name == DEMO else [chosen, "shipped", "paper", *edges]
    )
    policy = _policy(model)
    if policy is not None and policy.fixed:
        sizes = ["shipped"]
    most = most_edge(model)
    sizes = [size for size in sizes if not isinstance(size, int) or size <= most]
    return {size: _NAMES.get(str(size), f"{size} px") for size in sizes}


def most_edge(model: Offer) -> int:
    """The largest shorter edge that a visitor may choose: the operator's, or what the machine bears."""
    if (chosen := settings().max_edge) is not None:
        return chosen
    if model.largest_edge is not None:
        return model.largest_edge
    memory = memory_for_us()
    weights = model.entry.download_bytes if model.entry else _USUAL_WEIGHTS
    most = largest_edge(weights, memory and memory.total)
    return min(most, _DEMO_LARGEST_EDGE) if model.name == DEMO else most


def restore(session: Session, name: str) -> None:
    """Before the control is drawn: go back to what was chosen for that model, or to the shipped size."""
    choice = session.input_choices.get(name, InputChoice("shipped", _edge(name)))
    set_widget(Widgets.INPUT, choice.way)
    set_widget(Widgets.EDGE, min(choice.edge, most_edge(offer(name))))


def _edge(name: str) -> int:
    return _DEMO_EDGE if name == DEMO else _EDGE


def _tell(model: Offer, photo: Photo, chosen: SizeChoice) -> None:
    """What the choice means for this picture, as far as it is known before the model is there."""
    policy = _policy(model)
    if policy is None:
        st.caption("What that comes to is known once the model is there.")
        return
    try:
        _, (height, width) = policy.at(chosen).geometry(photo.size)
        _, shipped = policy.geometry(photo.size)
    except PanosegError as error:
        st.caption(plain(str(error)))
        return
    st.caption(f"Sees the picture at {width} × {height}.")
    if model.name == DEMO and chosen != "shipped":
        st.caption("The demo model was trained at its shipped size: at others it recognises less.")
    ratio = height * width / (shipped[0] * shipped[1])
    if ratio >= _MUCH:
        st.warning(
            f"{ratio:.0f} × the shipped pixels: up to that many times slower, and more memory.",
            icon=":material/hourglass_top:",
        )


def _policy(model: Offer) -> InputPolicy | None:
    """How the model sees pictures, if that can be told without a network and without its weights."""
    if model.entry:
        return model.entry.policy
    return (
        _policy_of_folder(model.name) if not model.remote and Path(model.name).expanduser().is_dir() else None
    )


@cache
def _policy_of_folder(name: str) -> InputPolicy | None:
    try:
        return look_up(Path(name), things=()).policy
    except PanosegError:
        return None  # which its loading will say better
