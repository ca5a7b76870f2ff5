"""Where nobody knows which labels are things, the visitor is asked, and decides for nobody else."""

import pytest

import panoseg
from panoseg.errors import UnknownThingsError
from panoseg.page import things_question
from tests.fakes import VOCABULARY
from tests.page.page import Page, as_read

MINE = "/models/my *model*"
QUESTION = "Which of the labels of my *model* are countable things?"


@pytest.fixture
def undecided(models, monkeypatch):
    monkeypatch.setenv("PANOSEG_MODELS", f"demo,{MINE}")
    models.there[MINE] = UnknownThingsError("Say which are things.", "my *model*", VOCABULARY.labels)
    return models


def asks(page):
    return QUESTION in page.words


def say(page, *labels):
    page.app.multiselect(key="things-chosen").set_value([VOCABULARY.labels.index(label) for label in labels])
    return page.press("Use these as things")


def kinds(page):
    return {segment["label"]: segment["kind"] for segment in page.map["segments"]}


def test_the_question_names_all_labels_and_the_picture_stays(undecided):
    page = Page().choose_model(MINE)
    assert asks(page)
    assert page.app.multiselect(key="things-chosen").options == list(VOCABULARY.labels)
    assert page.photo["width"] > 0
    assert page.labels == []  # and nothing is said to be found meanwhile
    assert page.errors == []


def test_the_answer_holds_for_the_visit(undecided):
    page = say(Page().choose_model(MINE), "person", "kite")
    assert not asks(page)
    assert kinds(page) == {"sky": "stuff", "grass": "stuff", "person": "thing", "ball": "stuff"}
    assert page.labels.count("person") == 2
    page.move("score", 0.4)
    assert kinds(page)["kite"] == "thing"
    page.choose_model("demo")
    page.choose_model(MINE)
    assert not asks(page)


def test_none_is_an_answer(undecided):
    page = say(Page().choose_model(MINE))
    assert set(kinds(page).values()) == {"stuff"}
    assert page.labels.count("person") == 1


def test_a_visitor_decides_for_nobody_else(undecided):
    say(Page().choose_model(MINE), "person")
    stranger = Page().choose_model(MINE)
    assert asks(stranger)
    assert say(stranger, "ball") and kinds(stranger)["person"] == "stuff"


def test_however_many_visitors_answer_the_network_is_in_memory_once(undecided):
    for label in ("person", "ball", "kite"):
        say(Page().choose_model(MINE), label)
    assert undecided.loads.count(MINE) == 2  # as it is, and with all labels as stuff


def test_one_can_change_ones_mind(undecided):
    page = say(Page().choose_model(MINE), "person")
    before = page.map["source"]
    page.press("Change its things")
    assert asks(page)
    say(page, "ball")
    assert kinds(page)["ball"] == "thing"
    assert kinds(page)["person"] == "stuff"
    assert page.map["source"] != before


def test_other_models_do_not_ask(undecided, page):
    assert not asks(page)
    assert not page.has_button("Change its things")


def test_where_the_operator_says_so_the_answer_is_kept_for_everybody(undecided, monkeypatch):
    kept = []
    monkeypatch.setenv("PANOSEG_SAVE_THINGS", "1")
    monkeypatch.setattr(things_question, "remember_things", lambda *said: kept.append(said))
    page = say(Page().choose_model(MINE), "person")
    assert kept == [(MINE, {2})]
    assert kinds(page)["person"] == "thing"
    assert kinds(Page().choose_model(MINE))["person"] == "thing"
    assert not page.has_button("Change its things")


def test_an_answer_that_cannot_be_kept_is_one_sentence(undecided, monkeypatch):
    def refuse(*_):
        raise panoseg.ModelError("The choice cannot be kept: the disk is full.")

    monkeypatch.setenv("PANOSEG_SAVE_THINGS", "1")
    monkeypatch.setattr(things_question, "remember_things", refuse)
    page = say(Page().choose_model(MINE), "person")
    assert [as_read(error) for error in page.errors] == ["The choice cannot be kept: the disk is full."]
    assert asks(page)
