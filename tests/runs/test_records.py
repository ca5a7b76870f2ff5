"""What a record changes of a prediction, and what it does not."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import load, save

import panoseg
from panoseg import Prediction, Thresholds, Vocabulary
from panoseg.demo.world import draw_scene
from panoseg.errors import RunError
from panoseg.runs.finished_maps import MapSegment, decode_segmentation, encode_map
from panoseg.runs.records import EMPTY_LOGIT, LEAST_SCORE, decode_prediction, encode_prediction
from tests.fakes import VOCABULARY, fake_prediction


def kept(prediction: Prediction) -> Prediction:
    return decode_prediction(encode_prediction(prediction), prediction.vocabulary)


@pytest.fixture(scope="module")
def scenes():
    segmenter = panoseg.load_segmenter("demo")
    photos = [panoseg.Photo.from_pixels(draw_scene(700_000 + n, (320, 480)).pixels, "x") for n in range(4)]
    return [segmenter.predict(photo) for photo in photos]


@pytest.mark.parametrize("score", [0.05, 0.3, 0.8])
@pytest.mark.parametrize(("mask", "overlap"), [(0.05, 0.05), (0.5, 0.8), (0.9, 0.5)])
def test_maps_are_those_of_the_live_prediction(scenes, score, mask, overlap):
    thresholds = Thresholds(score, mask, overlap)
    equal = total = 0
    for live in scenes:
        ours, theirs = (panoseg.panoptic(each, thresholds) for each in (kept(live), live))
        equal += (ours.id_map == theirs.id_map).sum()
        total += ours.id_map.size
        assert [(s.key, s.label, s.score) for s in ours.segments] == [
            (s.key, s.label, pytest.approx(s.score, abs=1e-4)) for s in theirs.segments
        ]
        assert [s.color for s in ours.segments] == [s.color for s in theirs.segments]
    assert equal / total >= 0.9999


def test_instances_and_semantic_maps_are_kept_too(scenes):
    equal = total = 0
    for live in scenes:
        stored = kept(live)
        ours, theirs = panoseg.semantic(stored).id_map, panoseg.semantic(live).id_map
        equal += (ours == theirs).sum()
        total += ours.size
        found, wanted = (panoseg.instances(each, 0.05) for each in (stored, live))
        assert [s.label for s in found.segments] == [s.label for s in wanted.segments]
        assert sum(s.area for s in found.segments) == pytest.approx(
            sum(s.area for s in wanted.segments), rel=1e-3
        )
    assert equal / total >= 0.999


def test_the_size_stays_within_its_bound(scenes):
    for live in scenes:
        queries, height, width = live.mask_logits.shape
        assert len(encode_prediction(live)) < queries * (2 * height * width + 4 * 14) + 1000


def test_queries_that_cannot_own_a_pixel_are_left_out():
    live = fake_prediction((40, 50))
    logits = live.class_logits.copy()
    logits[3] = [0, 0, 0, 0, 0, 9]  # "no object", whatever else is below LEAST_SCORE
    live = Prediction(logits, live.mask_logits, (192, 256), (192, 256), (40, 50), VOCABULARY)
    assert live.class_probabilities[3, :-1].max() < LEAST_SCORE
    tensors = load(encode_prediction(live))
    assert tensors["queries"].tolist() == [0, 1, 2, 4, 5]
    assert tensors["mask_size"].tolist() == list(live.mask_logits.shape[1:])
    stored = kept(live)
    assert (stored.mask_logits[3] == EMPTY_LOGIT).all()
    np.testing.assert_array_equal(stored.class_logits, live.class_logits)


def test_a_query_just_above_the_least_score_is_kept():
    vocabulary = Vocabulary(["a"], things=[0])
    logits = [[np.log(LEAST_SCORE + 0.001), np.log(1 - LEAST_SCORE - 0.001)]]
    live = Prediction(logits, np.ones((1, 2, 2)), (8, 8), (8, 8), (8, 8), vocabulary)
    assert load(encode_prediction(live))["queries"].tolist() == [0]


def test_no_query_is_kept_and_all_is_well():
    vocabulary = Vocabulary(["a"], things=[0])
    live = Prediction([[-9, 9]], np.ones((1, 2, 3)), (8, 8), (8, 8), (8, 8), vocabulary)
    assert kept(live).mask_logits.shape == (1, 2, 3)
    assert panoseg.panoptic(kept(live)).segments == ()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.floats(1, 1e6))
def test_masks_are_rounded_to_half_precision_and_no_more(seed, scale):
    rng = np.random.default_rng(seed)
    vocabulary = Vocabulary(["a", "b"], things=[0])
    masks = (rng.standard_normal((3, 4, 5)) * scale).astype(np.float32)
    live = Prediction(rng.normal(size=(3, 3)), masks, (16, 20), (12, 20), (30, 41), vocabulary)
    stored = kept(live)
    limit = float(np.finfo(np.float16).max)
    np.testing.assert_allclose(stored.mask_logits, np.clip(masks, -limit, limit), rtol=2**-11, atol=1e-7)
    assert encode_prediction(live) == encode_prediction(live)


@pytest.mark.parametrize("record", [b"", b"x" * 100, encode_prediction(fake_prediction((9, 9)))[:-5]])
def test_a_damaged_record_is_one_sentence(record):
    with pytest.raises(RunError, match="is damaged"):
        decode_prediction(record, VOCABULARY)


def test_a_record_of_another_vocabulary_is_one_sentence():
    with pytest.raises(RunError, match="is damaged"):
        decode_prediction(encode_prediction(fake_prediction((9, 9))), Vocabulary(["a"], things=[]))


@pytest.mark.parametrize(
    "wrong", [{"classes": [99]}, {"classes": [[0]]}, {"scores": [[0.5]]}, {"ids": [[1]]}]
)
def test_a_damaged_map_is_one_sentence(wrong):
    stream = BytesIO()
    Image.new("RGB", (8, 8), (1, 0, 0)).save(stream, "PNG")
    tensors = load(encode_map(stream.getvalue(), [MapSegment(1, 0, 0.5)]))
    for name, value in wrong.items():
        tensors[name] = np.array(value, tensors[name].dtype)
    with pytest.raises(RunError, match="is damaged"):
        decode_segmentation(save(tensors), VOCABULARY)
