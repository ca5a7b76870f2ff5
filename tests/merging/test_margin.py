"""Where the merging is unsure, against the naive reference."""

import numpy as np
from hypothesis import given, settings

import panoseg
from tests import reference
from tests.merging.strategies import fractions, predictions


@settings(max_examples=150, deadline=None)
@given(predictions(), fractions)
def test_agrees_with_the_naive_reference(prediction, score):
    found = panoseg.margin(prediction, panoseg.Thresholds(score=score))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, reference.margin(prediction, score), atol=2.01e-4)


def prediction_of(*levels):
    """One query per (score, logit), each flat; the photo has 6×8 pixels."""
    return panoseg.Prediction(
        np.log([[score, 1 - score] for score, _ in levels]),
        np.array([np.full((2, 2), float(level)) for _, level in levels]),
        (4, 4),
        (4, 4),
        (6, 8),
        panoseg.Vocabulary(["thing"], things=[0]),
    )


def test_one_kept_query_has_nobody_to_lose_to():
    found = panoseg.margin(prediction_of((0.9, 0.0), (0.7, 9.0)))
    np.testing.assert_allclose(found, np.full((6, 8), 0.45), atol=1e-4)


def test_no_kept_query():
    found = panoseg.margin(prediction_of((0.7, 9.0)))
    assert found.shape == (6, 8)
    assert not found.any()


def test_a_smaller_picture():
    prediction = prediction_of((0.9, 0.0), (0.99, 0.0))
    found = panoseg.margin(prediction, size=(3, 2))
    np.testing.assert_allclose(found, np.full((3, 2), 0.045), atol=1e-4)
