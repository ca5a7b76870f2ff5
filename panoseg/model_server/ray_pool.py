"""Replicas in a cluster of Ray's: started, found, replaced when they die, and ended."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from panoseg import events
from panoseg.cores import usable_cores
from panoseg.errors import ModelError
from panoseg.model_server.answers import Answer, Asked, Refusal
from panoseg.model_server.replica import Replica, ReplicaOptions
from panoseg.protocol.model_facts import ModelFacts

TRIES = 3
"""Replicas that may die over one picture before it is the picture's fault."""

ANSWER_SECONDS = 300.0
"""For which a replica is waited for, one that takes the place of another included."""

START_TRIES = 3
"""Ray gives its own helpers 15 seconds to start, which a machine that does much else may not give them."""

_QUIET = {"log_level": "WARNING", "enable_access_log": False}
_OBJECT_STORE_BYTES = 256 * 2**20
_HEALTH_SECONDS = 5.0
_GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """Where replicas run.

    Attributes:
        address: of a cluster that is there; None starts one on this machine, which ends with this process.
        replicas: of each model.
        threads: of each replica's network; None shares the cores among the replicas of this machine.
        gpus: of each replica; may be a fraction.
        options: of each model, the first one first.
    """

    options: Sequence[ReplicaOptions]
    address: str | None = None
    replicas: int = 1
    threads: int | None = None
    gpus: float = 0.0


class RayPool:
    """As of `panoseg.model_server.answers.Replicas`."""

    def __init__(self, options: ClusterOptions) -> None:
        self._options = options
        self._handles: dict[str, Any] = {}
        self._facts: list[ModelFacts] = []
        self._applications: list[str] = []
        self._lock = threading.Lock()
        self._why_not = "The models are being loaded."

    @property
    def facts(self) -> list[ModelFacts]:
        return list(self._facts)

    @property
    def why_not(self) -> str:
        return self._why_not

    def start(self) -> None:
        """Start or find the cluster, and load the models; returns when all of them are ready.

        Raises:
            ModelError: a model cannot be loaded, or the cluster not be reached.
        """
        with events.noted("cluster", replicas=self._options.replicas, models=len(self._options.options)):
            self._start_cluster()
            for number, options in enumerate(self._options.options):
                self._start_model(number, options)
        self._why_not = ""

    async def predict(self, model: str, asked: Asked, picture: bytes) -> Answer:
        """A replica's answer; where it dies over the picture, that of another."""
        from ray.exceptions import RayActorError

        handle = self._handles[model]
        for _ in range(TRIES):
            response = handle.predict.remote(tuple(asked), picture)
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    answer = await response
            except TimeoutError:
                threading.Thread(target=response.cancel, name="give up", daemon=True).start()
                return Refusal(503, "The model does not answer; try again in a moment.")
            except asyncio.CancelledError:
                # It may wait for the router, which is a matter of milliseconds; nobody has to.
                threading.Thread(target=response.cancel, name="give up", daemon=True).start()
                raise
            except RayActorError as error:
                events.note("replica", outcome="died", model=model, cause=type(error).__name__)
                continue
            return answer if isinstance(answer, bytes) else Refusal(*answer)
        return Refusal(500, "The model ended each time that it looked at this picture.")

    def stop(self) -> None:
        """End the replicas, and a cluster of our own."""
        with self._lock:
            import ray
            from ray import serve

            if not ray.is_initialized():
                return
            if self._options.address is None:
                ray.shutdown()
                return
            for name in self._applications:
                serve.delete(name)
            ray.shutdown()

    def _start_cluster(self) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        os.environ.setdefault("RAY_DISABLE_FAILURE_SIGNAL_HANDLER", "1")  # SIGTERM is no failure here
        if self._options.address is None:
            # Of this run alone: whoever else is on this machine gets no answer from Ray's own ports.
            os.environ["RAY_AUTH_MODE"] = "token"
            os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
        import ray
        from ray import serve

        if self._options.address is not None:
            try:
                ray.init(address=self._options.address, log_to_driver=False, logging_level=logging.ERROR)
            except Exception as error:
                raise ModelError(
                    f"No cluster of Ray's answers at “{self._options.address}”, or not to this token."
                ) from error
        else:
            self._start_own()
        serve.start(proxy_location="Disabled", logging_config=_QUIET)
        logging.getLogger("ray.serve").setLevel(logging.ERROR)  # which is set again when it starts

    def _start_own(self) -> None:
        import ray

        from panoseg.model_server.ray_internals import end_leftovers, small_and_on_loopback

        replicas = self._options.replicas * len(self._options.options)
        for attempt in range(START_TRIES):
            try:
                with small_and_on_loopback():
                    ray.init(
                        address="local",
                        include_dashboard=False,
                        # Replicas share the cores as they are told to, not as Ray counts them.
                        num_cpus=replicas + 1,
                        object_store_memory=_OBJECT_STORE_BYTES,
                        log_to_driver=False,
                        logging_level=logging.ERROR,
                    )
                return
            except Exception as error:
                events.note("cluster", outcome="failed", attempt=attempt + 1, cause=events.cause(error))
                ray.shutdown()
                end_leftovers()
                failure = error
        raise ModelError("Ray could not be started on this machine; its logs are in /tmp/ray.") from failure

    def _start_model(self, number: int, options: ReplicaOptions) -> None:
        from ray import serve

        chosen = self._options
        threads = chosen.threads or max(1, usable_cores() // (chosen.replicas * len(chosen.options)))
        deployment: Any = serve.deployment(
            _Deployed,
            name="model",
            num_replicas=chosen.replicas,
            max_ongoing_requests=options.lanes,
            health_check_period_s=_HEALTH_SECONDS,
            graceful_shutdown_timeout_s=_GRACE_SECONDS,
            max_constructor_retry_count=2,
            logging_config=_QUIET,
            ray_actor_options={
                "num_cpus": 1,
                "num_gpus": chosen.gpus,
                "runtime_env": {"env_vars": {"OMP_NUM_THREADS": str(threads)}},
            },
        )
        application = f"panoseg-{number}"
        try:
            handle = serve.run(deployment.bind(options), name=application, route_prefix=None)
            told, facts = handle.facts.remote().result()
        except Exception as error:
            raise ModelError(f"The model “{options.model}” could not be loaded.") from error
        if not told:
            raise ModelError(str(facts))
        with self._lock:
            self._applications.append(application)
            self._handles[facts.name] = handle
            self._facts.append(replace(facts, lanes=facts.lanes * chosen.replicas))


class _Deployed:
    """A replica as Ray sees it: what goes in and out are plain tuples and bytes."""

    def __init__(self, options: ReplicaOptions) -> None:
        # A sentence that a person can use travels better than an exception in a cluster.
        self._error = ""
        self._replica: Replica | None = None
        try:
            self._replica = Replica(options)
        except ModelError as error:
            self._error = str(error)

    async def predict(self, asked: tuple[Any, Any, Any], picture: bytes) -> Any:
        assert self._replica is not None  # noqa: S101
        answer = await self._replica.predict(Asked(*asked), picture)
        return answer if isinstance(answer, bytes) else tuple(answer)

    async def facts(self) -> tuple[bool, ModelFacts | str]:
        return (True, self._replica.facts) if self._replica else (False, self._error)

    def __del__(self) -> None:
        if self._replica is not None:
            self._replica.close()
