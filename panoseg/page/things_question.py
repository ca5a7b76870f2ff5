"""Which labels are things, where only the visitor can know: asked once, never guessed.

What a visitor says changes the vocabulary of that visitor's predictions. It holds for the visit, as nobody
may decide for everybody else, unless the operator sets PANOSEG_SAVE_THINGS=1: then it is remembered with
the model. `panoseg models things` does the same from a shell.
"""

from dataclasses import replace

import streamlit as st

from panoseg.errors import ModelError
from panoseg.models import remember_things
from panoseg.page.markdown import plain
from panoseg.page.model_offers import Offer
from panoseg.page.model_service import model_service
from panoseg.page.session import Session, current_session, widget_value
from panoseg.prediction import Prediction
from panoseg.serving.undecided_things import Things
from panoseg.settings import settings
from panoseg.vocabulary import Vocabulary

_CHOSEN = "things-chosen"


def with_things(session: Session, model: Offer, prediction: Prediction) -> Prediction | None:
    """The prediction with things told from stuff; None if nobody has done so yet."""
    if model.name not in model_service().undecided:
        return prediction
    things = _things_of(session, model)
    if things is None:
        return None
    vocabulary = prediction.vocabulary
    return replace(prediction, vocabulary=Vocabulary(vocabulary.labels, things, vocabulary.dataset_ids))


def stamp(session: Session, model: Offer) -> str:
    """Changes with what was said of that model's things; empty where nobody had to say it."""
    things = _things_of(session, model)
    return "" if things is None else ",".join(map(str, sorted(things)))


def offer_change(session: Session, model: Offer) -> None:
    """A way back to the question, for who has answered it in this visit."""
    if model.name in session.things:
        st.button(
            "Change its things",
            icon=":material/category:",
            on_click=_forget,
            args=(model.name,),
            width="stretch",
        )


def ask(session: Session, model: Offer, vocabulary: Vocabulary) -> None:
    """The question, with all labels to choose from."""
    with st.form("things", border=True):
        st.markdown(f"**Which of the labels of {plain(model.title)} are countable things?**")
        st.caption(
            "Things come one by one, such as a person or a car; everything else is stuff, such as sky or "
            "road. The model does not say, and panoseg does not guess."
        )
        st.multiselect(
            "Things",
            range(len(vocabulary)),
            format_func=vocabulary.labels.__getitem__,
            placeholder="None: all is stuff",
            label_visibility="collapsed",
            key=_CHOSEN,
        )
        st.form_submit_button("Use these as things", type="primary", on_click=_say, args=(model.name,))
        if session.things_error:
            st.error(plain(session.things_error), icon=":material/error:")
            session.things_error = ""
        st.caption(
            "Kept with the model, for everybody."
            if settings().save_things
            else "Holds for this visit; the operator of this server can make it stay."
        )


def _things_of(session: Session, model: Offer) -> Things | None:
    return session.things.get(model.name, model_service().undecided.said(model.name))


def _say(name: str) -> None:
    """Callback: the chosen labels are that model's things."""
    session = current_session()
    session.is_page_stale = True  # the model's menu offers to change the answer
    things: Things = frozenset(widget_value(_CHOSEN, ()))
    if not settings().save_things:
        session.things[name] = things
        return
    try:
        remember_things(name, things)
    except ModelError as error:
        session.things_error = str(error)
    else:
        model_service().undecided.say(name, things)


def _forget(name: str) -> None:
    """Callback: ask again."""
    current_session().things.pop(name, None)
