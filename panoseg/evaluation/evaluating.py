"""The pass over a run: each picture's prediction and annotation are read once, on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import GroundTruthError, PanosegError
from panoseg.evaluation.annotations import AnnotatedClass, AnnotatedPicture, Annotations, Truth
from panoseg.evaluation.classes import ClassMatch, match_classes
from panoseg.evaluation.confusion import confusion_of
from panoseg.evaluation.costs import Cost, costs_of
from panoseg.evaluation.figures import Counts, Figures, counts_of, figures_of
from panoseg.evaluation.guess import Guess, Proposals, at_size, guess_of, guess_of_map
from panoseg.evaluation.judging import Judged, judge
from panoseg.evaluation.pairing import pair_pictures
from panoseg.evaluation.reasons import Missed
from panoseg.evaluation.rows import Row, frame_of_rows, rows_of, rows_without_prediction
from panoseg.evaluation.sweeping import PictureSweep, back_at, sweep_picture
from panoseg.evaluation.why_missed import MissedRules
from panoseg.evaluation.why_surplus import SurplusRules
from panoseg.merging.tallies import tally_masks
from panoseg.prediction import Prediction
from panoseg.runs import RunItem
from panoseg.runs.reading import RunReader
from panoseg.thresholds import Thresholds

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]
"""Called with the number of pictures that are done, and of all."""

_AHEAD = 4  # pictures per core that are read or wait to be taken


@dataclass(frozen=True, slots=True)
class EvaluatedPicture:
    """One annotated picture that was evaluated.

    Attributes:
        name: as the annotation calls it.
        run_name: as the run calls it; None where the run lacks it.
        size: (H, W) in pixels at which it was evaluated, the annotation's.
        resized: whether the run's picture has another size.
    """

    name: str
    run_name: str | None
    size: tuple[int, int]
    resized: bool


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What an evaluation found.

    Attributes:
        classes: the annotation's, C of them.
        pictures: that were evaluated, P of them, in the annotation's order.
        segments: a row per segment, `panoseg.evaluation.rows.Row`.
        thresholds: of the predictions; None for a run of finished maps.
        class_match: how the model's classes and the annotation's meet.
        missing: how many annotated pictures the run lacks.
        surplus: how many of the run's pictures are not annotated; they play no role.
        failures: (name, sentence) of each picture that could not be evaluated; they are not in the figures.
        proposals: a row per query that says something, before any threshold: picture, class_id, score, and
            whether its own mask would match (the surest of several); None for a run of finished maps.
        sweep_masks: the mask thresholds of the sweeps.
        sweeps: for each picture what all thresholds would make of it; empty where that was not asked for.
    """

    classes: tuple[AnnotatedClass, ...]
    pictures: tuple[EvaluatedPicture, ...]
    segments: pd.DataFrame
    thresholds: Thresholds | None
    class_match: ClassMatch
    missing: int
    surplus: int
    failures: tuple[tuple[str, str], ...] = ()
    proposals: pd.DataFrame | None = field(default=None, repr=False)
    sweep_masks: tuple[float, ...] = ()
    sweeps: tuple[PictureSweep, ...] = field(default=(), repr=False)

    @cached_property
    def counts(self) -> Counts:
        """(P, C, 4) per picture and class: IoU sum, TP, FP, FN. The sum over pictures is the data set's."""
        return counts_of(self.segments, len(self.classes), by_picture=len(self.pictures))

    @cached_property
    def figures(self) -> Figures:
        """PQ, SQ, RQ, as panopticapi has them."""
        return figures_of(self.counts.sum(axis=0), self.classes)

    @cached_property
    def costs(self) -> tuple[Cost, ...]:
        """What each reason costs."""
        return costs_of(self.segments, self.classes)

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """(C + 1, C + 1), see `confusion_of`."""
        return confusion_of(self.segments, len(self.classes))

    @cached_property
    def picture_quality(self) -> NDArray[np.float64]:
        """(P,) PQ of each picture over the classes that occur in it; NaN where none does."""
        from panoseg.evaluation.figures import group_means, qualities

        return group_means(qualities(self.counts), np.ones(len(self.classes), bool))[..., 0]


