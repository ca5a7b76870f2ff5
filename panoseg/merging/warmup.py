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
from panoseg.merging.tallies import NumberedMap, number_map, sweep_scores, tally_masks, tally_owners
from panoseg.prediction import Prediction
from panoseg.thresholds import Thresholds
from panoseg.vocabulary import Vocabulary


def warm_up(*, counting: bool = True) -> None:
    """Make every merging function fast from its first call on.

    The first time on a machine this compiles, which takes some ten seconds; after that it loads the code
    from disk, in about one. It may run in a thread of its own beside everything else.

    Args:
        counting: what evaluations count with, too; no picture that is looked at needs it.
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
    if counting:
        _count_on_a_map(prediction, thresholds)


def _count_on_a_map(prediction: Prediction, thresholds: Thresholds) -> None:
    """What an evaluation asks for."""
    digits = np.zeros((*prediction.image_size, 3), np.uint8)
    digits[16:, :, 0] = 7
    truth = number_map(digits, np.array([7]))
    if isinstance(truth, NumberedMap):
        tally_owners(prediction, thresholds, truth)
        tally_masks(prediction, thresholds.mask, np.arange(3), truth)
        sweep_scores(prediction, (thresholds.mask,), thresholds.score, truth)
