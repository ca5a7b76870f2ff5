"""All score thresholds at once give what each gives alone."""

import numpy as np
import pytest
from hypothesis import assume, given, settings

import panoseg
from tests import reference
from tests.merging.strategies import fractions, predictions


@settings(max_examples=150, deadline=None)
@given(predictions(), fractions, fractions, fractions)
def test_is_what_panoptic_gives_at_every_threshold(prediction, score, mask, overlap):
    found = panoseg.landscape(prediction, mask, overlap)
    for at in {score, 0.0, 1.0, *found.scores.tolist()}:
        _, _, margin, _ = reference.panoptic(prediction, at, mask, overlap)
        assume(margin > 1e-6)
        counts = found.at(at)
        segments, things, stuff, coverage = reference.landscape(prediction, at, mask, overlap)
        assert counts[:3] == (segments, things, stuff)
        assert counts.coverage == pytest.approx(coverage)
        alone = panoseg.panoptic(prediction, panoseg.Thresholds(at, mask, overlap))
        assert (counts.segments, counts.coverage) == (len(alone.segments), pytest.approx(alone.coverage))


def test_is_a_step_function_from_0():
    prediction = panoseg.Prediction(
        np.log([[0.9, 0.05, 0.05], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7]]),
        np.array([np.full((2, 2), 5.0), [[-5, 9], [-5, 9]], np.full((2, 2), 5.0)]),
        (4, 4),
        (4, 4),
        (8, 8),
        panoseg.Vocabulary(["grass", "ball"], things=[1]),
    )
    found = panoseg.landscape(prediction, overlap=0.5)
    assert found.scores.tolist() == pytest.approx([0, 0.7, 0.9])
    assert found.segments.tolist() == [1, 1, 0]
    assert found.things.tolist() == [0, 0, 0]
    assert found.stuff.tolist() == [1, 1, 0]
    assert found.coverage.tolist() == [1, 1, 0]
    assert found.at(found.scores[1]) == (1, 0, 1, 1.0)
    assert found.at(1.0) == (0, 0, 0, 0.0)


def test_no_object_at_all():
    prediction = panoseg.Prediction(
        np.array([[0.0, 5.0]]), np.zeros((1, 2, 2)), (4, 4), (4, 4), (8, 8), panoseg.Vocabulary(["x"], [])
    )
    found = panoseg.landscape(prediction)
    assert (found.scores.tolist(), found.segments.tolist()) == ([0], [0])


def test_rejects_thresholds_outside_0_to_1():
    with pytest.raises(panoseg.InvalidValueError, match="mask threshold"):
        panoseg.landscape(overlap=0.8, mask=1.5, prediction=None)
