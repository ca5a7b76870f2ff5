"""How many runs of the page are under way, for whoever stops the server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from panoseg import events

_lock = threading.Lock()
_running = 0


@contextmanager
def run(event: str) -> Iterator[None]:
    """Within the block, or the function, a run of the page or of a part is under way; its end is noted."""
    global _running
    with _lock:
        _running += 1
    try:
        with events.noted(event):
            yield
    finally:
        with _lock:
            _running -= 1


def any_running() -> bool:
    """Whether a visitor waits for the end of one."""
    return _running > 0
