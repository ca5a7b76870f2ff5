"""Owners and sizes on sketches: a few hundred pixels of each query of very many pictures."""

import numpy as np
from numpy.typing import NDArray

from panoseg.merging.machine_code import kernel


@kernel
def count_pixels(
    levels: NDArray[np.uint8],
    first: NDArray[np.int64],
    scores: NDArray[np.float32],
    takes_part: NDArray[np.bool_],
    least_level: int,
) -> NDArray[np.int32]:
    """Count owned, final and own pixels of each query, as `panoseg.merging.Candidate` names them.

    Args:
        levels: (K, S) mask probabilities of all queries of all pictures, 0–255.
        first: (P + 1,) picture p has the queries first[p] … first[p + 1] − 1.
        scores: (K,) 0–1.
        takes_part: (K,) which of them compete.
        least_level: of a pixel that is inside a mask.

    Returns:
        (3, K): owned, final, original.
    """
    count = np.zeros((3, len(scores)), np.int32)
    pixels = levels.shape[1]
    best = np.zeros(pixels, np.float32)
    owner = np.zeros(pixels, np.int64)
    for picture in range(len(first) - 1):
        best[:] = 0
        owner[:] = -1
        for k in range(first[picture], first[picture + 1]):
            inside = 0
            score = scores[k]
            for pixel in range(pixels):
                level = levels[k, pixel]
                inside += level >= least_level
                if takes_part[k] and score * level > best[pixel]:
                    best[pixel] = score * level
                    owner[pixel] = k
            count[2, k] = inside
        for pixel in range(pixels):
            k = owner[pixel]
            if k >= 0:
                count[0, k] += 1
                count[1, k] += levels[k, pixel] >= least_level
    return count
