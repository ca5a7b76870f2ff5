"""Compile, or load from disk, all machine code before anybody waits for it."""

from __future__ import annotations

import numpy as np

from panoseg.merging.instances import instances
from panoseg.merging.landscape import landscape
from panoseg.merging.margin import margin
from panoseg.merging.panoptic import merge
from panoseg.merging.query_masks import query_mask
from panoseg.merging.semantic import semantic
from panoseg.merging.sketches import merge_sketches, sketch
from panoseg.prediction import Prediction
from panoseg.thresholds import Thresholds
from panoseg.vocabulary import Vocabulary


def warm_up() -> None:
    """Make every merging function fast from its first call on.

    The first time on a machine this compiles, which takes some ten seconds; after that it loads the code
    from disk, in about one. It may run in a thread of its own beside everything else.
    """
    rng = np.random.default_rng(0)
    prediction = Prediction(
        class_logits=rng.normal(size=(3, 3)).astype(np.float32),
        mask_logits=rng.normal(size=(3, 4, 4)).astype(np.float32),
        input_size=(16, 16),
        content_size=(16, 16),
        image_size=(32, 32),
        vocabulary=Vocabulary(["stuff", "thing"], things=[1]),
    )
    thresholds = Thresholds(score=0.0, overlap=0.0)
    merge(prediction, thresholds)
    semantic(prediction)
    instances(prediction).flatten()
    margin(prediction, thresholds)
    landscape(prediction)
    query_mask(prediction, 0)
    merge_sketches([sketch(prediction)], thresholds, frozenset({1}))
