"""The caller's part of a run on Ray: it hands out pieces, collects numbers and keeps the ledger."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, cast

from panoseg.errors import InvalidValueError, ModelError, RunError
from panoseg.runs.asked_model import Asked, Described
from panoseg.runs.header import Header
from panoseg.runs.ledger import Ledger, Row
from panoseg.runs.on_ray.cluster import DECODING_CPUS, RayOptions, Share, share
from panoseg.runs.on_ray.pieces import PIECES_FOLDER, Piece, Seen, cut, seen_from_json, settled
from panoseg.runs.on_ray.stages import Attempts, Job, Predicting, describe, forget, prepare, seal
from panoseg.runs.stores import is_url, open_store
from panoseg.runs.writing import Progress, Tally, mend

PIECES_AT_ONCE = 8192
"""So many are handed to Ray together: its list of them takes some 20 MB here, however long the ledger is."""

_BLOCK_BYTES = 32 * 2**20
_MOST_SEALING = 8


class OnRay:
    """A `Way` to make a run.

    Args:
        ray: connected.
        options: of the cluster.
        asked: which model.
        store: of the run, the same for every machine.

    Raises:
        InvalidValueError: the model is no name.
    """

    def __init__(self, ray: Any, options: RayOptions, asked: Asked, store: str | os.PathLike[str]) -> None:
        if asked.given is not None:
            raise InvalidValueError(
                "model: wanted a name with ray, as every process loads it, got a segmenter."
            )
        self._ray = ray
        self._options = options
        name = asked.name
        self._job = Job(
            store=str(store) if is_url(store) else os.path.abspath(store),
            model=os.path.abspath(name) if os.path.isdir(name) else name,
            engine=asked.engine_name,
            side_by_side=asked.side_by_side,
            things=None if asked.things is None else tuple(asked.things),
            load=asked.load,
        )

    def described(self) -> Described:
        """What the model is, by a process that holds it.

        Raises:
            ModelError: it cannot be loaded there.
        """
        gpus = 1 if self._ray.cluster_resources().get("GPU") else 0
        task = self._ray.remote(num_cpus=1, num_gpus=gpus, max_calls=1)(describe)
        with working(self._ray):
            found = self._ray.get(task.remote(self._job))
        if isinstance(found, str):
            raise ModelError(found)
        return cast(Described, found)

    def predict(self, folder: Path, ledger: Ledger, header: Header, progress: Progress) -> None:
        """Predict what waits in the ledger.

        Raises:
            RunError: the store cannot be written, the cluster is too small, or a worker fails whatever the
                picture.
            InvalidValueError: a batch that does not divide a shard.
        """
        if not is_url(self._job.store):
            mend(folder, ledger)
        tally = Tally(ledger, progress)
        tally.start()
        job = replace(self._job, header=header)
        allotted = share(self._ray, self._options, header.threads)
        pieces = cut(ledger.waiting(), header)
        while some := list(islice(pieces, PIECES_AT_ONCE)):
            with working(self._ray):
                shards = _Shards(self._ray, job, ledger, tally, some)
                for row in _dataset(self._ray, job, allotted, some).iter_rows():
                    shards.came(str(row["piece"]), seen_from_json(str(row["seen"])))
                shards.finish()
        # What a worker of an interrupted run wrote after it: all of it stands in shards by now.
        left = open_store(job.store).names(PIECES_FOLDER)
        forget(job.store, [f"{PIECES_FOLDER}/{name}" for name in left])


@contextmanager
def working(ray: Any) -> Iterator[None]:
    """Ray Data without bars and a log of its own, with blocks of our size; what Ray raises is one sentence.

    Raises:
        RunError: in place of it.
    """
    context = ray.data.DataContext.get_current()
    ours = {
        "enable_progress_bars": False,
        "print_on_execution_start": False,
        "target_max_block_size": _BLOCK_BYTES,
    }
    before = {name: getattr(context, name) for name in ours}
    log = logging.getLogger("ray.data")
    level = log.level
    try:
        log.setLevel(logging.ERROR)
        for name, value in ours.items():
            setattr(context, name, value)
        yield
    except ray.exceptions.RayError as error:
        raise RunError(
            f"A worker failed ({_reason(error)}); what was done is kept, and the same command goes on."
        ) from error
    finally:
        log.setLevel(level)
        for name, value in before.items():
            setattr(context, name, value)


def _dataset(ray: Any, job: Job, allotted: Share, pieces: list[Piece]) -> Any:
    attempts = ray.remote(num_cpus=0)(Attempts).remote()
    # An actor works on two pieces: one is unpacked, or packed and written, while another has the network.
    pool = ray.data.ActorPoolStrategy(
        size=allotted.workers,
        max_tasks_in_flight_per_actor=3,
        max_concurrent_calls_per_actor=2,
        enable_true_multi_threading=True,
    )
    return (
        ray.data.from_items([{"piece": piece.to_json()} for piece in pieces], override_num_blocks=len(pieces))
        .map(prepare, fn_args=(job,), num_cpus=DECODING_CPUS)
        .map_batches(
            Predicting,
            fn_constructor_args=(job, _Asking(attempts)),
            batch_size=1,
            compute=pool,
            num_cpus=allotted.cpus,
            num_gpus=allotted.gpus,
        )
    )


@dataclass(frozen=True)
class _Asking:
    """Calls a method of an actor and waits for its answer."""

    actor: Any

    def __call__(self, method: str, *arguments: Any) -> Any:
        import ray

        return ray.get(getattr(self.actor, method).remote(*arguments))


@dataclass
class _Open:
    """A shard that some pieces are still missing from."""

    pieces: list[Piece]
    seen: dict[str, list[Seen]] = field(default_factory=dict)


class _Shards:
    """Pieces as they come, in any order → whole shards, then rows of the ledger."""

    def __init__(self, ray: Any, job: Job, ledger: Ledger, tally: Tally, pieces: list[Piece]) -> None:
        self._ray = ray
        self._store = job.store
        self._tally = tally
        self._ends = ledger.shard_ends()
        self._open: dict[int, _Open] = {}
        for piece in pieces:
            self._open.setdefault(piece.shard, _Open([])).pieces.append(piece)
        self._seal = ray.remote(num_cpus=0)(seal)
        self._forget = ray.remote(num_cpus=0)(forget)
        self._sealing: dict[Any, tuple[list[Row], list[str]]] = {}
        self._forgetting: list[Any] = []

    def came(self, text: str, seen: list[Seen]) -> None:
        """A piece is written; the last one of its shard has it sealed."""
        piece = Piece.from_json(text)
        shard = self._open[piece.shard]
        shard.seen[piece.file] = seen
        if len(shard.seen) == len(shard.pieces):
            del self._open[piece.shard]
            self._begin_sealing(piece.shard, shard)
        self._settle(wait=len(self._sealing) >= _MOST_SEALING)

    def finish(self) -> None:
        """Wait until all is settled.

        Raises:
            RunError: pieces are missing.
        """
        while self._sealing:
            self._settle(wait=True)
        self._ray.get(self._forgetting)
        if self._open:
            raise RunError("Ray lost some pictures; the same command predicts them.")

    def _begin_sealing(self, number: int, shard: _Open) -> None:
        start = end = self._ends.get(number, 0)
        rows: list[Row] = []
        names = [piece.file for piece in shard.pieces]
        for piece in shard.pieces:
            new, end = settled(piece, shard.seen[piece.file], end)
            rows += new
        self._sealing[self._seal.remote(self._store, number, start, names)] = rows, names

    def _settle(self, *, wait: bool) -> None:
        if not self._sealing:
            return
        ready, _ = self._ray.wait(list(self._sealing), timeout=None if wait else 0)
        for reference in ready:
            rows, names = self._sealing.pop(reference)
            if fault := self._ray.get(reference):
                raise RunError(
                    f"The run in {self._store!r} cannot be written ({fault}); what was done is kept, and the "
                    "same command goes on from there."
                )
            self._tally.settle(rows)
            self._forgetting.append(self._forget.remote(self._store, names))


def _reason(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:200] if lines else type(error).__name__
