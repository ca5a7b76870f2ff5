"""Panoptic merging by the inference rules of the Mask2Former paper's own code.

Cheng et al., "Masked-attention Mask Transformer for Universal Image Segmentation", CVPR 2022
(arXiv 2112.01527); the task is from Kirillov et al., "Panoptic Segmentation", CVPR 2019.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.candidates import Candidate, Fate
from panoseg.merging.extents import box_of
from panoseg.merging.ownership import Ownership, find_owners
from panoseg.merging.query_masks import mask_areas
from panoseg.merging.ranking import are_things, kept_queries
from panoseg.merging.segment_rules import select_segments
from panoseg.prediction import Prediction
from panoseg.segment import Segment
from panoseg.segmentation import Segmentation
from panoseg.thresholds import Thresholds


def panoptic(prediction: Prediction, thresholds: Thresholds = Thresholds()) -> Segmentation:  # noqa: B008
    """Segments of the photo, none overlapping.

    1. Mask logits are resized to the photo (`panoseg.merging.grid`), then put through the sigmoid.
    2. A query is kept if its label is not "no object" and its score is strictly above `score`.
    3. Each pixel is owned by the kept query with the largest score × probability, the first on a tie.
    4. A kept query's final pixels are those that it owns and where its probability is ≥ `mask`. It is
       dropped if it owns none, has no pixel at or above `mask`, has no final pixel, or if it owns less
       than `overlap` of the pixels at or above `mask`. Its pixels are given to nobody else.
    5. Things: a segment per query. Stuff: a segment per class.

    Args:
        prediction: of any geometry; time follows the length of the segments' boundaries, and memory is that
            of the id map.
        thresholds: the paper's by default.

    Returns:
        An id map of shape (H, W), the photo's, and segments numbered in query order.
    """
    return _merge(prediction, thresholds, np.zeros(0, np.int64))[0]


def merge(prediction: Prediction, thresholds: Thresholds) -> tuple[Segmentation, tuple[Candidate, ...]]:
    """`panoptic` and `candidates`, for little more than the price of one."""
    return _merge(prediction, thresholds, np.arange(len(prediction.mask_logits)))


def candidates(
    prediction: Prediction,
    thresholds: Thresholds = Thresholds(),  # noqa: B008
) -> tuple[Candidate, ...]:
    """What became of each query, and why: one row per query, in query order."""
    return merge(prediction, thresholds)[1]


def _merge(
    prediction: Prediction, thresholds: Thresholds, measured: NDArray[np.int64]
) -> tuple[Segmentation, tuple[Candidate, ...]]:
    """Segments and candidates; of queries that are not kept, only the `measured` ones have an `original`."""
    kept = kept_queries(prediction, thresholds.score)
    ownership = find_owners(prediction, kept, thresholds.mask)
    original = np.zeros(len(prediction.mask_logits), np.int64)
    measured = np.union1d(kept, measured)
    original[measured] = mask_areas(prediction, thresholds.mask, measured)
    fates, segment_of = select_segments(
        prediction.labels[kept],
        are_things(prediction, kept),
        ownership.owned,
        original[kept],
        ownership.final,
        thresholds.overlap,
    )
    id_map = ownership.paint(segment_of)
    segments = tuple(
        _segment(prediction, number, kept, np.flatnonzero(segment_of == number), ownership)
        for number in range(1, int(segment_of.max(initial=0)) + 1)
    )
    return Segmentation(id_map, segments), _candidates(
        prediction, kept, fates, segment_of, ownership, original
    )


def _segment(
    prediction: Prediction,
    number: int,
    kept: NDArray[np.int64],
    parts: NDArray[np.int64],
    ownership: Ownership,
) -> Segment:
    """The segment that the queries kept[parts] paint together."""
    queries, areas = kept[parts], ownership.final[parts]
    class_id = int(prediction.labels[queries[0]])
    red, green, blue = (int(value) for value in prediction.colors[queries[0]])
    area = int(areas.sum())
    return Segment(
        id=number,
        class_id=class_id,
        label=prediction.vocabulary.labels[class_id],
        kind="thing" if prediction.vocabulary.is_thing(class_id) else "stuff",
        score=min(1.0, float(np.average(prediction.scores[queries], weights=areas))),
        area=area,
        bbox=box_of(ownership.extents[parts]),
        queries=tuple(int(query) for query in queries),
        color=(red, green, blue),
        quality=min(1.0, float(ownership.probability[parts].sum()) / area),
    )


def _candidates(
    prediction: Prediction,
    kept: NDArray[np.int64],
    fates: Sequence[Fate],
    segment_of: NDArray[np.int32],
    ownership: Ownership,
    original: NDArray[np.int64],
) -> tuple[Candidate, ...]:
    """One candidate per query, in query order.

    Args:
        kept: (K,) ascending indices of the kept queries; `fates`, `segment_of` and `ownership` are theirs.
        original: (Q,) pixels of every query's own mask.
    """
    names = (*prediction.vocabulary.labels, Fate.NO_OBJECT.value)
    place = {int(query): k for k, query in enumerate(kept)}
    candidates = []
    for query, label in enumerate(prediction.labels.tolist()):
        k = place.get(query)
        if k is None:
            fate = Fate.NO_OBJECT if label == len(prediction.vocabulary) else Fate.LOW_SCORE
        candidates.append(
            Candidate(
                query=query,
                class_id=label,
                label=names[label],
                score=float(prediction.scores[query]),
                owned=0 if k is None else int(ownership.owned[k]),
                original=int(original[query]),
                final=0 if k is None else int(ownership.final[k]),
                fate=fate if k is None else fates[k],
                segment_id=0 if k is None else int(segment_of[k]),
            )
        )
    return tuple(candidates)
