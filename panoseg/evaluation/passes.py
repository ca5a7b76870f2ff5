"""One pass over a run: each picture's prediction and annotation are read once, on all cores or machines.

What is done with a picture and what such results add up to is the work's; panoptic quality, AP and mIoU have
one each. Parts say which place in the pass their pictures have, so that the whole is the same whoever made
them, and in whatever order they came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from panoseg.cores import usable_cores
from panoseg.errors import PanosegError, sentence_of
from panoseg.evaluation.annotations import AnnotatedPicture, Annotations
from panoseg.evaluation.pairing import Pairing, pair_pictures
from panoseg.merging.parallel import on_one_core
from panoseg.runs import RunItem
from panoseg.runs.reading import RunReader
from panoseg.work_ahead import in_order

Progress = Callable[[int, int], None]
"""Called with the number of pictures that are done, and of all."""

Wanted = tuple[tuple[AnnotatedPicture, int | None], ...]
"""Annotated pictures with the position of the run's picture; None where the run lacks it."""


class PartOfPass(Protocol):
    """What some pictures came to."""

    def add(self, place: int, name: str, result: Any) -> None:
        """Take in what came of the picture at a place: what its work returned."""

    def finish(self) -> None:
        """Nothing more comes."""

    @property
    def done(self) -> int:
        """How many pictures it knows about, those that failed among them."""
        ...


P = TypeVar("P", bound=PartOfPass)
P_co = TypeVar("P_co", bound=PartOfPass, covariant=True)


class Work(Protocol[P_co]):
    """What is done with one picture: a frozen data class, which threads share and which goes to processes."""

    @property
    def annotations(self) -> Annotations:
        """That the pictures are of."""
        ...

    def __call__(self, picture: AnnotatedPicture, item: RunItem | None) -> Any:
        """What came of a picture, or a `PanosegError`: why nothing did. No item: the run lacks it."""

    def part(self) -> P_co:
        """An empty part."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Pass(Generic[P]):
    """What one pass looks at.

    Attributes:
        work: what is done with each picture.
        wanted: the annotated pictures that count, in the annotation's order.
    """

    work: Work[P]
    wanted: Wanted


Spread = Callable[[RunReader, Pass[Any]], Iterable[Any]]
"""Has the pictures of a pass worked on, and gives its parts in any order."""


def wanted_pictures(run: RunReader, annotations: Annotations, subset: bool) -> tuple[Wanted, Pairing]:
    """Which of the run's pictures is held against which annotated one.

    Args:
        run, annotations: of the same pictures.
        subset: leave out annotated pictures that the run lacks.

    Raises:
        GroundTruthError: the annotation is of other pictures.
    """
    position_of = {name: position for position, name, *_ in run.outline()}
    pairing = pair_pictures(annotations.pictures, position_of)
    wanted = tuple(
        (picture, None if name is None else position_of[name])
        for picture, name in zip(annotations.pictures, pairing.names, strict=True)
        if name is not None or not subset
    )
    return wanted, pairing


def make_parts(
    run: RunReader,
    asked: Pass[P],
    progress: Progress = lambda done, total: None,
    threads: int | None = None,
    spread: Spread | None = None,
) -> list[P]:
    """Work on all pictures.

    Args:
        run: what was predicted.
        asked: what is to be done.
        progress: called after each picture, or after each part of those that were spread.
        threads: how many pictures are worked on at a time; by default as many as there are cores.
        spread: in place of this process's threads.

    Raises:
        RunError: as `spread`.
    """
    total = len(asked.wanted)
    if spread is None:
        return [_in_threads(run, asked, threads, lambda done: progress(done, total))]
    parts, done = [], 0
    for part in spread(run, asked):
        parts.append(part)
        done += part.done
        progress(done, total)
    return parts


def _in_threads(run: RunReader, asked: Pass[P], threads: int | None, progress: Callable[[int], None]) -> P:
    def one(piece: tuple[AnnotatedPicture, RunItem | None]) -> Any:
        with on_one_core():
            return asked.work(*piece)

    wanted = ((picture, None if at is None else run.at(at)) for picture, at in asked.wanted)
    part = asked.work.part()
    with closing(in_order(one, wanted, threads or usable_cores())) as worked:
        for place, ((picture, _), result) in enumerate(worked):
            part.add(place, picture.name, result())
            progress(place + 1)
    part.finish()
    return part


class Failures(dict[int, tuple[str, str]]):
    """Of a part: place → name and sentence of a picture of which nothing came."""

    def take(self, place: int, name: str, result: Any) -> bool:
        """Whether this result is a failure; then it is noted."""
        if isinstance(result, PanosegError):
            self[place] = name, sentence_of(result)
        return isinstance(result, PanosegError)

    def in_order(self) -> tuple[tuple[str, str], ...]:
        """Names and sentences, in the order of the annotation."""
        return tuple(self[place] for place in sorted(self))
