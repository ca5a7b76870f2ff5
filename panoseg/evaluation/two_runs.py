"""Two runs of one data set: which is better and by how much, and what only one of them finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from panoseg.errors import GroundTruthError, PanosegError, sentence_of
from panoseg.evaluation.bootstrap import Interval, class_intervals, interval_of
from panoseg.evaluation.evaluation import Evaluation
from panoseg.evaluation.figures import GROUPS, members_of
from panoseg.quality import LabelMap, PanopticQuality, match, picture_quality
from panoseg.runs.reading import RunItem, RunReader
from panoseg.segmentation import Segmentation
from panoseg.thresholds import Thresholds
from panoseg.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class RunComparison:
    """Run B beside run A, both held against one annotation.

    Attributes:
        a, b: the evaluations.
        groups: group → (PQ, SQ, RQ) of B less A, each with its interval; None for n/a.
        classes: of each class, PQ of B less A.
        pictures: how many pictures both have; the others play no role.
    """

    a: Evaluation
    b: Evaluation
    groups: dict[str, tuple[Interval | None, Interval | None, Interval | None]]
    classes: tuple[Interval | None, ...]
    pictures: int

    @cached_property
    def differences(self) -> pd.DataFrame:
        """A row per annotated segment that only one of both finds: picture (name), segment, class_id, area,
        found_by ("a" or "b"), iou there, and the reason why the other does not.
        """
        import pandas as pd

        sides = []
        for each in (self.a, self.b):
            frame = each.segments
            frame = frame[frame["annotated"] & frame["outcome"].isin(["matched", "missed"])]
            names = np.array([picture.name for picture in each.pictures])
            frame = frame.assign(picture=names[frame["picture"].to_numpy()])
            sides.append(frame[["picture", "segment", "class_id", "area", "outcome", "reason", "iou"]])
        both = sides[0].merge(
            sides[1][["picture", "segment", "outcome", "reason", "iou"]],
            on=["picture", "segment"],
            suffixes=("_a", "_b"),
        )
        both = both[both["outcome_a"].astype(str) != both["outcome_b"].astype(str)]
        by_b = (both["outcome_b"].astype(str) == "matched").to_numpy()
        return pd.DataFrame(
            {
                "picture": both["picture"],
                "segment": both["segment"],
                "class_id": both["class_id"],
                "area": both["area"],
                "found_by": np.where(by_b, "b", "a"),
                "iou": np.where(by_b, both["iou_b"], both["iou_a"]),
                "reason": np.where(by_b, both["reason_a"].astype(str), both["reason_b"].astype(str)),
            }
        ).reset_index(drop=True)

    @property
    def by_picture(self) -> list[tuple[str, int, int]]:
        """Name, and how many annotated segments only A and only B finds, of pictures in which they differ,
        most first.
        """
        groups = self.differences.groupby("picture", sort=False)["found_by"]
        found = [(str(name), int((by == "a").sum()), int((by == "b").sum())) for name, by in groups]
        return sorted(found, key=lambda each: -(each[1] + each[2]))


def compare_evaluations(a: Evaluation, b: Evaluation) -> RunComparison:
    """Compare two evaluations by one annotation, over the pictures that both have.

    Raises:
        GroundTruthError: they have no picture in common, or different classes.
    """
    if a.classes != b.classes:
        raise GroundTruthError("The two evaluations are by annotations of different classes.")
    place = {picture.name: number for number, picture in enumerate(b.pictures)}
    pairs = [(n, place[picture.name]) for n, picture in enumerate(a.pictures) if picture.name in place]
    if not pairs:
        raise GroundTruthError("The two runs have no annotated picture in common.")
    mine, theirs = (list(each) for each in zip(*pairs, strict=True))
    first, second = a.counts[mine], b.counts[theirs]
    members = members_of(a.classes)
    groups = {}
    for name in GROUPS:
        pq, sq, rq = (interval_of(second, first, members[name], column) for column in range(3))
        groups[name] = (pq, sq, rq)
    return RunComparison(a, b, groups, class_intervals(second, first), len(pairs))


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """How far two runs agree, without an annotation; neither is the truth, so void counts like any pixel.

    Attributes:
        quality: PQ of either against the other, per label and in the mean; they can change places.
        pictures: a row per picture: picture (name), pq, matched, only_a, only_b (numbers of segments).
        failures: (name, sentence) of each picture that could not be compared.
    """

    quality: PanopticQuality
    pictures: pd.DataFrame
    failures: tuple[tuple[str, str], ...]


def agreement_of(
    a: RunReader,
    b: RunReader,
    thresholds: Thresholds | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Agreement:
    """Compare the segments of two runs, picture by picture; labels meet by name.

    Args:
        a, b: the runs.
        thresholds: for the runs that have logits, the paper's by default.
        progress: called after each picture.

    Raises:
        GroundTruthError: they have no picture in common.
    """
    import pandas as pd

    names = {item.name for item in b}
    shared = [item for item in a if item.name in names]
    if not shared:
        raise GroundTruthError("The two runs have no picture in common.")
    vocabulary, of_b = _joint(a.header.vocabulary, b.header.vocabulary)
    total: PanopticQuality | None = None
    rows, failures = [], []
    for done, item in enumerate(shared, 1):
        try:
            left = LabelMap.of(_segmentation(item, thresholds))
            right = _renamed(_segmentation(b.find(item.name), thresholds), of_b)
            matching = match(left, right, void_counts=True)
            found = picture_quality(left, right, matching, vocabulary)
        except PanosegError as error:
            failures.append((item.name, sentence_of(error)))
        else:
            pq = found.all.pq if found.all else float("nan")
            counts = len(matching.matches), len(matching.missed), len(matching.surplus)
            rows.append((item.name, pq, *counts))
            total = found if total is None else _sum(total, found)
        progress(done, len(shared))
    if total is None:
        raise GroundTruthError(f"No picture could be compared. The first: {failures[0][1]}")
    frame = pd.DataFrame(rows, columns=["picture", "pq", "matched", "only_a", "only_b"])
    return Agreement(total, frame, tuple(failures))


def _segmentation(item: RunItem, thresholds: Thresholds | None) -> Segmentation:
    return item.segmentation((thresholds or Thresholds()) if item.run.has_thresholds else None)


def _renamed(segmentation: Segmentation, class_of: list[int]) -> LabelMap:
    return LabelMap(segmentation.id_map, {each.id: class_of[each.class_id] for each in segmentation.segments})


def _sum(one: PanopticQuality, other: PanopticQuality) -> PanopticQuality:
    return PanopticQuality(
        one.vocabulary, tuple(a + b for a, b in zip(one.classes, other.classes, strict=True))
    )


def _joint(a: Vocabulary, b: Vocabulary) -> tuple[Vocabulary, list[int]]:
    """A's labels and those that only B has, and for each class of B its place among them."""
    labels, things = list(a.labels), set(a.things)
    place = {label.casefold(): c for c, label in enumerate(labels)}
    of_b = []
    for c, label in enumerate(b.labels):
        if label.casefold() not in place:
            place[label.casefold()] = len(labels)
            if c in b.things:
                things.add(len(labels))
            labels.append(label)
        of_b.append(place[label.casefold()])
    return Vocabulary(labels, things), of_b
