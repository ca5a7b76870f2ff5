"""What the Collection page is told of a run that has an annotation."""

from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from panoseg import Thresholds
from panoseg.annotation import read_annotation
from panoseg.collection.evaluations import Evaluations
from panoseg.collection.jobs import Job
from panoseg.evaluation import evaluate_run, read_annotations
from panoseg.page import model_service
from panoseg.page.collection import desk as desks
from panoseg.page.collection.quality import annotation_beside
from panoseg.page.collection.routes import FOLDER, collection_routes
from panoseg.page.collection.visitors import CollectionVisitor
from panoseg.runs import open_run
from panoseg.settings import settings
from tests.evaluation.worlds import random_prediction, random_truth, write_annotation, write_run
from tests.page.page import wait_until

PICTURES = 6


@pytest.fixture
def folder(tmp_path, monkeypatch, models):
    """Two runs of the operator's, "annotated" and "plain"."""
    rng = np.random.default_rng(8)
    truths = {f"p{n}.jpg": random_truth(rng) for n in range(PICTURES)}
    predictions = {name: random_prediction(rng, truth) for name, truth in truths.items()}
    for name in ("annotated", "plain"):
        write_run(tmp_path / "runs" / name, predictions).close()
    write_annotation(tmp_path / "runs" / "annotated", truths, name="panoptic")
    monkeypatch.setenv("PANOSEG_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("PANOSEG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PANOSEG_MODELS", "demo")
    settings.cache_clear()
    desks.forget_desk()
    yield tmp_path / "runs" / "annotated"
    desks.forget_desk()
    model_service.forget_service()
    settings.cache_clear()


@pytest.fixture
def client(folder):
    visitor = CollectionVisitor()
    visitor.open()
    app = Starlette(routes=collection_routes())
    yield TestClient(app, base_url=f"http://test/{FOLDER}/{visitor.token}/")
    visitor.close()


def seen(client, run="annotated", **asked):
    """A view once all of it is exact, and evaluated where that was asked for."""
    answers = []

    def whole():
        answers.append(client.get(f"run/{run}/view?{urlencode(asked)}").json())
        return answers[-1]["exact"] == answers[-1]["pictures"] and answers[-1]["whole"]

    wait_until(whole)
    return answers[-1]


def evaluated(folder, thresholds=Thresholds()):  # noqa: B008
    with open_run(folder) as run:
        return evaluate_run(run, read_annotations(folder / "panoptic.json"), thresholds)


def test_a_run_with_an_annotation_is_evaluated_once_somebody_asks(client, folder):
    assert client.get("run/annotated").json()["annotated"]
    assert not client.get("run/plain").json()["annotated"]
    unasked = seen(client)
    assert (unasked["quality"], unasked["pq"]) == (None, None)
    quality = seen(client, evaluate=1)["quality"]
    found = evaluated(folder)
    for name, expected in found.figures.groups.items():
        assert quality["figures"][name]["pq"] == pytest.approx(expected.pq)
    assert {(r["side"], r["reason"]): r["count"] for r in quality["reasons"]} == {
        (c.side, c.reason): c.count for c in found.costs
    }
    for each in quality["classes"]:
        missed = sum(loss["count"] for loss in each["lost"] if loss["side"] == "missed")
        surplus = sum(loss["count"] for loss in each["lost"] if loss["side"] == "surplus")
        assert (each["missed"], each["surplus"]) == (missed, surplus)
    assert (quality["working"], quality["problem"], quality["total"]) == (False, "", PICTURES)
    assert seen(client)["pq"] is not None  # what is known is shown on tiles
    assert seen(client, "plain", evaluate=1)["quality"] is None


def test_an_evaluation_that_ends_while_it_is_looked_at_is_asked_for_again(client, monkeypatch):
    nearest, get = Evaluations.nearest, Evaluations.get

    def late(self, opened, annotation, thresholds):
        """Read what is known, and only then let the evaluation end."""
        found = nearest(self, opened, annotation, thresholds)
        wait_until(lambda: get(self, opened, annotation, thresholds).is_over)
        return found

    monkeypatch.setattr(Evaluations, "nearest", late)
    first = client.get("run/annotated/view?evaluate=1").json()
    assert (first["quality"]["figures"], first["whole"], first["quality"]["working"]) == (None, False, True)
    assert seen(client, evaluate=1)["quality"]["figures"] is not None


def test_what_waits_for_an_evaluation_says_so(client, monkeypatch):
    monkeypatch.setattr(Evaluations, "nearest", lambda *_: None)
    asked = urlencode({"q": "p, missed: score, no sky"})
    view = client.get(f"run/annotated/view?{asked}").json()
    assert [each["left"] for each in view["conditions"]] == [PICTURES, None, None]
    assert view["evaluating"].startswith("Evaluating")
    assert client.get("run/annotated/view").json()["evaluating"] == ""
    monkeypatch.undo()
    view = seen(client, q="p, missed: score, no sky")
    assert view["evaluating"] == ""
    assert None not in [each["left"] for each in view["conditions"]]


def test_what_only_an_evaluation_knows_is_refused_without_an_annotation(client):
    asked = urlencode({"q": "missed: score"})
    for answer in ("view", "segments"):
        found = client.get(f"run/plain/{answer}?{asked}").json()
        assert found == {
            "problem": "“missed: score” asks an evaluation, and this collection has no annotation."
        }


def test_what_was_left_out_and_at_which_size_is_said(client, folder):
    (folder / "panoptic" / "p1.png").unlink()
    with Image.open(folder / "panoptic" / "p2.png") as png:
        png.resize((2 * png.width, 2 * png.height), Image.Resampling.NEAREST).save(
            folder / "panoptic" / "p2.png"
        )
    notes = seen(client, evaluate=1)["quality"]["notes"]
    assert "Annotations of another size than the picture, whose own counts: 1." in notes
    (failed,) = (
        note for note in notes if "could not be evaluated: 1. “p1.jpg”: there is no 'p1.png'" in note
    )
    assert str(folder) not in failed


def test_what_is_drawn_is_that_of_the_evaluation(client, folder):
    assert client.get("run/annotated/marks").status_code == 409  # nobody asked for one
    seen(client, evaluate=1)
    marks = client.get("run/annotated/marks").json()
    found = evaluated(folder)
    surface = marks["surface"]
    at = surface["scores"].index(0.8), surface["overlaps"].index(0.8)
    assert surface["pq"]["0.5"][at[0]][at[1]] == pytest.approx(found.figures.groups["all"].pq)
    assert sum(marks["trust"]["segments"]["count"]) == found.figures.counts[:, 1:3].sum()
    names, table = marks["confusion"]["names"], marks["confusion"]["table"]
    places = [*([each.name for each in found.classes].index(name) for name in names), len(found.classes)]
    assert np.array_equal(table, found.confusion[np.ix_(places, places)])


def test_pictures_are_sorted_by_quality_the_worst_first(client, folder):
    moved = Thresholds(score=0.5)
    for thresholds, asked in ((Thresholds(), {}), (moved, {"score": 0.5})):
        quality = evaluated(folder, thresholds).picture_quality
        view = seen(client, sort="pq", **asked)
        assert view["pq"] == pytest.approx(np.sort(quality), abs=1e-4)
        assert quality[view["order"]] == pytest.approx(np.sort(quality))
    backward = seen(client, sort="pq", back=1, score=0.5)
    assert backward["pq"] == pytest.approx(np.sort(quality)[::-1], abs=1e-4)
    assert seen(client, "plain", sort="pq")["order"] == [*range(PICTURES)]


def test_a_loss_leaves_its_pictures_and_lights_its_class(client, folder):
    table = evaluated(folder).segments.astype({"outcome": str, "reason": str})
    missed = table[(table["outcome"] == "missed") & (table["reason"] == "score")]
    view = seen(client, q="missed: score")
    assert sorted(view["order"]) == sorted(set(missed["picture"]))
    assert view["conditions"][0]["left"] == len(view["order"]) < PICTURES
    assert seen(client, q="lost: ball")["lit"] == [3]
    tile = "run/annotated/map/{}.png?" + urlencode({"q": "missed: score", "lost": view["lost"]})
    lit, all_alike = (client.get(url.format(view["order"][0])) for url in (tile, tile.split("?")[0]))
    assert (lit.status_code, lit.headers["content-type"]) == (200, "image/png")
    assert lit.content != all_alike.content
    assert seen(client, q="ball")["lost"] == ""
    losses = seen(client, q="missed: score", evaluate=1)["quality"]["losses"]
    assert [loss["position"] for loss in losses] == missed["picture"].tolist()
    assert all(loss["side"] == "missed" and "below the score threshold" in loss["words"] for loss in losses)
    segments = client.get("run/annotated/segments?" + urlencode({"q": "missed: score"})).json()
    assert {row["position"] for row in segments["rows"]} <= set(view["order"])


def test_an_annotation_of_other_pictures_is_one_sentence(client, folder):
    rng = np.random.default_rng(1)
    write_annotation(folder, {"elsewhere.jpg": random_truth(rng)}, name="panoptic")
    quality = seen(client, evaluate=1)["quality"]
    assert "of other pictures" in quality["problem"]
    assert (quality["figures"], quality["working"]) == (None, False)


def test_a_picture_has_the_annotation_that_is_its_own(client, folder):
    assert (
        annotation_beside(desks.desk(), "annotated", 2, Thresholds()) is None
    )  # not read in the page's thread
    seen(client, evaluate=1)
    files = annotation_beside(desks.desk(), "annotated", 2, Thresholds())
    whole = read_annotations(folder / "panoptic.json")
    truth, size = whole.truth(whole.pictures[2]), (24, 32)
    found = read_annotation(files.png, files.description, files.name, size=size)
    assert sorted(each.id for each in found.segments) == truth.map.ids.tolist()
    assert [each.category for each in sorted(found.segments, key=lambda each: each.id)] == [
        whole.classes[place].id for place in truth.classes
    ]
    assert annotation_beside(desks.desk(), "annotated", 99, Thresholds()) is None
    assert annotation_beside(desks.desk(), "plain", 2, Thresholds()) is None


def test_a_run_is_evaluated_once_it_is_made(client, monkeypatch):
    job = Job("annotated", None, [], state="running")
    monkeypatch.setattr(desks.desk().jobs, "find", lambda run: job)
    waiting = seen(client, evaluate=1)
    assert waiting["quality"]["figures"] is None
    assert "once all its pictures are there" in waiting["quality"]["notes"][0]
    job.state = "done"
    assert seen(client, evaluate=1)["quality"]["figures"]
