"""A model is asked for once, comes while the page goes on, and is used by itself when it is there."""

import time

import pytest

from panoseg.serving import model_load
from tests.fakes import FakeSegmenter
from tests.page.page import COCO, Download, Page, acted_on, as_read

MB = 1_000_000


@pytest.fixture
def download(models):
    """The COCO model, which has to be downloaded first."""
    models.there[COCO] = FakeSegmenter(COCO)
    models.downloads[COCO] = Download(COCO)
    return models.downloads[COCO]


@pytest.fixture
def asked(page, download):
    """A visitor who has chosen it, and sits before the question."""
    return page.choose_model(COCO)


@pytest.fixture
def coming(asked, download):
    """A visitor who has agreed, with 40 MB of it there."""
    asked.patient = False
    asked.press("Download")
    download.let(40 * MB)
    return shows(asked, "40 of 190 MB")


def shows(page, words):
    """Run the page, as its timer does, until it shows these words."""
    deadline = time.monotonic() + 30
    while words not in everything(page.run()):
        assert time.monotonic() < deadline, everything(page)
        time.sleep(0.01)
    return page


def everything(page):
    bars = [bar.proto.text for bar in page.app.get("progress")]
    return as_read(" ".join([page.words, page.model_line, *bars, *page.errors]))


def test_size_and_licence_stand_before_the_download(asked, download):
    assert "COCO panoptic · Swin-T is 190 MB, licence CC BY-NC 4.0. Download it" in everything(asked).replace(
        "**", ""
    )
    assert asked.has_button("Download")
    assert asked.has_button("Cancel")
    assert download.loads == 0


def test_meanwhile_the_page_goes_on_with_the_model_before(asked, models):
    assert "Demo" in asked.model_line
    assert asked.shows_its_segments
    before = len(asked.labels)
    asked.move("score", 0.9)
    assert 0 < len(asked.labels) < before
    assert asked.has_button("Download")
    assert models.loads == ["demo", COCO]


def test_no_is_an_answer(asked, download):
    asked.press("Cancel")
    assert asked.picker.value == "demo"
    assert not asked.has_button("Download")
    assert download.loads == 0


def test_what_a_browser_sends_before_it_has_seen_the_answer_does_not_ask_again(asked, download, models):
    sent_meanwhile = asked.sends
    asked.press("Cancel")
    asked.run(sent_meanwhile)
    assert asked.picker.value == "demo"
    assert not asked.has_button("Download")
    assert models.loads == ["demo", COCO]
    asked.choose_model(COCO)
    assert asked.has_button("Download"), "who chooses it again is asked again"


def test_a_bar_tells_how_far_it_is_and_the_page_stays_in_use(coming, models):
    assert (
        "Downloading the weights of COCO panoptic · Swin-T: 40 of 190 MB, 12 MB/s, 12 s left"
        in everything(coming)
    )
    (bar,) = coming.app.get("progress")
    assert bar.proto.value == 21
    assert not coming.has_button("Download")
    assert "Demo" in coming.model_line
    coming.move("score", 0.9)
    assert coming.labels == ["sky", "grass", "person", "person"]


def test_it_is_used_once_it_is_there(coming, download, models):
    download.let(150 * MB)
    shows(coming, "COCO")
    coming.patient = True
    coming.run()
    assert "COCO" in coming.model_line
    assert coming.shows_its_segments
    assert models.there[COCO].calls == 1
    assert coming.awaited is None
    assert not coming.app.get("progress")


def test_a_cancelled_download_goes_on_from_there(coming, download):
    load = coming.awaited
    coming.press("Cancel")
    assert coming.picker.value == "demo"
    download.let(1 * MB)
    load.join()
    assert download.done == 41 * MB

    coming.patient = True
    coming.choose_model(COCO)
    assert "190 MB (149 MB still missing)" in everything(coming)
    coming.patient = False
    coming.press("Download")
    download.let(149 * MB)
    shows(coming, "COCO panoptic · Swin-T")
    assert download.loads == 2


def test_two_visitors_share_one_download(coming, download, models):
    other = Page()
    other.patient = False
    other.choose_model(COCO)
    shows(other, "40 of 190 MB")
    load = other.awaited
    assert not other.has_button("Download"), "what is on its way is not asked for again"

    coming.press("Cancel")
    download.let(10 * MB)
    shows(other, "50 of 190 MB")
    other.press("Cancel")
    download.let(10 * MB)
    load.join()
    assert download.done == 60 * MB, "nobody waits for it any more"
    assert download.loads == 1


def test_a_visitor_who_has_gone_away_keeps_no_download_going(coming, download, monkeypatch):
    other = Page()
    other.patient = False
    other.choose_model(COCO)
    load = coming.awaited
    coming.press("Cancel")
    monkeypatch.setattr(model_load, "PRESENCE_SECONDS", 0.0)
    download.let(10 * MB)
    load.join()
    assert download.done == 50 * MB
    assert load.error is not None


def test_a_download_that_fails_is_one_sentence_and_the_page_goes_on(coming, download, models):
    del models.there[COCO]
    download.let(150 * MB)
    shows(coming, "could not be downloaded: no network")
    assert "panoseg goes on with" in everything(coming)
    assert "Demo" in coming.model_line
    assert coming.has_button("Try again")
    assert coming.errors == []


def test_where_it_is_the_only_model_the_question_is_all_there_is(models, monkeypatch):
    monkeypatch.setenv("PANOSEG_MODELS", COCO)
    models.there[COCO] = FakeSegmenter(COCO)
    download = models.downloads[COCO] = Download(COCO)
    page = Page()
    assert page.has_button("Download")
    assert not page.has_button("Cancel"), "there is nothing to go back to"
    assert page.photo["width"] > 0
    page.patient = False
    page.press("Download")
    shows(page, "0 of 190 MB")
    download.let(MB)
    shows(page, "1 of 190 MB")
    page.press("Cancel")
    shows(page, "190 MB (189 MB still missing)")


def test_the_licence_of_others_is_no_markup(models, monkeypatch, page):
    models.there[COCO] = FakeSegmenter(COCO)
    models.downloads[COCO] = Download(COCO, licence="[mine](https://example.org) *<b>*")
    page.choose_model(COCO)
    (question,) = [text.value for text in page.app.markdown if "mine" in text.value]
    assert acted_on(question.partition("licence")[2]) == []


def test_a_link_to_a_model_asks_before_it_downloads(models, download):
    page = Page(model="COCO panoptic · Swin-T")
    assert page.has_button("Download")
    assert "Demo" in page.model_line
    assert page.shows_its_segments
