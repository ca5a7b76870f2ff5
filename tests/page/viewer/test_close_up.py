"""What the browser may ask about the pictures of its visitor."""

import asyncio
import gc
import json
import threading
import zlib
from types import SimpleNamespace

import numpy as np
import pytest

import panoseg
from panoseg.merging import query_mask
from panoseg.page.display_size import display_size
from panoseg.page.shown_pictures import ShownPictures, Source, pictures_of
from panoseg.page.viewer import close_up
from panoseg.page.viewer.close_up import AT_ONCE, FOLDER
from panoseg.page.viewer.pixel_answers import TOP_LEVEL
from panoseg.tasks import Task, find
from tests import event_loop
from tests.fakes import fake_prediction
from tests.page.viewer.test_served_code import ask


class Visitor:
    """One who looks at the fake scene, and asks."""

    def __init__(self, task=Task.PANOPTIC, thresholds=panoseg.Thresholds(), size=(480, 640)):  # noqa: B008
        self.photo = panoseg.Photo.from_pixels(
            np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8), "noise"
        )
        self.prediction = fake_prediction(size)
        self.pictures = ShownPictures()
        self.pictures.open()
        self.pictures.show_photo("viewer", self.photo)
        self.look(task, thresholds)

    def look(self, task, thresholds):
        self.findings = find(task, self.prediction, thresholds)
        source = Source(self.prediction, task, thresholds, self.findings.candidates)
        self.map = self.pictures.show_map(
            "viewer", (task, str(thresholds)), self.findings.segmentation, source
        )

    def ask(self, path):
        return ask(f"/{FOLDER}/{self.pictures.token}/{path}")

    def told(self, path):
        status, headers, body = self.ask(path)
        assert status == 200
        assert headers["content-type"] == "application/json"
        return json.loads(body)


@pytest.fixture
def visitor():
    someone = Visitor()
    yield someone
    someone.pictures.close()


def test_a_tile_is_the_visitors_own_and_may_be_kept(visitor):
    status, headers, body = visitor.ask(f"photo/{visitor.photo.digest}/0/1-1.png")
    assert status == 200
    assert body.startswith(b"\x89PNG")
    assert "private" in headers["cache-control"]
    status, _, body = visitor.ask(f"ids/{visitor.map}/0/0-0")
    ids = np.frombuffer(zlib.decompress(body), np.uint8).reshape(257, 257)
    np.testing.assert_array_equal(ids, visitor.findings.segmentation.id_map[:257, :257])


@pytest.mark.parametrize(
    "path",
    [
        "photo/{digest}/0/9-9.png",
        "photo/{digest}/0/0-0.gif",
        "photo/{digest}/99999999/0-0.png",
        f"photo/{{digest}}/0/{'9' * 5000}-0.png",
        "photo/{digest}/0/0-0",
        "photo/../../secret",
        "ids/{map}/0/0-7",
        "pixel/{map}/640-0",
        "pixel/{map}/-1-0",
        "query/{map}/query-6-0",
        "query/{map}/query-0-5",
        "query/{map}/nonsense",
        "probability/{map}/class-99",
        "",
    ],
)
def test_what_is_not_there_is_not_found(visitor, path):
    assert visitor.ask(path.format(digest=visitor.photo.digest, map=visitor.map))[0] == 404


def test_another_visitor_sees_nothing_of_it(visitor):
    other = Visitor(size=(40, 60))
    assert other.pictures.token != visitor.pictures.token
    for path in (f"photo/{visitor.photo.digest}/0/0-0.png", f"ids/{visitor.map}2/0/0-0"):
        assert other.ask(path)[0] == 204
    assert ask(f"/{FOLDER}/{'x' * 32}/photo/{visitor.photo.digest}/0/0-0.png")[0] == 404
    other.pictures.close()


def test_a_map_that_was_replaced_gives_nothing(visitor):
    before = visitor.map
    visitor.look(Task.PANOPTIC, panoseg.Thresholds(score=0.4))
    assert visitor.map != before
    assert visitor.ask(f"ids/{before}/0/0-0")[0] == 204
    assert visitor.ask(f"ids/{visitor.map}/0/0-0")[0] == 200


def test_nothing_is_kept_that_the_page_lets_go(visitor):
    name, digest = visitor.map, visitor.photo.digest
    visitor.findings = visitor.photo = None
    gc.collect()
    assert visitor.ask(f"ids/{name}/0/0-0")[0] == 204
    assert visitor.ask(f"photo/{digest}/0/0-0.png")[0] == 204


