"""What Back and Forward move between: picture, model and task, each by its name in the address.

The page writes an entry of the browser's history when one of them changes. It follows the address where a
visit begins, where another page was looked at, and where the visitor goes back. A click comes with the
address that the browser shows, which may not know yet what the page has just written: that is no news. How
the picture is looked at (`address`) is the viewer's to write, and makes no entry.
"""

import streamlit as st

from panoseg.page.filmstrip import FIRST_SCENE
from panoseg.page.model_offers import Offer, offer, offer_called, offers
from panoseg.page.model_picker import use_model
from panoseg.page.picture_picker import go_to
from panoseg.page.session import Session
from panoseg.page.streamlit_sessions import is_history_navigation
from panoseg.tasks import Task

PICTURE_NAME, MODEL_NAME, TASK_NAME = "picture", "model", "task"
RUN_NAME = "run"
"""What the address of the Collection page calls the run."""

_NAMES = (PICTURE_NAME, MODEL_NAME, TASK_NAME)


def follow_address(session: Session) -> None:
    """Take over what the address says, before anything is drawn."""
    found = {name: st.query_params.get(name) or None for name in _NAMES}
    written = session.address  # nothing where a visit begins, or after the other page
    if found == written or (written and not is_history_navigation()):
        return
    session.address = found
    if found[PICTURE_NAME] != written.get(PICTURE_NAME):
        go_to(session, found[PICTURE_NAME] or FIRST_SCENE)
    if found[MODEL_NAME] != written.get(MODEL_NAME):
        _go_to_model(session, found[MODEL_NAME])
    session.chosen_task = _task_called(found[TASK_NAME])
    if session.chosen_task is None and written.get(TASK_NAME):
        session.chosen_task = _model_in(session, found[MODEL_NAME]).task


def address_of(session: Session) -> dict[str, str]:
    """What a link to the picture that was looked at last has to say."""
    return dict(session.last_address)


def write_address(session: Session, model: Offer, task: Task) -> None:
    """Have the address name what is looked at, as far as it is not as usual: one entry of history."""
    picture = session.filmstrip.current
    wanted = {
        PICTURE_NAME: None if picture == FIRST_SCENE else picture,
        MODEL_NAME: None if model.name == offers()[0].name else model.public_name,
        TASK_NAME: None if task == model.task else task.value,
    }
    session.last_address = {name: value for name, value in wanted.items() if value}
    if wanted != session.address:
        session.address = wanted
        # One message, as each would be an entry; an empty list is no parameter at all.
        st.query_params.update({name: value or [] for name, value in wanted.items()})


def _go_to_model(session: Session, name: str | None) -> None:
    session.model_error = ""
    if known := offer_called(name) if name else offers()[0]:
        use_model(known.name)
    else:
        session.model_error = f"This server does not offer the model {(name or '')[:100]}."


def _task_called(name: str | None) -> Task | None:
    return next((task for task in Task if task.value == (name or "").lower()), None)


def _model_in(session: Session, name: str | None) -> Offer:
    """The model that comes next, or the one of an address."""
    if session.chosen_model:
        return offer(session.chosen_model)
    return (offer_called(name) if name else None) or offers()[0]
