"""Two segmentations side by side: other settings, another model, an annotation that the visitor brings."""

import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest

import panoseg
from panoseg import ModelError, Thresholds
from panoseg.export import coco_panoptic
from panoseg.page import annotation_reference
from panoseg.page.export_files import packed
from panoseg.palette import outcome_color
from tests.fakes import VOCABULARY, FakeSegmenter, fake_prediction
from tests.page.page import COCO, Download, Page, as_read, photo_file

OTHER = "facebook/mask2former-swin-small-coco-panoptic"
SETTINGS, MODEL, ANNOTATION = "Other settings", "Other model", "Annotation"
MATCH, LEFT, RIGHT = (list(outcome_color(name)) for name in ("match", "left", "right"))


def outcomes(page):
    """[(label, result)] of the list, in its order."""
    pairs = page.outcomes["pairs"]
    return [(pair["name"].split()[0], pair["words"].split(",")[0]) for pair in pairs]


def quality(page):
    """PQ over all classes, things and stuff, in per cent."""
    return [round(100 * group["values"][0], 1) for group in page.outcomes["quality"]]


def bring(page, size, damage=bytes):
    """Upload an annotation: what the fake sees in a picture of that size."""
    segmentation = panoseg.panoptic(fake_prediction(size))
    archive = zipfile.ZipFile(io.BytesIO(coco_panoptic("garden", segmentation, VOCABULARY)))
    page.upload(*((name, damage(archive.read(name))) for name in archive.namelist()))


@pytest.fixture
def size(page):
    return page.photo["height"], page.photo["width"]


def test_without_a_comparison_there_is_one_picture(page):
    assert page.beside is None
    assert page.outcomes is None
    assert page.look["style"]["color_by"] == "segment"


def test_other_settings_are_the_same_prediction_at_other_thresholds(page, models, size):
    page.compare_with(SETTINGS)
    assert any(result != "match" for _, result in outcomes(page))  # something differs from the start
    page.move("other-score", 0.8)
    assert page.beside.map["stamp"] == str(Thresholds())
    assert quality(page) == [100] * 3

    page.move("other-score", 0.4)
    wanted = panoseg.panoptic(fake_prediction(size), Thresholds(score=0.4))
    np.testing.assert_array_equal(page.beside.ids, wanted.id_map)
    assert page.map["stamp"] == str(Thresholds())
    assert outcomes(page)[0] == ("kite", "only right")
    assert [result for _, result in outcomes(page)[1:]] == ["match"] * 5

    page.move("other-score", 0.86)
    assert outcomes(page)[0] == ("ball", "only left")
    assert page.outcomes["colors"]["query-4-3"] == LEFT
    assert page.beside.outcomes["colors"]["class-0"] == MATCH
    assert models.demo.calls == 1


def test_moving_the_left_sends_nothing_to_the_right_but_outcomes(page):
    page.compare_with(SETTINGS)
    page.move("other-score", 0.8)
    before = page.beside.message("map"), page.beside.message(), page.message()
    page.move("score", 0.86)
    assert (page.beside.message("map"), page.beside.message(), page.message()) == before
    assert page.beside.outcomes["colors"]["query-4-3"] == RIGHT


def test_another_model_at_the_same_thresholds(page, models):
    models.there[COCO] = FakeSegmenter(COCO)
    page.compare_with(MODEL)
    assert page.beside is None
    assert "stand here once it is chosen" in page.words
    assert COCO not in models.loads  # nothing is downloaded before it is chosen
    page.choose_other_model(COCO)
    page.move("score", 0.86)
    assert page.beside.map["stamp"] == str(Thresholds(score=0.86))
    assert COCO in page.beside.map["source"]
    assert [result for _, result in outcomes(page)] == ["match"] * 4
    assert (models.demo.calls, models.there[COCO].calls) == (1, 1)


def test_labels_of_another_vocabulary_meet_by_name(page, models):
    other = FakeSegmenter(COCO)
    labels = ["kite", "Person", "lawn", "ball", "sky"]
    known = fake_prediction(page.session.photo.size)
    others = panoseg.Vocabulary(labels, things=[0, 1, 3])
    logits = known.class_logits[:, [4, 2, 1, 3, 0, 5]]
    prediction = replace(known, class_logits=logits, vocabulary=others)
    other.predict_many = lambda photos, **options: [prediction]
    models.there[COCO] = other
    page.compare_with(MODEL)
    page.choose_other_model(COCO)
    assert sorted(outcomes(page)) == [
        ("ball", "match"),
        ("grass", "only left"),
        ("lawn", "only right"),
        ("person", "match"),
        ("person", "match"),
        ("sky", "match"),
    ]
    assert page.outcomes["strangers"] == "Labels that only one side knows cannot match: grass, lawn."


