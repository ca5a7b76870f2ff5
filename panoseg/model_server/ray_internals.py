"""What is known of Ray beyond its documentation; tests/model_server/test_with_ray.py holds it against Ray.

Ray gives a node the machine's own address even where it is told 127.0.0.1, and then listens at every address.
The switch that has it stay on loopback, meant for systems whose firewalls ask, is a constant that it reads
when a node begins. And it starts helpers that a cluster of one machine has no use for, of 100 MB each: they
come to life at the same moment as those that it needs, which have 15 seconds for it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any


@contextmanager
def small_and_on_loopback() -> Iterator[None]:
    """A node that begins within the block listens on loopback alone, and does not scale or follow logs."""
    from ray._private import parameter as types
    from ray._private import ray_constants

    parameter: Any = types
    before = ray_constants.ENABLE_RAY_CLUSTER, parameter.RayParams
    ray_constants.ENABLE_RAY_CLUSTER = False
    parameter.RayParams = partial(parameter.RayParams, no_monitor=True, include_log_monitor=False)
    try:
        yield
    finally:
        ray_constants.ENABLE_RAY_CLUSTER, parameter.RayParams = before


def end_leftovers() -> None:
    """End what Ray has started in this process and lost sight of, as it does where a node does not begin."""
    for children in Path("/proc/self/task").glob("*/children"):  # Linux only; elsewhere they end with us
        for pid in map(int, children.read_text("ascii").split()):
            with suppress(OSError):
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                if any(b"/ray/" in word or word.startswith(b"ray::") for word in command.split(b"\0")):
                    os.kill(pid, signal.SIGKILL)
