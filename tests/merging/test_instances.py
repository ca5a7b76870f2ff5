"""Instances against the naive reference, and their rules by example."""

import dataclasses

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import panoseg
from panoseg.merging import query_mask
from tests import reference
from tests.merging.strategies import fractions, predictions


@settings(max_examples=200, deadline=None)
@given(predictions(), fractions, st.integers(1, 30))
def test_agrees_with_the_naive_reference(prediction, score, limit):
    expected = reference.instances(prediction, score, limit)
    unsure = reference.instances(prediction, -1.0, limit)
    assume(all(abs(one["score"] - score) > 1e-4 for one in unsure))
    assume(np.abs(reference.mask_probabilities(prediction) - 0.5).min() > 1e-6)
    result = panoseg.instances(prediction, score, limit)
    assert len(result.segments) == len(expected)
    found = {(s.queries[0], s.class_id): s for s in result.segments}
    for one in expected:
        segment = found[one["query"], one["class_id"]]
        assert segment.score == pytest.approx(one["score"], abs=2e-5)
        assert segment.quality == pytest.approx(one["quality"], abs=2e-5)
        np.testing.assert_array_equal(result.mask(segment.id), one["mask"])
        y, x = np.nonzero(one["mask"])
        assert segment.area == len(y)
        assert segment.bbox == (x.min(), y.min(), np.ptp(x) + 1, np.ptp(y) + 1)
    scores = [s.score for s in result.segments]
    assert scores == sorted(scores, reverse=True)


@settings(max_examples=100, deadline=None)
@given(predictions(), fractions)
def test_a_querys_own_mask_agrees_with_the_naive_reference(prediction, mask):
    probability = reference.mask_probabilities(prediction)
    assume(np.abs(probability - mask).min() > 1e-6)
    for query in range(len(probability)):
        np.testing.assert_array_equal(query_mask(prediction, query, mask), probability[query] >= mask)


def test_a_ghost_at_display_size():
    prediction = overlapping()
    assert query_mask(prediction, 0, size=(2, 4)).tolist() == [[True, True, False, False]] * 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3,), "query: wanted 0 to 2, got 3"),
        ((-1,), "query: wanted 0 to 2, got -1"),
        ((0, 1.5), "mask threshold: wanted a number from 0 to 1"),
        ((0, 0.5, (0, 9)), "size: wanted sides of at least 1 pixel"),
    ],
)
def test_no_such_mask(arguments, message):
    with pytest.raises(panoseg.InvalidValueError, match=message):
        query_mask(overlapping(), *arguments)


def overlapping():
    """Two persons that overlap in the middle, and a sky."""
    masks = np.full((3, 4, 8), -6.0)
    masks[0, :, :4], masks[1, :, 2:6], masks[2] = 6, 9, 9
    probabilities = [[0.05, 0.9, 0.05], [0.15, 0.8, 0.05], [0.98, 0.01, 0.01]]
    return panoseg.Prediction(
        np.log(probabilities),
        masks,
        (4, 8),
        (4, 8),
        (4, 8),
        panoseg.Vocabulary(["sky", "person"], things=[1]),
    )


def test_only_things_count_and_masks_may_overlap():
    found = panoseg.instances(overlapping(), score=0.5)
    assert [(s.id, s.label, s.kind, s.area, s.bbox) for s in found.segments] == [
        (1, "person", "thing", 16, (0, 0, 4, 4)),
        (2, "person", "thing", 16, (2, 0, 4, 4)),
    ]
    assert (found.mask(1) & found.mask(2)).sum() == 8
    assert found.segments[0].score == pytest.approx(0.9 / (1 + np.exp(-6)), abs=2e-5)


def test_the_flat_map_paints_the_best_last():
    flat = panoseg.instances(overlapping(), score=0.5).flatten()
    assert flat.id_map.tolist() == [[1, 1, 1, 1, 2, 2, 0, 0]] * 4
    assert [s.area for s in flat.segments] == [16, 16]


def test_the_table_has_the_columns_of_every_table():
    frame = panoseg.instances(overlapping(), score=0.5).to_frame()
    assert list(frame.columns) == [column.name for column in panoseg.segment_columns.COLUMNS]
    assert frame["area_fraction"].tolist() == [0.5, 0.5]


def test_no_instance():
    found = panoseg.instances(overlapping(), score=1.0)
    assert found.segments == ()
    assert not found.flatten().id_map.any()
    assert found.to_frame().empty
    with pytest.raises(panoseg.InvalidValueError, match="wanted 1 to 0, got 1"):
        found.mask(1)


def test_however_noisy_a_mask_its_runs_are_bounded_by_the_input():
    rng = np.random.default_rng(0)
    prediction = panoseg.Prediction(
        np.log([[0.98, 0.02]]),
        rng.normal(0, 9, (1, 16, 16)),
        (16, 16),
        (16, 16),
        (64, 640),
        panoseg.Vocabulary(["noise"], things=[0]),
    )
    (mask,) = panoseg.instances(prediction).masks
    assert mask.to_mask().sum() == mask.area > 0
    assert 64 < len(mask.spans) <= 64 * (16 // 2 + 1)
    with pytest.raises(ValueError, match="read-only"):
        mask.spans[0] = 0


def test_segments_and_masks_belong_together():
    found = panoseg.instances(overlapping(), score=0.5)
    with pytest.raises(panoseg.InvalidValueError, match=r"wanted 1 to 1, one per mask, got \[1, 2\]"):
        dataclasses.replace(found, masks=found.masks[:1])
    with pytest.raises(panoseg.InvalidValueError, match=r"wanted the photo's size \(9, 9\), got \(4, 8\)"):
        dataclasses.replace(found, size=(9, 9))
    with pytest.raises(panoseg.InvalidValueError, match=r"spans: wanted shape \(N, 3\), got \(3,\)"):
        dataclasses.replace(found.masks[0], spans=np.zeros(3))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"score": 1.5}, "score: wanted"), ({"score": -0.1}, "score: wanted"), ({"limit": 0}, "limit: wanted")],
)
def test_rejects(arguments, message):
    with pytest.raises(panoseg.InvalidValueError, match=message):
        panoseg.instances(overlapping(), **arguments)
