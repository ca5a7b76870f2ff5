"""A model that visitors ask, too, as what makes a run: each picture stands in the same line as theirs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from panoseg.errors import CancelledError, ModelError
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.models.engines.engine import Cancelled
from panoseg.photo import Photo, PhotoSource
from panoseg.prediction import Prediction
from panoseg.serving.prediction_queue import PredictionQueue, Ticket
from panoseg.vocabulary import Vocabulary

_POLL_SECONDS = 0.1
_FULL_SECONDS = 0.3


def _never() -> bool:
    return False


class QueueSegmenter:
    """A `Segmenter` in front of a `PredictionQueue`: the network is in memory once, and a run waits its turn.

    Args:
        name: of the model.
        queue: the line in front of it.
        stopped: whether the run was stopped; its pictures leave the line then.

    Attributes:
        engine: "shared", as a run goes on whatever runs the page's network next time.
    """

    engine = "shared"

    def __init__(self, name: str, queue: PredictionQueue, stopped: Callable[[], bool]) -> None:
        self.name = name
        self._queue = queue
        self._stopped = stopped

    @property
    def revision(self) -> str | None:
        """The model's."""
        return self._queue.segmenter.revision

    @property
    def device(self) -> str:
        """The model's."""
        return self._queue.segmenter.device

    @property
    def vocabulary(self) -> Vocabulary:
        """The model's."""
        return self._queue.segmenter.vocabulary

    @property
    def batch(self) -> int:
        """The model's."""
        return self._queue.segmenter.batch

    def predict(
        self, photo: PhotoSource, *, input_size: SizeChoice = "shipped", cancelled: Cancelled = _never
    ) -> Prediction:
        """See `Segmenter.predict`."""
        return self.predict_many([photo], input_size=input_size, cancelled=cancelled)[0]

    def predict_many(
        self,
        photos: Sequence[PhotoSource],
        *,
        input_size: SizeChoice = "shipped",
        cancelled: Cancelled = _never,
    ) -> list[Prediction]:
        """See `Segmenter.predict_many`.

        Raises:
            CancelledError: the run was stopped.
            PanosegError: as there.
        """
        tickets: list[Ticket] = []
        try:
            for photo in photos:
                if not isinstance(photo, Photo):
                    raise TypeError("a run's pictures are opened before they are predicted")
                tickets.append(self._submit(photo, input_size, cancelled))
            return [self._result(ticket, cancelled) for ticket in tickets]
        finally:
            for ticket in tickets:
                ticket.withdraw()  # which does nothing to one that is done

    def _submit(self, photo: Photo, input_size: SizeChoice, cancelled: Cancelled) -> Ticket:
        while True:
            self._check(cancelled)
            if not self._queue.full:
                try:
                    return self._queue.submit(photo, input_size, keep=False)
                except ModelError:
                    if not self._queue.full:
                        raise
            time.sleep(_FULL_SECONDS)  # visitors come first

    def _result(self, ticket: Ticket, cancelled: Cancelled) -> Prediction:
        while not ticket.wait(_POLL_SECONDS):
            self._check(cancelled)
        return ticket.result()

    def _check(self, cancelled: Cancelled) -> None:
        if self._stopped() or cancelled():
            raise CancelledError("The run was stopped.")
