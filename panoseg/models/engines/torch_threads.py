"""How many threads torch takes for a pass, where passes of a process differ in it.

Torch has that number once per thread; a thread that begins takes over what was set last, anywhere. MKL, which
multiplies matrices for it, has one for the process.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

_lock = threading.Lock()
_narrow_passes = 0
_usual = 0
_mine = threading.local()


@contextmanager
def threads_for_a_pass(count: int) -> Iterator[None]:
    """Within the block, this thread's passes take so many threads; 0: as many as torch takes by itself.

    Afterwards torch takes as many as before, in every thread but those of narrow passes.
    """
    _begin(count)
    try:
        yield
    finally:
        if count:
            _end()


def _begin(count: int) -> None:
    global _narrow_passes, _usual
    with _lock:
        if not _narrow_passes and not getattr(_mine, "is_narrow", False):
            _usual = torch.get_num_threads()
        if count:
            _narrow_passes += 1
            torch.set_num_threads(count)
            _mine.is_narrow = True
        elif _narrow_passes:  # this thread may have begun meanwhile
            torch.set_num_threads(_usual)


def _end() -> None:
    global _narrow_passes
    with _lock:
        _narrow_passes -= 1
        if not _narrow_passes:  # until then others would get what is set here
            torch.set_num_threads(_usual)
            _mine.is_narrow = False
