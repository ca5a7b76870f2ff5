"""Panoptic merging by the inference rules of the Mask2Former paper's own code.

Cheng et al., "Masked-attention Mask Transformer for Universal Image Segmentation", CVPR 2022
(arXiv 2112.01527); the task is from Kirillov et al., "Panoptic Segmentation", CVPR 2019.
"""

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.candidates import Candidate, Fate
from panoseg.merging.ownership import own
from panoseg.prediction import Prediction
from panoseg.segmentation import Segment, Segmentation, Thresholds


def panoptic(prediction: Prediction, thresholds: Thresholds = Thresholds()) -> Segmentation:  # noqa: B008
    """Segments of the photo, none overlapping.

    1. Mask logits are resized to the photo (`panoseg.merging.resize`), then put through the sigmoid.
    2. A query is kept if its label is not "no object" and its score is strictly above `score`.
    3. Each pixel is owned by the kept query with the largest score × probability, the first on a tie.
    4. A kept query's final pixels are those that it owns and where its probability is ≥ `mask`. It is
       dropped if it owns none, has no pixel at or above `mask`, has no final pixel, or if it owns less
       than `overlap` of the pixels at or above `mask`. Its pixels are given to nobody else.
    5. Things: a segment per query. Stuff: a segment per class.

    Args:
        prediction: of any geometry; memory does not grow with queries × pixels.
        thresholds: the paper's by default.

    Returns:
        An id map of shape (H, W), the photo's, and segments numbered in query order.
    """
    return merge(prediction, thresholds)[0]


def merge(prediction: Prediction, thresholds: Thresholds) -> tuple[Segmentation, tuple[Candidate, ...]]:
    """`panoptic`, and what became of each query, in query order."""
    no_object = len(prediction.vocabulary)
    keep = (prediction.labels != no_object) & (prediction.scores > thresholds.score)
    kept = np.flatnonzero(keep)
    owner, owned, original, final = own(prediction, kept, thresholds.mask)

    segment_of = np.zeros(len(kept), dtype=np.int32)
    stuff: dict[int, int] = {}
    fates = [Fate.NO_OBJECT if label == no_object else Fate.LOW_SCORE for label in prediction.labels]
    for index, query in enumerate(kept):
        class_id = int(prediction.labels[query])
        if not (owned[index] and original[index] and final[index]):
            fates[query] = Fate.EMPTY
        elif owned[index] / original[index] < thresholds.overlap:
            fates[query] = Fate.OCCLUDED
        elif class_id in stuff:
            fates[query] = Fate.MERGED
            segment_of[index] = stuff[class_id]
        else:
            fates[query] = Fate.SEGMENT
            segment_of[index] = segment_of.max() + 1
            if not prediction.vocabulary.is_thing(class_id):
                stuff[class_id] = int(segment_of[index])

    # The last entry is for pixels that no query has: index −1.
    id_map = np.append(segment_of, np.int32(0))[owner]
    boxes = _boxes(id_map, int(segment_of.max(initial=0)))
    segments = tuple(
        _segment(prediction, number, kept[segment_of == number], final[segment_of == number], box)
        for number, box in enumerate(boxes, start=1)
    )
    index_of = {int(query): index for index, query in enumerate(kept)}
    candidates = tuple(
        Candidate(
            query=query,
            class_id=int(label),
            label=(*prediction.vocabulary.labels, "no object")[label],
            score=float(prediction.scores[query]),
            owned=int(owned[index_of[query]]) if query in index_of else 0,
            original=int(original[index_of[query]]) if query in index_of else 0,
            final=int(final[index_of[query]]) if query in index_of else 0,
            fate=fates[query],
            segment_id=int(segment_of[index_of[query]]) if query in index_of else 0,
        )
        for query, label in enumerate(prediction.labels)
    )
    return Segmentation(id_map, segments), candidates


def _boxes(id_map: NDArray[np.int32], count: int) -> list[tuple[int, int, int, int]]:
    """Tight boxes (x, y, width, height) of ids 1 … count, each of which occurs."""
    height, width = id_map.shape
    in_row, in_column = np.zeros((height, count + 1), bool), np.zeros((width, count + 1), bool)
    in_row[np.arange(height)[:, None], id_map] = True
    in_column[np.arange(width)[None, :], id_map] = True
    top, left = in_row.argmax(axis=0), in_column.argmax(axis=0)
    bottom, right = height - in_row[::-1].argmax(axis=0), width - in_column[::-1].argmax(axis=0)
    return [
        (int(left[i]), int(top[i]), int(right[i] - left[i]), int(bottom[i] - top[i]))
        for i in range(1, count + 1)
    ]


def _segment(
    prediction: Prediction,
    number: int,
    queries: NDArray[np.intp],
    areas: NDArray[np.int64],
    box: tuple[int, int, int, int],
) -> Segment:
    class_id = int(prediction.labels[queries[0]])
    red, green, blue = (int(value) for value in prediction.colors[queries[0]])
    return Segment(
        id=number,
        class_id=class_id,
        label=prediction.vocabulary.labels[class_id],
        kind="thing" if prediction.vocabulary.is_thing(class_id) else "stuff",
        score=min(1.0, float(np.average(prediction.scores[queries], weights=areas))),
        area=int(areas.sum()),
        bbox=box,
        queries=tuple(int(query) for query in queries),
        color=(red, green, blue),
    )