@pytest.mark.parametrize("when", ["loading", "predicting"])
def test_a_model_that_fails_leaves_the_left_at_work(page, models, when):
    error = ModelError("There is *no* network.")
    working, failing = FakeSegmenter(COCO), FakeSegmenter(COCO, error)
    models.there[COCO] = error if when == "loading" else failing
    page.compare_with(MODEL)
    page.choose_other_model(COCO)
    assert [as_read(message) for message in page.errors] == ["There is *no* network."]
    page.move("score", 0.86)
    assert page.map["stamp"] == str(Thresholds(score=0.86))
    assert page.beside is None
    assert models.loads.count(COCO) == 1

    models.there[COCO], failing.error = working, None
    page.press("Try again")
    assert page.errors == []
    assert page.beside.shows_its_segments


def test_a_server_with_one_model_says_so(models, monkeypatch):
    monkeypatch.setenv("PANOSEG_MODELS", "demo")
    page = Page(compare=MODEL)
    assert "No other model is offered here." in page.words


def test_an_annotation_matches_what_it_was_made_from(page, models, size):
    bring(page, size)
    assert quality(page) == [100, 100, 100]
    assert outcomes(page) == [(label, "match") for label in ("sky", "grass", "person", "person", "ball")]
    assert {segment["score"] for segment in page.beside.map["segments"]} == {None}

    page.move("score", 0.96)
    assert quality(page) == [50, 0, 100]
    assert [result for _, result in outcomes(page)] == ["missing"] * 3 + ["match"] * 2
    assert models.demo.calls == 1


@pytest.mark.parametrize("wrapped", [False, True])
def test_the_pages_own_archive_is_an_annotation(page, size, wrapped):
    segmentation = panoseg.panoptic(fake_prediction(size))
    data = coco_panoptic("garden", segmentation, VOCABULARY)
    if wrapped:
        _, data, _ = packed({"coco": data, "csv": b"id"}, b"{}", "garden")
    page.upload(("garden.zip", data))
    assert quality(page) == [100, 100, 100]


def test_a_picture_may_come_with_its_annotation(page):
    photo = photo_file()
    segmentation = panoseg.panoptic(fake_prediction((48, 64)))
    archive = zipfile.ZipFile(io.BytesIO(coco_panoptic("garden.jpg", segmentation, VOCABULARY)))
    page.upload(("garden.jpg", photo), *((name, archive.read(name)) for name in archive.namelist()))
    assert page.photo["name"] == "garden.jpg"
    assert quality(page) == [100, 100, 100]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("truth.json", b'{"annotations": []}', "is not complete"),
        ("truth.zip", b"PK\x03\x04 and then nothing", "is a ZIP archive"),
    ],
)
def test_half_an_annotation_is_one_sentence(page, name, data, says):
    page.upload((name, data))
    assert any(says in as_read(message) for message in page.errors)
    assert page.shows_its_segments


def test_what_an_annotation_lacks_is_extra_or_not_counted(page, size):
    bring(page, size)
    page.move("score", 0.4)  # the kite flies where nothing is annotated
    assert outcomes(page)[-1] == ("kite", "not counted")
    assert {entry["words"]: entry["count"] for entry in page.outcomes["legend"]} == {
        "match": 5,
        "extra": 0,
        "missing": 0,
        "not counted": 1,
    }


def test_beside_an_annotation_segments_say_why(page, size):
    bring(page, size)
    assert page.outcomes["reasons"] == page.beside.outcomes["reasons"] == {}
    page.move("score", 0.86)  # the ball's is just below
    (key, why), *others = page.beside.outcomes["reasons"].items()
    assert (others, page.outcomes["reasons"]) == ([], {})
    assert why.startswith("ball 0.8") and why.endswith(": below the score threshold; back at 0.85")
    assert [pair["reason"] for pair in page.outcomes["pairs"] if pair["right"] == key] == [why]
    page.move("score", 0.85)
    assert page.beside.outcomes["reasons"] == {}
    page.compare_with(SETTINGS)
    assert page.outcomes["reasons"] == {}


def test_an_annotation_of_another_picture_is_refused(page):
    bring(page, (40, 40))
    (error,) = page.errors
    assert "The annotation is 40×40 pixels and the picture" in error
    assert page.shows_its_segments
    assert page.beside is None


def test_an_annotation_of_more_segments_than_the_page_has_room_for_is_refused(page, size, monkeypatch):
    monkeypatch.setattr(annotation_reference, "MOST_SEGMENTS", 1)
    bring(page, size)
    (error,) = page.errors
    assert "segments; at most 1 are shown" in error
    assert page.beside is None


