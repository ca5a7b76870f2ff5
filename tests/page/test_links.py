"""A link restores what was chosen, and nothing that the operator does not offer."""

import panoseg
from panoseg import Thresholds
from tests.fakes import FakeSegmenter
from tests.page.page import COCO, Page, as_read


def test_a_link_restores_model_task_and_thresholds(models):
    models.there[COCO] = FakeSegmenter(COCO)
    page = Page(model=COCO, task="instances", score="0.35", mask="0.6", overlap="0.1")
    assert page.map["stamp"] == str(Thresholds(0.35, 0.6, 0.1))
    assert page.map["task"] == "instances"
    assert COCO in page.map["source"]


def test_a_link_cannot_choose_what_is_not_offered(models):
    page = Page(model="someone/else", task="dance", score="7")
    assert models.loads == ["demo"]
    assert page.map["stamp"] == str(panoseg.Thresholds())
    assert page.map["task"] == "panoptic"


def test_a_link_by_the_names_of_the_page_works_as_well(models):
    models.there[COCO] = FakeSegmenter(COCO)
    page = Page(model="COCO panoptic · Swin-T", task="Instances")
    assert page.map["task"] == "instances"
    assert COCO in page.map["source"]
    assert page.app.query_params["model"] == COCO


def test_a_link_to_a_model_that_is_not_offered_says_so():
    page = Page(model="someone/*else*")
    (message,) = page.errors
    assert as_read(message) == "This server does not offer the model someone/*else*."


def test_a_click_that_comes_with_an_older_address_takes_nothing_back(models):
    models.there[COCO] = FakeSegmenter(COCO)
    page = Page()
    page.go_to("red-bus")
    page.choose_model(COCO)
    for written in ("picture", "model"):
        del page.app.query_params[written]  # the browser has not seen it yet
    page.choose_task("semantic")
    assert page.pictures["current"] == "red-bus"
    assert page.picker.value == COCO
    assert page.map["task"] == "semantic"
    assert dict(page.app.query_params) == {"picture": "red-bus", "model": COCO, "task": "semantic"}


def test_back_and_forward_move_between_pictures_models_and_tasks(models):
    models.there[COCO] = FakeSegmenter(COCO)
    page = Page()
    page.go_to("red-bus")
    page.choose_model(COCO)
    page.choose_task("semantic")
    assert dict(page.app.query_params) == {"picture": "red-bus", "model": COCO, "task": "semantic"}
    for gone, picture, model, task in (
        ("task", "red-bus", COCO, "panoptic"),
        ("model", "red-bus", "demo", "panoptic"),
        ("picture", "balloons-over-the-bay", "demo", "panoptic"),
    ):
        page.go_back(gone)
        assert page.pictures["current"] == picture
        assert page.picker.value == model
        assert page.map["task"] == task
