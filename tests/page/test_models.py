"""Models come and fail to come; the page goes on with what works."""

import pytest

from panoseg import ModelError
from panoseg.demo.gallery import GALLERY
from panoseg.errors import MemoryShortError
from tests.fakes import FakeSegmenter
from tests.page.page import COCO, Page, as_read, photo_file

LARGE = COCO.replace("tiny", "large")
ADVICE = "The demo model knows only its drawn world"


def test_a_model_is_loaded_once_for_all_visitors(page, models):
    Page()
    page.move("score", 0.3)
    assert models.loads == ["demo"]


@pytest.mark.parametrize(("wanted", "engine"), [("torch", "torch"), ("", "auto"), (None, "auto")])
def test_the_operator_chooses_the_engine(models, monkeypatch, wanted, engine):
    if wanted is not None:
        monkeypatch.setenv("PANOSEG_ENGINE", wanted)
    Page()
    assert models.engine == engine


def test_the_page_says_which_model_is_in_use(page):
    assert "Demo" in page.model_line
    assert "knows only its drawn world" in page.app.main.caption[0].value


def test_a_drawn_scene_needs_no_advice(page):
    assert ADVICE not in page.words


def test_an_upload_brings_advice_and_a_model_for_photographs(page, models):
    models.there[COCO] = FakeSegmenter(COCO)
    page.upload(("garden.jpg", photo_file()))
    assert ADVICE in page.words
    page.press("Use the COCO model")
    assert page.picker.value == COCO
    assert "COCO" in page.model_line
    assert ADVICE not in page.words
    assert page.shows_its_segments
    assert models.there[COCO].calls == 1


def test_a_scene_chosen_after_an_upload_takes_the_advice_away(page):
    page.upload(("garden.jpg", photo_file()))
    page.go_to(next(iter(GALLERY)))
    assert ADVICE not in page.words


def test_a_model_that_cannot_be_had_leaves_the_demo_at_work(page, models):
    page.choose_model(COCO)
    assert page.words.count("could not be downloaded: no network") == 1
    assert "panoseg goes on with" in page.words
    assert "Demo" in page.model_line
    assert page.shows_its_segments
    assert page.errors == []
    assert models.loads == ["demo", COCO]


def test_what_could_not_be_had_is_tried_again_only_on_request(page, models):
    page.choose_model(COCO)
    for value in (0.0, 0.5, 1.0, 0.8):
        page.move("score", value)
    assert models.loads == ["demo", COCO]

    page.press("Try again")
    assert models.loads == ["demo", COCO, COCO]
    assert "could not be downloaded" in page.words

    models.there[COCO] = FakeSegmenter(COCO)
    page.press("Try again")
    assert "could not be downloaded" not in page.words
    assert "COCO" in page.model_line
    assert models.there[COCO].calls == 1


def test_picker_input_size_and_text_say_which_model_is_at_work(page):
    page.choose_model(COCO)
    assert page.picker.value == "demo"
    assert "Demo" in page.model_line
    assert "Sees the picture at 256 × 256." in page.words
    assert "knows only its drawn world" in page.app.main.caption[0].value
    assert "COCO panoptic · Swin-T could not be downloaded" in page.words
    assert COCO not in page.words, "nobody has chosen a repository"


def test_choosing_it_again_is_asking_again(page, models):
    page.choose_model(COCO)
    models.there[COCO] = FakeSegmenter(COCO)
    page.choose_model(COCO)
    assert models.loads == ["demo", COCO, COCO]
    assert "COCO" in page.model_line
    assert "could not be downloaded" not in page.words


def test_what_was_said_of_a_model_goes_when_it_was_read(page):
    page.choose_model(COCO)
    page.press("Close this message")
    assert "could not be downloaded" not in page.words
    assert page.shows_its_segments


def test_where_the_first_model_fails_the_page_says_so_and_tries_again(models):
    models.there["demo"] = ModelError("demo holds no weights; a model.safetensors is needed.")
    page = Page()
    assert len(page.errors) == 1
    assert "demo holds no weights" in as_read(page.errors[0])
    assert page.photo["width"] > 0  # the picture is there, only its segments are not

    models.there["demo"] = models.demo
    page.press("Try again")
    assert page.errors == []
    assert page.shows_its_segments


def test_a_bug_in_loading_is_one_sentence(models):
    models.there["demo"] = KeyError("pixel_decoder.layers.0")
    page = Page()
    (message,) = page.errors
    assert "could not be loaded" in message
    assert "pixel_decoder" not in message
    assert "Traceback" not in message


def test_a_bug_in_the_model_is_one_sentence(page, models):
    models.demo.error = ZeroDivisionError("secret detail")
    page.upload(("garden.jpg", photo_file()))
    (message,) = page.errors
    assert "could not process this picture" in message
    assert "secret" not in message

    models.demo.error = None
    page.press("Try again")
    assert page.errors == []
    assert page.photo["name"] == "garden.jpg"
    assert page.shows_its_segments


def test_a_photo_that_the_model_cannot_process_does_not_spoil_the_next(page, models):
    models.demo.error = ModelError("demo needs more memory than cpu has.")
    page.upload(("huge.jpg", photo_file()))
    assert len(page.errors) == 1
    models.demo.error = None
    page.upload(("small.jpg", photo_file(shade=200)))
    assert page.errors == []
    assert page.shows_its_segments
    page.choose_model(COCO)  # which cannot be had: there is one to go on with
    assert "panoseg goes on with" in page.words
    assert page.shows_its_segments


def test_the_operator_says_what_is_offered(models, monkeypatch, tmp_path):
    folder = str(tmp_path / "my_*model*")
    monkeypatch.setenv("PANOSEG_MODELS", f" demo , {folder} ,")
    models.there[folder] = FakeSegmenter(folder)
    page = Page()
    assert page.offered == ["Demo · drawn world", "my_*model*"]
    page.upload(("garden.jpg", photo_file()))
    assert ADVICE in page.words
    assert not page.has_button("Use the COCO model")
    page.choose_model(folder)
    assert r"my\_\*model\*" in page.model_line
    assert models.there[folder].calls == 1


def test_the_first_model_offered_is_the_one_that_is_loaded(models, monkeypatch):
    monkeypatch.setenv("PANOSEG_MODELS", COCO)
    models.there[COCO] = FakeSegmenter(COCO)
    page = Page()
    assert page.offered == ["COCO panoptic · Swin-T"]
    assert models.loads == [COCO]
    assert page.shows_its_segments


@pytest.mark.parametrize("model", ["demo", COCO])
def test_predictions_of_one_model_are_not_taken_for_anothers(page, models, model):
    models.there[COCO] = FakeSegmenter(COCO)
    page.choose_model(COCO)
    page.choose_model("demo")
    page.choose_model(model)
    assert (models.demo.calls, models.there[COCO].calls) == (1, 1)


def test_models_that_nobody_uses_make_room_for_another(page, models):
    models.there[COCO] = FakeSegmenter(COCO)
    other = Page()
    page.choose_model(COCO)
    page.choose_model("demo")
    models.there[LARGE] = MemoryShortError("There is not enough memory to load it.")
    page.choose_model(LARGE)
    # Tried again without COCO, which nobody used any more; the demo, which another visitor uses, stayed.
    assert models.loads == ["demo", COCO, LARGE, LARGE]
    assert "not enough memory" in page.words
    assert "panoseg goes on with" in page.words
    other.upload(("garden.jpg", photo_file()))
    assert models.loads[4:] == []
    page.choose_model(COCO)
    page.choose_model("demo")
    page.choose_model(COCO)
    assert models.loads[4:] == [COCO]
