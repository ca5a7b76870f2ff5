"""A link restores what was chosen, and nothing that the operator does not offer."""

import panoseg
from panoseg import Thresholds
from tests.fakes import FakeSegmenter
from tests.page.page import COCO, Page


def test_a_link_restores_model_task_and_thresholds(models):
    models.there[COCO] = FakeSegmenter(COCO)
    page = Page(model="COCO panoptic · Swin-T", task="Instances", score="0.35", mask="0.6", overlap="0.1")
    assert page.map["stamp"] == str(Thresholds(0.35, 0.6, 0.1))
    assert page.map["task"] == "instances"
    assert COCO in page.map["source"]


def test_a_link_cannot_choose_what_is_not_offered(models):
    page = Page(model="someone/else", task="dance", score="7")
    assert models.loads == ["demo"]
    assert page.map["stamp"] == str(panoseg.Thresholds())
    assert page.map["task"] == "panoptic"
