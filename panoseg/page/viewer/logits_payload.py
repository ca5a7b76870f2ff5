"""What the browser needs to merge a prediction by itself: queries in words, and their mask logits as bytes.

It travels once per prediction and task, after the first map. modules/merge/ holds the other end.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from panoseg.palette import label_color, score_color
from panoseg.prediction import Prediction

MergedTask = Literal["panoptic", "instances"]

PAIRS = 100  # as `panoseg.instances` takes by default
MOST_QUERIES = 256  # an owner is a byte
_SCORE_COLORS = 256


def describe(
    prediction: Prediction, task: MergedTask, shown: tuple[int, int]
) -> tuple[dict[str, Any], NDArray[np.int64]]:
    """All but the logits, in plain JSON types, and the queries (M,) whose logits are needed, in that order.

    Args:
        prediction: of any geometry.
        task: panoptic, with the queries by descending score; or instances, with the pairs of a query and a
            class by descending probability, a pair's `mask` being the place of its query.
        shown: (height, width) of the picture in which segments are looked at.
    """
    description: dict[str, Any] = {
        "task": task,
        "geometry": {
            "grid": list(prediction.mask_logits.shape[1:]),
            "input": list(prediction.input_size),
            "content": list(prediction.content_size),
            "photo": list(prediction.image_size),
            "shown": list(shown),
        },
        "score_colors": [list(score_color(i / (_SCORE_COLORS - 1))) for i in range(_SCORE_COLORS)],
    }
    if task == "panoptic":
        wanted = np.flatnonzero(prediction.labels != len(prediction.vocabulary))
        wanted = wanted[np.argsort(-prediction.scores[wanted], kind="stable")]
        description["queries"] = [_query(prediction, int(query)) for query in wanted]
    else:
        pairs = _pairs(prediction)
        wanted = np.unique(np.array([query for query, _ in pairs], np.int64))
        place = {int(query): n for n, query in enumerate(wanted)}
        description["pairs"] = [_pair(prediction, query, class_id, place[query]) for query, class_id in pairs]
    return description, wanted


def _query(prediction: Prediction, query: int) -> dict[str, Any]:
    class_id = int(prediction.labels[query])
    score = float(prediction.scores[query])
    return {
        **_named(prediction, query, class_id),
        "kind": "thing" if prediction.vocabulary.is_thing(class_id) else "stuff",
        "score": score,
    }


def _pair(prediction: Prediction, query: int, class_id: int, place: int) -> dict[str, Any]:
    probability = float(prediction.class_probabilities[query, class_id])
    return {**_named(prediction, query, class_id), "mask": place, "probability": probability}


def _named(prediction: Prediction, query: int, class_id: int) -> dict[str, Any]:
    return {
        "query": query,
        "class_id": class_id,
        "label": prediction.vocabulary.labels[class_id],
        "color": [int(value) for value in prediction.colors[query]],
        "label_color": list(label_color(class_id)),
    }


def _pairs(prediction: Prediction) -> list[tuple[int, int]]:
    """The likeliest pairs of a query and a class, things only, as `panoseg.instances` takes them."""
    probabilities = prediction.class_probabilities[:, :-1]
    best = np.argsort(-probabilities, axis=None, kind="stable")[:PAIRS]
    return [
        (int(query), int(class_id))
        for query, class_id in zip(*np.unravel_index(best, probabilities.shape), strict=True)
        if prediction.vocabulary.is_thing(int(class_id))
    ]
