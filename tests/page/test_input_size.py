"""How large the model sees the picture is chosen per model, and every size has its own prediction."""

import json

import pytest

from panoseg.serving import host_memory
from tests.fakes import FakeSegmenter
from tests.page.page import COCO, Page, as_read, photo_file


@pytest.fixture
def coco(models):
    models.there[COCO] = FakeSegmenter(COCO)
    return models.there[COCO]


def choose(page, way, edge=None):
    page.app.segmented_control(key="input").set_value(way)
    page.run()
    if edge is not None:
        page.app.number_input(key="edge").set_value(edge)
        page.run()
    return page


def sees(page):
    return next(line.value for line in page.app.main.caption if "Sees the picture" in line.value)


def test_the_shipped_size_is_the_first(page, models):
    assert models.demo.input_sizes == ["shipped"]
    assert "256 × 256" in sees(page)
    assert not page.app.warning


def test_the_demo_has_no_papers_size(page):
    assert page.app.segmented_control(key="input").options == ["As shipped", "Custom"]


def test_the_papers_size_is_that_of_the_data_set(page, coco):
    page.upload(("garden.jpg", photo_file(640, 480)))
    page.choose_model(COCO)
    assert "384 × 384" in sees(page)
    choose(page, "paper")
    assert coco.input_sizes == ["shipped", "paper"]
    assert "1088 × 800" in sees(page)
    (warning,) = page.app.warning
    assert "6 × the shipped pixels" in as_read(warning.value)


def test_a_size_of_ones_own(page, models):
    choose(page, "custom", 512)
    assert models.demo.input_sizes == ["shipped", 320, 512]
    assert "768 × 512" in sees(page)


def test_the_demo_says_what_another_size_costs_it(page):
    assert "recognises less" not in page.words
    choose(page, "custom")
    assert "recognises less" in page.words


def test_the_size_of_the_operators_own_model_is_read_from_its_folder(models, monkeypatch, tmp_path):
    size = {"size": {"height": 512, "width": 640}}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(size))
    labels = {"0": "sky", "1": "dragon"}  # nobody has said which are things, and nobody needs to
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "mask2former", "id2label": labels}))
    monkeypatch.setenv("PANOSEG_MODELS", str(tmp_path))
    models.there[str(tmp_path)] = FakeSegmenter("mine")
    page = Page()
    assert "640 × 512" in sees(page)
    assert page.app.segmented_control(key="input").options == ["As shipped", "Paper's", "Custom"]


@pytest.mark.parametrize("name", ["someone/fine-tune", "/no/such/folder"])
def test_what_cannot_be_told_is_not_claimed(models, monkeypatch, name):
    monkeypatch.setenv("PANOSEG_MODELS", name)
    models.there[name] = FakeSegmenter(name)
    page = Page()
    assert "Sees the picture" not in page.words
    assert choose(page, "paper").errors == []
    assert models.there[name].input_sizes == ["shipped", "paper"]


def test_segments_of_one_size_are_not_taken_for_anothers(page, models):
    before = page.map["source"]
    page.select(page.map["segments"][0]["key"])
    choose(page, "custom", 512)
    assert page.map["source"] != before
    assert page.look["selected"] == []
    choose(page, "shipped")
    assert page.map["source"] == before
    assert models.demo.calls == 3  # the shipped size was remembered


def test_every_model_has_its_own_size(page, models, coco):
    choose(page, "custom", 512)
    page.choose_model(COCO)
    assert page.app.segmented_control(key="input").value == "shipped"
    choose(page, "paper")
    page.choose_model("demo")
    assert page.app.number_input(key="edge").value == 512
    page.choose_model(COCO)
    assert page.app.segmented_control(key="input").value == "paper"
    assert coco.input_sizes == ["shipped", "paper"]
    assert models.demo.input_sizes == ["shipped", 320, 512]


def test_a_model_that_steps_in_is_asked_at_its_shipped_size(page, models):
    page.choose_model(COCO)  # which cannot be had
    choose(page, "paper")
    assert models.demo.input_sizes == ["shipped"]
    assert page.shows_its_segments


def test_a_link_restores_the_size(models, coco):
    Page(model="COCO panoptic · Swin-T", input="Paper's")
    assert coco.input_sizes == ["paper"]
    Page(model="COCO panoptic · Swin-T", input="Custom", edge="640")
    assert coco.input_sizes == ["paper", 640]


@pytest.mark.parametrize(
    ("link", "size"),
    [
        ({"input": "Huge"}, "shipped"),
        ({"input": "Paper's"}, "shipped"),
        ({"input": "Custom", "edge": "99999"}, 320),
        ({"input": "Custom", "edge": "x"}, 320),
    ],
)
def test_a_link_cannot_choose_a_size_that_is_not_offered(models, link, size):
    page = Page(**link)
    assert models.demo.input_sizes == [size]
    assert page.shows_its_segments


def test_a_link_asks_for_no_more_than_the_operator_gives(models, monkeypatch):
    monkeypatch.setenv("PANOSEG_MAX_EDGE", "512")
    page = Page(input="Custom", edge="2048")
    assert page.app.number_input(key="edge").max == 512
    assert max(size for size in models.demo.input_sizes if size != "shipped") <= 512


def test_without_a_word_the_machine_decides(models, monkeypatch):
    memory = host_memory.Memory
    monkeypatch.setattr(host_memory, "memory", lambda **_: memory(2**30, 2**30))
    page = Page(input="Custom", edge="2048")
    assert page.app.number_input(key="edge").max < 1024
    monkeypatch.setattr(host_memory, "memory", lambda **_: None)
    assert Page(input="Custom").app.number_input(key="edge").max == 1024


def test_the_operators_memory_decides_before_the_machines(models, monkeypatch):
    monkeypatch.setenv("PANOSEG_MEMORY_MB", "1000")
    assert Page(input="Custom", edge="2048").app.number_input(key="edge").max < 1024
