"""Panoptic merging: the rules by example, and against the naive reference on random input."""

import dataclasses

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import panoseg
from benchmarks.scenes import blobs
from panoseg.merging import Fate, merge
from tests import reference
from tests.merging.strategies import fractions, predictions

VOCABULARY = panoseg.Vocabulary(["sky", "person", "grass"], things=[1])
SKY, PERSON, GRASS, NOTHING = range(4)


def prediction_of(*queries, size=(4, 4), **geometry):
    """One query per (class, score, rows of + - characters); + is a logit of 4, - of -4, 0 of 0."""
    class_logits, masks = [], []
    for class_id, score, rows in queries:
        probabilities = np.full(4, (1 - score) / 3)
        probabilities[class_id] = score
        class_logits.append(np.log(probabilities))
        masks.append([[{"+": 4.0, "-": -4.0, "0": 0.0}[c] for c in row] for row in rows])
    shape = np.array(masks).shape[1:]
    return panoseg.Prediction(
        np.array(class_logits),
        np.array(masks),
        geometry.get("input_size", shape),
        geometry.get("content_size", shape),
        geometry.get("image_size", shape),
        VOCABULARY,
    )


LEFT, RIGHT, ALL, NONE = ["++--"] * 4, ["--++"] * 4, ["++++"] * 4, ["----"] * 4


def test_two_things_and_void():
    result = panoseg.panoptic(prediction_of((PERSON, 0.9, LEFT), (PERSON, 0.95, ["---+"] * 4)))
    assert result.id_map.tolist() == [[1, 1, 0, 2]] * 4
    assert result.id_map.dtype == np.int32
    assert [(s.id, s.label, s.kind, s.area, s.bbox) for s in result.segments] == [
        (1, "person", "thing", 8, (0, 0, 2, 4)),
        (2, "person", "thing", 4, (3, 0, 1, 4)),
    ]
    assert [round(s.score, 6) for s in result.segments] == [0.9, 0.95]


def test_stuff_is_one_segment_with_the_area_weighted_score():
    result = panoseg.panoptic(
        prediction_of(
            (SKY, 0.9, ["+---"] * 4), (PERSON, 0.9, ["-+--"] * 4), (SKY, 0.84, RIGHT), (PERSON, 0.99, NONE)
        )
    )
    assert result.id_map.tolist() == [[1, 2, 1, 1]] * 4
    assert [s.label for s in result.segments] == ["sky", "person"]
    assert result.segments[0].score == pytest.approx((0.9 * 4 + 0.84 * 8) / 12)
    assert result.segments[0].queries == (0, 2)


def test_ids_are_never_reused_after_a_fusion():
    result = panoseg.panoptic(
        prediction_of(
            (SKY, 0.9, ["+---"] * 4),
            (PERSON, 0.9, ["-+--"] * 4),
            (SKY, 0.9, ["--+-"] * 4),
            (GRASS, 0.9, ["---+"] * 4),
        )
    )
    assert result.id_map.tolist() == [[1, 2, 1, 3]] * 4


@pytest.mark.parametrize(
    ("score", "kept"), [(0.79, True), (0.9, False), (0.95, False), (0.0, True), (1.0, False)]
)
def test_the_score_must_be_strictly_above_the_threshold(score, kept):
    prediction = prediction_of((PERSON, 0.9, ALL))
    exact = panoseg.Thresholds(score=float(prediction.scores[0]) if score == 0.9 else score)
    assert len(panoseg.panoptic(prediction, exact).segments) == kept


def test_a_probability_equal_to_the_mask_threshold_is_inside():
    assert panoseg.panoptic(prediction_of((PERSON, 0.9, ["0000"] * 4))).segments[0].area == 16


def test_the_overlap_ratio_may_equal_its_threshold():
    # The sky's own mask is all 16 pixels, and 12 of them are left to it.
    prediction = prediction_of((SKY, 0.9, ALL), (PERSON, 0.99, ["+---"] * 4))
    assert len(panoseg.panoptic(prediction, panoseg.Thresholds(overlap=0.75)).segments) == 2
    fallen = panoseg.panoptic(prediction, panoseg.Thresholds(overlap=0.76))
    assert [s.label for s in fallen.segments] == ["person"]
    assert fallen.id_map.tolist() == [[1, 0, 0, 0]] * 4  # its pixels go to nobody else


def test_the_overlap_test_does_not_weigh_by_score():
    # transformers compares score × probability with the mask threshold and loses this one.
    prediction = prediction_of((PERSON, 0.45, ALL))
    assert panoseg.panoptic(prediction, panoseg.Thresholds(score=0.3)).segments[0].area == 16


def test_an_exact_tie_goes_to_the_first_query():
    result, fates = merge(prediction_of((PERSON, 0.9, ALL), (PERSON, 0.9, ALL)), panoseg.Thresholds())
    assert (result.id_map == 1).all()
    assert [c.fate for c in fates] == [Fate.SEGMENT, Fate.EMPTY]


