"""What was computed for a prediction and is needed again: few values, gone when the prediction is."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from panoseg.prediction import Prediction

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class PerPredictionCache(Generic[K, V]):
    """The last few values of each prediction in memory, by key; for many threads.

    Args:
        limit: how many values of one prediction are kept.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: WeakKeyDictionary[Prediction, OrderedDict[K, V]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def get(self, prediction: Prediction, key: K, compute: Callable[[], V]) -> V:
        """The value; two threads that miss it at the same time both compute it, and get the same one."""
        with self._lock:
            values = self._values.setdefault(prediction, OrderedDict())
            if key in values:
                values.move_to_end(key)
                return values[key]
        computed = compute()
        with self._lock:
            value = values.setdefault(key, computed)
            while len(values) > self._limit:
                values.popitem(last=False)
        return value

    def count(self, prediction: Prediction) -> int:
        """How many values of a prediction are kept."""
        with self._lock:
            return len(self._values.get(prediction, ()))
