"""Semantic merging against the naive reference, and its rules by example."""

import numpy as np
import pytest
from hypothesis import assume, given, settings

import panoseg
from tests import reference
from tests.merging.strategies import predictions


@settings(max_examples=200, deadline=None)
@given(predictions(max_queries=12, max_classes=16))
def test_agrees_with_the_naive_reference(prediction):
    scores = reference.semantic(prediction)
    best = scores.argmax(axis=0)
    if len(scores) > 1:
        first, second = np.sort(scores, axis=0)[[-1, -2]]
        assume((first - second).min() > 1e-6)  # closer than that, either answer is right
    result = panoseg.semantic(prediction)
    classes = np.array([0, *(segment.class_id for segment in result.segments)])
    assert result.id_map.min() >= 1
    np.testing.assert_array_equal(classes[result.id_map], best)
    assert [s.class_id for s in result.segments] == np.unique(best).tolist()
    for segment in result.segments:
        y, x = np.nonzero(best == segment.class_id)
        assert segment.area == len(y)
        assert segment.bbox == (x.min(), y.min(), np.ptp(x) + 1, np.ptp(y) + 1)
        mean = scores[segment.class_id][y, x].mean()
        assert segment.score == segment.quality == pytest.approx(min(1, mean), abs=1e-3)


def prediction_of(probabilities, masks, image_size=(4, 4)):
    """Class probabilities (Q, 3), of sky, person and nothing; mask logits (Q, 4, 4)."""
    return panoseg.Prediction(
        np.log(probabilities),
        np.array(masks),
        (4, 4),
        (4, 4),
        image_size,
        panoseg.Vocabulary(["sky", "person"], things=[1]),
    )


def test_queries_of_one_class_add_up():
    # Two doubtful skies outvote a surer person.
    everywhere = np.full((4, 4), 8.0)
    prediction = prediction_of(
        [[0.4, 0.1, 0.5], [0.4, 0.1, 0.5], [0.1, 0.55, 0.35]], [everywhere, everywhere, everywhere]
    )
    (segment,) = panoseg.semantic(prediction).segments
    assert (segment.label, segment.kind, segment.area, segment.queries) == ("sky", "stuff", 16, ())
    assert segment.score == pytest.approx(0.9, abs=1e-3)


def test_a_tie_goes_to_the_first_class_and_nothing_is_void():
    result = panoseg.semantic(prediction_of([[0.3, 0.3, 0.4]], np.zeros((1, 4, 4)), image_size=(9, 7)))
    assert [s.label for s in result.segments] == ["sky"]
    assert (result.id_map == 1).all()


def test_scores_above_one_are_shown_as_one():
    everywhere = np.full((2, 4, 4), 9.0)
    result = panoseg.semantic(prediction_of([[0.98, 0.01, 0.01]] * 2, everywhere))
    assert result.segments[0].score == 1


def test_a_class_has_the_color_of_its_surest_query():
    masks = np.full((3, 4, 4), -8.0)
    masks[0, :, 0], masks[1, :, 1], masks[2, :, 2:] = 8, 8, 8
    prediction = prediction_of([[0.05, 0.9, 0.05], [0.05, 0.8, 0.15], [0.9, 0.05, 0.05]], masks)
    sky, person = panoseg.semantic(prediction).segments
    assert sky.color == tuple(prediction.colors[2])
    assert person.color == tuple(prediction.colors[0])
