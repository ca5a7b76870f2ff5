"""Beside transformers' post-processing: equal where its deviations play no role, and one test for each.

docs/semantics.md has the table that these tests hold true.
"""

from types import SimpleNamespace

import numpy as np
import pytest

import panoseg

torch = pytest.importorskip("torch")
VOCABULARY = panoseg.Vocabulary(["sky", "person", "car"], things=[1, 2])
SKY, PERSON, CAR, NOTHING = range(4)
STUFF = {SKY}


@pytest.fixture(scope="module")
def processor():
    transformers = pytest.importorskip("transformers")
    return transformers.Mask2FormerImageProcessorPil()


def prediction_of(*queries, size=(4, 4), input_size=(384, 384), content_size=(384, 384)):
    """One query per (class, score, mask logits); the input is 384×384, as theirs always is."""
    class_logits = []
    for class_id, score, _ in queries:
        probabilities = np.full(4, (1 - score) / 3)
        probabilities[class_id] = score
        class_logits.append(np.log(probabilities))
    masks = np.array([np.broadcast_to(logits, (96, 96)) for _, _, logits in queries])
    return panoseg.Prediction(np.array(class_logits), masks, input_size, content_size, size, VOCABULARY)


def stripes(*levels):
    """96 columns in as many stripes as there are levels."""
    return np.repeat(np.array(levels, float), 96 // len(levels))[None]


def theirs(processor, prediction, task="panoptic", **options):
    outputs = SimpleNamespace(
        class_queries_logits=torch.from_numpy(prediction.class_logits.copy())[None],
        masks_queries_logits=torch.from_numpy(prediction.mask_logits.copy())[None],
    )
    process = getattr(processor, f"post_process_{task}_segmentation")
    (result,) = process(outputs, target_sizes=[prediction.image_size], **options)
    return result


def their_panoptic(processor, prediction, thresholds=panoseg.Thresholds(), fuse=STUFF):  # noqa: B008
    result = theirs(
        processor,
        prediction,
        threshold=thresholds.score,
        mask_threshold=thresholds.mask,
        overlap_mask_area_threshold=thresholds.overlap,
        label_ids_to_fuse=fuse,
    )
    return result["segmentation"].numpy(), result["segments_info"]


def test_panoptic_is_equal_where_no_deviation_plays_a_role(processor):
    prediction = prediction_of(
        (PERSON, 0.9, stripes(8, -8, -8, -8)),
        (CAR, 0.9, stripes(-8, 8, -8, -8)),
        (CAR, 0.7, stripes(9, 9, 9, 9)),
        (PERSON, 0.9, stripes(-8, -8, 8, 8)),
        size=(384, 384),
    )
    id_map, segments = their_panoptic(processor, prediction)
    ours = panoseg.panoptic(prediction)
    np.testing.assert_array_equal(ours.id_map, id_map)
    assert [(s.id, s.class_id) for s in ours.segments] == [(s["id"], s["label_id"]) for s in segments]
    scores = [s["score"] for s in segments]
    assert [s.score for s in ours.segments] == pytest.approx(scores, abs=1e-5)  # theirs are in float32


def test_semantic_is_equal_at_their_input_size(processor):
    rng = np.random.default_rng(0)
    prediction = panoseg.Prediction(
        rng.normal(0, 2, (5, 4)),
        rng.normal(0, 4, (5, 96, 96)),
        (384, 384),
        (384, 384),
        (500, 700),
        VOCABULARY,
    )
    class_map = theirs(processor, prediction, "semantic").numpy()
    ours = panoseg.semantic(prediction)
    classes = np.array([0, *(segment.class_id for segment in ours.segments)])
    assert (classes[ours.id_map] != class_map).mean() < 1e-4  # theirs is in float32


def test_instances_are_equal_at_their_input_size(processor):
    prediction = prediction_of(
        (PERSON, 0.9, stripes(8, -8, -8, -8)), (CAR, 0.8, stripes(-8, 8, 8, -8)), size=(384, 384)
    )
    result = theirs(processor, prediction, "instance", threshold=0.5, return_binary_maps=True)
    ours = panoseg.instances(prediction, score=0.5)
    assert [s.class_id for s in ours.segments] == [s["label_id"] for s in result["segments_info"]]
    for segment, mask, info in zip(
        ours.segments, result["segmentation"].numpy(), result["segments_info"], strict=True
    ):
        np.testing.assert_array_equal(ours.mask(segment.id), mask > 0)
        assert segment.score == pytest.approx(info["score"], abs=2e-5)


def test_padding_is_never_cropped(processor):
    # The photo fills the left half of the input: a person in its left half, a car in its right one.
    prediction = prediction_of(
        (PERSON, 0.9, stripes(8, -8, -8, -8)),
        (CAR, 0.9, stripes(-8, 8, 8, 8)),
        size=(4, 40),
        content_size=(384, 192),
    )
    id_map, _ = their_panoptic(processor, prediction)
    assert (id_map == 1).sum(axis=1).tolist() == [10] * 4
    assert (panoseg.panoptic(prediction).id_map == 1).sum(axis=1).tolist() == [20] * 4


def test_probabilities_instead_of_logits_are_resized(processor):
    # Between two samples of the input, here 100 pixels apart, the person's logit falls from 0.75 to −3.75. It
    # crosses the car's, 0, a sixth of the way; a probability that falls from 0.68 to 0.02 is one half later.
    prediction = prediction_of((PERSON, 0.9, stripes(12, -6)), (CAR, 0.9, stripes(0, 0)), size=(4, 38400))
    id_map, _ = their_panoptic(processor, prediction)
    ours = panoseg.panoptic(prediction).id_map
    # Where a pixel's middle is next to the crossing, rounding decides.
    assert (ours == 1).sum(axis=1).tolist() == pytest.approx([19267] * 4, abs=1)
    assert (id_map == 1).sum(axis=1).tolist() == pytest.approx([19277] * 4, abs=1)


def test_the_overlap_test_weighs_by_score(processor):
    # At a score of 0.45 no pixel's score × probability reaches the mask threshold of 0.5.
    prediction = prediction_of((PERSON, 0.45, stripes(8)))
    low = panoseg.Thresholds(score=0.3)
    assert their_panoptic(processor, prediction, low)[1] == []
    assert len(panoseg.panoptic(prediction, low).segments) == 1


def test_improbable_pixels_stay_in_the_mask(processor):
    prediction = prediction_of((PERSON, 0.9, stripes(8, -1)), (CAR, 0.9, stripes(-8, -8)))
    id_map, _ = their_panoptic(processor, prediction)
    assert id_map.tolist() == [[1, 1, 1, 1]] * 4
    assert panoseg.panoptic(prediction).id_map.tolist() == [[1, 1, 0, 0]] * 4


def test_an_overlap_equal_to_its_threshold_is_dropped(processor):
    # Three quarters of the person's mask are left to it.
    prediction = prediction_of((PERSON, 0.9, stripes(8)), (CAR, 0.99, stripes(8, -8, -8, -8)))
    three_quarters = panoseg.Thresholds(overlap=0.75)
    assert [s["label_id"] for s in their_panoptic(processor, prediction, three_quarters)[1]] == [CAR]
    assert [s.class_id for s in panoseg.panoptic(prediction, three_quarters).segments] == [PERSON, CAR]


def two_skies():
    return prediction_of(
        (SKY, 0.9, stripes(8, -8, -8, -8)),
        (PERSON, 0.9, stripes(-8, 8, -8, -8)),
        (SKY, 0.9, stripes(-8, -8, 8, -8)),
        (CAR, 0.9, stripes(-8, -8, -8, 8)),
    )


def test_stuff_is_only_what_the_caller_names(processor):
    _, segments = their_panoptic(processor, two_skies(), fuse=set())
    assert [s["label_id"] for s in segments].count(SKY) == 2
    assert [s.class_id for s in panoseg.panoptic(two_skies()).segments].count(SKY) == 1


def test_ids_jump_back_after_a_fusion(processor):
    id_map, segments = their_panoptic(processor, two_skies())
    assert [s["id"] for s in segments] == [1, 2, 1, 2]
    assert id_map.tolist() == [[1, 2, 1, 2]] * 4  # the person and the car share a mask
    assert panoseg.panoptic(two_skies()).id_map.tolist() == [[1, 2, 1, 3]] * 4


def test_a_fused_segment_is_listed_once_per_query(processor):
    _, segments = their_panoptic(processor, two_skies())
    assert len(segments) == 4
    assert [s.queries for s in panoseg.panoptic(two_skies()).segments] == [(0, 2), (1,), (3,)]


def test_an_empty_result_is_float_and_negative(processor):
    prediction = prediction_of((NOTHING, 0.9, stripes(8)))
    id_map, _ = their_panoptic(processor, prediction)
    assert (id_map.dtype, set(id_map.ravel().tolist())) == (np.float32, {-1.0})
    ours = panoseg.panoptic(prediction).id_map
    assert (ours.dtype, set(ours.ravel().tolist())) == (np.int32, {0})


def test_run_lengths_include_the_background(processor):
    prediction = prediction_of((PERSON, 0.9, stripes(-8, 8)), size=(384, 384))
    result = theirs(processor, prediction, "instance", threshold=0.5, return_coco_annotation=True)
    assert len(result["segmentation"]) == 2  # one of them is everything that is not the person
    (mask,) = panoseg.instances(prediction, score=0.5).masks
    assert mask.spans[:2].tolist() == [[0, 192, 384], [1, 192, 384]]