def test_no_kept_query_gives_an_empty_map():
    result = panoseg.panoptic(prediction_of((NOTHING, 0.99, ALL), (PERSON, 0.7, ALL)))
    assert result.segments == ()
    assert not result.id_map.any()
    assert result.id_map.shape == (4, 4)
    assert list(result.to_frame().columns) == [column.name for column in panoseg.segment_columns.COLUMNS]


def test_fates_tell_why():
    _, fates = merge(
        prediction_of(
            (NOTHING, 0.99, ALL),
            (SKY, 0.9, ["++++", "++++", "----", "----"]),
            (PERSON, 0.5, ALL),
            (SKY, 0.85, ["----", "----", "++++", "----"]),
            (GRASS, 0.95, ["----", "----", "--++", "++++"]),
            (GRASS, 0.9, NONE),
        ),
        panoseg.Thresholds(),
    )
    assert [(c.fate, c.segment_id) for c in fates] == [
        (Fate.NO_OBJECT, 0),
        (Fate.SEGMENT, 1),
        (Fate.LOW_SCORE, 0),
        (Fate.OCCLUDED, 0),
        (Fate.SEGMENT, 2),
        (Fate.EMPTY, 0),
    ]
    assert (fates[3].owned, fates[3].original, fates[3].overlap) == (2, 4, 0.5)


def test_padding_never_leaks_into_a_mask():
    # The photo fills the left half of the input; a query that owns only the padding has nothing.
    prediction = prediction_of(
        (PERSON, 0.9, ["++------"] * 4),
        (SKY, 0.99, ["----++++"] * 4),
        input_size=(8, 16),
        content_size=(8, 8),
        image_size=(40, 40),
    )
    result = panoseg.panoptic(prediction)
    assert [s.label for s in result.segments] == ["person"]
    assert result.segments[0].bbox[2] == 20


@settings(max_examples=600, deadline=None)
@given(predictions(), fractions, fractions, fractions)
def test_agrees_with_the_naive_reference(prediction, score, mask, overlap):
    expected, segments, margin, _ = reference.panoptic(prediction, score, mask, overlap)
    result = panoseg.panoptic(prediction, panoseg.Thresholds(score, mask, overlap))
    assume(margin > 1e-6)  # closer than that, either answer is right
    np.testing.assert_array_equal(result.id_map, expected)
    assert [s.class_id for s in result.segments] == [s["class_id"] for s in segments]
    for segment, wanted in zip(result.segments, segments, strict=True):
        scores, areas, sums = zip(*wanted["parts"], strict=True)
        y, x = np.nonzero(expected == segment.id)
        assert segment.area == sum(areas) == len(y)
        assert segment.bbox == (x.min(), y.min(), np.ptp(x) + 1, np.ptp(y) + 1)
        assert segment.score == pytest.approx(np.average(scores, weights=areas))
        assert segment.quality == pytest.approx(sum(sums) / sum(areas), abs=2e-5)


@pytest.mark.parametrize("score", [0.3, 0.9])
def test_where_many_meet_the_naive_reference_agrees(score):
    # At a border everybody's bounds over a tile are wide: here up to thirty queries are left in one.
    prediction = blobs((150, 200), 30, queries=40, grid=(36, 48), seed=11)
    expected, segments, margin, _ = reference.panoptic(prediction, score, 0.5, 0.5)
    assert margin > 1e-9
    result = panoseg.panoptic(prediction, panoseg.Thresholds(score, 0.5, 0.5))
    np.testing.assert_array_equal(result.id_map, expected)
    assert len(result.segments) == len(segments)


def test_what_was_found_of_tiles_before_changes_nothing():
    prediction = blobs((150, 200), 12, queries=40, grid=(36, 48), seed=12)
    thresholds = [panoseg.Thresholds(score, 0.5, 0.5) for score in (0.3, 0.95, 0.3, 0.9)]
    for one in thresholds:
        alone, _ = merge(dataclasses.replace(prediction), one)
        again, _ = merge(prediction, one)
        np.testing.assert_array_equal(alone.id_map, again.id_map)
        assert alone.segments == again.segments


@settings(max_examples=50, deadline=None)
@given(predictions(), st.sampled_from([(1,), (2,), (128,)]))
def test_the_side_of_the_tiles_does_not_matter(prediction, tiles):
    whole, _ = merge(prediction, panoseg.Thresholds(score=0.3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("panoseg.merging.surfaces._TILES", tiles)
        tiled, _ = merge(dataclasses.replace(prediction), panoseg.Thresholds(score=0.3))
    np.testing.assert_array_equal(whole.id_map, tiled.id_map)
    assert [s.area for s in whole.segments] == [s.area for s in tiled.segments]


@settings(max_examples=100, deadline=None)
@given(predictions())
def test_colors_do_not_depend_on_thresholds(prediction):
    def colors(score):
        result = panoseg.panoptic(prediction, panoseg.Thresholds(score=score))
        return {segment.key: segment.color for segment in result.segments}

    low, high = colors(0.2), colors(0.7)
    assert all(low[key] == high[key] for key in low.keys() & high.keys())
