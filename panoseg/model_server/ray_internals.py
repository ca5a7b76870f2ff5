"""What is known of Ray beyond its documentation; tests/model_server/test_ray_internals.py holds it against Ray.

Ray gives a node the machine's own address even where it is told 127.0.0.1, and then listens at every address.
The switch that has it stay on loopback, meant for systems whose firewalls ask, is a constant that it reads
when a node begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def on_loopback() -> Iterator[None]:
    """A node that begins within the block listens on loopback alone."""
    from ray._private import ray_constants

    before = ray_constants.ENABLE_RAY_CLUSTER
    ray_constants.ENABLE_RAY_CLUSTER = False
    try:
        yield
    finally:
        ray_constants.ENABLE_RAY_CLUSTER = before