def test_it_ends_with_the_session(visitor):
    visitor.pictures.close()
    assert visitor.ask(f"photo/{visitor.photo.digest}/0/0-0.png")[0] == 404
    assert pictures_of(visitor.pictures.token) is None


def test_a_pixel_tells_what_else_it_could_be(visitor):
    told = visitor.told(f"pixel/{visitor.map}/520-100")
    assert told["segment"] == 0
    assert told["why"].startswith("“kite” covers it. Its score of 0.500 is not above")
    best, *others = told["rivals"]
    assert (best["label"], best["kept"]) == ("kite", False)
    assert best["weight"] == pytest.approx(best["score"] * best["probability"])
    assert len(others) == 2
    told = visitor.told(f"pixel/{visitor.map}/10-10")
    assert (told["segment"], told["why"]) == (1, "")
    assert told["rivals"][0]["label"] == "sky"


@pytest.mark.parametrize(
    ("task", "why", "best"),
    [
        (Task.INSTANCES, "“kite” covers it, but its score", "kite"),
        (Task.SEMANTIC, "", "kite"),
    ],
)
def test_other_tasks_tell_it_too(task, why, best):
    visitor = Visitor(task)
    told = visitor.told(f"pixel/{visitor.map}/520-100")
    assert told["why"].startswith(why)
    assert told["rivals"][0]["label"] == best
    visitor.pictures.close()


def test_a_segment_tells_its_classes_and_its_fate(visitor):
    told = visitor.told(f"query/{visitor.map}/query-4-3")
    assert told["queries"] == [4]
    assert told["classes"][0] == {"label": "ball", "probability": pytest.approx(0.85)}
    assert len(told["classes"]) == 5
    assert told["fates"] == [{"query": 4, "words": "It is segment 5."}]
    visitor.look(Task.PANOPTIC, panoseg.Thresholds(score=0.86))
    (fate,) = visitor.told(f"query/{visitor.map}/query-4-3")["fates"]
    # Rounded down: a float32 softmax of 0.85.
    assert fate["words"].startswith("Its score of 0.8")


def test_the_mask_before_the_competition_is_exact_at_every_slider_position(visitor):
    size = display_size(visitor.photo.size)
    status, _, body = visitor.ask(f"probability/{visitor.map}/query-4-3")
    assert status == 200
    levels = np.frombuffer(zlib.decompress(body), np.uint8).reshape(size)
    for threshold in (0.01, 0.25, 0.5, 0.75, 0.99):
        np.testing.assert_array_equal(
            levels >= round(threshold * TOP_LEVEL), query_mask(visitor.prediction, 4, threshold, size)
        )


def test_stuff_is_the_most_probable_of_its_queries(visitor):
    told = visitor.told(f"query/{visitor.map}/class-0")
    assert told["queries"] == [0]
    one, same = (visitor.ask(f"probability/{visitor.map}/{key}")[2] for key in ("class-0", "query-0-0"))
    assert one == same


def test_a_map_without_a_source_tells_nothing(visitor):
    name = visitor.pictures.show_map("beside", ("annotation",), visitor.findings.segmentation, None)
    assert visitor.ask(f"pixel/{name}/1-1")[0] == 204
    assert visitor.ask(f"query/{name}/class-0")[0] == 204
    assert visitor.ask(f"ids/{name}/0/0-0")[0] == 200


@pytest.mark.parametrize("visitors", [1, 8])
def test_a_flood_of_questions_takes_few_threads(monkeypatch, visitors):
    monkeypatch.setattr(close_up, "usable_cores", lambda: 4)
    close_up._threads.cache_clear()
    pictures = [ShownPictures() for _ in range(visitors)]
    lock, busy, most, enough = threading.Lock(), [0], [0], threading.Event()

    def answer(_, request):
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
            if busy[0] >= min(4, AT_ONCE * visitors):
                enough.set()
        assert enough.wait(30)  # as many as may are there at the same time
        with lock:
            busy[0] -= 1

    async def flood():
        ask = close_up._endpoint(answer)
        requests = [SimpleNamespace(path_params={"token": p.token}) for p in pictures for _ in range(10)]
        await asyncio.gather(*(ask(request) for request in requests))

    for each in pictures:
        each.open()
    event_loop.run(flood())
    for each in pictures:
        each.close()
    close_up._threads.cache_clear()
    assert most[0] == min(4, AT_ONCE * visitors)
