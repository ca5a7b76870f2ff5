"""How many runs of the page are under way, for whoever stops the server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from panoseg import events

_lock = threading.Lock()
_running = 0


@contextmanager
def run() -> Iterator[None]:
    """Within the block a run of the page is under way."""
    global _running
    with _lock:
        _running += 1
    try:
        with events.noted("run"):
            yield
    finally:
        with _lock:
            _running -= 1


def any_running() -> bool:
    """Whether a visitor waits for the end of one."""
    return _running > 0
