"""An evaluation cut into a piece for each shard of the run, for processes that share nothing but storage."""

from __future__ import annotations

import os
import secrets
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic

from panoseg.evaluation.annotations import AnnotatedPicture
from panoseg.evaluation.passes import P, Pass, Work
from panoseg.merging.parallel import on_one_core
from panoseg.runs.reading import RunReader
from panoseg.runs.stores import is_url

_LACKING = 256
"""Pictures that the run lacks, in a piece: only their annotation is read."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece(Generic[P]):
    """What one process has to know to evaluate some pictures; their annotation travels with it.

    Attributes:
        evaluation: a word that all pieces of one evaluation share, and no other.
        store: the run's folder or URL.
        work: how; its annotations describe no picture.
        wanted: place in `Pass.wanted`, annotated picture and the run's position of each.
    """

    evaluation: str
    store: str
    work: Work[P]
    wanted: tuple[tuple[int, AnnotatedPicture, int | None], ...]


def cut(run: RunReader, asked: Pass[P]) -> Iterator[Piece[P]]:
    """Pieces that read one shard each, and some for what the run lacks."""
    shard_of = {item.row.position: number for number in run.shards() for item in run.of_shard(number)}
    wanted: dict[int, list[tuple[int, AnnotatedPicture, int | None]]] = defaultdict(list)
    lacking = 0
    for place, (picture, position) in enumerate(asked.wanted):
        if position is None:
            number, lacking = -1 - lacking // _LACKING, lacking + 1
        else:
            number = shard_of[position]
        wanted[number].append((place, picture, position))
    evaluation = secrets.token_hex(8)
    annotations = asked.work.annotations
    alone = replace(annotations, pictures=(), masks=_absolute(annotations.masks))
    work: Any = asked.work  # a data class, as it says
    work = replace(work, annotations=alone)
    for number in sorted(wanted):
        yield Piece(evaluation, _absolute(run.place), work, tuple(wanted[number]))


def _absolute(place: str | Path) -> str:
    """The place for a process that may have been started in another folder."""
    return str(place) if is_url(place) else os.path.abspath(place)


def evaluate_piece(piece: Piece[P]) -> P:
    """What its pictures come to.

    Raises:
        RunError: the run cannot be opened.
    """
    part = piece.work.part()
    run = _reader(piece.store, piece.evaluation)
    with on_one_core():  # other cores have pieces of their own
        for place, picture, position in piece.wanted:
            item = None if position is None else run.at(position)
            part.add(place, picture.name, piece.work(picture, item))
    part.finish()
    return part


@lru_cache(maxsize=1)
def _reader(store: str, evaluation: str) -> RunReader:
    """One for all pieces that a process gets: of a run on object storage, the ledger has to be fetched."""
    del evaluation  # another one may find more pictures there
    return RunReader(store)


def by_shard(run: RunReader, asked: Pass[P]) -> Iterator[P]:
    """One piece after the other in this process; a `Spread`."""
    return map(evaluate_piece, cut(run, asked))
