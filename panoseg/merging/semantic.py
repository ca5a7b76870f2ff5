"""Semantic merging: a class for each pixel, whose mask it is plays no role.

By the paper's own code (Cheng et al., "Masked-attention Mask Transformer for Universal Image Segmentation",
CVPR 2022, arXiv 2112.01527): the score of a class at a sample of the network input is the sum over queries of
class probability × mask probability; scores, not logits, are resized to the photo.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.extents import box_of, combine_extents
from panoseg.merging.parallel import in_parallel, ranges
from panoseg.merging.surfaces import surfaces_of
from panoseg.palette import PALETTE
from panoseg.prediction import Prediction
from panoseg.segment import Segment
from panoseg.segmentation import Segmentation


def semantic(prediction: Prediction) -> Segmentation:
    """The most probable class of each pixel, one segment per class that occurs; nothing is void.

    Segments are numbered by ascending class id. A segment's score is the mean over its pixels of the class's
    score, to within 0.001 and at most 1; that is its quality, too. It has no queries: every query has a part
    in every class.

    Returns:
        An id map of shape (H, W), the photo's, and the segments.
    """
    from panoseg.merging.kernels.pixels import renumber
    from panoseg.merging.kernels.semantic import classify

    surfaces = surfaces_of(prediction)
    probabilities = np.ascontiguousarray(prediction.class_probabilities[:, :-1])
    class_of = np.empty(surfaces.size, np.int32)
    results = in_parallel(
        classify,
        ((surfaces, probabilities, class_of, *rows) for rows in ranges(surfaces.tile_rows)),
    )
    extents = combine_extents([band.extents for band in results])
    sums = np.sum([band.scores for band in results], axis=0)
    present = np.flatnonzero(extents[:, 0])
    names = np.zeros(len(extents), np.int32)
    names[present] = np.arange(1, len(present) + 1)
    in_parallel(renumber, ((class_of, names, *rows) for rows in ranges(len(class_of))))
    segments = tuple(
        _segment(prediction, number, class_id, extents[class_id], float(sums[class_id]))
        for number, class_id in enumerate(present.tolist(), start=1)
    )
    return Segmentation(class_of, segments)


def _segment(
    prediction: Prediction, number: int, class_id: int, extents: NDArray[np.int64], total: float
) -> Segment:
    area = int(extents[0])
    score = min(1.0, total / area)
    return Segment(
        id=number,
        class_id=class_id,
        label=prediction.vocabulary.labels[class_id],
        kind="thing" if prediction.vocabulary.is_thing(class_id) else "stuff",
        score=score,
        area=area,
        bbox=box_of(extents[None]),
        color=_color(prediction, class_id),
        quality=score,
    )


def _color(prediction: Prediction, class_id: int) -> tuple[int, int, int]:
    """That of the class's surest query, so that it is the same in every task; any where no query has the
    class.
    """
    queries = np.flatnonzero(prediction.labels == class_id)
    if len(queries):
        chosen = prediction.colors[queries[prediction.scores[queries].argmax()]]
    else:
        chosen = PALETTE[class_id % len(PALETTE)]
    red, green, blue = (int(value) for value in chosen)
    return red, green, blue
