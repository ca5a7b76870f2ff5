"""Models in memory, one per name; those that nobody uses leave when memory is short."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary

from panoseg.serving import host_memory
from panoseg.serving.garbage_collection import return_memory
from panoseg.settings import settings


class Pooled(Protocol):
    """A model, or one that is still loading.

    Attributes:
        busy: it is still being loaded, or at work.
    """

    @property
    def busy(self) -> bool: ...


M = TypeVar("M", bound=Pooled)


def operators_bytes() -> int | None:
    """What the operator gives to this process, if that was said."""
    megabytes = settings().memory_mb
    return None if megabytes is None else megabytes * 2**20


def memory_for_us() -> host_memory.Memory | None:
    """What machine, container and operator leave to this process, or None where nobody knows."""
    return host_memory.memory(most=operators_bytes())


def available_bytes() -> int | None:
    """How much memory this process can still take, or None where nobody knows."""
    memory = memory_for_us()
    return None if memory is None else memory.available


class ModelPool(Generic[M]):
    """Models by name; threads may share it.

    Args:
        load: makes a model, or starts to; called once per name, until that model is gone.
        available: bytes that can still be taken, or None where nobody knows: then all models stay.
    """

    def __init__(
        self, load: Callable[[str], M], available: Callable[[], int | None] = available_bytes
    ) -> None:
        self._load = load
        self._available = available
        self._models: OrderedDict[str, M] = OrderedDict()  # the one that was asked for last is the last
        self._name_by_user: WeakKeyDictionary[object, str] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def get(self, name: str) -> M:
        """The model of that name."""
        with self._lock:
            return self._get(name)

    def peek(self, name: str) -> M | None:
        """The model of that name if it is there; loads nothing."""
        with self._lock:
            return self._models.get(name)

    def all(self) -> list[M]:
        """Every model that is there or on its way."""
        with self._lock:
            return list(self._models.values())

    def use(self, user: object, name: str) -> M:
        """The model of that name, which stays until the user turns to another, leaves or is no more."""
        with self._lock:
            self._name_by_user[user] = name
            return self._get(name)

    def leave(self, user: object) -> None:
        """That user uses no model any more."""
        with self._lock:
            self._name_by_user.pop(user, None)

    def forget(self, name: str, model: M) -> None:
        """Load it anew when it is asked for again."""
        with self._lock:
            if self._models.get(name) is model:
                del self._models[name]

    def make_room(self, needed: int) -> bool:
        """Drop models that nobody uses, until that many bytes are available or none is left to drop.

        Returns:
            Whether they are available, as far as anybody knows.
        """
        while (free := self._available()) is not None and free < needed:
            if not self._drop_one():
                return False
            return_memory()
        return True

    def drop_idle(self) -> bool:
        """Drop all models that nobody uses; whether there was any. For memory that is not the machine's."""
        dropped = False
        while self._drop_one():
            dropped = True
        if dropped:
            return_memory()
        return dropped

    def _get(self, name: str) -> M:
        if name not in self._models:
            self._models[name] = self._load(name)
        self._models.move_to_end(name)
        return self._models[name]

    def _drop_one(self) -> bool:
        with self._lock:
            used = set(self._name_by_user.values())
            idle = (name for name, model in self._models.items() if name not in used and not model.busy)
            name = next(idle, None)
            if name is not None:
                del self._models[name]
            return name is not None
