"""What the page says beside the picture: what it waits for, and what failed."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.demo.gallery import GALLERY
from panoseg.page.markdown import plain
from panoseg.page.model_in_use import failure, try_again
from panoseg.page.model_offers import COCO, Offer, offers
from panoseg.page.session import Session
from panoseg.settings import DEMO


def explain_address(session: Session) -> None:
    """Say why a link, or what was given last, is not what is shown."""
    for message in (session.picture_error, session.model_error):
        if message:
            st.error(plain(message), icon=":material/broken_image:")


def explain_failure(session: Session, wanted: Offer, model: Offer) -> None:
    """Say why the wanted model is not the one in use."""
    message = failure(session, wanted)
    if message and wanted != model:
        words, action = notice()
        words.markdown(f"{plain(message)} panoseg goes on with **{plain(model.title)}**.")
        action.button("Try again", on_click=try_again, args=(wanted.name,), width="stretch")


def show_failure(message: str, model: Offer) -> None:
    """Say why there is no model to go on with."""
    st.error(plain(message), icon=":material/error:")
    st.button("Try again", on_click=try_again, args=(model.name,))


def advise(session: Session, model: Offer, use_model: Callable[[str], None]) -> None:
    """Say what the demo model is for, and offer a model for photographs."""
    coco = next((offer for offer in offers() if offer.name == COCO), None)
    if model.name != DEMO or session.filmstrip.current in GALLERY or (coco and failure(session, coco)):
        return
    words, action = notice()
    words.markdown(
        "The demo model knows only its drawn world: on a photograph it sees grass where there is carpet. "
        "For photographs use a COCO model."
    )
    if coco:
        action.button("Use the COCO model", on_click=use_model, args=(COCO,), type="primary", width="stretch")


def notice() -> tuple[DeltaGenerator, DeltaGenerator]:
    """A box with a place for a sentence and one for a button beside it."""
    words, action = st.container(border=True).columns([3, 1], vertical_alignment="center")
    return words, action


class ProgressNotice:
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