@dataclass(slots=True)
class _Result:
    rows: list[Row]
    picture: EvaluatedPicture
    sweep: PictureSweep | None = None
    proposals: tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]] | None = None


def evaluate_run(
    run: RunReader,
    annotations: Annotations,
    thresholds: Thresholds | None = None,
    *,
    mapping: str | os.PathLike[str] | None = None,
    subset: bool = False,
    sweep_masks: tuple[float, ...] = (),
    progress: Progress = lambda done, total: None,
    threads: int | None = None,
) -> Evaluation:
    """Evaluate the panoptic segmentation of a run.

    Args:
        run: what was predicted.
        annotations: what is there.
        thresholds: the paper's by default; None for a run of finished maps.
        mapping: see `match_classes`.
        subset: leave out annotated pictures that the run lacks; by default all their segments are missed.
        sweep_masks: mask thresholds for which all score and overlap thresholds are looked at, too; that costs
            about as much again. With the mask threshold itself among them, the thresholds that reasons name
            are known to bring the segments back. Empty for a run of finished maps.
        progress: called after each picture.
        threads: how many pictures are worked on at a time; by default as many as there are cores.

    Raises:
        GroundTruthError: the annotation is of other pictures, or none could be evaluated.
        InvalidValueError: the classes have nothing in common; thresholds for a run of finished maps.
    """
    if not run.has_thresholds and (thresholds is not None or sweep_masks):
        run.refuse_thresholds()
    values = (thresholds or Thresholds()) if run.has_thresholds else None
    match = match_classes(run.header.vocabulary, annotations.classes, mapping)
    items = {item.name: item for item in run}
    pairing = pair_pictures(annotations.pictures, items)
    wanted = [
        (picture, None if name is None else items[name])
        for picture, name in zip(annotations.pictures, pairing.names, strict=True)
        if name is not None or not subset
    ]
    work = _Work(annotations, match, values, sweep_masks)
    rows: list[Row] = []
    pictures: list[EvaluatedPicture] = []
    sweeps: list[PictureSweep] = []
    failures: list[tuple[str, str]] = []
    proposals = []
    for done, (picture, result) in enumerate(_in_order(work, wanted, threads), 1):
        if isinstance(result, PanosegError):
            failures.append((picture.name, " ".join(str(result).split())))
        else:
            rows += [row._replace(picture=len(pictures)) for row in result.rows]
            if result.proposals is not None:
                proposals.append((len(pictures), *result.proposals))
            pictures.append(result.picture)
            if result.sweep is not None:
                sweeps.append(result.sweep)
        progress(done, len(wanted))
    if not pictures:
        raise GroundTruthError(f"No picture could be evaluated. The first: {failures[0][1]}")
    return Evaluation(
        annotations.classes, tuple(pictures), frame_of_rows(rows), values, match,
        pairing.missing, pairing.surplus, tuple(failures),
        None if values is None else _proposals_frame(proposals), sweep_masks, tuple(sweeps),
    )  # fmt: skip


def _proposals_frame(
    found: list[tuple[int, NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]],
) -> pd.DataFrame:
    import pandas as pd

    pictures, classes, scores, right = zip(*found, strict=True) if found else ((), (), (), ())
    return pd.DataFrame(
        {
            "picture": np.repeat(np.array(pictures, np.int32), [len(each) for each in scores]),
            "class_id": np.concatenate(classes).astype(np.int32) if found else np.zeros(0, np.int32),
            "score": np.concatenate(scores) if found else np.zeros(0),
            "right": np.concatenate(right) if found else np.zeros(0, bool),
        }
    )


