"""What the page says beside the picture: what it waits for, and what failed."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.demo.gallery import GALLERY
from panoseg.page.kept_prediction import KeptPrediction
from panoseg.page.markdown import plain
from panoseg.page.model_in_use import failure, try_again
from panoseg.page.model_offers import COCO, Offer, offers
from panoseg.page.session import Session, current_session
from panoseg.setting_values import DEMO


def explain_address(session: Session) -> None:
    """Say why a link, or what was given last, is not what is shown."""
    for name in ("picture_error", "model_error"):
        if message := getattr(session, name):
            with _closable(name, _close_error, name):
                st.error(plain(message), icon=":material/broken_image:")


def explain_failure(session: Session, model: Offer, use_model: Callable[[str], None]) -> None:
    """Say why the model that was asked for is not the one in use."""
    refused = session.refused
    if refused is None or not (message := failure(session, refused)):
        return
    with _closable("refused", _close_refusal):
        words, action = notice()
    action.button("Try again", on_click=_ask_again, args=(refused.name, use_model))
    words.markdown(f"{plain(message)} panoseg goes on with **{plain(model.title)}**.")


def explain_kept(session: Session, kept: KeptPrediction) -> None:
    """Say of results without logits why thresholds and tasks are off."""
    if kept.segmentation is None or session.explained_run == kept.run:
        return
    with _closable("finished", _close_explanation, kept.run):
        words, _ = notice()
    words.markdown("This collection holds finished maps, no logits: thresholds and tasks are off.")


def show_failure(place: DeltaGenerator, message: str, model: Offer) -> None:
    """Say why there is no model to go on with."""
    place.error(plain(message), icon=":material/error:")
    place.button("Try again", on_click=try_again, args=(model.name,))


def advise(session: Session, model: Offer, use_model: Callable[[str], None]) -> None:
    """Say what the demo model is for, and offer a model for photographs."""
    coco = next((offer for offer in offers() if offer.name == COCO), None)
    if session.is_advice_closed or model.name != DEMO or session.filmstrip.current in GALLERY:
        return
    if coco and failure(session, coco):
        return
    with _closable("advice", _close_advice):
        words, action = notice()
    if coco:
        action.button("Use the COCO model", on_click=use_model, args=(COCO,), type="primary")
    words.markdown("The demo model knows only its drawn world. For photographs, use a COCO model.")


def notice() -> tuple[DeltaGenerator, DeltaGenerator]:
    """A row with a place for a sentence and one for buttons beside it.

    It is seen once it has its sentence (page.css): that comes last.
    """
    row = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    return row.container(width="stretch"), row.container(width="content", horizontal=True)


def _closable(name: str, close: Callable[..., None], *args: str) -> DeltaGenerator:
    """A place for a message that goes when its cross is clicked."""
    place = st.container(key=f"notice-{name}")
    place.button(
        "Close this message",
        icon=":material/close:",
        type="tertiary",
        key=f"close-{name}",
        on_click=close,
        args=args,
    )
    return place


def _ask_again(name: str, use_model: Callable[[str], None]) -> None:
    """Callback."""
    try_again(name)
    use_model(name)


def _close_error(name: str) -> None:
    """Callback."""
    setattr(current_session(), name, "")


def _close_refusal() -> None:
    """Callback."""
    current_session().refused = None


def _close_explanation(run: str) -> None:
    """Callback."""
    current_session().explained_run = run


def _close_advice() -> None:
    """Callback."""
    current_session().is_advice_closed = True


class ProgressNotice:
    """What the page is doing, over the picture."""

    def __init__(self, place: DeltaGenerator) -> None:
        self._place = place.empty()
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
