"""A prediction of noise, and all that can be computed from one."""

import numpy as np

import panoseg
from panoseg.merging import query_mask


def prediction_of(size=(50, 70), seed=0, things=(1,)):
    rng = np.random.default_rng(seed)
    return panoseg.Prediction(
        rng.normal(0, 3, (7, 4)),
        rng.normal(0, 5, (7, 12, 12)),
        (48, 48),
        (40, 48),
        size,
        panoseg.Vocabulary(["a", "b", "c"], things=things),
    )


def everything(prediction):
    """Whatever the package can compute from a prediction, as comparable values."""
    thresholds = panoseg.Thresholds(score=0.2, overlap=0.3)
    segmentation, fates = panoseg.merging.merge(prediction, thresholds)
    classes = panoseg.semantic(prediction)
    found = panoseg.instances(prediction)
    return [
        segmentation.id_map.tobytes(), segmentation.segments, fates,
        classes.id_map.tobytes(), classes.segments,
        found.flatten().id_map.tobytes(), found.segments,
        panoseg.margin(prediction, thresholds).tobytes(),
        panoseg.margin(prediction, thresholds, size=(9, 11)).tobytes(),
        panoseg.landscape(prediction).coverage.tobytes(),
        query_mask(prediction, 2, size=(20, 10)).tobytes(),
    ]  # fmt: skip
