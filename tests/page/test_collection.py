"""The Collection page's answers, and its pictures on the page of pictures."""

import io
import json
import zipfile
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

import panoseg
from panoseg.export import coco_panoptic
from panoseg.page import model_service, picture_page
from panoseg.page.collection import desk as desks
from panoseg.page.collection import downloads, own_runs
from panoseg.page.collection.desk import desk
from panoseg.page.collection.routes import FOLDER, collection_routes
from panoseg.page.collection.visitors import MOST_NEW_RUNS, CollectionVisitor
from panoseg.page.export_files import Files, Included
from panoseg.runs.id_maps import read_id_map
from panoseg.settings import settings
from tests.fakes import VOCABULARY, FakeSegmenter, fake_prediction
from tests.page.page import Page, as_read, photo_file, wait_until

PICTURES = 6


def png(shade):
    stream = io.BytesIO()
    Image.fromarray(np.full((48, 64, 3), shade, np.uint8)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def store(tmp_path, monkeypatch, models):
    """The operator's only run, "beach"."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(PICTURES):
        (pictures / f"{number}.png").write_bytes(png(20 * number))
    panoseg.make_run(pictures, store=tmp_path / "runs" / "Beach", model=FakeSegmenter("demo")).close()
    monkeypatch.setenv("PANOSEG_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("PANOSEG_PICTURES", str(pictures))
    monkeypatch.setenv("PANOSEG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PANOSEG_MODELS", "demo")
    monkeypatch.setenv("PANOSEG_RUN_PICTURES", "4")
    monkeypatch.setenv("PANOSEG_RUN_MB", "1")
    settings.cache_clear()
    desks.forget_desk()
    yield tmp_path / "runs" / "Beach"
    desks.forget_desk()
    model_service.forget_service()
    settings.cache_clear()


@pytest.fixture
def visitor(store):
    visitor = CollectionVisitor()
    visitor.open()
    yield visitor
    visitor.close()


@pytest.fixture
def client(visitor):
    app = Starlette(routes=collection_routes())
    return TestClient(app, base_url=f"http://test/{FOLDER}/{visitor.token}/")


def counted(client, query=""):
    """A view once all of it is exact."""
    answers = []

    def whole():
        answers.append(client.get(f"run/beach/view{query}").json())
        return answers[-1]["exact"] == answers[-1]["pictures"]

    wait_until(whole)
    return answers[-1]


def downloaded(client, **asked):
    """The archive, or why there is none."""
    answer = client.post("run/beach/download", data=asked)
    if answer.status_code != 200:
        return answer
    return client.get(f"run/beach/download/{answer.json()['id']}")


def test_a_token_that_is_nobodys_finds_nothing(client, visitor):
    assert client.get("runs").status_code == 200
    visitor.close()
    for path in ("runs", "run/beach", "run/beach/view", "run/beach/photo/0.jpg"):
        assert client.get(path).status_code == 404
    assert client.post("new").status_code == 404


def test_runs_are_listed_and_described(client):
    runs = client.get("runs").json()["runs"]
    assert [(each["id"], each["title"], each["kind"]) for each in runs] == [
        ("demo", "Demo collection", "demo"),
        ("beach", "Beach", "shared"),
    ]
    about = client.get("run/beach").json()
    assert (about["pictures"], about["waiting"], about["failed"]) == (PICTURES, 0, 0)
    assert [each["label"] for each in about["labels"]] == list(VOCABULARY.labels)
    assert client.get("run/beach/pictures").json()["names"] == [f"{n}.png" for n in range(PICTURES)]


@pytest.mark.parametrize("run", ["nowhere", "..%2F..%2Fetc", "x" * 22])
def test_another_run_than_those_is_one_sentence(client, run):
    for path in ("", "/view", "/pictures", "/photo/0.jpg", "/map/0.png", "/segments"):
        answer = client.get(f"run/{run}{path}")
        assert answer.status_code in (404, 409)
        assert "Traceback" not in answer.text


def test_a_question_is_answered_with_an_order_and_numbers(client):
    seen = counted(client, "?" + urlencode({"q": "person >= 2, 3", "sort": "name"}))
    assert [(c["text"], c["left"]) for c in seen["conditions"]] == [("person >= 2", PICTURES), ("3", 1)]
    assert (seen["order"], seen["counts"], seen["segments"], seen["matching"]) == ([3], [5], 5, 2)
    assert seen["lit"] == [VOCABULARY.labels.index("person")]
    assert [bar["title"] for bar in seen["bars"]["labels"]] == ["person", "sky", "grass", "ball"]
    lower = counted(client, "?score=0.4")
    assert set(lower["counts"]) == {6}
    for wrong in ("q=wings+%3E+2", "score=lots", "score=7"):
        for path in ("view", "segments"):
            assert client.get(f"run/beach/{path}?{wrong}").json()["problem"].endswith(".")


def test_tiles_are_drawn_and_kept_by_the_browser(client):
    photo = client.get("run/beach/photo/2.jpg")
    assert Image.open(io.BytesIO(photo.content)).size == (64, 48)
    assert "immutable" in photo.headers["cache-control"]
    usual = client.get("run/beach/map/2.png")
    moved = client.get("run/beach/map/2.png?score=0.96")
    lit = client.get("run/beach/map/2.png?lit=2")
    assert len({usual.content, moved.content, lit.content}) == 3
    assert client.get("run/beach/photo/99.jpg").status_code == 409


def test_the_table_of_segments_is_searched_and_sorted(client):
    counted(client)
    answer = client.get("run/beach/segments?by=score&down=1").json()
    assert answer["total"] == 5 * PICTURES
    scores = [row["score"] for row in answer["rows"]]
    assert scores == sorted(scores, reverse=True)
    found = client.get("run/beach/segments?search=ball&q=3").json()
    assert [(row["label"], row["picture"], row["position"]) for row in found["rows"]] == [
        ("ball", "3.png", 3)
    ]
    item = desk().open("beach")[1].item(3)
    assert found["rows"][0]["key"] in {s.key for s in item.segmentation().segments}
    assert client.get("run/beach/segments?first=20").json()["rows"][0]["position"] == 4
    assert client.get("run/beach/segments?first=9e9").status_code == 200


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"which": "all"}, [f"{n}.png" for n in range(PICTURES)]),
        ({"which": "left", "q": "person, 3"}, ["3.png"]),
        ({"which": "ticked", "positions": "5,1,99,x"}, ["1.png", "5.png"]),
    ],
)
def test_a_download_holds_the_pictures_that_were_chosen(client, asked, names):
    counted(client, "?score=0.4")
    answer = downloaded(client, formats="coco-panoptic,csv", score="0.4", **asked)
    assert answer.headers["content-disposition"] == 'attachment; filename="Beach-files-panoseg.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        coco = json.loads(archive.read("coco-panoptic/panoptic.json"))
        assert [image["file_name"] for image in coco["images"]] == names
        mask = archive.read(f"coco-panoptic/panoptic/{names[0]}")
        assert len(np.unique(read_id_map(mask))) == 6
        assert archive.read("csv/segments.csv").count(b"\n") == 1 + 6 * len(names)
        about = json.loads(archive.read("run.json"))
    assert (about["pictures"], about["failures"], about["thresholds"]["score"]) == (len(names), [], 0.4)


def test_a_download_measures_in_units(client):
    answer = downloaded(client, formats="csv", pixel="0.5mm")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        header, first = archive.read("segments.csv").decode().splitlines()[:2]
    row = dict(zip(header.split(","), first.split(","), strict=True))
    assert row["unit"] == "mm"
    assert float(row["measured_area"]) == pytest.approx(int(row["area"]) / 4)


@pytest.mark.parametrize(
    "asked",
    [
        {"formats": "nothing"},
        {"formats": ""},
        {"formats": "csv", "pixel": "big"},
        {"formats": "csv", "which": "ticked"},
    ],
)
def test_a_download_that_cannot_be_is_one_sentence(client, asked):
    answer = downloaded(client, **asked)
    assert answer.status_code == 409
    assert answer.text.endswith(".")


def test_a_download_is_fetched_once_and_by_nobody_else(client):
    name = client.post("run/beach/download", data={"formats": "csv"}).json()["id"]
    other = CollectionVisitor()
    other.open()
    assert client.get(f"http://test/{FOLDER}/{other.token}/run/beach/download/{name}").status_code == 409
    other.close()
    assert client.get(f"run/beach/download/{name}").status_code == 200
    assert client.get(f"run/beach/download/{name}").status_code == 409


def test_more_downloads_than_may_be_written_at_once_are_told(client):
    for _ in range(downloads.MOST_AT_ONCE):
        assert downloads._writing.acquire(blocking=False)
    try:
        assert "try again in a minute" in downloaded(client, formats="csv").text
    finally:
        for _ in range(downloads.MOST_AT_ONCE):
            downloads._writing.release()


def made(client, run):
    wait_until(lambda: client.get(f"run/{run}").json()["job"]["state"] not in ("waiting", "running"))
    return client.get(f"run/{run}").json()


def test_a_visitor_makes_a_run_of_files_and_an_archive(client):
    run = client.post("new?title=My+beach").json()["id"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("inside/b.png", png(200))
        target.writestr("../out.png", png(210))
    for name, content in (("a.png", png(100)), ("more.zip", archive.getvalue()), ("bad.png", b"no picture")):
        assert client.put(f"files/{run}/{name}", content=content).status_code == 200
    assert client.post(f"start/{run}?model=demo").json()["state"] in ("waiting", "running", "done")
    about = made(client, run)
    assert (about["title"], about["kind"]) == ("My beach", "own")
    assert (about["job"]["state"], about["pictures"], about["failed"]) == ("done", 2, 1)
    assert "bad.png" in about["failures"][0]["name"]
    # After a reload the browser knows it by its name.
    other = CollectionVisitor()
    other.open()
    again = client.get(f"http://test/{FOLDER}/{other.token}/runs?own={run},nothing").json()["runs"]
    assert [each["id"] for each in again] == [run, "demo", "beach"]
    other.close()
    assert client.post(f"remove/{run}").status_code == 200
    assert client.get(f"run/{run}").status_code == 409


def test_a_visitor_makes_a_run_of_a_folder_that_is_allowed(client, monkeypatch):
    run = client.post("new").json()["id"]
    refused = client.post(f"start/{run}?model=demo&folder=0")
    assert "more than 4 pictures" in refused.text
    monkeypatch.setenv("PANOSEG_RUN_PICTURES", "10")
    settings.cache_clear()
    assert client.post(f"start/{run}?model=demo&folder=7").status_code == 409
    assert client.post(f"start/{run}?model=other&folder=0").status_code == 409
    assert client.post(f"start/{run}?model=demo&folder=0").status_code == 200
    assert made(client, run)["pictures"] == PICTURES


def test_what_a_visitor_sends_is_bounded(client):
    run = client.post("new").json()["id"]
    assert "neither a picture" in client.put(f"files/{run}/a.exe", content=b"x").text
    assert "1 MB" in client.put(f"files/{run}/a.png", content=bytes(2**20 + 1)).text
    for number in range(4):
        assert client.put(f"files/{run}/{number}.png", content=png(number)).status_code == 200
    assert "4 pictures" in client.put(f"files/{run}/5.png", content=png(5)).text
    for _ in range(MOST_NEW_RUNS - 1):
        assert client.post("new").status_code == 200
    assert client.post("new").status_code == 409


def test_a_name_becomes_no_path(client, tmp_path):
    run = client.post("new").json()["id"]
    assert client.put(f"files/{run}/..%2F..%2F.x$(id).png", content=png(1)).status_code in (200, 404, 405)
    client.put(f"files/{run}/..%5C..%5C.x$(id).png", content=png(1))
    names = [path.name for path in desk().shelf.pictures(desk().shelf.find(run)).iterdir()]
    assert all(set(name) <= set("0123456789-_.xidpng") and not name.startswith(".") for name in names)
    assert names


def test_the_operators_runs_are_nobodys_to_change(client, store):
    for request in (
        client.post("start/beach?model=demo"),
        client.post("stop/beach"),
        client.post("remove/beach"),
        client.put("files/beach/a.png", content=png(1)),
    ):
        assert (request.status_code, request.text) == (409, "This run is not yours to change.")
    assert len(panoseg.open_run(store)) == PICTURES


def test_models_that_need_a_download_make_no_run(store):
    assert [each.name for each in own_runs.models_at_hand()] == ["demo"]


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
    assert "no logits" in page.words
    assert models.demo.calls == 0


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
