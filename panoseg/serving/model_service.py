"""All models of this process and what they predicted: one object that every visitor shares."""

from __future__ import annotations

from functools import partial

from panoseg.serving.model_load import ModelLoad
from panoseg.serving.model_pool import ModelPool, memory_for_us
from panoseg.serving.prediction_cache import PredictionCache
from panoseg.serving.prediction_queue import MAX_WAITING, PredictionQueue
from panoseg.serving.undecided_things import UndecidedThings

MOST_CACHED_BYTES = 2**30


class ModelService:
    """Models by name, loaded when they are asked for first.

    Args:
        engine: what runs them, as of `load_segmenter`.
        cache_bytes: bytes of predictions that are kept for all visitors.
        delay: seconds before the first model of the process is loaded.
        max_waiting: pictures that may wait for one model.
        server: the address of a model server that runs them; None runs them in this process.

    Attributes:
        cache: the predictions.
        models: those in memory and on their way.
        undecided: those of which nothing tells things from stuff.
    """

    def __init__(
        self,
        engine: str,
        cache_bytes: int,
        *,
        delay: float = 0.0,
        max_waiting: int = MAX_WAITING,
        server: str | None = None,
    ) -> None:
        self.undecided = UndecidedThings(server)
        self.cache = PredictionCache(cache_bytes)
        load = partial(self.undecided.load_segmenter, engine="auto" if server else engine)
        self.models: ModelPool[ModelLoad] = ModelPool(
            lambda name: ModelLoad(name, self.cache, self.models, load, delay=delay, max_waiting=max_waiting)
        )

    def is_loaded(self, name: str) -> bool:
        """Whether that model is in memory; starts nothing."""
        load = self.models.peek(name)
        return load is not None and load.queue is not None

    def revision(self, name: str) -> str | None:
        """What tells that model's weights from others; None where it is not in memory, or nobody knows."""
        load = self.models.peek(name)
        return load.queue.revision if load is not None and load.queue is not None else None

    def queues(self) -> list[PredictionQueue]:
        """The lines in front of all models in memory."""
        return [load.queue for load in self.models.all() if load.queue is not None]


def usual_cache_bytes() -> int:
    """An eighth of the memory that there is, at most 1 GiB."""
    room = memory_for_us()
    return MOST_CACHED_BYTES if room is None else min(MOST_CACHED_BYTES, room.total // 8)
