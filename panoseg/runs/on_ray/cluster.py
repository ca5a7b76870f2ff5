"""The cluster that a run is made on: one that is there, or one on this machine for as long as it takes."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from panoseg.cores import usable_cores
from panoseg.errors import InvalidValueError, RunError, sentence_of

OBJECT_STORE_BYTES = 512 * 2**20
"""Of a cluster on this machine: some twelve hundred pictures at 384 × 384 on their way to the network.
Once it is full, nothing more is decoded."""

IDLE_MILLISECONDS = 60_000
"""How long a process of a cluster on this machine waits for more to prepare. By Ray's own rule it would end
after one second, whenever the networks have enough for a while, and the next takes seconds to start."""

PATIENCE_SECONDS = 120.0
"""How long a cluster on a busy machine is tried to be brought up."""

DECODING_CPUS = 0.5
"""Of a task that reads and prepares: half of its time it waits for the storage."""


@dataclass(frozen=True, slots=True)
class RayOptions:
    """How a run is spread.

    Attributes:
        address: of a cluster's head ("auto", "10.0.0.1:6379", "ray://…"); empty for one on this machine that
            ends with the run.
        workers: processes that hold the network; None for as many as the cluster has GPUs, else cores. More
            than there are GPUs share them: one packs and writes while another has the GPU.
    """

    address: str = ""
    workers: int | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise InvalidValueError(f"workers: wanted at least 1, got {self.workers}.")


def import_ray() -> Any:
    """Ray, which is an extra.

    Raises:
        RunError: it is not installed.
    """
    # It counts its users over the network unless it is told not to, and warns of zeros for GPUs.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # what goes wrong comes as an exception, too
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise RunError("Ray is not installed; `pip install panoseg[ray]` brings it along.") from error
    return ray


@contextmanager
def cluster(options: RayOptions) -> Iterator[Any]:
    """Ray, connected; a cluster that was started here is ended here.

    Raises:
        RunError: Ray is not installed, or no cluster answers there.
    """
    ray = import_ray()
    if ray.is_initialized():  # the caller's own
        yield ray
        return
    try:
        _connect(ray, options)
    except Exception as error:  # Ray raises no less where a cluster does not come up
        where = f"at {options.address!r}" if options.address else "on this machine"
        reason = sentence_of(error)[:200]
        raise RunError(f"No Ray cluster can be used {where} ({reason}).") from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _connect(ray: Any, options: RayOptions) -> None:
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    if options.address:
        ray.init(address=options.address, **quiet)
        return
    patience = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            ray.init(
                address="local",
                # One more than the networks get, for the tasks that prepare: they share the cores.
                num_cpus=max(usable_cores(), options.workers or 0) + 1,
                object_store_memory=OBJECT_STORE_BYTES,
                include_dashboard=False,
                _system_config={"idle_worker_killing_time_threshold_ms": IDLE_MILLISECONDS},
                **quiet,
            )
        except Exception as error:
            ray.shutdown()
            # It gives its own processes half a minute to come up, which a busy machine may not manage.
            if time.monotonic() > patience or "timed out" not in str(error):
                raise
        else:
            return


@dataclass(frozen=True, slots=True)
class Share:
    """What each process that holds the network gets, and how many there are."""

    workers: int
    cpus: float
    gpus: float


def share(ray: Any, options: RayOptions, threads: int) -> Share:
    """By what the cluster has.

    Raises:
        RunError: it has fewer cores than the workers need.
    """
    resources = ray.cluster_resources()
    gpus, cpus = int(resources.get("GPU", 0)), resources.get("CPU", 1.0)
    if gpus:
        workers = options.workers or gpus
        return Share(workers, 1.0, 1.0 / -(-workers // gpus))
    each = max(1, threads)
    room = int((cpus - 1) // each)
    workers = options.workers or max(1, room)
    if workers > max(1, room):
        raise RunError(
            f"The cluster has {cpus:g} cores: room for {max(1, room)} workers of {each} and for what "
            f"prepares the pictures, not for {workers}."
        )
    return Share(workers, float(each), 0.0)
