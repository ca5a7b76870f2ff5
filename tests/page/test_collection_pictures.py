"""Pictures of a run, finished maps too, on the page of pictures; two runs side by side."""

from dataclasses import replace

import pytest

import panoseg
from panoseg.export import coco_panoptic
from panoseg.page import picture_page
from panoseg.page.collection import desk as desks
from panoseg.page.export_files import Files, Included
from tests.fakes import VOCABULARY, FakeSegmenter, fake_prediction
from tests.page.collection_store import png
from tests.page.page import Page, as_read, photo_file


def test_a_runs_picture_opens_without_a_forward_pass(store, models):
    page = Page(picture="run:beach:3")
    assert page.labels == ["sky", "grass", "person", "person", "ball"]
    assert models.demo.calls == 0
    assert as_read(page.title_line).startswith("**panoseg** :gray[3.png")
    assert "Beach" in page.title_line
    page.move("score", 0.4)
    assert page.labels[-1] == "kite"
    assert models.demo.calls == 0
    page.upload(("mine.jpg", photo_file()))
    assert models.demo.calls == 1


@pytest.fixture
def exported(monkeypatch):
    """What the export sheet was opened with."""
    sheets = []
    monkeypatch.setattr(picture_page, "show_export_sheet", lambda exportable, _: sheets.append(exportable))
    return sheets


def test_files_of_a_runs_picture_name_what_made_the_run(store, models, exported):
    header = replace(panoseg.open_run(store).header, revision="the-runs-own", input_size=640)
    header.write(store)
    desks.forget_desk()
    models.demo.revision = "todays"
    page = Page(picture="run:beach:3")
    page.app.button(key="export").click()
    page.run()
    page.upload(("mine.jpg", photo_file()))
    page.app.button(key="export").click()
    page.run()
    assert [(each.origin.revision, each.origin.input_size) for each in exported] == [
        ("the-runs-own", 640),
        ("todays", "shipped"),
    ]
    of_a_folder = replace(header, revision=None, weights_sha256="0f")
    assert of_a_folder.exact_revision == "sha256:0f"


@pytest.mark.parametrize("name", ["run:beach:99", "run:nowhere:0", "run:beach:x", "run:"])
def test_a_link_to_a_picture_that_is_not_there_says_so(store, models, name):
    page = Page(picture=name)
    assert len(page.errors) == 1
    assert page.shows_its_segments


def test_a_picture_that_was_taken_away_says_so_without_the_servers_folders(store, models, tmp_path):
    (tmp_path / "pictures" / "3.png").unlink()
    page = Page(picture="run:beach:3")
    assert page.errors[0].startswith(r"“3\.png” is not in 'pictures'")
    assert str(tmp_path) not in page.errors[0]


def test_another_input_size_is_another_prediction(store, models):
    page = Page(picture="run:beach:3")
    page.app.segmented_control(key="input").set_value("custom")
    page.run()
    assert models.demo.calls == 1
    assert "Beach" not in page.title_line


def test_finished_maps_are_shown_and_exported_and_their_sliders_are_off(store, models, tmp_path, exported):
    client_run = panoseg.open_run(store)
    client_run.export("coco-panoptic", tmp_path / "theirs")
    panoseg.import_coco_panoptic(
        tmp_path / "theirs" / "panoptic.json",
        store=store.parent / "theirs",
        masks=tmp_path / "theirs" / "panoptic",
        pictures=tmp_path / "pictures",
    )
    page = Page(picture="run:theirs:0")
    assert page.labels == ["sky", "grass", "person", "person", "ball"]
    page.app.button(key="export").click()
    page.run()
    (sheet,) = exported
    assert sheet.origin.relevant_thresholds == {}
    assert Files().get("csv", sheet, Included.ALL).count(b"\n") == 1 + 5
    assert page.map["thresholds"] is None
    assert {segment["quality"] for segment in page.map["segments"]} == {None}
    assert [segment["score"] for segment in page.map["segments"]] != [None] * 5
    assert page.app.segmented_control(key="task").disabled
    assert "no logits" in page.words
    page.app.button(key="close-finished").click()
    page.run()
    assert "no logits" not in page.words
    assert models.demo.calls == 0
    page.go_to("red-bus")
    assert not page.app.segmented_control(key="task").disabled


@pytest.fixture
def others(store, tmp_path):
    """Three more runs: the same pictures again, as finished maps, and another picture of such a name."""
    panoseg.make_run(tmp_path / "pictures", store=store.parent / "Again", model=FakeSegmenter("demo")).close()
    with panoseg.open_run(store) as run:
        run.export("coco-panoptic", tmp_path / "maps")
    panoseg.import_coco_panoptic(
        tmp_path / "maps" / "panoptic.json",
        store=store.parent / "theirs",
        masks=tmp_path / "maps" / "panoptic",
        pictures=tmp_path / "pictures",
    )
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "3.png").write_bytes(png(211))
    panoseg.make_run(
        tmp_path / "elsewhere", store=store.parent / "Elsewhere", model=FakeSegmenter("demo")
    ).close()


@pytest.mark.parametrize("left", ["beach", "theirs"])
def test_another_collection_stands_beside(store, others, models, left):
    page = Page(picture=f"run:{left}:3", compare="Other collection")
    titles = {"again": "Again", "beach": "Beach", "theirs": "theirs"}
    chosen = page.app.selectbox(key="other-run")
    assert sorted(chosen.options) == sorted(titles[run] for run in titles if run != left)
    assert [entry["count"] for entry in page.outcomes["legend"]] == [len(page.labels), 0, 0]
    assert page.outcomes["reasons"] == {}
    assert models.demo.calls == 0
    if left == "beach":
        page.move("score", 0.4)
        assert "theirs" in chosen.options
        assert page.beside.map["stamp"] == str(panoseg.Thresholds(score=0.4))


def test_without_another_collection_it_says_so(store, models):
    assert (
        "No other collection here has this picture."
        in Page(picture="run:beach:3", compare="Other collection").words
    )
    assert "Open a picture of a collection" in Page(compare="Other collection").words


def test_a_finished_map_says_beside_an_annotation_what_is_wrong(store, others, models, tmp_path):
    page = Page(picture="run:theirs:3", compare="Annotation")
    segmentation = panoseg.panoptic(fake_prediction((48, 64)))
    wrong = replace(segmentation.segments[2], class_id=4, label="kite")
    segments = (*segmentation.segments[:2], wrong, *segmentation.segments[3:])
    archive = coco_panoptic("3", panoseg.Segmentation(segmentation.id_map, segments), VOCABULARY)
    page.upload(("truth.zip", archive))
    assert list(page.outcomes["reasons"].values()) == ["person 0.95: is kite (IoU 1.00)"]
    assert list(page.beside.outcomes["reasons"].values()) == ["kite 0.95: called person (IoU 1.00)"]
    for rival in ("Other settings", "Other model"):
        page.compare_with(rival)
        assert "finished maps, no logits" in page.words
