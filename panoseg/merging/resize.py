"""Where on the network's mask grid each pixel of the photo looks.

Mask logits are resized bilinearly to the padded network input, cropped to what the photo fills, and
resized bilinearly to the photo. Each step is linear and works on rows and columns apart, so all three
together are one small matrix per axis: logits of the photo = rows @ logits @ columns.T.
"""

import numpy as np
from numpy.typing import NDArray

from panoseg.prediction import Prediction

Matrix = NDArray[np.float32]


def sampling_matrices(prediction: Prediction) -> tuple[Matrix, Matrix]:
    """The two matrices (H, h) and (W, w) that take mask logits to the photo's size."""
    rows, columns = (
        _bilinear(content, image) @ _bilinear(mask, padded)[:content]
        for mask, padded, content, image in zip(
            prediction.mask_logits.shape[1:],
            prediction.input_size,
            prediction.content_size,
            prediction.image_size,
            strict=True,
        )
    )
    return rows.astype(np.float32), columns.astype(np.float32)


def _bilinear(source: int, target: int) -> NDArray[np.float64]:
    """(target, source) weights of a bilinear resize of one axis, corners not aligned."""
    position = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
    low = np.floor(position).astype(int)
    high = np.minimum(low + 1, source - 1)
    weights = np.zeros((target, source))
    index = np.arange(target)
    np.add.at(weights, (index, low), 1 - (position - low))
    np.add.at(weights, (index, high), position - low)
    return weights
