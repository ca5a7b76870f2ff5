"""Whether a server can be sent visitors: its first model has predicted, and has room for more."""

from __future__ import annotations

from collections.abc import Callable

from panoseg import events
from panoseg.errors import PanosegError
from panoseg.photo import Photo
from panoseg.serving.model_load import ModelLoad
from panoseg.serving.model_service import ModelService


class Readiness:
    """What is known of it.

    Args:
        service: the models.
        name: the first model on offer.
    """

    def __init__(self, service: ModelService, name: str) -> None:
        self._service = service
        self._name = name
        self._why = "The first model is on its way."

    def try_out(self, photo: Photo, beside: Callable[[], object] = lambda: None) -> None:
        """Load the first model and have it predict; returns when that has ended, one way or the other.

        A model that somebody must agree to download first is no reason to send nobody.

        Args:
            photo: what it predicts.
            beside: returns when all else is there that visitors need.
        """
        load = self._service.models.get(self._name)
        try:
            load.join()
            if load.question is None:
                load.wait(lambda text, share=None: None).submit(photo).result()
        except PanosegError as error:
            self._why = "The first model could not be loaded or run."
            events.note("ready", outcome=type(error).__name__, cause=events.cause(error))
        else:
            beside()
            self._why = ""
            events.note("ready", outcome="ok")

    @property
    def tried(self) -> bool:
        """Whether the first model has predicted."""
        return not self._why

    @property
    def why_not(self) -> str:
        """Why nobody should be sent here, in a sentence; empty where they should."""
        if self._why:
            return self._why
        load: ModelLoad | None = self._service.models.peek(self._name)
        if load is not None and load.queue is not None and load.queue.full:
            return "The line in front of the first model is full."
        return ""
