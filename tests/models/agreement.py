"""How near the answers of two networks are that hold the same weights and see the same photo."""

from typing import Any

import numpy as np

from panoseg.prediction import Prediction

ROUNDING = 1e-4
"""By how much their logits may differ.

Sums of float32 come out differently in another order, and the order depends on the library, the processor,
the number of threads, the batch and even on where in memory an array begins. In the small networks of these
tests that moves a logit by up to 2e-6; another photo, another weight or bfloat16 moves some by 1e-2 or more.
"""

INPUT_ROUNDING = 2e-6
"""By how much two networks' inputs may differ: a few units in the last place of float32, as scaling,
subtracting the mean and dividing may come in another order."""


def assert_logits_agree(one: Any, other: Any) -> None:
    """Arrays or tensors of one shape whose values are equal but for rounding."""
    assert one.shape == other.shape
    np.testing.assert_allclose(one, other, rtol=0, atol=ROUNDING)


def assert_predictions_agree(one: Prediction, other: Prediction) -> None:
    """The same answer, but for rounding."""
    assert one.class_logits.dtype == one.mask_logits.dtype == np.float32
    assert (one.input_size, one.content_size, one.image_size) == (
        other.input_size,
        other.content_size,
        other.image_size,
    )
    assert_logits_agree(one.class_logits, other.class_logits)
    assert_logits_agree(one.mask_logits, other.mask_logits)
