"""Predictions that were made once, kept within a budget of bytes."""

from __future__ import annotations

import threading
from collections.abc import Hashable

from cachetools import LRUCache

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
        self._predictions: LRUCache[Hashable, Prediction] = LRUCache(budget, getsizeof=logits_bytes)
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Prediction | None:
        """The prediction of that key, which thereby is the one that was asked for last."""
        with self._lock:
            return self._predictions.get(key)

    def put(self, key: Hashable, prediction: Prediction) -> None:
        """Keep a prediction, and let go of those that were not asked for the longest, as room needs it."""
        with self._lock:
            self._predictions.pop(key, None)
            if logits_bytes(prediction) <= self.budget:
                self._predictions[key] = prediction

    def clear(self) -> None:
        """Keep none of them."""
        with self._lock:
            self._predictions.clear()

    @property
    def nbytes(self) -> int:
        """Bytes of logits that are kept now."""
        return int(self._predictions.currsize)

    def __len__(self) -> int:
        return len(self._predictions)


def logits_bytes(prediction: Prediction) -> int:
    """Bytes of a prediction's logits."""
    return prediction.class_logits.nbytes + prediction.mask_logits.nbytes
