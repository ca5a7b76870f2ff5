"""SIGTERM: nobody new comes in, what runs may end, and ten seconds later the process is gone in any case."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from panoseg import events

DRAIN_SECONDS = 6.0
"""How long running predictions may take to end."""

QUIET_SECONDS = 0.5
"""For how long nothing must run: what was predicted last reaches its visitor, what was sent is begun."""

LAST_SECONDS = 8.0
"""After the signal, when the process ends, whoever still holds a connection; a busy system takes a second or
two for the rest."""

_POLL_SECONDS = 0.05
_ENDED_BY_SIGTERM = 128 + 15


@contextmanager
def stopping_gently(
    close: Callable[[], object],
    busy: Callable[[], bool],
    end: Callable[[int], object] = os._exit,
) -> Iterator[None]:
    """Within the block, which runs in the server's event loop, SIGTERM stops it in good order.

    The server's own handler, which closes connections, is called when nothing runs any more, or after
    `DRAIN_SECONDS`; at once when the signal comes a second time. Outside the main thread, where no signals
    come, nothing is changed.

    Args:
        close: lets nobody in any more.
        busy: whether something runs that a visitor waits for.
        end: ends the process with a status, after `LAST_SECONDS`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    servers: Any = signal.getsignal(signal.SIGTERM)
    stop = _Stop(loop, close, busy, end, servers if callable(servers) else None)
    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        # Unless the server has put its own back already.
        if signal.getsignal(signal.SIGTERM) is stop:
            signal.signal(signal.SIGTERM, servers)


class _Stop:
    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        close: Callable[[], object],
        busy: Callable[[], bool],
        end: Callable[[int], object],
        go_on: Callable[[int, FrameType | None], object] | None,
    ) -> None:
        self._loop = loop
        self._close = close
        self._busy = busy
        self._end = end
        self._go_on = go_on
        self._begun = False
        self._task: asyncio.Task[None] | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """The signal's handler: it may come between any two lines, so it only hands on."""
        if self._begun:
            self._loop.call_soon_threadsafe(self._hand_on)
            return
        self._begun = True
        self._loop.call_soon_threadsafe(self._begin, time.monotonic())

    def _begin(self, asked: float) -> None:
        self._close()
        # The loop of a busy server may get to this a second after the signal.
        left = max(LAST_SECONDS - (time.monotonic() - asked), 0.0)
        watchdog = threading.Timer(left, self._give_up)
        watchdog.daemon = True
        watchdog.start()
        self._task = asyncio.ensure_future(self._drain())

    async def _drain(self) -> None:
        with events.noted("drain") as add:
            deadline = self._loop.time() + DRAIN_SECONDS
            last_busy = self._loop.time()
            while self._loop.time() - last_busy < QUIET_SECONDS:
                if await asyncio.to_thread(self._busy):
                    last_busy = self._loop.time()
                    if last_busy > deadline:
                        add(outcome="cut off")
                        break
                await asyncio.sleep(_POLL_SECONDS)
        self._hand_on()

    def _hand_on(self) -> None:
        if self._go_on is not None:
            self._go_on(signal.SIGTERM, None)
        else:
            self._give_up()

    def _give_up(self) -> None:
        events.note("stop", outcome="forced")
        sys.stdout.flush()
        sys.stderr.flush()
        self._end(_ENDED_BY_SIGTERM)
