"""An evaluation as a collection shows it: figures at any threshold, and what was lost in which picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from panoseg.collection.questions import NOTHING, Lost
from panoseg.errors import InvalidValueError
from panoseg.evaluation import Annotations, Evaluation
from panoseg.evaluation.annotations import AnnotatedPicture
from panoseg.evaluation.confusion import are_alone
from panoseg.evaluation.costs import lost_by_class
from panoseg.evaluation.figures import Counts, Figures, group_means, qualities
from panoseg.evaluation.reliability import trust_of
from panoseg.evaluation.report.content import surface_content, trust_content
from panoseg.evaluation.sentences import sentence_of
from panoseg.evaluation.surface import Surface
from panoseg.thresholds import Thresholds

MOST_CONFUSED = 10
LOST = ("missed", "surplus")
PROPOSED = "proposed"


class LossRow(NamedTuple):
    """One segment that was lost.

    Attributes:
        position: of its picture in the run.
        side: "missed" or "surplus".
        words: what went wrong with it, in one line.
    """

    position: int
    side: str
    words: str


class LostInPicture(NamedTuple):
    """The segments of one picture that were lost, or found, so.

    Attributes:
        picture: as the annotation has it.
        annotated: own ids of those that were missed.
        predicted: ids of those that are surplus, or that were asked for though nothing is wrong with them.
        queries: indices of those whose own masks were asked for.
        boxes: of all segments: x, y, width, height in pixels of the annotation.
    """

    picture: AnnotatedPicture
    annotated: tuple[int, ...]
    predicted: tuple[int, ...]
    queries: tuple[int, ...]
    boxes: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, eq=False)
class Evaluated:
    """A run held against its annotation at some thresholds.

    Attributes:
        evaluation: of P pictures, swept at its mask threshold unless the run holds finished maps.
        annotations: what it was held against.
        places: (P,) int64, the position of each picture in the run; −1 for one that the run lacks.
    """

    evaluation: Evaluation
    annotations: Annotations
    places: NDArray[np.int64]

    @cached_property
    def surface(self) -> Surface | None:
        """All score and overlap thresholds; None for a run of finished maps."""
        found = self.evaluation
        return Surface(found.sweeps, found.sweep_masks, found.classes) if found.sweeps else None

    def is_at(self, thresholds: Thresholds) -> bool:
        """Whether it was made at these thresholds, or at none as nothing moves them."""
        return self.evaluation.thresholds in (None, thresholds)

    def counts_at(self, thresholds: Thresholds) -> Counts | None:
        """(P, C, 4) at other thresholds; None where these were not looked at."""
        if self.is_at(thresholds):
            return self.evaluation.counts
        if self.surface is None:
            return None
        try:
            return self.surface.counts_by_picture(thresholds.score, thresholds.overlap, thresholds.mask)
        except InvalidValueError:
            return None

    def figures_at(self, thresholds: Thresholds) -> Figures | None:
        """PQ, SQ and RQ at other thresholds, as an evaluation there has them; None where nobody knows."""
        if self.is_at(thresholds):
            return self.evaluation.figures
        if self.surface is None:
            return None
        try:
            return self.surface.figures_at(thresholds.score, thresholds.overlap, thresholds.mask)
        except InvalidValueError:
            return None

    def quality_of(self, positions: list[int], thresholds: Thresholds) -> NDArray[np.float64] | None:
        """(len(positions),) PQ of these pictures, over the classes that occur in each; NaN where none does.

        Args:
            positions: in the run, ascending.
            thresholds: that are looked at; None comes back where nobody knows.
        """
        counts = self.counts_at(thresholds)
        if counts is None:
            return None
        every = np.ones(counts.shape[1], bool)
        found = np.full(len(positions), np.nan)
        at, known = self._among(positions)
        found[at[known]] = group_means(qualities(counts), every)[known, 0]
        return found

    def pictures_with(self, lost: Lost, positions: list[int]) -> NDArray[np.bool_]:
        """(len(positions),) in which of these pictures something was lost, or found, so."""
        is_proposed = lost.side == PROPOSED
        picture = self._proposed(lost)[0] if is_proposed else self._rows["picture"][self._which(lost)]
        has = np.bincount(picture, minlength=len(self.places)) > 0
        found = np.zeros(len(positions), bool)
        at, known = self._among(positions)
        found[at[known]] = has[known]
        return found

    def losses(self, wanted: Sequence[Lost], positions: Sequence[int], most: int) -> list[LossRow]:
        """The segments that were lost so, those of the first of these pictures first.

        Args:
            wanted: of several, each counts; none: all. What was not lost but found has no line.
            positions: of the pictures, in the order in which they are shown.
            most: how many at most.
        """
        rows = self._lost_rows(wanted)
        rows = rows[np.isin(self._rows["outcome"][rows], LOST)]
        picture = self._rows["picture"][rows]  # ascending, as the rows of an evaluation are
        place_of = {position: place for place, position in enumerate(self.places.tolist())}
        chosen: list[int] = []
        for place in (place_of[position] for position in positions if position in place_of):
            first, end = np.searchsorted(picture, (place, place + 1)).tolist()
            chosen.extend(rows[first:end].tolist())
            if len(chosen) >= most:
                break
        table = self.evaluation.segments.iloc[chosen[:most]].astype({"outcome": str, "reason": str})
        sides, places = table["outcome"].tolist(), self.places[table["picture"].to_numpy()].tolist()
        return [
            LossRow(position, side, sentence_of(row, self.evaluation.classes))
            for position, side, row in zip(places, sides, table.itertuples(), strict=True)
        ]

    def lost_in_picture(self, position: int, wanted: Sequence[Lost]) -> LostInPicture | None:
        """The segments of a picture that were lost, or found, so; None for a picture that was not evaluated.

        Args:
            position: of the picture in the run.
            wanted: of several, each counts; none: all.
        """
        places = np.flatnonzero(self.places == position)
        if position < 0 or not len(places):
            return None
        place = int(places[0])
        rows = self._lost_rows(wanted)
        first, end = np.searchsorted(self._rows["picture"][rows], (place, place + 1)).tolist()
        table = self.evaluation.segments.iloc[rows[first:end]]
        proposed = [self._proposed(lost) for lost in wanted if lost.side == PROPOSED]
        queries = [query for picture, its in proposed for query in its[picture == place].tolist()]
        missed = table["annotated"].to_numpy()
        ids = table["segment"].to_numpy()
        return LostInPicture(
            self.picture(place),
            tuple(ids[missed].tolist()),
            tuple(ids[~missed].tolist()),
            tuple(dict.fromkeys(queries)),
            tuple(zip(*(table[name].tolist() for name in ("x", "y", "width", "height")), strict=True)),
        )

    def picture(self, place: int) -> AnnotatedPicture:
        """What the annotation says of an evaluated picture."""
        return self._pictures[self.evaluation.pictures[place].name]

    @cached_property
    def _pictures(self) -> dict[str, AnnotatedPicture]:
        return {each.name: each for each in self.annotations.pictures}

    def _lost_rows(self, wanted: Sequence[Lost]) -> NDArray[np.int64]:
        """The rows of the segments that were lost so, those of a picture together."""
        return np.flatnonzero(np.any([self._which(lost) for lost in wanted or (Lost(),)], axis=0))

    def _which(self, lost: Lost) -> NDArray[np.bool_]:
        """(rows,) the segments that were lost, or found, so; of a match, the predicted one."""
        rows = self._rows
        which: NDArray[np.bool_]
        match lost.side:
            case "found":
                which = (rows["outcome"] == "matched") & ~rows["annotated"]
            case "predicted":
                counted = np.isin(rows["outcome"], ("matched", "surplus")) & ~rows["annotated"]
                which = counted & lost.has_score(rows["score"])
            case "":
                which = np.isin(rows["outcome"], LOST)
            case _:
                which = rows["outcome"] == lost.side
        if lost.reason:
            which = which & (rows["reason"] == lost.reason)
        if lost.label:
            which = which & np.isin(rows["class_id"], self._places_of(lost.label))
        if lost.other == NOTHING:
            which = which & rows["alone"]
        elif lost.other:
            which = which & ~rows["alone"] & np.isin(rows["other"], self._places_of(lost.other))
        return which

    def _proposed(self, lost: Lost) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Picture and index of each query of such a score; none of a run of finished maps."""
        table = self.evaluation.proposals
        if table is None:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        which = lost.has_score(table["score"].to_numpy())
        return table["picture"].to_numpy()[which], table["query"].to_numpy()[which]

    def _places_of(self, label: str) -> list[int]:
        """The places of the classes of that name, in lower case."""
        return [n for n, each in enumerate(self.evaluation.classes) if each.name.casefold() == label]

    @cached_property
    def lost(self) -> dict[tuple[str, str], NDArray[np.int64]]:
        """(side, reason) → (C,) how many segments of each class have it."""
        found = self.evaluation
        return lost_by_class(found.segments, found.costs, len(found.classes))

    @cached_property
    def marks(self) -> dict[str, Any]:
        """What is drawn: "surface" and "trust" as a report has them, "confusion"; about a second of work."""
        return {
            "surface": surface_content(self.evaluation),
            "trust": trust_content(trust_of(self.evaluation)),
            "confusion": self._confusion(),
        }

    def _confusion(self) -> dict[str, Any]:
        """Of the classes that have most errors: rows are annotated, the last is what is not there."""
        table, count = self.evaluation.confusion, len(self.evaluation.classes)
        errors = table.sum(axis=0) + table.sum(axis=1) - 2 * np.diag(table)
        most = np.argsort(-errors[:count], kind="stable")[:MOST_CONFUSED]
        chosen = np.sort(most[errors[most] > 0])
        places = [*chosen.tolist(), count]
        return {
            "names": [self.evaluation.classes[place].name for place in chosen.tolist()],
            "table": table[np.ix_(places, places)].tolist(),
        }

    @cached_property
    def _rows(self) -> dict[str, NDArray[Any]]:
        table = self.evaluation.segments
        words = {name: table[name].astype(str).to_numpy() for name in ("outcome", "reason")}
        numbers = {
            name: table[name].to_numpy() for name in ("picture", "class_id", "other", "annotated", "score")
        }
        return {**words, **numbers, "alone": are_alone(table)}

    def _among(self, positions: list[int]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """For each evaluated picture its index among these positions, and whether it has one."""
        if not positions:
            return np.zeros(len(self.places), np.int64), np.zeros(len(self.places), bool)
        listed = np.array(positions, np.int64)
        at = np.minimum(np.searchsorted(listed, self.places), len(listed) - 1)
        return at, listed[at] == self.places
