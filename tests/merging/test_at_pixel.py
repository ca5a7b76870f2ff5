import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import panoseg
from panoseg.errors import InvalidValueError
from panoseg.merging import (
    candidates,
    classes_at,
    probabilities_at,
    probability_map,
    rivals_at,
    why_no_instance,
    why_void,
)
from tests import reference
from tests.fakes import fake_prediction
from tests.merging.strategies import predictions


@settings(max_examples=40, deadline=None)
@given(predictions(), st.randoms(use_true_random=False))
def test_every_pixel_is_as_probable_as_the_naive_rules_say(prediction, random):
    expected = reference.mask_probabilities(prediction)
    for query in range(len(expected)):
        np.testing.assert_allclose(probability_map(prediction, query), expected[query], atol=1e-6)
    height, width = prediction.image_size
    for _ in range(5):
        x, y = random.randrange(width), random.randrange(height)
        np.testing.assert_allclose(probabilities_at(prediction, x, y), expected[:, y, x], atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(predictions(), st.randoms(use_true_random=False))
def test_the_first_rival_owns_the_pixel(prediction, random):
    classes = reference.class_probabilities(prediction)
    height, width = prediction.image_size
    x, y = random.randrange(width), random.randrange(height)
    something = [q for q in range(len(classes)) if classes[q].argmax() != len(prediction.vocabulary)]
    weights = classes.max(axis=1) * reference.mask_probabilities(prediction)[:, y, x]
    rivals = rivals_at(prediction, x, y)
    assert len(rivals) == min(3, len(something))
    np.testing.assert_allclose(
        [rival.weight for rival in rivals], sorted(weights[something], reverse=True)[:3], atol=1e-12
    )
    for rival in rivals:
        assert rival.class_id == classes[rival.query].argmax()
        assert rival.score * rival.probability == pytest.approx(weights[rival.query])


@settings(max_examples=40, deadline=None)
@given(predictions(), st.randoms(use_true_random=False))
def test_the_best_class_has_the_largest_semantic_score(prediction, random):
    height, width = prediction.image_size
    x, y = random.randrange(width), random.randrange(height)
    scores = reference.semantic(prediction)[:, y, x]
    found = classes_at(prediction, x, y)
    np.testing.assert_allclose([one.weight for one in found], sorted(scores, reverse=True)[:3], atol=1e-9)
    np.testing.assert_allclose(
        [one.weight for one in found], scores[[one.class_id for one in found]], atol=1e-9
    )


@settings(max_examples=60, deadline=None)
@given(
    predictions(), st.floats(0, 1), st.floats(0.01, 0.99), st.floats(0, 1), st.randoms(use_true_random=False)
)
def test_void_has_a_reason_and_nothing_else_has(prediction, score, mask, overlap, random):
    thresholds = panoseg.Thresholds(score, mask, overlap)
    segmentation = panoseg.panoptic(prediction, thresholds)
    fates = candidates(prediction, thresholds)
    height, width = prediction.image_size
    closest = reference.panoptic(prediction, score, mask, overlap)[2]
    for _ in range(5):
        x, y = random.randrange(width), random.randrange(height)
        words = why_void(prediction, fates, thresholds, x, y)
        if closest > 1e-9:  # else rounding decides
            assert bool(words) == (segmentation.id_map[y, x] == 0)


def reason_at(x, y, **thresholds):
    chosen = panoseg.Thresholds(**thresholds)
    prediction = fake_prediction((48, 64))
    return why_void(prediction, candidates(prediction, chosen), chosen, x, y)


def test_a_filtered_query_that_covers_the_pixel_is_named():
    assert reason_at(52, 10) == (
        "“kite” covers it. Its score of 0.500 is not above the score threshold of 0.80."
    )
    assert reason_at(52, 10, score=0.4) == ""


def test_a_winner_below_the_mask_threshold_is_named():
    # Where the kite is, the sky has a mask probability of σ(−8).
    words = reason_at(52, 10, score=0.4, mask=1.0)
    assert words.startswith("“kite” wins it, but with a mask probability of 0.999")
    assert "the mask threshold wants 1.00" in words


def test_a_winner_that_was_dropped_is_named():
    rng = np.random.default_rng(0)
    masks = np.full((2, 8, 8), 6.0, np.float32)
    masks[1, :, :2] = 9  # wins a quarter, would have all
    prediction = panoseg.Prediction(
        np.log([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05]]) + rng.normal(0, 0, (2, 3)),
        masks,
        (8, 8),
        (8, 8),
        (8, 8),
        panoseg.Vocabulary(["wall", "door"], things=[0, 1]),
    )
    chosen = panoseg.Thresholds()
    words = why_void(prediction, candidates(prediction, chosen), chosen, 0, 4)
    assert words.startswith("It is won by “door”, which is no segment. Others leave it 0.250 of its mask")


def test_where_nothing_is_kept_the_score_is_named():
    assert "score threshold of 0.99" in reason_at(2, 30, score=0.99)


def test_an_instance_below_the_score_is_named():
    prediction = fake_prediction((48, 64))
    assert why_no_instance(prediction, 0.8, 52, 10).startswith("“kite” covers it, but its score is not above")
    assert why_no_instance(prediction, 0.8, 2, 2).startswith("No thing's mask reaches it")


@pytest.mark.parametrize("place", [(-1, 0), (64, 0), (0, 48)])
def test_beside_the_photo_there_is_no_pixel(place):
    with pytest.raises(InvalidValueError, match="wanted x from 0 to 63 and y from 0 to 47"):
        probabilities_at(fake_prediction((48, 64)), *place)


def test_no_such_query():
    with pytest.raises(InvalidValueError, match="wanted 0 to 5, got 6"):
        probability_map(fake_prediction((48, 64)), 6)


def test_a_map_at_another_size_looks_at_the_same_places():
    prediction = fake_prediction((480, 640))
    np.testing.assert_allclose(
        probability_map(prediction, 4, (240, 320)).mean(), probability_map(prediction, 4).mean(), atol=1e-3
    )
