"""Panoptic quality: how well predicted segments match annotated ones.

Kirillov et al., "Panoptic Segmentation", CVPR 2019 (arXiv 1801.00868), by the rules of panopticapi,
the reference implementation. Per class PQ = Σ IoU / (TP + ½ FP + ½ FN). It is SQ · RQ: the mean IoU
of the matches, times the F1 score of finding them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import InvalidValueError
from panoseg.vocabulary import Vocabulary

VOID = 0
_COUNTABLE = 1 << 24  # numbers below it are counted in a table, which is faster than to sort them
_BAND_PIXELS = 1 << 16


class _Segment(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def class_id(self) -> int: ...


class _Segmented(Protocol):
    @property
    def id_map(self) -> NDArray[np.int32]: ...
    @property
    def segments(self) -> Sequence[_Segment]: ...


@dataclass(frozen=True, slots=True, eq=False)
class LabelMap:
    """Segments of one picture, annotated or predicted.

    Attributes:
        id_map: (H, W) integers from 0; 0 is void.
        classes: class id of every segment id in the map.
        crowds: ids of segments that stand for an uncounted crowd of their class.

    Raises:
        InvalidValueError: ids in the map and in `classes` differ, or a crowd that is no segment.
    """

    id_map: NDArray[np.integer]
    classes: Mapping[int, int]
    crowds: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.id_map.ndim != 2 or not np.issubdtype(self.id_map.dtype, np.integer):
            raise InvalidValueError(
                f"id_map: wanted (H, W) integers, got {self.id_map.dtype} {self.id_map.shape}."
            )
        mapped = ids_in(self.id_map) - {VOID}
        if min(mapped, default=1) < 0:
            raise InvalidValueError(f"id_map: wanted ids from 0, got {min(mapped)}.")
        if lone := mapped ^ self.classes.keys():
            raise InvalidValueError(f"Segment {min(lone)} is in only one of the id map and the classes.")
        if strays := self.crowds - self.classes.keys():
            raise InvalidValueError(f"Crowd {min(strays)} is not a segment.")

    @classmethod
    def of(cls, segmented: _Segmented) -> LabelMap:
        """From a `Segmentation`, or anything else with an `id_map` and `segments`."""
        return cls(segmented.id_map, {s.id: s.class_id for s in segmented.segments})


@dataclass(frozen=True, slots=True)
class ClassQuality:
    """Counts of one class over all pictures: matches, false alarms and misses.

    `iou_sum` adds up the IoU of the matches.
    """

    true_positives: int = 0
    false_positives: int = 0
    false_negatives: int = 0
    iou_sum: float = 0.0

    def __add__(self, other: ClassQuality) -> ClassQuality:
        return ClassQuality(
            self.true_positives + other.true_positives,
            self.false_positives + other.false_positives,
            self.false_negatives + other.false_negatives,
            self.iou_sum + other.iou_sum,
        )

    @property
    def occurs(self) -> bool:
        """Whether the class was annotated or predicted at all (and not forgiven)."""
        return self._weight > 0

    @property
    def pq(self) -> float:
        """Panoptic quality, 0–1."""
        return self.iou_sum / self._weight if self.occurs else 0.0

    @property
    def sq(self) -> float:
        """Segmentation quality: mean IoU of the matches, 0–1."""
        return self.iou_sum / self.true_positives if self.true_positives else 0.0

    @property
    def rq(self) -> float:
        """Recognition quality: F1 score of the matches, 0–1."""
        return self.true_positives / self._weight if self.occurs else 0.0

    @property
    def _weight(self) -> float:
        return self.true_positives + (self.false_positives + self.false_negatives) / 2


@dataclass(frozen=True, slots=True)
class MeanQuality:
    """Mean over the `count` classes of a group that occur; each number 0–1."""

    pq: float
    sq: float
    rq: float
    count: int


@dataclass(frozen=True, slots=True)
class PanopticQuality:
    """The result over a set of pictures: `classes[class_id]`, C long."""

    vocabulary: Vocabulary
    classes: tuple[ClassQuality, ...]

    @property
    def all(self) -> MeanQuality | None:
        """Mean over all classes that occur; None where none does."""
        return self._mean(range(len(self.classes)))

    @property
    def things(self) -> MeanQuality | None:
        """Mean over the things that occur; None where none does."""
        return self._mean(sorted(self.vocabulary.things))

    @property
    def stuff(self) -> MeanQuality | None:
        """Mean over the stuff that occurs; None where none does."""
        return self._mean(c for c in range(len(self.classes)) if c not in self.vocabulary.things)

    def _mean(self, class_ids: Iterable[int]) -> MeanQuality | None:
        found = [self.classes[class_id] for class_id in class_ids if self.classes[class_id].occurs]
        if not found:
            return None
        pq, sq, rq = np.mean([(quality.pq, quality.sq, quality.rq) for quality in found], axis=0)
        return MeanQuality(float(pq), float(sq), float(rq), len(found))


def panoptic_quality(pairs: Iterable[tuple[LabelMap, LabelMap]], vocabulary: Vocabulary) -> PanopticQuality:
    """Compare pairs of (annotated, predicted) pictures.

    Raises:
        InvalidValueError: a pair of different sizes, or a class id outside the vocabulary.

    >>> import numpy as np
    >>> truth = LabelMap(np.array([[1, 1, 2, 2]]), {1: 0, 2: 1})
    >>> guess = LabelMap(np.array([[1, 1, 1, 2]]), {1: 0, 2: 1})
    >>> panoptic_quality([(truth, guess)], Vocabulary(["sky", "car"], things=[1])).stuff.pq
    0.6666666666666666
    """
    totals = [ClassQuality()] * len(vocabulary)
    for truth, guess in pairs:
        picture = picture_quality(truth, guess, match(truth, guess), vocabulary)
        totals = [total + quality for total, quality in zip(totals, picture.classes, strict=True)]
    return PanopticQuality(vocabulary, tuple(totals))


def picture_quality(
    truth: LabelMap, guess: LabelMap, matching: Matching, vocabulary: Vocabulary
) -> PanopticQuality:
    """The quality of one picture whose segments are matched already.

    Raises:
        InvalidValueError: a class id outside the vocabulary.
    """
    classes = [ClassQuality()] * len(vocabulary)
    for class_id in (*truth.classes.values(), *guess.classes.values()):
        if not 0 <= class_id < len(vocabulary):
            raise InvalidValueError(f"Class id: wanted 0 to {len(vocabulary) - 1}, got {class_id}.")
    for (t, _), iou in matching.matches.items():
        classes[truth.classes[t]] += ClassQuality(true_positives=1, iou_sum=iou)
    for t in matching.missed:
        classes[truth.classes[t]] += ClassQuality(false_negatives=1)
    for g in matching.surplus:
        classes[guess.classes[g]] += ClassQuality(false_positives=1)
    return PanopticQuality(vocabulary, tuple(classes))


@dataclass(frozen=True, slots=True)
class Matching:
    """Which segments of two maps of one picture are the same object.

    Attributes:
        matches: IoU, above 0.5, of each pair (annotated id, predicted id) that matches.
        missed: annotated ids without a match; no crowds.
        surplus: predicted ids without a match, unless more than half of one lies on void or on a crowd of
            its class.
    """

    matches: Mapping[tuple[int, int], float]
    missed: frozenset[int]
    surplus: frozenset[int]


def match(truth: LabelMap, guess: LabelMap, *, void_counts: bool = False) -> Matching:
    """Match the segments of an annotated and a predicted map of one size.

    An annotation's void is what nobody looked at, and what is predicted there is not held against a
    model. Where the first map is a prediction, too, its void says that nothing is there: with
    `void_counts` it is part of unions and forgives nothing, so that neither side is preferred.

    Raises:
        InvalidValueError: maps of different sizes.
    """
    if truth.id_map.shape != guess.id_map.shape:
        raise InvalidValueError(
            f"Wanted two maps of one size, got {truth.id_map.shape} and {guess.id_map.shape}."
        )
    shared = _intersections(truth.id_map, guess.id_map)
    truth_area, guess_area = dict.fromkeys(truth.classes, 0), dict.fromkeys(guess.classes, 0)
    forgiven = dict.fromkeys(guess.classes, 0)  # pixels on void or on a crowd of its class
    void = dict.fromkeys(guess.classes, 0)
    for (t, g), area in shared.items():
        if t != VOID:
            truth_area[t] += area
        if g != VOID:
            guess_area[g] += area
            unknown = t == VOID and not void_counts
            void[g] += area if unknown else 0
            of_its_crowd = t in truth.crowds and truth.classes[t] == guess.classes[g]
            forgiven[g] += area if unknown or of_its_crowd else 0

    matches: dict[tuple[int, int], float] = {}
    for (t, g), area in shared.items():
        if t == VOID or g == VOID or t in truth.crowds or truth.classes[t] != guess.classes[g]:
            continue
        iou = area / (truth_area[t] + guess_area[g] - area - void[g])
        if iou > 0.5:  # at most one partner can reach this, so no assignment is needed
            matches[t, g] = iou
    return Matching(
        matches,
        frozenset(truth.classes.keys() - truth.crowds - {t for t, _ in matches}),
        frozenset(
            g for g in guess.classes.keys() - {g for _, g in matches} if forgiven[g] <= guess_area[g] / 2
        ),
    )


def ids_in(id_map: NDArray[np.integer]) -> set[int]:
    """The ids that occur, void's among them."""
    if id_map.min(initial=0) < 0 or id_map.max(initial=0) >= _COUNTABLE:
        return set(np.unique(id_map).tolist())
    occurs = np.zeros(int(id_map.max(initial=0)) + 1, dtype=bool)
    occurs[id_map] = True
    return set(np.flatnonzero(occurs).tolist())


def _intersections(first: NDArray[np.integer], second: NDArray[np.integer]) -> dict[tuple[int, int], int]:
    """Pixels that each pair of ids shares."""
    base = int(second.max(initial=0)) + 1
    count = base * (int(first.max(initial=0)) + 1)
    firsts, seconds = first.ravel(), second.ravel()
    if count > _COUNTABLE:
        # There are far fewer runs of equal pairs to sort than pixels.
        both = firsts.astype(np.int64) * base + seconds
        starts = np.flatnonzero(np.append(True, both[1:] != both[:-1]))
        pairs, place = np.unique(both[starts], return_inverse=True)
        areas = np.bincount(place, np.diff(starts, append=len(both))).astype(np.int64)
    else:
        areas = np.zeros(count, np.int64)
        step = max(count, _BAND_PIXELS)
        for start in range(0, len(firsts), step):
            band = slice(start, start + step)
            areas += np.bincount(firsts[band].astype(np.int64) * base + seconds[band], minlength=count)
        pairs = np.flatnonzero(areas)
        areas = areas[pairs]
    return {divmod(int(c), base): int(area) for c, area in zip(pairs, areas, strict=True)}
