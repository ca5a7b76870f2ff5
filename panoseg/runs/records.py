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

_DAMAGE = (
    SafetensorError, InvalidValueError, LookupError, ValueError, TypeError, OSError, ArithmeticError,
    MemoryError,
)  # fmt: skip
_LARGEST = float(np.finfo(np.float16).max)


def encode_prediction(prediction: Prediction) -> bytes:
    """A safetensors document; equal predictions give equal bytes.

    - `class_logits`: (Q, C + 1) float32, of all queries.
    - `queries`: (K,) int32, ascending: those whose masks are kept.
    - `mask_logits`: (N,) uint8: (K, h, w) float16, first all lower bytes, then all upper ones, packed with
      Zstandard. Without loss, to some 60 %.
    - `mask_size`: (2,) int32, h and w.
    - `sizes`: (3, 2) int32: input, content and image, (height, width) each.
    """
    queries = np.flatnonzero(prediction.class_probabilities[:, :-1].max(axis=1) > LEAST_SCORE)
    masks = prediction.mask_logits[queries]
    np.clip(masks, -_LARGEST, _LARGEST, out=masks)
    return save(
        {
            "class_logits": np.ascontiguousarray(prediction.class_logits),
            "queries": queries.astype(np.int32),
            "mask_logits": _packed(masks.astype("<f2")),
            "mask_size": np.array(prediction.mask_logits.shape[1:], np.int32),
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
        height, width = (int(side) for side in tensors["mask_size"])
        queries = tensors["queries"]
        kept = _unpacked(tensors["mask_logits"], (len(queries), height, width))
        sizes = [(int(rows), int(columns)) for rows, columns in tensors["sizes"]]
        masks = _all_masks(len(tensors["class_logits"]), queries, kept)
        return Prediction(tensors["class_logits"], masks, sizes[0], sizes[1], sizes[2], vocabulary)
    except _DAMAGE as error:
        raise RunError("A prediction of this run is damaged and cannot be read.") from error


def _packed(masks: NDArray[np.float16]) -> NDArray[np.uint8]:
    """Bytes of one place beside each other: the upper ones of neighbours are mostly equal."""
    import pyarrow as pa  # late: it takes a third of a second

    split = np.ascontiguousarray(masks.view(np.uint8).reshape(-1, 2).T)
    return np.frombuffer(pa.Codec("zstd", compression_level=1).compress(split), np.uint8)


def _unpacked(packed: NDArray[np.uint8], shape: tuple[int, int, int]) -> NDArray[np.float16]:
    """The reverse, of (K, h, w)."""
    import pyarrow as pa

    size = 2 * shape[0] * shape[1] * shape[2]
    split = np.frombuffer(pa.Codec("zstd").decompress(packed.tobytes(), size), np.uint8)
    return np.ascontiguousarray(split.reshape(2, -1).T).view("<f2").reshape(shape)


def _all_masks(count: int, queries: NDArray[np.int32], kept: NDArray[np.float16]) -> NDArray[np.float32]:
    masks = np.full((count, *kept.shape[1:]), EMPTY_LOGIT, np.float32)
    masks[queries] = kept
    return masks
