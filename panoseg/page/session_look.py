"""The session's looks: one that viewer, table and downloads share, and one of the second picture.

In a comparison a second picture stands beside the first. What is hidden and selected there is a look of its
own; the style is the first one's.
"""

from collections.abc import Mapping
from dataclasses import fields, replace

import streamlit as st

from panoseg.comparison import Comparison
from panoseg.page.look import Look, Style, address, compared, partners, read_address, with_report
from panoseg.page.session import current_session


def look_at(source: str, report: object, comparison: Comparison | None = None) -> Look:
    """The session's look at that source, with what the viewer reported last.

    A comparison that begins colours by its outcome; once it ends, colours are as they were before.
    """
    session = current_session()
    look = session.look
    if look is None:
        look = replace(read_address(st.query_params.to_dict()), source=source)
        if look.style.color_by != Style().color_by:  # a link that asks for other colours gets them
            look = replace(look, comparing=comparison is not None)
    elif look.source != source:
        look = replace(look, source=source, hidden=(), selected=())
    look = compared(with_report(look, report), comparison is not None)
    session.look = look
    session.partners = partners(comparison, "left") if comparison else {}
    _write_address(look)
    return look


def look_at_reference(source: str, report: object) -> Look:
    """The session's look at the second picture: what is hidden and selected there."""
    session = current_session()
    look = session.reference_look
    if look.source != source:
        look = replace(look, source=source, hidden=(), selected=())
    session.reference_look = look = with_report(look, report)
    return look


def select(
    keys: tuple[str, ...], *, outside_table: bool = False, others: tuple[str, ...] | None = None
) -> None:
    """Callback: these segments are selected, and no others; and so are their partners in a comparison.

    The table shows what was selected elsewhere only once it is drawn anew.

    Args:
        keys: of segments.
        outside_table: whether the table does not know it yet.
        others: keys in the second picture, where they are not those of the partners.
    """
    session = current_session()
    look = session.look or Look()
    session.look = replace(look, selected=keys, turn=look.turn + outside_table)
    if others is None:
        others = tuple(other for key in keys for other in session.partners.get(key, ()))
    session.reference_look = replace(session.reference_look, selected=others)


def _write_address(look: Look) -> None:
    wanted: Mapping[str, str] = address(look)
    for name in (*(field.name for field in fields(Style)), "selected"):
        if name not in wanted and name in st.query_params:
            del st.query_params[name]
        elif name in wanted and st.query_params.get(name) != wanted[name]:
            st.query_params[name] = wanted[name]
