"""A network that a test holds in its midst, and photos to tell apart."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from panoseg import Photo, Prediction
from panoseg.errors import CancelledError, ModelError
from tests.fakes import FakeSegmenter, fake_prediction

PATIENCE = 20.0


class HeldSegmenter(FakeSegmenter):
    """Keeps each batch in the network until the test lets it go, or until nobody wants it.

    Attributes:
        batches: names of the photos of each forward pass, in order.
        given_up: the same of those that were told to stop.
        sick: names of photos that fail every batch they are in.
    """

    def __init__(self, batch: int = 1) -> None:
        super().__init__()
        self.batch = batch
        self.batches: list[list[str]] = []
        self.given_up: list[list[str]] = []
        self.sick: set[str] = set()
        self._entered = threading.Semaphore(0)
        self._gave_up = threading.Semaphore(0)
        self._let_go = threading.Semaphore(0)

    def predict_many(
        self, photos: Sequence[Photo], *, input_size: Any = "shipped", cancelled: Callable[[], bool] = bool
    ) -> list[Prediction]:
        names = [photo.name for photo in photos]
        self.batches.append(names)
        self._entered.release()
        while not self._let_go.acquire(timeout=0.005):
            if cancelled():
                self.given_up.append(names)
                self._gave_up.release()
                raise CancelledError()
        if bad := self.sick.intersection(names):
            raise ModelError(f"{min(bad)} is too large.")
        return [fake_prediction(photo.size) for photo in photos]

    def wait_until_busy(self) -> None:
        """Until one more forward pass has begun."""
        assert self._entered.acquire(timeout=PATIENCE)

    def wait_until_given_up(self) -> None:
        """Until one more was given up."""
        assert self._gave_up.acquire(timeout=PATIENCE)

    def let_go(self, passes: int = 1) -> None:
        self._let_go.release(passes)


def photo(name: str, width: int = 32) -> Photo:
    """A photo of which no other has the digest; its size tells its prediction from others'."""
    return Photo(np.zeros((24, width, 3), np.uint8), name, f"digest of {name}")
