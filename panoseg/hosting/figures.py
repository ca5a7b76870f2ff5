"""Events as figures, in the format that Prometheus and its kin read (OpenMetrics 1.0)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panoseg import events

CONTENT_TYPE = CONTENT_TYPE_LATEST
_STAGES = ("photo", "prediction", "network", "model", "run", "picture")
"""Events whose seconds are counted."""

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180)
_FINE = ("ok", "refused", "CancelledError", "StopException", "RerunException")
"""Outcomes that are no errors: whoever is waited for no more, or asked for what cannot be had."""


@dataclass(frozen=True, slots=True)
class Now:
    """What is so at this moment; None where a server has no such thing.

    Attributes:
        sessions: visitors' open pages.
        waiting: pictures in line, for all models together.
        cache_bytes: of predictions that are kept.
        models: in memory.
    """

    sessions: int | None
    waiting: int
    cache_bytes: int | None
    models: int


class Figures:
    """Counts events; `text()` is what to hand out.

    Args:
        now: looks at what is so at the moment.
    """

    def __init__(self, now: Callable[[], Now]) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._requests = Counter(
            "panoseg_requests", "Answers, by their class of status.", ["status"], registry=self._registry
        )
        self._events = Counter(
            "panoseg_events", "What was done, by how it ended.", ["event", "outcome"], registry=self._registry
        )
        self._seconds = Histogram(
            "panoseg_stage_seconds",
            "How long each stage took.",
            ["stage"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._refusals = Counter(
            "panoseg_refusals", "What was not let in, by reason.", ["reason"], registry=self._registry
        )
        self._errors = Counter("panoseg_errors", "What failed, by where.", ["event"], registry=self._registry)
        self._registry.register(_NowCollector(now))
        ProcessCollector(registry=self._registry)

    def __call__(self, event: str, facts: Mapping[str, events.Fact]) -> None:
        """As of `events.listen`."""
        if event == "request":
            self._requests.labels(str(facts.get("status"))).inc()
            return
        if event == "refused":
            self._refusals.labels(str(facts.get("reason"))).inc()
            return
        outcome = str(facts.get("outcome", "ok"))
        self._events.labels(event, outcome).inc()
        if outcome not in _FINE:
            self._errors.labels(event).inc()
        seconds = facts.get("seconds")
        if event in _STAGES and isinstance(seconds, int | float):
            self._seconds.labels(event).observe(seconds)

    def text(self) -> bytes:
        """All figures, as OpenMetrics."""
        written: bytes = generate_latest(self._registry)  # type: ignore[no-untyped-call]
        return written


class CountedAnswers:
    """Notes the status of each answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As of ASGI."""

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                events.note("request", status=f"{message['status'] // 100}xx")
            elif message["type"] == "websocket.accept":
                events.note("request", status="websocket")
            await send(message)

        await self._app(scope, receive, send_and_count)


class _NowCollector(Collector):
    def __init__(self, now: Callable[[], Now]) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        now = self._now()
        for name, about, value in (
            ("panoseg_sessions", "Visitors' open pages.", now.sessions),
            ("panoseg_waiting", "Pictures in line for a model.", now.waiting),
            ("panoseg_cache_bytes", "Bytes of predictions that are kept.", now.cache_bytes),
            ("panoseg_models", "Models in memory.", now.models),
        ):
            if value is not None:
                yield GaugeMetricFamily(name, about, value=value)
