"""Who owns each pixel, streamed over bands of rows: memory follows the photo, not queries × pixels."""

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.resize import sampling_matrices
from panoseg.prediction import Prediction

# Pixels worked on at a time: small enough for the caches, large enough that NumPy's calls cost nothing.
_BAND_PIXELS = 1 << 18


def own(
    prediction: Prediction, kept: NDArray[np.intp], mask_threshold: float
) -> tuple[NDArray[np.int16], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The kept query with the largest score × probability at each pixel, and what that leaves of its mask.

    Returns:
        (H, W) int16 index into `kept`, −1 where the owner's probability is below the mask threshold;
        and three (K,) pixel counts: owned, original and final.
    """
    height, width = prediction.image_size
    owner = np.full((height, width), -1, dtype=np.int16)
    owned, original, final = np.zeros((3, len(kept)), dtype=np.int64)
    if not len(kept):
        return owner, owned, original, final
    rows, columns = sampling_matrices(prediction)
    scores = prediction.scores[kept].astype(np.float32)
    band_height = max(1, _BAND_PIXELS // width)
    for top in range(0, height, band_height):
        band = rows[top : top + band_height]
        shape = (len(band), width)
        best, sure = np.full(shape, -1, np.float32), np.zeros(shape, bool)
        index_of = np.zeros(shape, np.int16)
        for index, query in enumerate(kept):
            probability = _sigmoid(band @ prediction.mask_logits[query] @ columns.T)
            inside = probability >= mask_threshold
            original[index] += np.count_nonzero(inside)
            probability *= scores[index]
            wins = probability > best
            np.copyto(best, probability, where=wins)
            np.copyto(sure, inside, where=wins)
            index_of[wins] = index
        owned += np.bincount(index_of.ravel(), minlength=len(kept))
        final += np.bincount(index_of[sure], minlength=len(kept))
        np.copyto(owner[top : top + band_height], index_of, where=sure)
    return owner, owned, original, final


def _sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """1 / (1 + exp(−x)), in place; exp overflows to infinity for hopeless logits, which gives 0."""
    np.negative(logits, out=logits)
    with np.errstate(over="ignore"):
        np.exp(logits, out=logits)
    logits += 1
    return np.reciprocal(logits, out=logits)
