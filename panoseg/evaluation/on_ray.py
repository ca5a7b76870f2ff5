"""An evaluation on Ray: a task per shard; the caller's process sees what shards come to, never pixels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from panoseg.errors import PanosegError, RunError, sentence_of
from panoseg.evaluation.passes import Pass, Spread
from panoseg.evaluation.shards import Piece, cut, evaluate_piece
from panoseg.runs.reading import RunReader

_WAITING = 2  # pieces per core that are on their way


def spread_on(ray: Any) -> Spread:
    """What has shards evaluated by a cluster. Run and PNGs lie where all machines find them by the same name:
    on object storage, or in a folder that they share.

    Args:
        ray: connected, as by `panoseg.runs.on_ray.cluster`.
    """

    def spread(run: RunReader, asked: Pass[Any]) -> Iterator[Any]:
        task = ray.remote(num_cpus=1)(_evaluate)
        most = max(1, int(_WAITING * ray.cluster_resources().get("CPU", 1)))
        waiting: list[Any] = []
        try:
            for piece in cut(run, asked):
                waiting.append(task.remote(piece))
                if len(waiting) >= most:
                    part, waiting = _next(ray, waiting)
                    yield part
            while waiting:
                part, waiting = _next(ray, waiting)
                yield part
        except ray.exceptions.RayError as error:
            reason = sentence_of(error)[:300]
            raise RunError(f"The evaluation on Ray ended early ({reason}).") from error

    return spread


def _next(ray: Any, waiting: list[Any]) -> tuple[Any, list[Any]]:
    """The part that is there first, and what still waits."""
    (ready, *others), late = ray.wait(waiting)
    found = ray.get(ready)
    if isinstance(found, str):
        raise RunError(found)
    return found, [*others, *late]


def _evaluate(piece: Piece[Any]) -> Any:
    """A part, or why there is none, in a sentence."""
    try:
        return evaluate_piece(piece)
    except PanosegError as error:
        return sentence_of(error)
