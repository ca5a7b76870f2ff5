"""What travels between a model server and those who ask it, and what is made of nonsense."""

import contextlib
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoseg import InvalidValueError, Prediction, panoptic
from panoseg.protocol import prediction_bytes
from panoseg.protocol.model_facts import ModelFacts
from panoseg.protocol.prediction_bytes import decode_prediction, encode_prediction, read_precision
from tests.fakes import VOCABULARY, fake_prediction

SIZE = (120, 160)
FACTS = ModelFacts("owner/name", "abc", "cpu", VOCABULARY, True, 800, 3, "d" * 64, "torch", "float32")


def noisy_prediction() -> Prediction:
    made = fake_prediction(SIZE)
    noise = np.random.default_rng(1).normal(size=made.mask_logits.shape).astype(np.float32)
    return replace(made, mask_logits=made.mask_logits + noise)


def test_full_precision_arrives_bit_by_bit():
    sent = noisy_prediction()
    came = decode_prediction(encode_prediction(sent), SIZE)
    assert came.class_logits.tobytes() == sent.class_logits.tobytes()
    assert came.mask_logits.tobytes() == sent.mask_logits.tobytes()
    assert (came.input_size, came.content_size, came.image_size) == (
        sent.input_size,
        sent.content_size,
        sent.image_size,
    )
    assert came.vocabulary == sent.vocabulary


def test_half_precision_takes_half_the_bytes_and_keeps_labels_and_scores():
    sent = noisy_prediction()
    document = encode_prediction(sent, "half")
    assert len(document) < 0.6 * len(encode_prediction(sent))
    came = decode_prediction(document, SIZE)
    assert came.class_logits.tobytes() == sent.class_logits.tobytes()
    np.testing.assert_allclose(came.mask_logits, sent.mask_logits, rtol=2**-10)
    assert [each.label for each in panoptic(came).segments] == [
        each.label for each in panoptic(sent).segments
    ]


def test_logits_beyond_half_precision_are_cut_off_and_stay_finite():
    sent = fake_prediction(SIZE)
    huge = replace(sent, mask_logits=sent.mask_logits * 1e6)
    assert np.isfinite(decode_prediction(encode_prediction(huge, "half"), SIZE).mask_logits).all()


def test_a_prediction_of_another_picture_is_refused():
    with pytest.raises(InvalidValueError):
        decode_prediction(encode_prediction(fake_prediction((60, 80))), SIZE)


@given(st.integers(0, 2**32), st.binary(min_size=1, max_size=8))
def test_altered_bytes_are_refused_or_a_prediction(place, letters):
    document = bytearray(encode_prediction(fake_prediction(SIZE)))
    place %= 2000  # where the structure stands
    document[place : place + len(letters)] = letters
    with contextlib.suppress(InvalidValueError):
        decode_prediction(bytes(document), SIZE)


@pytest.mark.parametrize("document", [b"", b"x", b"\xff" * 64, b"\x02" + b"\0" * 7 + b"{}", b"\0" * 8])
def test_what_is_no_document_is_refused(document):
    with pytest.raises(InvalidValueError):
        decode_prediction(document, SIZE)


def test_a_precision_has_a_name():
    assert read_precision("half") == "half"
    with pytest.raises(InvalidValueError, match="wanted full or half"):
        read_precision("double")


def test_facts_come_back_from_json():
    assert ModelFacts.from_json(json.loads(json.dumps(FACTS.to_json()))) == FACTS
    assert ModelFacts.from_json({**FACTS.to_json(), "revision": None}).revision is None


@pytest.mark.parametrize(
    "change", [{"vocabulary": {}}, {"vocabulary": {"labels": []}}, {"lanes": "many"}, {"largest_edge": None}]
)
def test_facts_that_make_no_sense_are_refused(change):
    with pytest.raises(InvalidValueError):
        ModelFacts.from_json({**FACTS.to_json(), **change})


def test_facts_need_all_their_fields():
    for name in FACTS.to_json():
        lacking = {key: value for key, value in FACTS.to_json().items() if key != name}
        with pytest.raises(InvalidValueError):
            ModelFacts.from_json(lacking)
    with pytest.raises(InvalidValueError):
        ModelFacts.from_json(["no", "facts"])


def test_a_head_is_bounded(monkeypatch):
    document = encode_prediction(fake_prediction((30, 40)))
    assert decode_prediction(document, (30, 40)).image_size == (30, 40)
    monkeypatch.setattr(prediction_bytes, "_MOST_HEADER_BYTES", 100)
    with pytest.raises(InvalidValueError, match="makes no sense"):
        decode_prediction(document, (30, 40))
