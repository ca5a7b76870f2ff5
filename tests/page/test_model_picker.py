"""The picker offers the catalogue, says what each model is, and begins with the model's own task."""

import pytest

from panoseg.models.checkpoints.catalog import CATALOG
from panoseg.page import model_offers
from panoseg.settings import settings
from tests.fakes import FakeSegmenter
from tests.page.page import COCO, Page, as_read

SEMANTIC = "facebook/mask2former-swin-tiny-ade-semantic"
INSTANCES = "facebook/mask2former-swin-tiny-coco-instance"


@pytest.fixture(autouse=True)
def everything(models):
    """Every model of the catalogue can be had."""
    models.there |= {name: FakeSegmenter(name) for name in CATALOG if name != "demo"}


def task_of(page):
    return page.app.segmented_control(key="task").value


def test_the_whole_catalogue_is_offered(page):
    assert page.offered == [entry.title for entry in CATALOG.values()]
    assert page.picker.value == "demo"


@pytest.mark.parametrize("name", [name for name in CATALOG if name != "demo"])
def test_each_says_what_it_knows_weighs_and_may_be_used_for(page, name):
    page.choose_model(name)
    entry = CATALOG[name]
    facts = page.app.main.caption[0]
    for fact in (entry.knows, f"{len(entry.data_set.labels)} classes", f"{entry.metric} {entry.quality}"):
        assert fact in facts.value
    assert "CC BY-NC 4.0" in facts.value
    more = page.picker.help
    assert "input size" in more and "not for commercial use" in more
    assert entry.title in as_read(page.model_line)


def test_the_list_says_how_large_and_how_good_each_is_and_what_is_here(models, monkeypatch):
    lines = Page().picker.options
    assert "COCO panoptic · Swin-T · 190 MB · PQ 53.2" in lines
    monkeypatch.setattr(model_offers, "_here", set())
    monkeypatch.setattr(model_offers, "is_cached", lambda name: name == COCO)
    lines = Page().picker.options
    assert "COCO panoptic · Swin-T · here · PQ 53.2" in lines


def test_a_model_begins_with_its_own_task(page):
    page.choose_model(SEMANTIC)
    assert (task_of(page), page.map["task"]) == ("semantic", "semantic")
    page.choose_model(INSTANCES)
    assert (task_of(page), page.map["task"]) == ("instances", "instances")
    page.choose_model(COCO)
    assert page.map["task"] == "panoptic"


def test_another_task_can_be_asked_of_it_and_the_page_says_so(page):
    page.choose_model(SEMANTIC)
    assert "was trained for" not in page.words
    page.choose_task("panoptic")
    assert page.map["task"] == "panoptic"
    assert "trained for the semantic task" in page.words
    page.choose_model(COCO)
    assert "was trained for" not in page.words


def test_a_link_to_a_model_opens_its_own_task_unless_it_names_one():
    link = Page(model="ADE20K semantic · Swin-T")
    assert (link.picker.value, task_of(link)) == (SEMANTIC, "semantic")
    assert task_of(Page(model="ADE20K semantic · Swin-T", task="Panoptic")) == "panoptic"


def test_the_operator_narrows_and_widens_the_offer(monkeypatch, tmp_path):
    monkeypatch.setenv("PANOSEG_MODELS", f"{tmp_path}/mine, catalog, demo")
    assert Page().offered == [
        "mine",
        *(entry.title for entry in CATALOG.values()),
    ]
    monkeypatch.setenv("PANOSEG_MODELS", f"demo,{SEMANTIC}")
    settings.cache_clear()
    page = Page()
    assert page.offered == ["Demo · drawn world", "ADE20K semantic · Swin-T"]


@pytest.mark.parametrize(
    "wish", ["COCO panoptic · Swin-T", COCO, "/etc", "../..", "someone/else", "catalog", ""]
)
def test_a_visitor_cannot_have_what_is_not_offered(models, monkeypatch, wish):
    monkeypatch.setenv("PANOSEG_MODELS", f"demo,{SEMANTIC}")
    page = Page(model=wish)
    page.move("score", 0.5)
    assert models.loads == ["demo"]
    assert page.picker.value == "demo"
