"""A finished segmentation as bytes and back: what is kept of results that come without logits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from panoseg.errors import InvalidValueError, RunError
from panoseg.runs.id_maps import read_id_map
from panoseg.segmentation import Segmentation
from panoseg.vocabulary import Vocabulary

_DAMAGE = (
    SafetensorError, RunError, InvalidValueError, LookupError, ValueError, TypeError, ArithmeticError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MapSegment:
    """One segment of a finished map: its id in the map, its class id, and its score, 0–1."""

    id: int
    class_id: int
    score: float = 1.0


def encode_map(png: bytes, segments: list[MapSegment]) -> bytes:
    """A safetensors document; equal maps give equal bytes.

    - `png`: (bytes,) uint8, the map's own file in the COCO panoptic format.
    - `ids`, `classes`: (N,) int32, and `scores`: (N,) float32, of its segments.
    """
    return save(
        {
            "png": np.frombuffer(png, np.uint8),
            "ids": np.array([segment.id for segment in segments], np.int32),
            "classes": np.array([segment.class_id for segment in segments], np.int32),
            "scores": np.array([segment.score for segment in segments], np.float32),
        }
    )


def decode_segmentation(record: bytes, vocabulary: Vocabulary) -> Segmentation:
    """The segmentation of a record, its segments numbered 1 … N in the order of their own ids.

    Raises:
        RunError: the record makes no sense.
    """
    # Imported late, as SciPy comes with it.
    from panoseg.ground_truth import GroundTruth
    from panoseg.quality import LabelMap

    try:
        tensors = load(record)
        ids = tensors["ids"].tolist()
        classes = dict(zip(ids, tensors["classes"].tolist(), strict=True))
        scores = dict(zip(ids, tensors["scores"].tolist(), strict=True))
        labels = LabelMap(read_id_map(tensors["png"].tobytes()), classes)
        found = GroundTruth(labels, vocabulary).to_side().segmentation
        segments = (
            replace(segment, score=scores[own_id])
            for segment, own_id in zip(found.segments, sorted(ids), strict=True)
        )
        return Segmentation(found.id_map, tuple(segments))
    except _DAMAGE as error:
        raise RunError("A map of this run is damaged and cannot be read.") from error
