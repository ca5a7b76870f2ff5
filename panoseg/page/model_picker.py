"""The control that chooses the model; whether it can be had is another matter."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.page import input_size_picker, things_question
from panoseg.page.markdown import plain
from panoseg.page.model_in_use import model_in_use
from panoseg.page.model_offers import Offer, is_here, offer, offers
from panoseg.page.session import (
    Session,
    Widgets,
    current_session,
    set_widget,
    widget_value,
)
from panoseg.tasks import Task


def model_menu(session: Session) -> DeltaGenerator:
    """Where the model's controls stand, under the name of the one in use."""
    wanted = offer(session.chosen_model or session.picker.value or offers()[0].name)
    title = model_in_use(session, wanted).title
    menu = st.popover(plain(title), icon=":material/neurology:", key="model-menu")
    return menu.container(key="model-box", gap="small")


def choose_model(session: Session) -> Offer:
    """The model that the visitor wants."""
    allowed = {offer.name: offer for offer in offers()}
    if session.chosen_model is not None:
        _show(session, session.chosen_model)
        session.chosen_model = None
    names, shown = list(allowed), session.picker.value
    name = st.selectbox(
        "Model",
        names,
        index=0 if session.picker.is_drawn or shown not in allowed else names.index(shown),
        format_func=lambda name: _line(allowed[name]),
        help=offer(shown or names[0]).more or None,
        key=session.picker.key,
        on_change=_changed,
        args=(session.picker.key,),
    )
    session.picker = session.picker._replace(shown=name)
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
    session.picker = session.picker.instead(name)


def put_back(session: Session, wanted: Offer, in_use: Offer, task: Task) -> None:
    """At the next run the picker says which model is in use, as the wanted one cannot be had."""
    session.refused = wanted
    session.chosen_model, session.chosen_task = in_use.name, task


def _show(session: Session, name: str) -> None:
    """Before the picker is drawn: have it show that model, with its own task and input size."""
    session.picker = session.picker.showing(name)
    _prepare(session, name)


def _changed(key: str) -> None:
    """Callback: the visitor has chosen another model, which may have failed before."""
    session = current_session()
    if key != session.picker.key:
        return  # that picker is gone
    name = widget_value(key, "")
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