def test_a_damaged_annotation_is_one_sentence(page, size):
    bring(page, size, damage=lambda data: data[: len(data) // 2])
    (error,) = page.errors
    assert "cannot be read" in error
    assert page.shows_its_segments


def test_a_comparison_colours_by_outcome_and_gives_the_colours_back(page):
    page.report(style={"color_by": "label"})
    page.compare_with(SETTINGS)
    assert page.look["style"]["color_by"] == "outcome"
    assert page.look["address"]["color_by"] == "outcome"
    page.report(style={"color_by": "score"})
    page.move("other-score", 0.3)
    assert page.look["style"]["color_by"] == "score"
    page.report(style={"color_by": "outcome"})
    page.compare_with("Nothing")
    assert page.look["style"]["color_by"] == "label"
    assert page.outcomes is None


def test_the_right_keeps_its_own_hidden_segments(page):
    page.compare_with(SETTINGS)
    page.beside.report(hidden=["class-0"], style={"opacity": 0.1})
    page.move("score", 0.7)
    page.move("other-mask", 0.6)
    assert (page.beside.look["hidden"], page.look["hidden"]) == (["class-0"], [])
    assert page.beside.look["style"] is None
    assert page.look["style"]["opacity"] == 0.6


def test_only_panoptic_segmentations_are_compared(page):
    page.compare_with(SETTINGS)
    page.choose_task("semantic")
    assert page.app.segmented_control(key="compare").disabled
    assert page.beside is None
    page.choose_task("panoptic")
    assert page.beside.shows_its_segments


def test_a_link_opens_a_comparison():
    page = Page(compare=SETTINGS, **{"other-score": "0.86", "color_by": "score"})
    assert page.beside.map["stamp"] == str(Thresholds(score=0.86))
    assert page.look["style"]["color_by"] == "score"


def test_another_model_is_asked_for_before_it_is_downloaded(page, models):
    models.there[COCO] = FakeSegmenter(COCO)
    models.downloads[COCO] = Download(COCO)
    page.compare_with(MODEL)
    page.choose_other_model(COCO)
    assert page.has_button("Download")
    assert page.shows_its_segments
    assert page.beside is None
    page.press("Cancel")
    assert page.other_picker.value is None
    assert page.picker.value == "demo"

    page.choose_other_model(COCO)
    models.downloads[COCO].let(models.downloads[COCO].size)
    page.press("Download")
    assert page.beside.shows_its_segments


def test_no_click_meanwhile_asks_again_for_what_was_cancelled(page, models):
    models.there[COCO] = FakeSegmenter(COCO)
    models.downloads[COCO] = Download(COCO)
    page.compare_with(MODEL)
    page.choose_other_model(COCO)
    assert page.has_button("Download")
    sent_meanwhile = page.sends
    page.press("Cancel")
    page.run(sent_meanwhile)
    assert page.other_picker.value is None
    assert not page.has_button("Download")
    page.choose_other_model(COCO)
    assert page.has_button("Download"), "who chooses it again is asked again"


def test_no_address_of_before_asks_again_for_what_was_cancelled(page, models):
    models.there[COCO] = FakeSegmenter(COCO)
    models.downloads[COCO] = Download(COCO)
    page.compare_with(MODEL)
    page.choose_other_model(COCO)
    assert page.look["address"]["other-model"] == COCO
    page.app.query_params["other-model"] = COCO  # as the viewer writes it
    page.run()
    page.press("Cancel")
    assert page.look["address"]["other-model"] is None
    page.run()  # the browser has not written it yet
    assert not page.has_button("Download")
    del page.app.query_params["other-model"]
    page.run()
    page.app.query_params["other-model"] = COCO  # Back, to an entry before that
    page.run()
    assert page.other_picker.value is None
    assert not page.has_button("Download")


def test_a_link_and_back_name_the_other_model(models):
    models.there[COCO] = FakeSegmenter(COCO)
    models.there[OTHER] = FakeSegmenter(OTHER)
    page = Page(compare=MODEL, **{"other-model": "COCO panoptic · Swin-T"})
    assert page.other_picker.value == COCO
    assert page.beside.shows_its_segments
    page.choose_other_model(OTHER)
    assert page.other_picker.value == OTHER
    assert page.look["address"]["other-model"] == OTHER
    page.app.query_params["other-model"] = OTHER
    page.run()
    page.app.query_params["other-model"] = COCO
    page.run()
    assert page.other_picker.value == COCO
    del page.app.query_params["other-model"]
    page.run()
    assert page.other_picker.value is None


def test_another_input_size_stands_beside(page, models):
    page.compare_with(SETTINGS)
    (size,) = [box for box in page.app.selectbox if box.label == "Right input"]
    assert size.value == "shipped"
    assert models.demo.calls == 1
    size.set_value(384)
    page.run()
    assert models.demo.calls == 2
    assert " 384 " in page.beside.map["source"]
    assert " shipped " in page.map["source"]
    assert "input 384" in page.words

    models.demo.error = ModelError("There is *no* memory.")
    (size,) = [box for box in page.app.selectbox if box.label == "Right input"]
    size.set_value(512)
    page.run()
    assert [as_read(message) for message in page.errors] == ["There is *no* memory."]
    assert page.shows_its_segments
    assert page.beside is None
    assert "Demo" in page.model_line
