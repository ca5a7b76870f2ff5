"""The session's looks: one that viewer and downloads share, and one of the second picture.

In a comparison a second picture stands beside the first. What is hidden and selected there is a look of its
own; the style is the first one's.
"""

from dataclasses import replace

import streamlit as st

from panoseg.comparison import Comparison
from panoseg.page.address import read_address
from panoseg.page.look import Look, Style, compared, with_report
from panoseg.page.session import Session, current_session


def look_at(session: Session, source: str, report: object) -> Look:
    """The session's look at that source, with what the viewer reported last."""
    look = session.look
    if look is None:
        look = replace(read_address(st.query_params.to_dict()), source=source)
        session.colors_from_link = look.style.color_by != Style().color_by
    elif look.source != source:
        look = replace(look, source=source, hidden=(), selected=session.selects)
        session.selects = ()
    session.look = look = with_report(look, report)
    return look


def look_compared(session: Session, look: Look, comparison: Comparison | None) -> Look:
    """The look with the colours that there are.

    A comparison that begins colours by its outcome; once it ends, colours are as they were before.
    """
    if session.colors_from_link:  # a link that asks for other colours gets them
        session.colors_from_link = False
        look = replace(look, comparing=comparison is not None)
    session.look = look = compared(look, comparison is not None)
    return look


def look_at_reference(source: str, report: object) -> Look:
    """The session's look at the second picture: what is hidden and selected there."""
    session = current_session()
    look = session.reference_look
    if look.source != source:
        look = replace(look, source=source, hidden=(), selected=())
    session.reference_look = look = with_report(look, report)
    return look
