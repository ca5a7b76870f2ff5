"""Predictions that were made once, kept within a budget of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from panoseg.errors import InvalidValueError
from panoseg.prediction import Prediction


class PredictionCache:
    """The predictions that were asked for last; threads may share it.

    Args:
        budget: bytes of logits that are kept. A prediction that is larger by itself is not kept.

    Raises:
        InvalidValueError: a negative budget.

    >>> PredictionCache(2**30).get("never seen") is None
    True
    """

    def __init__(self, budget: int) -> None:
        if budget < 0:
            raise InvalidValueError(f"budget: wanted bytes, 0 or more, got {budget!r}.")
        self.budget = budget
        self._nbytes = 0
        self._known: OrderedDict[Hashable, Prediction] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Prediction | None:
        """The prediction of that key, which thereby is the one that was asked for last."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def put(self, key: Hashable, prediction: Prediction) -> None:
        """Keep a prediction, and let go of those that were not asked for the longest, as room needs it."""
        with self._lock:
            self._drop(key)
            if size_of(prediction) > self.budget:
                return
            self._known[key] = prediction
            self._nbytes += size_of(prediction)
            while self._nbytes > self.budget:
                self._drop(next(iter(self._known)))

    def _drop(self, key: Hashable) -> None:
        if (prediction := self._known.pop(key, None)) is not None:
            self._nbytes -= size_of(prediction)

    @property
    def nbytes(self) -> int:
        """Bytes of logits that are kept now."""
        return self._nbytes

    def __len__(self) -> int:
        return len(self._known)


def size_of(prediction: Prediction) -> int:
    """Bytes of its logits."""
    return prediction.class_logits.nbytes + prediction.mask_logits.nbytes
