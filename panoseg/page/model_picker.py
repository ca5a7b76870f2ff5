"""The control that chooses the model; whether it can be had is another matter."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.page import input_size_picker, things_question
from panoseg.page.markdown import plain
from panoseg.page.model_in_use import model_in_use
from panoseg.page.model_offers import Offer, is_here, offer, offers
from panoseg.page.session import Session, Widgets, current_session, set_widget, widget_value
from panoseg.tasks import Task


def model_menu(session: Session) -> DeltaGenerator:
    """Where the model's controls stand, under the name of the one in use."""
    wanted = offer(session.chosen_model or widget_value(Widgets.MODEL, offers()[0].name))
    title = model_in_use(session, wanted).title
    menu = st.popover(plain(title), icon=":material/neurology:", key="model-menu")
    return menu.container(key="model-box", gap="small")


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
        format_func=lambda name: _line(allowed[name]),
        help=offer(widget_value(Widgets.MODEL, next(iter(allowed)))).more or None,
        key=Widgets.MODEL,
        on_change=_changed,
    )
    wanted = allowed[name]
    st.caption(wanted.about)
    if (in_use := model_in_use(session, wanted)) != wanted:
        st.caption(f"Until it is here, panoseg goes on with **{plain(in_use.title)}**.")
    things_question.offer_change(session, wanted)
    return wanted


def use_model(name: str) -> None:
    """Callback: choose that model in the picker at the next run."""
    session = current_session()
    session.chosen_model, session.refused = name, None


def put_back(session: Session, wanted: Offer, in_use: Offer, task: Task) -> None:
    """At the next run the picker says which model is in use, as the wanted one cannot be had."""
    session.refused = wanted
    session.chosen_model, session.chosen_task = in_use.name, task


def _changed() -> None:
    """Callback: the visitor has chosen another model, which may have failed before."""
    session, name = current_session(), widget_value(Widgets.MODEL, "")
    session.refused = None
    session.failures.pop(name, None)
    _prepare(session, name)


def _line(model: Offer) -> str:
    """What the list says of a model: name, how large and how good it is, and whether it is here already."""
    about = [model.title]
    if model.entry and not model.is_local:
        about.append("here" if is_here(model) else f"{model.entry.download_bytes / 1e6:.0f} MB")
    if model.entry and model.entry.quality:
        about.append(f"{model.entry.metric} {model.entry.quality}")
    return " · ".join(about)


def _prepare(session: Session, name: str) -> None:
    """Another model begins with its own task, at the input size that it had before."""
    set_widget(Widgets.TASK, offer(name).task.value)
    input_size_picker.restore(session, name)
