"""What each session waits for: one prediction per slot, the newest that it asked for."""

import streamlit as st

from panoseg.errors import CancelledError, PanosegError
from panoseg.models.checkpoints.size_choice import SizeChoice as InputSize
from panoseg.page.model_loads import POLL_SECONDS, Loading, Report, models
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.serving.model_pool import ModelPool
from panoseg.serving.prediction_queue import Ticket

Request = tuple[str, str, InputSize]
"""Digest of the photo, name of the model, input size."""


class Slot:
    """One thing that a session wants, and its ticket while it is made and after.

    The ticket stays: as long as the session looks at a prediction, it is not made again.
    """

    def __init__(self, shelf: ModelPool[Loading]) -> None:
        self.ticket: Ticket | None = None
        self._shelf = shelf
        self._request: Request | None = None

    def turn_to(self, request: Request | None) -> None:
        """Want this from now on (None: nothing); what was wanted before it is given up."""
        if request != self._request:
            self._request = request
            if self.ticket is not None:
                self.ticket.withdraw()
            self.ticket = None

    def model(self, name: str) -> Loading:
        """That model, which stays in memory until this slot turns to another or leaves."""
        return self._shelf.use(self, name)

    def leave(self) -> None:
        """Want nothing, and no model."""
        self.turn_to(None)
        self._shelf.leave(self)


class Desk:
    """A session's slots by name."""

    def __init__(self) -> None:
        self._slots: dict[str, Slot] = {}

    def slot(self, name: str) -> Slot:
        """The slot of that name."""
        return self._slots.setdefault(name, Slot(models()))

    def close(self, *names: str) -> None:
        """Leave these slots; all of them if none is named."""
        for name in names or tuple(self._slots):
            if (slot := self._slots.pop(name, None)) is not None:
                slot.leave()


def desk() -> Desk:
    """This session's slots."""
    mine: Desk = st.session_state.setdefault("desk", Desk())
    _closed_at_the_end(mine)
    return mine


# A session's cache is released when its browser has gone, long before its state is.
@st.cache_resource(scope="session", on_release=Desk.close, show_spinner=False)
def _closed_at_the_end(_desk: Desk) -> Desk:
    return _desk


def wait(photo: Photo, model: str, input_size: InputSize, slot_name: str, report: Report) -> Prediction:
    """The prediction; `report` is called several times a second until it is there.

    A run of the page that Streamlit ends in there leaves the ticket in its slot: the next run goes on
    waiting if it wants the same, and withdraws it otherwise.

    Raises:
        PanosegError: the model could not be loaded or run.
    """
    slot = desk().slot(slot_name)
    slot.turn_to((photo.digest, model, input_size))
    if slot.ticket is None:
        slot.ticket = slot.model(model).wait(report).submit(photo, input_size)
    try:
        while not slot.ticket.wait(POLL_SECONDS):
            report(*_progress(slot.ticket))
        return slot.ticket.result()
    except CancelledError:  # the browser has gone
        slot.turn_to(None)
        st.stop()
    except PanosegError:
        slot.turn_to(None)
        raise
    except Exception as error:
        slot.turn_to(None)
        raise PanosegError("The model could not process this picture.") from error


def _progress(ticket: Ticket) -> tuple[str, float | None]:
    """What is being done with a ticket, and how much of it is done."""
    if place := ticket.place:
        return f"Waiting: {place} {'picture' if place == 1 else 'pictures'} before yours", None
    seconds, expected = ticket.seconds, ticket.expected_seconds
    text = f"Finding segments… {seconds:.0f} s" if seconds >= 1 else "Finding segments…"
    return text, min(seconds / expected, 0.95) if expected else None
