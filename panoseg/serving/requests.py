"""What one visitor asks of the models: one prediction per purpose, the newest that was asked for."""

from __future__ import annotations

from typing import NamedTuple

from panoseg import events
from panoseg.errors import PanosegError
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.serving.model_load import POLL_SECONDS, ModelLoad, Report
from panoseg.serving.model_pool import ModelPool
from panoseg.serving.prediction_queue import Ticket

MOST_POLL_SECONDS = 0.5
"""How long those at the end of a line are told nothing, and their clicks wait."""

SHOWN_DIGITS = 12
"""Of a photo's digest, in the log."""


class Request(NamedTuple):
    """Which prediction is wanted.

    Attributes:
        photo: the photo's digest.
        model: the model's name.
        input_size: how large the network sees the photo.
    """

    photo: str
    model: str
    input_size: SizeChoice


class Requests:
    """The requests of one visitor, by purpose.

    Args:
        models: those of the process.
        visitor: a random id, for the log.
    """

    def __init__(self, models: ModelPool[ModelLoad], visitor: str = "") -> None:
        self._models = models
        self._visitor = visitor
        self._wanted: dict[str, _Wanted] = {}

    def predict(
        self, purpose: str, photo: Photo, model: str, input_size: SizeChoice, report: Report
    ) -> Prediction:
        """The prediction; `report` is called several times a second until it is there.

        What was wanted for that purpose before is given up if it was something else. An exception that
        `report` raises leaves the request as it is: whoever asks for the same again goes on waiting.

        Raises:
            CancelledError: the visitor has left meanwhile, or wants something else for that purpose.
            PanosegError: the model could not be loaded or run.
        """
        wanted = self._wanted.setdefault(purpose, _Wanted())
        if not wanted.turn_to(Request(photo.digest, model, input_size)) and wanted.has_result:
            return self._predict(wanted, photo, model, input_size, report)
        height, width = photo.size
        with events.noted(
            "prediction",
            session=self._visitor or None,
            photo=photo.digest[:SHOWN_DIGITS],
            width=width,
            height=height,
            model=model,
            input=str(input_size),
        ):
            return self._predict(wanted, photo, model, input_size, report)

    def _predict(
        self, wanted: _Wanted, photo: Photo, model: str, input_size: SizeChoice, report: Report
    ) -> Prediction:
        if wanted.ticket is None:
            # Used by what is wanted, so that it stays in memory as long as that is looked at.
            load = self._models.use(wanted, model)
            wanted.ticket = load.wait(report).submit(photo, input_size)
        ticket = wanted.ticket
        try:
            while not ticket.wait(_pause(ticket)):
                report(*_progress(ticket))
            return ticket.result()
        except PanosegError:
            wanted.forget(ticket)
            raise
        except Exception as error:
            wanted.forget(ticket)
            raise PanosegError("The model could not process this picture.") from error

    def has(self, purpose: str, photo: Photo, model: str, input_size: SizeChoice) -> bool:
        """Whether that prediction is what was wanted for the purpose last, and there."""
        wanted = self._wanted.get(purpose)
        return wanted is not None and wanted.is_for(Request(photo.digest, model, input_size))

    def give_up(self, *purposes: str) -> None:
        """Want no prediction for these purposes any more, and no model; for none at all if none is named."""
        for purpose in purposes or tuple(self._wanted):
            if (wanted := self._wanted.pop(purpose, None)) is not None:
                wanted.turn_to(None)
                self._models.leave(wanted)


class _Wanted:
    """One request and its ticket, which stays: a prediction that is looked at is not made again."""

    def __init__(self) -> None:
        self.ticket: Ticket | None = None
        self._request: Request | None = None

    @property
    def has_result(self) -> bool:
        """Whether what is wanted is there already."""
        return self.ticket is not None and self.ticket.done

    def is_for(self, request: Request) -> bool:
        """Whether that is wanted, and there."""
        return request == self._request and self.has_result

    def turn_to(self, request: Request | None) -> bool:
        """Want this from now on (None: nothing), whether that is new; what was wanted before is given up."""
        if changed := request != self._request:
            self._request = request
            if self.ticket is not None:
                self.ticket.withdraw()
            self.ticket = None
        return changed

    def forget(self, ticket: Ticket) -> None:
        """Want it no more, unless something else is wanted already: an older call may end late."""
        if self.ticket is ticket:
            self.turn_to(None)


def _pause(ticket: Ticket) -> float:
    """Seconds until it is said again how far a ticket is: the farther, the less often.

    Fifty who wait and are told ten times a second each take the processor from what they wait for.
    """
    return min(MOST_POLL_SECONDS, POLL_SECONDS * (1 + ticket.place / 4))


def _progress(ticket: Ticket) -> tuple[str, float | None]:
    """What is being done with a ticket, and how much of it is done."""
    if ticket.trouble:
        return ticket.trouble, None
    if place := ticket.place:
        return f"Waiting: {place} {'picture' if place == 1 else 'pictures'} before yours", None
    seconds, expected = ticket.seconds, ticket.expected_seconds
    text = f"Finding segments… {seconds:.0f} s" if seconds >= 1 else "Finding segments…"
    return text, min(seconds / expected, 0.95) if expected else None
