"""What was predicted of one picture, as far as an evaluation needs it: counts of pixels, never a map."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from panoseg.evaluation.annotations import Truth
from panoseg.evaluation.classes import ClassMatch
from panoseg.merging import Fate
from panoseg.merging.ranking import are_things
from panoseg.merging.segment_rules import select_segments
from panoseg.merging.tallies import tally_maps, tally_masks, tally_owners
from panoseg.prediction import Prediction
from panoseg.segmentation import Segmentation
from panoseg.thresholds import Thresholds

LEAST_PROBABILITY = 0.02
"""Queries of which no class, "no object" aside, is likelier than this say nothing (and runs leave their masks
out)."""


@dataclass(frozen=True, slots=True, eq=False)
class Proposals:
    """The K queries of a picture that propose something, whatever became of them.

    Attributes:
        queries: (K,) their indices.
        model_classes: (K,) the likeliest class of each, "no object" aside.
        classes: (K,) that class's place among the annotation's, or −1.
        scores: (K,) its probability.
        no_object: (K,) bool: "no object" is likelier still.
        own: (K, T + 1) pixels of its own mask on void and on each annotated segment.
        final: (K, T + 1) the same of the pixels that are left to it; all 0 where it was not kept.
        overlap: (K,) share of its own mask that it owns, 0 where it was not kept.
        fates: K, what became of each.
        segments: (K,) number of the predicted segment that it paints into, 0 for none.
    """

    queries: NDArray[np.int64]
    model_classes: NDArray[np.int64]
    classes: NDArray[np.int64]
    scores: NDArray[np.float64]
    no_object: NDArray[np.bool_]
    own: NDArray[np.int64]
    final: NDArray[np.int64]
    overlap: NDArray[np.float64]
    fates: tuple[Fate, ...]
    segments: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """The N predicted segments of a picture, numbered as in the segmentation, and how they came about.

    Attributes:
        numbers: (N,) their ids in the segmentation.
        model_classes, classes: (N,) class of the model, and its place among the annotation's, or −1.
        scores: (N,) 0–1.
        boxes: (N, 4) x, y, width, height in pixels.
        shared: (N, T + 1) pixels of each on void and on each annotated segment.
        proposals: what the queries proposed; None where there are no logits.
    """

    numbers: NDArray[np.int64]
    model_classes: NDArray[np.int64]
    classes: NDArray[np.int64]
    scores: NDArray[np.float64]
    boxes: NDArray[np.int64]
    shared: NDArray[np.int64]
    proposals: Proposals | None


def at_size(prediction: Prediction, size: tuple[int, int]) -> Prediction:
    """The same prediction of a picture of another size: merging brings its masks to that size."""
    return prediction if prediction.image_size == size else replace(prediction, image_size=size)


def guess_of(prediction: Prediction, thresholds: Thresholds, truth: Truth, match: ClassMatch) -> Guess:
    """The segments that `panoptic` makes of a prediction, counted on an annotation of its size."""
    owners = tally_owners(prediction, thresholds, truth.map)
    kept = owners.kept
    likeliest = prediction.class_probabilities[:, :-1]
    proposing = np.flatnonzero(likeliest.max(axis=1) > LEAST_PROBABILITY)
    proposing = np.union1d(proposing, kept)
    own = tally_masks(prediction, thresholds.mask, proposing, truth.map)
    place = np.searchsorted(proposing, kept)
    fates, segment_of = select_segments(
        prediction.labels[kept],
        are_things(prediction, kept),
        owners.owned,
        own[place].sum(axis=1),
        owners.final.sum(axis=1),
        thresholds.overlap,
    )
    count = int(segment_of.max(initial=0))
    shared = np.zeros((count + 1, owners.final.shape[1]), np.int64)
    np.add.at(shared, segment_of, owners.final)
    model_classes, scores = np.zeros(count, np.int64), np.zeros(count)
    boxes = np.zeros((count, 4), np.int64)
    for number in range(1, count + 1):
        parts = np.flatnonzero(segment_of == number)
        model_classes[number - 1] = prediction.labels[kept[parts[0]]]
        weights = owners.extents[parts, 0]
        scores[number - 1] = min(1.0, float(np.average(prediction.scores[kept[parts]], weights=weights)))
        boxes[number - 1] = _box(owners.extents[parts])
    proposals = _proposals(
        prediction, match, proposing, own, kept, owners.final, fates, segment_of, owners.owned
    )
    numbers = np.arange(1, count + 1)
    return Guess(numbers, model_classes, match.annotated[model_classes], scores, boxes, shared[1:], proposals)


def _proposals(
    prediction: Prediction,
    match: ClassMatch,
    proposing: NDArray[np.int64],
    own: NDArray[np.int64],
    kept: NDArray[np.int64],
    final: NDArray[np.int64],
    fates: list[Fate],
    segment_of: NDArray[np.int32],
    owned: NDArray[np.int64],
) -> Proposals:
    place = np.searchsorted(proposing, kept)
    probabilities = prediction.class_probabilities[proposing, :-1]
    model_classes = probabilities.argmax(axis=1)
    no_object = prediction.labels[proposing] == len(prediction.vocabulary)
    its_final = np.zeros(own.shape, np.int64)
    its_final[place] = final
    overlap, segments = np.zeros(len(proposing)), np.zeros(len(proposing), np.int64)
    original = own[place].sum(axis=1)
    overlap[place] = np.divide(owned, original, out=np.zeros(len(kept)), where=original > 0)
    segments[place] = segment_of
    all_fates = [Fate.NO_OBJECT if none else Fate.LOW_SCORE for none in no_object]
    for k, fate in zip(place.tolist(), fates, strict=True):
        all_fates[k] = fate
    return Proposals(
        proposing,
        model_classes,
        match.annotated[model_classes],
        probabilities.max(axis=1, initial=0.0),
        no_object,
        own,
        its_final,
        overlap,
        tuple(all_fates),
        segments,
    )


def guess_of_map(segmentation: Segmentation, truth: Truth, match: ClassMatch) -> Guess:
    """The segments of a finished map, brought to the annotation's size by nearest neighbours if need be."""
    id_map = segmentation.id_map
    if id_map.shape != truth.size:
        rows, columns = (
            (np.arange(target) * 2 + 1) * source // (2 * target)
            for source, target in zip(id_map.shape, truth.size, strict=True)
        )
        id_map = id_map[rows[:, None], columns[None, :]]
    count = len(segmentation.segments)
    shared = tally_maps(id_map, count + 1, truth.map.numbers, len(truth.map.ids) + 1)[1:]
    seen = np.array([bool(row.any()) for row in shared], bool)  # a small one may vanish with the size
    segments = [each for each, is_there in zip(segmentation.segments, seen, strict=True) if is_there]
    model_classes = np.array([each.class_id for each in segments], np.int64)
    return Guess(
        np.array([each.id for each in segments], np.int64),
        model_classes,
        match.annotated[model_classes],
        np.array([each.score for each in segments], np.float64),
        np.array([each.bbox for each in segments], np.int64).reshape(-1, 4),
        shared[seen],
        None,
    )


def _box(extents: NDArray[np.int64]) -> tuple[int, int, int, int]:
    top, left = int(extents[:, 1].min()), int(extents[:, 2].min())
    return left, top, int(extents[:, 4].max()) - left, int(extents[:, 3].max()) - top
