"""The Collection page's answers."""

import io
import json
import os
import zipfile
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image

import panoseg
from panoseg.page.collection import downloads, own_runs
from panoseg.page.collection.desk import desk
from panoseg.page.collection.routes import FOLDER
from panoseg.page.collection.visitors import MOST_NEW_RUNS, CollectionVisitor
from panoseg.runs.id_maps import read_id_map
from panoseg.settings import settings
from tests.fakes import VOCABULARY
from tests.page.collection_store import PICTURES, png
from tests.page.page import wait_until


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


def test_a_download_lacks_pictures_that_are_gone_and_says_so_without_the_servers_folders(client, tmp_path):
    (tmp_path / "pictures" / "3.png").unlink()
    answer = downloaded(client, formats="overlay", which="all")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert len(archive.namelist()) == PICTURES - 1 + 1
        failures = json.loads(archive.read("run.json"))["failures"]
    assert [failure["name"] for failure in failures] == ["3.png"]
    assert str(tmp_path) not in failures[0]["error"]


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


def test_more_downloads_than_a_visitor_may_have_are_told(client, visitor):
    visitor.downloads = downloads.MOST_OF_A_VISITOR
    assert "try again in a minute" in downloaded(client, formats="csv").text


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


def test_a_run_whose_files_come_is_looked_at(client):
    run = client.post("new").json()["id"]
    place = desk().shelf.find(run).folder.parent
    os.utime(place, (0, 0))
    client.put(f"files/{run}/a.png", content=png(1))
    assert place.stat().st_mtime > 0


def test_a_name_becomes_no_path(client, tmp_path):
    run = client.post("new").json()["id"]
    assert client.put(f"files/{run}/..%2F..%2F.x$(id).png", content=png(1)).status_code in (200, 404, 405)
    client.put(f"files/{run}/..%5C..%5C.x$(id).png", content=png(1))
    names = [path.name for path in desk().shelf.pictures(desk().shelf.find(run)).iterdir()]
    assert all(set(name) <= set("0123456789-_.xidpng") and not name.startswith(".") for name in names)
    assert names


def test_files_keep_their_names_and_two_of_one_name_are_both_kept(client):
    run = client.post("new").json()["id"]
    for name in ("Berg%20%C3%BC.PNG", "a.png", "a.png", ".png"):
        assert client.put(f"files/{run}/{name}", content=png(1)).status_code == 200
    kept = desk().shelf.pictures(desk().shelf.find(run)).iterdir()
    assert sorted(path.name for path in kept) == ["Berg ü.png", "a-2.png", "a.png", "picture.png"]


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