def _in_order(
    work: _Work, wanted: list[tuple[AnnotatedPicture, RunItem | None]], threads: int | None
) -> Iterator[tuple[AnnotatedPicture, _Result | PanosegError]]:
    """Each picture's result in order; a few are worked on ahead."""
    cores = threads or (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    with ThreadPoolExecutor(cores, thread_name_prefix="panoseg-evaluation") as pool:
        waiting: list[tuple[AnnotatedPicture, Future[_Result | PanosegError]]] = []
        try:
            for picture, item in wanted:
                waiting.append((picture, pool.submit(work, picture, item)))
                if len(waiting) >= _AHEAD * cores:
                    first, future = waiting.pop(0)
                    yield first, future.result()
            for first, future in waiting:
                yield first, future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is done with one picture; threads share it."""

    annotations: Annotations
    match: ClassMatch
    thresholds: Thresholds | None
    sweep_masks: tuple[float, ...]

    def __call__(self, picture: AnnotatedPicture, item: RunItem | None) -> _Result | PanosegError:
        try:
            truth = self.annotations.truth(picture)
            if item is None:
                seen = EvaluatedPicture(picture.name, None, truth.size, False)
                sweep = PictureSweep.nothing(truth, len(self.sweep_masks)) if self.sweep_masks else None
                return _Result(rows_without_prediction(0, truth), seen, sweep)
            seen = EvaluatedPicture(picture.name, item.name, truth.size, item.size != truth.size)
            if self.thresholds is None:
                guess = guess_of_map(item.segmentation(), truth, self.match)
                return _Result(judged_rows(truth, guess, self.match, Thresholds())[1], seen)
            prediction = at_size(item.prediction(), truth.size)
            guess = guess_of(prediction, self.thresholds, truth, self.match)
            _, rows = judged_rows(truth, guess, self.match, self.thresholds, prediction)
            sweep = None
            if self.sweep_masks:
                sweep = sweep_picture(prediction, self.sweep_masks, truth, self.match)
                if self.thresholds.mask in self.sweep_masks:
                    place = self.sweep_masks.index(self.thresholds.mask)
                    rows = [_exact(row, truth, sweep, place, self.thresholds) for row in rows]
            return _Result(rows, seen, sweep, judged_proposals(guess.proposals, truth))
        except PanosegError as error:
            return error


def _exact(row: Row, truth: Truth, sweep: PictureSweep, mask: int, thresholds: Thresholds) -> Row:
    """A row whose threshold, where it names one of score or overlap, is known to bring the segment back."""
    if not row.annotated or row.reason not in (Missed.SCORE, Missed.OVERLAP):
        return row
    number = int(np.searchsorted(truth.map.ids, row.segment)) + 1
    score, overlap = back_at(sweep, number, mask, thresholds.score, thresholds.overlap)
    return row._replace(threshold=score if row.reason == Missed.SCORE else overlap)


def judged_rows(
    truth: Truth,
    guess: Guess,
    match: ClassMatch,
    thresholds: Thresholds,
    prediction: Prediction | None = None,
) -> tuple[Judged, list[Row]]:
    """One picture's matches and rows (its number is 0).

    Args:
        truth: what is annotated.
        guess: what was predicted.
        match: how the classes meet.
        thresholds: of the guess.
        prediction: it was made of, at the annotation's size; None for a finished map.
    """

    def own_mask(query: int, mask: float) -> NDArray[np.int64]:
        if prediction is None:
            return np.zeros(len(truth.map.ids) + 1, np.int64)
        return tally_masks(prediction, mask, np.array([query]), truth.map)[0]

    judged = judge(guess.shared, guess.classes, truth)
    missed = MissedRules(truth, guess, judged, match, thresholds, own_mask)
    return judged, rows_of(0, truth, guess, judged, missed, SurplusRules(truth, guess, judged))


def judged_proposals(
    proposals: Proposals | None, truth: Truth
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """Class, score and rightness of each query that says something and would count, the surest first.

    One is right if its own mask would match an annotated segment that no surer one would.
    """
    if proposals is None:
        return np.zeros(0, np.int64), np.zeros(0), np.zeros(0, bool)
    says = np.flatnonzero(~proposals.no_object & (proposals.own.sum(axis=1) > 0))
    order = says[np.argsort(-proposals.scores[says], kind="stable")]
    judged = judge(proposals.own[order], proposals.classes[order], truth)
    first = np.zeros(len(order), bool)
    first[np.unique(judged.partner, return_index=True)[1]] = True
    keep = judged.counts
    right = first & (judged.partner > 0)
    return proposals.classes[order][keep], proposals.scores[order][keep], right[keep]
