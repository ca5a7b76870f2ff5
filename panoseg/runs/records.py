"""One prediction as bytes and back: a safetensors document with mask logits in half precision.

What a record changes is bounded: class logits, and with them labels and scores, are exact. Mask logits are
rounded to half precision (11 significant bits), which moves outlines by a pixel here and there. Masks of
queries that could not own a pixel at a score of `LEAST_SCORE` are left out, and come back as masks that are
empty everywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from panoseg.errors import InvalidValueError, RunError
from panoseg.prediction import Prediction
from panoseg.vocabulary import Vocabulary

LEAST_SCORE = 0.02
"""A query's mask is kept if the probability of one of its classes, "no object" aside, is above this."""

EMPTY_LOGIT = -32.0
"""Everywhere in a mask that was left out; its sigmoid is some 1e-14."""

_LARGEST = float(np.finfo(np.float16).max)


def encode_prediction(prediction: Prediction) -> bytes:
    """A safetensors document; equal predictions give equal bytes.

    - `class_logits`: (Q, C + 1) float32, of all queries.
    - `queries`: (K,) int32, ascending: those whose masks are kept.
    - `mask_logits`: (K, h, w) float16.
    - `sizes`: (3, 2) int32: input, content and image, (height, width) each.
    """
    queries = np.flatnonzero(prediction.class_probabilities[:, :-1].max(axis=1) > LEAST_SCORE)
    masks = prediction.mask_logits[queries]
    np.clip(masks, -_LARGEST, _LARGEST, out=masks)
    return save(
        {
            "class_logits": np.ascontiguousarray(prediction.class_logits),
            "queries": queries.astype(np.int32),
            "mask_logits": masks.astype(np.float16).reshape(len(queries), *prediction.mask_logits.shape[1:]),
            "sizes": np.array(
                [prediction.input_size, prediction.content_size, prediction.image_size], np.int32
            ),
        }
    )


def decode_prediction(record: bytes, vocabulary: Vocabulary) -> Prediction:
    """The prediction of a record, of as many queries as the network has.

    Raises:
        RunError: the record makes no sense.
    """
    try:
        tensors = load(record)
        queries, kept = tensors["queries"], tensors["mask_logits"]
        sizes = [(int(height), int(width)) for height, width in tensors["sizes"]]
        masks = _all_masks(len(tensors["class_logits"]), queries, kept)
        return Prediction(tensors["class_logits"], masks, sizes[0], sizes[1], sizes[2], vocabulary)
    except (SafetensorError, InvalidValueError, KeyError, IndexError, ValueError, TypeError) as error:
        raise RunError("A prediction of this run is damaged and cannot be read.") from error


def _all_masks(count: int, queries: NDArray[np.int32], kept: NDArray[np.float16]) -> NDArray[np.float32]:
    masks = np.full((count, *kept.shape[1:]), EMPTY_LOGIT, np.float32)
    masks[queries] = kept
    return masks
