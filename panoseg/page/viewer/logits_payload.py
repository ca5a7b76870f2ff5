"""What the browser needs to merge a prediction by itself: queries in words, and their mask logits as bytes.

It travels once per prediction and task, after the first map. modules/merge/ holds the other end.
"""

from __future__ import annotations

import zlib
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from panoseg.label_colors import label_color
from panoseg.palette import score_color
from panoseg.prediction import Prediction

MergedTask = Literal["panoptic", "instances"]

PAIRS = 100  # as `panoseg.instances` takes by default
MOST_QUERIES = 256  # an owner is a byte
# Codes of logits, see `pack_logits`: the smaller the masks, the more of a shown pixel is a step.
FINE_STEPS, STEPS, BEND = 200, 100, 2
_MOST_FINE = 2_000_000
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
    samples = len(wanted) * prediction.mask_logits[0].size
    description["steps"] = FINE_STEPS if samples <= _MOST_FINE else STEPS
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
        "label_color": list(label_color(prediction.vocabulary.labels[class_id])),
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


def pack_logits(logits: NDArray[np.float32], steps: int) -> bytes:
    """Mask logits (M, h, w) as a zlib stream: a third of the size of half precision.

    A code is round(steps · arsinh(logit / 2)): it counts in steps of 2 / steps around 0, where masks end,
    and in wider ones far from it. What is packed is the difference from the code at the left (in the first
    column, from the one above), with the sign in the lowest bit: the low bytes of all, then the high bytes.
    modules/merge/logits.js unpacks it.
    """
    codes = np.rint(steps * np.arcsinh(logits.astype(np.float64) / BEND)).astype(np.int32)
    difference = codes.copy()
    difference[:, :, 1:] -= codes[:, :, :-1]
    difference[:, 1:, 0] -= codes[:, :-1, 0]
    folded = ((difference << 1) ^ (difference >> 31)).astype("<u2")
    # Runs and digits alone: noise repeats nothing, and looking for it takes longer than all the rest.
    packer = zlib.compressobj(6, strategy=zlib.Z_RLE)
    planes = ((folded & 255).astype(np.uint8), (folded >> 8).astype(np.uint8))
    return b"".join([*(packer.compress(plane.tobytes()) for plane in planes), packer.flush()])


def logits_payload(
    prediction: Prediction, task: MergedTask, shown: tuple[int, int]
) -> tuple[dict[str, Any], bytes] | None:
    """The description and the packed logits, for `shown` (height, width) pixels.

    None where the browser has to leave it to the server: more queries than it can tell apart, or none at all.
    """
    description, wanted = describe(prediction, task, shown)
    if not 0 < len(wanted) <= MOST_QUERIES:
        return None
    logits = prediction.mask_logits[wanted]
    return description, pack_logits(logits, description["steps"])
