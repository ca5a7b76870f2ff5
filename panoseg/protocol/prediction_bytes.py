"""A prediction on its way between two machines: a safetensors document, and back.

The document (huggingface.co/docs/safetensors) holds numbers and no code:

- `class_logits`: (Q, C + 1) float32.
- `mask_logits`: (Q, h, w) float32, or float16 where half precision was asked for.
- `sizes`: (3, 2) int32: input, content and image, (height, width) each.
- metadata: `version`, that of the protocol, and `vocabulary`, as of `vocabulary_json`.

In full precision what arrives is what was sent, bit by bit.
"""

from __future__ import annotations

import json
from typing import Any, Literal, get_args

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from panoseg.errors import InvalidValueError
from panoseg.prediction import Prediction, Size
from panoseg.protocol import VERSION
from panoseg.vocabulary import Vocabulary

Precision = Literal["full", "half"]
"""Of mask logits: float32, or half the bytes in float16, which moves outlines by a pixel here and there."""

_LARGEST = float(np.finfo(np.float16).max)
_LENGTH_BYTES = 8
_MOST_HEADER_BYTES = 1 << 24
_NONSENSE = (
    SafetensorError, InvalidValueError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError,
    RecursionError,
)  # fmt: skip


def read_precision(text: str) -> Precision:
    """A precision by its name.

    Raises:
        InvalidValueError: there is none of that name.
    """
    for known in get_args(Precision):
        if text == known:
            return known
    raise InvalidValueError(f"precision: wanted full or half, got “{text[:40]}”.")


def encode_prediction(prediction: Prediction, precision: Precision = "full") -> bytes:
    """The document; equal predictions give equal bytes."""
    masks = prediction.mask_logits
    if precision == "half":
        masks = np.clip(masks, -_LARGEST, _LARGEST).astype("<f2")
    return save(
        {
            "class_logits": np.ascontiguousarray(prediction.class_logits),
            "mask_logits": np.ascontiguousarray(masks),
            "sizes": np.array(
                [prediction.input_size, prediction.content_size, prediction.image_size], np.int32
            ),
        },
        {"version": str(VERSION), "vocabulary": json.dumps(vocabulary_json(prediction.vocabulary))},
    )


def decode_prediction(document: bytes, image_size: Size) -> Prediction:
    """The prediction of a document that may come from anybody.

    Args:
        document: its bytes.
        image_size: (H, W) of the picture that was asked about.

    Raises:
        InvalidValueError: the document makes no sense, or is about a picture of another size.
    """
    try:
        vocabulary = read_vocabulary(json.loads(_metadata(document)["vocabulary"]))
        tensors = load(document)
        input_size, content_size, told_size = (
            (int(rows), int(columns)) for rows, columns in tensors["sizes"]
        )
        masks = tensors["mask_logits"]
        if told_size != image_size or masks.dtype not in (np.float16, np.float32):
            raise ValueError("of another picture, or of another kind")
        return Prediction(tensors["class_logits"], masks, input_size, content_size, image_size, vocabulary)
    except _NONSENSE as error:
        raise InvalidValueError("A prediction arrived that makes no sense.") from error


def vocabulary_json(vocabulary: Vocabulary) -> dict[str, Any]:
    """`labels` by class id, `things` as class ids, and the data set's own `dataset_ids`."""
    return {
        "labels": list(vocabulary.labels),
        "things": sorted(vocabulary.things),
        "dataset_ids": list(vocabulary.dataset_ids),
    }


def read_vocabulary(found: Any) -> Vocabulary:
    """The reverse.

    Raises:
        InvalidValueError, TypeError, ValueError, KeyError: it makes no sense.
    """
    return Vocabulary(found["labels"], found["things"], found["dataset_ids"])


def _metadata(document: bytes) -> dict[str, str]:
    length = int.from_bytes(document[:_LENGTH_BYTES], "little")
    if length > min(len(document) - _LENGTH_BYTES, _MOST_HEADER_BYTES):
        raise ValueError("cut off, or longer than any vocabulary")
    found: dict[str, str] = json.loads(document[_LENGTH_BYTES : _LENGTH_BYTES + length])["__metadata__"]
    return found
