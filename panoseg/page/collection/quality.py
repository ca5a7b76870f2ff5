"""What an evaluation says of a run, for its pictures and for the Evaluation tab, in plain JSON types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.collection.evaluated import Evaluated
from panoseg.collection.evaluations import Work, annotation_of
from panoseg.collection.lost_tiles import draw_lost
from panoseg.collection.one_annotation import annotation_files
from panoseg.collection.opened import OpenedRun
from panoseg.collection.questions import Condition, Lost, read_question
from panoseg.collection.shelf import Shelved
from panoseg.collection.told import told
from panoseg.errors import InvalidValueError, RunError
from panoseg.evaluation.figures import Quality
from panoseg.label_colors import label_color
from panoseg.page.annotation_files import AnnotationFiles
from panoseg.page.collection.asked import Asked
from panoseg.page.collection.desk import Desk
from panoseg.thresholds import Thresholds

MOST_LOSSES = 60
MOST_NAMED = 3
"""Pictures that could not be evaluated, of which it is said why."""


@dataclass(frozen=True, eq=False)
class Looked:
    """An evaluation as far as it is.

    Attributes:
        thresholds: that are looked at.
        annotation: None where the run has none.
        waits: whether the run itself is still being made; it is evaluated afterwards.
        work: on its way or done; None where nobody asked for it.
        is_whole: whether nothing more comes of it than what is found here.
        found: what is known by now: at the thresholds, or else at others.
    """

    thresholds: Thresholds
    annotation: Path | None = None
    waits: bool = False
    work: Work | None = None
    is_whole: bool = True
    found: Evaluated | None = None

    def quality_of(self, positions: list[int]) -> NDArray[np.float64] | None:
        """PQ of each picture at the thresholds; None where it is not known (yet)."""
        return None if self.found is None else self.found.quality_of(positions, self.thresholds)

    def lost_in(self, positions: list[int]) -> Callable[[Lost], NDArray[np.bool_]] | None:
        """Says in which pictures something was lost."""
        found = self.found
        return None if found is None else lambda lost: found.pictures_with(lost, positions)


def look(
    desk: Desk, shelved: Shelved, opened: OpenedRun, asked: Asked, conditions: list[Condition]
) -> Looked:
    """What is known of a run's quality; where it is asked for, have it made.

    Raises:
        InvalidValueError: a condition asks an evaluation, and there is no annotation.
    """
    thresholds = asked.thresholds if opened.has_thresholds else Thresholds()
    annotation = annotation_of(shelved)
    if annotation is None:
        for each in conditions:
            if each.kind == "lost":
                raise InvalidValueError(
                    f"“{each.text}” asks an evaluation, and this collection has no annotation."
                )
        return Looked(thresholds)
    job = desk.jobs.find(shelved.id)
    if job is not None and job.state in ("waiting", "running"):
        return Looked(thresholds, annotation, waits=True)
    wanted = asked.evaluates or asked.sort == "pq" or any(each.kind == "lost" for each in conditions)
    work = desk.evaluations.get(opened, annotation, thresholds) if wanted else None
    # Before what is found is read: an evaluation that ends between the two is not whole yet and is asked for
    # again; the other way round it would be whole with nothing found, and its figures would never come.
    is_whole = work is None or work.is_over
    found = desk.evaluations.nearest(opened, annotation, thresholds)
    return Looked(thresholds, annotation, work=work, is_whole=is_whole, found=found)


def annotation_beside(desk: Desk, run: str, position: int, thresholds: Thresholds) -> AnnotationFiles | None:
    """The annotation of a run's picture, for the page of pictures; None where it was not evaluated.

    Raises:
        RunError, GroundTruthError: the run or the annotation cannot be read any more.
    """
    shelved, opened = desk.open(run)
    path = annotation_of(shelved)
    found = None if path is None else desk.evaluations.nearest(opened, path, thresholds)
    files = None if found is None else annotation_files(found, position)
    return None if files is None else AnnotationFiles(*files)


def lost_map(desk: Desk, shelved: Shelved, opened: OpenedRun, position: int, asked: Asked) -> bytes | None:
    """A tile in which the segments that were lost are lit up; None where it has none, or nobody knows yet.

    Args:
        desk, shelved, opened: as of `look`.
        position: of the picture in the run.
        asked: whose question says what was lost.

    Raises:
        InvalidValueError, RunError, GroundTruthError: the question makes no sense, or what it takes cannot be
            read any more.
    """
    wanted = [c.subject for c in read_question(asked.question, opened.labels) if c.kind == "lost"]
    path = annotation_of(shelved)
    if path is None or not wanted:
        return None
    found = desk.evaluations.nearest(opened, path, asked.thresholds)
    return None if found is None else draw_lost(found, opened.item(position), wanted)


def lost_stamp(looked: Looked, conditions: list[Condition]) -> str:
    """Names the evaluation of which lost segments are lit up in tiles; empty where none are.

    A browser keeps tiles by their address: with another evaluation it is another address.
    """
    found = looked.found
    if found is None or not any(each.kind == "lost" for each in conditions):
        return ""
    at = found.evaluation.thresholds
    return f"{len(found.places)}" if at is None else f"{at.score} {at.mask} {at.overlap}"


def marks_answer(desk: Desk, shelved: Shelved, opened: OpenedRun, asked: Asked) -> dict[str, Any]:
    """The threshold surface, reliability and confusion, of an evaluation that is there.

    Raises:
        RunError: there is none.
    """
    path = annotation_of(shelved)
    found = None if path is None else desk.evaluations.nearest(opened, path, asked.thresholds)
    if found is None:
        raise RunError("This run is not evaluated yet.")
    return found.marks


def evaluating(looked: Looked) -> str:
    """How far an evaluation is that was asked for, or why it failed; empty where nothing is waited for."""
    work = looked.work
    if looked.waits or work is None or (looked.is_whole and looked.found is not None):
        return ""
    if work.words:
        return work.words
    return f"Evaluating {work.done:,} of {work.total:,} pictures" if work.total else "Evaluating …"


def quality_answer(looked: Looked, shown: list[int], conditions: list[Condition]) -> dict[str, Any] | None:
    """What the Evaluation tab shows; None where there is nothing to evaluate against.

    Args:
        looked: what is known.
        shown: positions of the pictures that are left, in their order.
        conditions: that left them.
    """
    if looked.annotation is None:
        return None
    work, found = looked.work, looked.found
    answer: dict[str, Any] = {
        "working": not looked.is_whole,
        "problem": work.words if work is not None else "",
        "done": work.done if work is not None else 0,
        "total": work.total if work is not None else 0,
        "figures": None,
        "classes": [],
        "reasons": [],
        "reasons_at": None,
        "losses": [],
        "notes": [],
    }
    if looked.waits:
        answer["notes"] = ["This run is being made; it is evaluated once all its pictures are there."]
    if found is None:
        return answer
    figures = found.figures_at(looked.thresholds)
    evaluation = found.evaluation
    if figures is not None:
        answer["figures"] = {name: asdict(each) for name, each in figures.groups.items()}
        answer["classes"] = _classes(found, figures.classes, figures.counts)
    at = evaluation.thresholds
    return {
        **answer,
        "reasons": [
            {
                "side": each.side,
                "reason": each.reason,
                "words": each.words,
                "count": each.count,
                "pq": each.pq["all"],
            }
            for each in evaluation.costs
        ],
        "reasons_at": None if at is None else asdict(at),
        "losses": [
            each._asdict()
            for each in found.losses([c.subject for c in conditions if c.kind == "lost"], shown, MOST_LOSSES)
        ],
        "notes": [*answer["notes"], *_notes(found)],
    }


def _classes(
    found: Evaluated, qualities: tuple[Quality, ...], counts: NDArray[np.float64]
) -> list[dict[str, Any]]:
    """Those that occur. What each lost is that of the evaluation, which may stand at other thresholds."""
    return [
        {
            "name": each.name,
            "thing": each.is_thing,
            "color": list(label_color(each.name)),
            "pq": quality.pq,
            "sq": quality.sq,
            "rq": quality.rq,
            "found": int(counts[place, 1]),
            "surplus": int(counts[place, 2]),
            "missed": int(counts[place, 3]),
            "lost": [
                {"side": side, "reason": reason, "count": int(numbers[place])}
                for (side, reason), numbers in found.lost.items()
                if numbers[place]
            ],
        }
        for place, (each, quality) in enumerate(zip(found.evaluation.classes, qualities, strict=True))
        if quality.count
    ]


def _notes(found: Evaluated) -> list[str]:
    evaluation, match = found.evaluation, found.evaluation.class_match
    notes = []
    if evaluation.missing:
        notes.append(f"Annotated pictures that are not in this run, and left out: {evaluation.missing:,}.")
    if evaluation.surplus:
        notes.append(f"Pictures that are not annotated: {evaluation.surplus:,}.")
    resized = sum(each.resized for each in evaluation.pictures)
    if resized:
        notes.append(f"Annotations of another size than the picture, whose own counts: {resized:,}.")
    if evaluation.failures:
        sentences = " ".join(told(reason) for _, reason in evaluation.failures[:MOST_NAMED])
        notes.append(f"Pictures that could not be evaluated: {len(evaluation.failures)}. {sentences}")
    if match.only_annotation:
        notes.append(f"Not known to the model: {', '.join(match.only_annotation)}.")
    if match.only_model:
        notes.append(f"Not annotated, so not counted: {', '.join(match.only_model)}.")
    return notes
