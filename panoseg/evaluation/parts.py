"""What some of a data set's pictures came to, and the whole that such parts add up to.

A part says of each picture which place it has in the plan, so that the whole is the same whoever made the
parts, and in whatever order they came.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from panoseg.errors import GroundTruthError
from panoseg.evaluation.annotations import Annotations
from panoseg.evaluation.classes import ClassMatch
from panoseg.evaluation.evaluation import EvaluatedPicture, Evaluation
from panoseg.evaluation.passes import Failures, Pass, Wanted
from panoseg.evaluation.picture_work import JudgedProposals, PictureWork
from panoseg.evaluation.row_columns import Columns, columns_of, frame_of, joined_columns
from panoseg.evaluation.rows import Row
from panoseg.evaluation.sweeping import PictureSweep
from panoseg.thresholds import Thresholds

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 4096  # so many wait to become columns


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What an evaluation looks at.

    Attributes:
        annotations: what the run is held against.
        match: how the classes meet.
        thresholds: None for a run of finished maps.
        sweep_masks: see `Evaluation`.
        wanted: see `Pass`.
        missing, surplus: see `Evaluation`.
    """

    annotations: Annotations
    match: ClassMatch
    thresholds: Thresholds | None
    sweep_masks: tuple[float, ...]
    wanted: Wanted
    missing: int
    surplus: int

    @property
    def looked_at(self) -> Pass[Part]:
        """What each picture is looked at for."""
        work = PanopticWork(self.annotations, self.match, self.thresholds, self.sweep_masks)
        return Pass(work, self.wanted)


@dataclass(eq=False)
class Part:
    """Some pictures, by their place in `Plan.wanted`.

    Attributes:
        columns: rows of their segments; `picture` is that place.
        pictures: those that could be evaluated.
        sweeps: theirs, where they were asked for.
        proposals: theirs, where there are logits.
        failures: the others: name and sentence.
    """

    columns: list[Columns] = field(default_factory=list)
    pictures: dict[int, EvaluatedPicture] = field(default_factory=dict)
    sweeps: dict[int, PictureSweep] = field(default_factory=dict)
    proposals: dict[int, JudgedProposals] = field(default_factory=dict)
    failures: Failures = field(default_factory=Failures)
    _rows: list[Row] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many pictures it knows about, those that failed among them."""
        return len(self.pictures) + len(self.failures)

    def add(self, place: int, name: str, result: Any) -> None:
        """Take in what came of the picture at a place, a `PictureResult` or a `PanosegError`."""
        if self.failures.take(place, name, result):
            return
        self._rows += [row._replace(picture=place) for row in result.rows]
        if len(self._rows) >= _ROWS:
            self.finish()
        self.pictures[place] = result.picture
        if result.sweep is not None:
            self.sweeps[place] = result.sweep
        if result.proposals is not None:
            self.proposals[place] = result.proposals

    def finish(self) -> None:
        """Nothing more comes: all rows are columns."""
        if self._rows:
            self.columns.append(columns_of(self._rows))
            self._rows.clear()


class PanopticWork(PictureWork):
    """`PictureWork` whose results add up to a `Part`."""

    __slots__ = ()

    def part(self) -> Part:
        """An empty one."""
        return Part()


def join_parts(plan: Plan, parts: Iterable[Part]) -> Evaluation:
    """The whole, once all parts are finished.

    Raises:
        GroundTruthError: no picture could be evaluated.
    """
    whole = Part()
    for part in parts:
        whole.columns += part.columns
        whole.pictures.update(part.pictures)
        whole.sweeps.update(part.sweeps)
        whole.proposals.update(part.proposals)
        whole.failures.update(part.failures)
    places = sorted(whole.pictures)
    failures = whole.failures.in_order()
    if not places:
        raise GroundTruthError(f"No picture could be evaluated. The first: {failures[0][1]}")
    number_of = np.full(len(plan.wanted), -1, np.int32)
    number_of[places] = np.arange(len(places), dtype=np.int32)
    columns = joined_columns(whole.columns)
    if (np.diff(columns["picture"]) < 0).any():
        order = np.argsort(columns["picture"], kind="stable")
        columns = {name: column[order] for name, column in columns.items()}
    columns = {**columns, "picture": number_of[columns["picture"]]}
    proposals = {int(number_of[place]): each for place, each in sorted(whole.proposals.items())}
    return Evaluation(
        plan.annotations.classes,
        tuple(whole.pictures[place] for place in places),
        frame_of(columns),
        plan.thresholds,
        plan.match,
        plan.missing,
        plan.surplus,
        failures,
        None if plan.thresholds is None else _proposals_frame(proposals),
        plan.sweep_masks,
        tuple(whole.sweeps[place] for place in sorted(whole.sweeps)),
    )


def _proposals_frame(found: dict[int, JudgedProposals]) -> pd.DataFrame:
    import pandas as pd

    queries, classes, scores, right = zip(*found.values(), strict=True) if found else ((), (), (), ())
    return pd.DataFrame(
        {
            "picture": np.repeat(np.array([*found], np.int32), [len(each) for each in scores]),
            "query": np.concatenate(queries).astype(np.int32) if found else np.zeros(0, np.int32),
            "class_id": np.concatenate(classes).astype(np.int32) if found else np.zeros(0, np.int32),
            "score": np.concatenate(scores) if found else np.zeros(0),
            "right": np.concatenate(right) if found else np.zeros(0, bool),
        }
    )
