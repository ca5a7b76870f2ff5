"""Python's garbage collector beside models: they are made of millions of objects, and stay for long."""

import ctypes
import gc
import sys


def freeze() -> None:
    """Take all that is in memory now out of the collector's sight, or it would go through it each time."""
    gc.collect()
    gc.freeze()
    # The next full collection waits for a quarter as many objects as this one finds: now, almost none.
    gc.collect()


def return_memory() -> None:
    """Give the memory of models that were dropped back to the system."""
    # They were frozen, and their parts refer to each other in circles.
    gc.unfreeze()
    freeze()
    _trim()


def return_memory_of_visitors() -> None:
    """Give the memory of visitors who have left back to the system.

    What was frozen stays so: to go through the models holds everybody up for a third of a second.
    """
    gc.collect()
    _trim()


def _trim() -> None:
    # glibc keeps what is freed between parts that are not; other C libraries have no such call.
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
