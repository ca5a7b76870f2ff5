"""How many cores this process has."""

import os


def usable_cores() -> int:
    """Of this machine, as far as the system lets this process use them."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
