"""A model that is not at hand yet: the question, the progress and the way back, while the page goes on."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from panoseg.models.downloads.hub import Snapshot
from panoseg.models.downloads.progress import megabytes
from panoseg.page.markdown import plain
from panoseg.page.model_in_use import failure, note_failure
from panoseg.page.model_offers import Offer
from panoseg.page.model_service import model_service
from panoseg.page.notices import notice
from panoseg.page.session import PICTURE, REFERENCE, Session
from panoseg.serving.model_load import ModelLoad

POLL_SECONDS = 0.5
"""How often the panel is drawn anew."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A model on its way.

    Attributes:
        purpose: what it is wanted for.
        offer: as the page presents it.
        load: how far it is.
        go_back: called where the visitor cancels; None where there is nothing to go back to.
    """

    purpose: str
    offer: Offer
    load: ModelLoad
    go_back: Callable[[], object] | None


def coming_model(
    session: Session, wanted: Offer, in_use: Offer, use_model: Callable[[str], object]
) -> Coming | None:
    """The wanted model if it is on its way and the page does not itself wait for it.

    Args:
        session: the visitor's.
        wanted: chosen in the picker.
        in_use: with which the page goes on.
        use_model: chooses another one.
    """
    if wanted == in_use and in_use.is_local:
        session.loads.pop(PICTURE, None)
        return None
    go_back = None if wanted == in_use else lambda: use_model(in_use.name)
    return _coming(session, PICTURE, wanted, go_back)


def coming_reference(session: Session, wanted: Offer, cancel: Callable[[], object]) -> Coming | None:
    """The same for a second model; `cancel` is called where the visitor cancels it."""
    return None if wanted.is_local else _coming(session, REFERENCE, wanted, cancel)


def _coming(
    session: Session, purpose: str, wanted: Offer, go_back: Callable[[], object] | None
) -> Coming | None:
    if model_service().is_loaded(wanted.name) or failure(session, wanted):
        session.loads.pop(purpose, None)
        return None
    # The same one until its end was seen: a failed load is not in the pool any more.
    load = session.loads.get(purpose)
    if load is None or load.name != wanted.name:
        load = session.loads[purpose] = model_service().models.get(wanted.name)
    return Coming(purpose, wanted, load, go_back)


def show_coming(session: Session, coming: Coming) -> bool:
    """Draw the panel; whether that was the end of it: the model is there, has failed or is not wanted."""
    load = coming.load
    load.watch(session)
    if load.over:
        session.loads.pop(coming.purpose, None)
        if load.error is not None:
            note_failure(session, coming.offer, load.error)
        return True
    with st.container(key=f"notice-{coming.purpose}"):
        words, buttons = notice()
    if load.question is not None:
        words.markdown(_question(coming.offer, load.question))
        buttons.button(
            "Download",
            key=f"download {coming.purpose}",
            on_click=load.agree,
            type="primary",
        )
    else:
        said = str(load.step).replace(coming.offer.name, coming.offer.title)
        words.progress(load.step.fraction or 0.0, text=plain(said))
    if coming.go_back is None and load.step.total is None:
        return False  # there is neither a download to stop nor a model to go back to
    if not buttons.button("Cancel", key=f"cancel {coming.purpose}"):
        return False
    load.leave(session)
    session.loads.pop(coming.purpose, None)
    if coming.go_back is not None:
        coming.go_back()
    return True


def _question(wanted: Offer, download: Snapshot) -> str:
    size = f"{megabytes(download.size)} MB"
    if download.missing < download.size:
        size += f" ({megabytes(download.missing)} MB still missing)"
    licence = (
        f"licence {download.licence}" if download.licence else "its licence stands on its page on the hub"
    )
    return f"**{plain(wanted.title)}** is {size}, {plain(licence)}. Download it from the Hugging Face hub?"
