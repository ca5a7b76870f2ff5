"""A connection that says nothing is closed: it would hold a place that costs whoever opened it nothing."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""Within which a connection's first request must have come, but for its body."""


class ImpatientProtocol(H11Protocol):
    """Uvicorn's own way with a connection, and a limit to how long its first request may take."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A connection is there."""
        super().connection_made(transport)
        self._timer = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()
