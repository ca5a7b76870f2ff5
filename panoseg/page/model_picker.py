"""The control that chooses the model; whether it can be had is another matter."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.page import input_size_picker, things_question
from panoseg.page.markdown import plain
from panoseg.page.model_offers import Offer, offer, offers
from panoseg.page.session import Session, Widgets, current_session, set_widget, widget_value


def model_menu(session: Session) -> DeltaGenerator:
    """Where the model's controls stand, under its name."""
    name = session.chosen_model or widget_value(Widgets.MODEL, offers()[0].name)
    return st.popover(plain(offer(name).title), icon=":material/neurology:", key="model-menu")


def choose_model(session: Session) -> Offer:
    """The model that the visitor wants."""
    allowed = {offer.name: offer for offer in offers()}
    if session.chosen_model is not None:
        set_widget(Widgets.MODEL, session.chosen_model)
        _prepare(session, session.chosen_model)
        session.chosen_model = None
    name = st.selectbox(
        "Model",
        list(allowed),
        format_func=lambda name: allowed[name].title,
        label_visibility="collapsed",
        key=Widgets.MODEL,
        on_change=_changed,
    )
    st.caption(allowed[name].about, help=allowed[name].more or None)
    things_question.offer_change(session, allowed[name])
    return allowed[name]


def use_model(name: str) -> None:
    """Callback: choose that model in the picker at the next run."""
    current_session().chosen_model = name


def _changed() -> None:
    """Callback: the visitor has chosen another model."""
    _prepare(current_session(), widget_value(Widgets.MODEL, ""))


def _prepare(session: Session, name: str) -> None:
    """Another model begins with its own task, at the input size that it had before."""
    set_widget(Widgets.TASK, offer(name).task.value)
    input_size_picker.restore(session, name)
