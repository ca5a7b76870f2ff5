"""Which picture of a run is which picture of an annotation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from panoseg.errors import GroundTruthError
from panoseg.evaluation.annotations import AnnotatedPicture


@dataclass(frozen=True, slots=True)
class Pairing:
    """How two lists of pictures meet.

    Attributes:
        names: for each annotated picture the name of the run's, or None.
        surplus: how many pictures of the run are not annotated; they play no role.
    """

    names: tuple[str | None, ...]
    surplus: int

    @property
    def missing(self) -> int:
        """How many annotated pictures the run lacks."""
        return sum(name is None for name in self.names)


def pair_pictures(annotated: Sequence[AnnotatedPicture], names: Iterable[str]) -> Pairing:
    """Pictures meet by their whole name, else by the file's name without folder and ending, where that is
    clear on both sides.

    Raises:
        GroundTruthError: none meets.
    """
    run = list(names)
    if not run:
        raise GroundTruthError("The run holds no finished picture; there is nothing to evaluate.")
    whole = set(run)
    stems = Counter(map(_stem, run))
    by_stem = {_stem(name): name for name in run if stems[_stem(name)] == 1}
    theirs = Counter(_stem(picture.name) for picture in annotated)
    found: list[str | None] = []
    taken: set[str] = set()
    for picture in annotated:
        name: str | None = picture.name if picture.name in whole else None
        if name is None and theirs[_stem(picture.name)] == 1:
            name = by_stem.get(_stem(picture.name)) or by_stem.get(_stem(picture.mask))
        if name in taken:
            name = None
        if name is not None:
            taken.add(name)
        found.append(name)
    if not taken:
        raise GroundTruthError(
            f"The annotation is of other pictures: it begins with “{annotated[0].name[:100]}”, the run with "
            f"“{run[0][:100]}”."
        )
    return Pairing(tuple(found), len(run) - len(taken))


def _stem(name: str) -> str:
    return PurePosixPath(name).stem
