"""What the model server offers, asked now and then: it may start after the page, or with other models."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from panoseg import events
from panoseg.errors import ModelServerError
from panoseg.models.remote.address import ServerAddress
from panoseg.models.remote.connection import Connection
from panoseg.protocol.model_facts import ModelFacts

FRESH_SECONDS = 60.0
"""For how long an answer is believed."""

PAUSE_SECONDS = 5.0
"""How long a server that did not answer is left alone."""


class ServedModels:
    """The models of a server. Threads may share it.

    Args:
        address: the server's.
        token: what it asks for.
        ask: asks it; by default over the network.
        clock: seconds that never run backwards.
    """

    def __init__(
        self,
        address: str,
        token: str | None,
        ask: Callable[[], Sequence[ModelFacts]] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask or Connection(ServerAddress.read(address), token).models
        self._clock = clock
        self._known: tuple[ModelFacts, ...] = ()
        self._ask_again = clock()
        self._lock = threading.Lock()

    def known(self) -> tuple[ModelFacts, ...]:
        """Those that it offers, as far as is known: of a server that does not answer, what it said last."""
        with self._lock:
            if self._clock() < self._ask_again:
                return self._known
            # Whoever comes meanwhile does not wait for an answer as well.
            self._ask_again = self._clock() + PAUSE_SECONDS
        try:
            found = tuple(self._ask())
        except ModelServerError as error:
            events.note("server", outcome=type(error).__name__, cause=events.cause(error))
            return self._known
        with self._lock:
            self._known = found
            self._ask_again = self._clock() + FRESH_SECONDS
        return found
