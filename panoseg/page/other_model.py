"""The control that chooses the other model of a comparison; whether it can be had is another matter."""

import streamlit as st

from panoseg.page.address import OTHER_MODEL
from panoseg.page.model_offers import Offer, offer, offer_called, offers
from panoseg.page.rivals import Rival
from panoseg.page.session import Session, current_session


def choose_other_model(session: Session, model: Offer) -> Offer | None:
    """The model to compare with, once there is one."""
    others = {offer.name: offer for offer in offers() if offer != model}
    if not others:
        st.caption("No other model is offered here.")
        return None
    _follow_address(session, others)
    names, shown = list(others), session.other_picker.value
    name = st.selectbox(
        "Other model",
        names,
        index=None if session.other_picker.is_drawn or shown not in others else names.index(shown),
        format_func=lambda name: others[name].title,
        placeholder="Choose a model",
        label_visibility="collapsed",
        key=session.other_picker.key,
        on_change=_changed,
        args=(session.other_picker.key,),
    )
    session.other_picker = session.other_picker._replace(shown=name)
    if name not in others:
        return None
    st.caption(others[name].about)
    return others[name]


def cancel_other_model() -> None:
    """The next run begins with no other model, and no address that still names this one asks for it again."""
    session = current_session()
    session.cancelled = session.other_picker.value
    session.other_picker = session.other_picker.instead(None)


def other_model_in_address(session: Session, rival: Rival) -> str | None:
    """What the viewer is to write into the address, in place of what stands there."""
    shown = session.other_picker.shown if rival is Rival.MODEL else None
    name = offer(shown).public_name if shown else None
    session.other_names = session.other_names[0], name
    return name


def _follow_address(session: Session, others: dict[str, Offer]) -> None:
    """Take over what the address says, if the page neither found it there last nor has written it."""
    found = st.query_params.get(OTHER_MODEL)
    known, session.other_names = session.other_names, (found, session.other_names[1])
    if found in known:
        return
    asked = offer_called(found) if found else None
    named = asked.name if asked and asked.name in others else None
    if named is None or named != session.cancelled:
        session.other_picker = session.other_picker.instead(named)


def _changed(key: str) -> None:
    """Callback: the visitor has chosen one by hand."""
    session = current_session()
    if key == session.other_picker.key:
        session.cancelled = None
