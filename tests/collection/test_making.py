"""Runs that visitors make: in line, stopped, gone on with, put on the shelf and taken from it."""

import os
import shutil
import threading

import pytest

import panoseg
from panoseg.collection.demo_collection import demo_job
from panoseg.collection.jobs import Job, Jobs
from panoseg.collection.queue_segmenter import QueueSegmenter
from panoseg.collection.shelf import Shelf, picture_folders
from panoseg.errors import CancelledError, RunError
from panoseg.runs.header import HEADER_FILE
from panoseg.serving.prediction_cache import PredictionCache
from panoseg.serving.prediction_queue import PredictionQueue
from panoseg.settings import Settings
from tests.fakes import FakeSegmenter
from tests.page.page import wait_until


class Load:
    """A model that is there."""

    question = None

    def __init__(self, queue):
        self.queue = queue

    def wait(self, report):
        report("Loading", None)
        return self.queue


class Models:
    """Stands in for the pool."""

    def __init__(self, segmenter):
        self.load = Load(PredictionQueue(segmenter))
        self.users = set()

    def use(self, user, name):
        self.users.add(user)
        return self.load

    def leave(self, user):
        self.users.discard(user)


class HeldSegmenter(FakeSegmenter):
    """Predicts so many pictures and then waits until it is let go on."""

    def __init__(self, free):
        super().__init__()
        self.free = free
        self.go_on = threading.Event()

    def predict_many(self, photos, **options):
        if self.calls >= self.free:
            self.go_on.wait(60)
        return super().predict_many(photos, **options)


def decode(content, name):
    return panoseg.open_photo(content, name=name)


def over(job):
    return job.state not in ("waiting", "running")


def test_a_run_is_made_in_the_line_of_the_model(pictures, tmp_path):
    models = Models(FakeSegmenter())
    jobs = Jobs(models, decode)
    job = jobs.add(Job("a", tmp_path / "run", [pictures], "demo"))
    wait_until(lambda: over(job))
    assert (job.state, job.total, job.done, job.failed) == ("done", 5, 5, 0)
    assert len(panoseg.open_run(tmp_path / "run")) == 5
    assert not models.users
    assert jobs.find("a") is job
    assert job.seconds_left is None


def test_a_stopped_run_keeps_what_is_done_and_goes_on_there(pictures, tmp_path):
    segmenter = HeldSegmenter(free=2)
    jobs = Jobs(Models(segmenter), decode)
    job = jobs.add(Job("a", tmp_path / "run", [pictures], "demo"))
    wait_until(lambda: job.done >= 1)
    job.stop()
    wait_until(lambda: over(job))
    segmenter.go_on.set()
    assert job.state == "stopped"
    done = len(panoseg.open_run(tmp_path / "run"))
    assert 1 <= done < 5
    again = jobs.add(Job("a", tmp_path / "run", [], "demo"))
    wait_until(lambda: over(again))
    assert (again.state, again.done) == ("done", 5)


def test_one_is_made_at_a_time_and_the_line_is_bounded(pictures, tmp_path):
    segmenter = HeldSegmenter(free=0)
    jobs = Jobs(Models(segmenter), decode, most=2)
    first = jobs.add(Job("a", tmp_path / "a", [pictures], "demo"))
    wait_until(lambda: first.state == "running")
    second = jobs.add(Job("b", tmp_path / "b", [pictures], "demo"))
    assert (second.state, jobs.place(first), jobs.place(second)) == ("waiting", 0, 2)
    assert jobs.add(Job("b", tmp_path / "b", [pictures], "demo")) is second
    with pytest.raises(RunError, match="Too many runs"):
        jobs.add(Job("c", tmp_path / "c", [pictures], "demo"))
    second.stop()
    segmenter.go_on.set()
    wait_until(lambda: over(first) and over(second))
    assert (first.state, second.state) == ("done", "stopped")


def test_a_run_that_cannot_be_made_says_why(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    jobs = Jobs(Models(FakeSegmenter()), decode)
    job = jobs.add(Job("a", tmp_path / "run", [empty], "demo"))
    wait_until(lambda: over(job))
    assert job.state == "failed"
    assert "no picture" in job.words


def test_a_run_whose_folder_vanishes_is_said_in_the_words_of_the_page(pictures, tmp_path):
    segmenter = HeldSegmenter(free=1)
    job = Jobs(Models(segmenter), decode).add(Job("a", tmp_path / "run", [pictures], "demo"))
    wait_until(lambda: job.done == 1)
    shutil.rmtree(tmp_path / "run")
    segmenter.go_on.set()
    wait_until(lambda: over(job))
    assert job.state == "failed"
    assert job.words.startswith("This collection cannot be written (")
    assert "command" not in job.words


def test_a_run_stands_behind_visitors_and_fills_no_cache(pictures):
    cache = PredictionCache(2**30)
    queue = PredictionQueue(FakeSegmenter(), cache, max_waiting=1)
    photo = panoseg.open_photo(sorted(pictures.iterdir())[0])
    stopped = threading.Event()
    segmenter = QueueSegmenter("demo", queue, stopped.is_set)
    assert segmenter.predict(photo).image_size == (48, 64)
    assert cache.nbytes == 0
    queue.submit(photo).result()
    assert cache.nbytes > 0
    stopped.set()
    with pytest.raises(CancelledError):
        segmenter.predict(panoseg.open_photo(sorted(pictures.iterdir())[1]))


def test_the_demo_collection_is_drawn_with_annotations_and_predicted(tmp_path, monkeypatch):
    monkeypatch.setattr("panoseg.collection.demo_collection.SCENES", 2)
    jobs = Jobs(Models(FakeSegmenter()), decode)
    job = jobs.add(demo_job("demo", tmp_path / "run"))
    wait_until(lambda: over(job))
    assert (job.state, job.done) == ("done", 2)
    assert (tmp_path / "scenes" / "annotations" / "panoptic.json").exists()


@pytest.fixture
def shelf(tmp_path, store):
    return Shelf(Settings(home=tmp_path, cache=tmp_path / "cache", runs=(store.parent,)))


def test_the_operators_runs_are_found_by_names_that_no_other_has(shelf, store):
    other = store.parent / "RUN"
    store.rename(other)
    os.symlink(other, store)
    found = shelf.shared()
    assert [each.id for each in found] == ["demo", "run", "run-2"]
    assert {each.folder for each in found[1:]} == {store, other}
    assert shelf.find("run").kind == "shared"
    assert shelf.find("../run") is None
    assert shelf.find("x" * 22) is None


def test_a_visitors_run_has_a_name_that_cannot_be_guessed_and_goes_after_a_day(tmp_path):
    now = 1e9
    shelf = Shelf(Settings(home=tmp_path, cache=tmp_path), clock=lambda: now)
    mine = shelf.new("Beach <b>")
    assert len(mine.id) == 22
    found = shelf.find(mine.id)
    assert (found.title, found.kind) == ("Beach <b>", "own")
    assert mine.id not in [each.id for each in shelf.shared()]
    start(mine)
    os.utime(mine.folder.parent, (now, now))
    now += 3600
    shelf.tidy()
    assert shelf.find(mine.id)
    now += 24 * 3600
    shelf.new("Hills", busy=[mine.folder.parent])
    assert shelf.find(mine.id)
    shelf.tidy()
    assert shelf.find(mine.id) is None


def test_the_oldest_of_visitors_runs_go_where_they_take_too_much(tmp_path):
    now = 1e9
    shelf = Shelf(Settings(home=tmp_path, cache=tmp_path), clock=lambda: now)
    runs = [shelf.new(str(number)) for number in range(3)]
    for number, run in enumerate(runs):
        (shelf.pictures(run) / "x.png").write_bytes(bytes(1000))
        start(run)
        os.utime(run.folder.parent, (now - 5000 + number, now - 5000 + number))
    shelf.tidy(most_bytes=2600)
    assert [shelf.find(run.id) is not None for run in runs] == [False, True, True]
    shelf.tidy(most_bytes=2600, wanted=1000, busy=[runs[1].folder.parent])
    assert [shelf.find(run.id) is not None for run in runs] == [False, True, False]


def start(run):
    """Have it look as if it was started."""
    run.folder.mkdir()
    (run.folder / HEADER_FILE).touch()


def test_runs_that_nobody_looks_at_make_room_for_files(tmp_path):
    now = 1e9
    shelf = Shelf(Settings(home=tmp_path, cache=tmp_path), clock=lambda: now)
    idle, looked_at = (shelf.new(name) for name in ("idle", "looked at"))
    for run, seen in ((idle, now - 601), (looked_at, now - 590)):
        (shelf.pictures(run) / "x.png").write_bytes(bytes(900))
        start(run)
        os.utime(run.folder.parent, (seen, seen))
    shelf.make_room(100, most_bytes=2000)
    assert shelf.find(idle.id)
    shelf.make_room(1000, most_bytes=2000)
    assert shelf.find(idle.id) is None
    assert shelf.room(2000) >= 1000
    now += 9
    shelf.make_room(2000, most_bytes=2000)
    assert shelf.find(looked_at.id)


def test_a_run_that_was_never_started_goes_soon(tmp_path):
    now = 1e9
    shelf = Shelf(Settings(home=tmp_path, cache=tmp_path), clock=lambda: now)
    runs = [shelf.new(str(number)) for number in range(3)]
    start(runs[1])
    for run, seen in zip(runs, (now - 601, now - 601, now - 599), strict=True):
        os.utime(run.folder.parent, (seen, seen))
    shelf.tidy()
    assert [shelf.find(run.id) is not None for run in runs] == [False, True, True]


def test_runs_are_found_while_others_are_measured(tmp_path, monkeypatch):
    shelf = Shelf(Settings(home=tmp_path, cache=tmp_path))
    mine = shelf.new("Beach")
    measured = threading.Event()

    def slowly(folder):
        assert measured.wait(60)
        return 0

    monkeypatch.setattr("panoseg.collection.shelf.bytes_below", slowly)
    measuring = threading.Thread(target=shelf.room)
    measuring.start()
    finding = threading.Thread(target=shelf.find, args=[mine.id], daemon=True)
    finding.start()
    finding.join(30)
    assert not finding.is_alive()
    measured.set()
    measuring.join()


def test_folders_to_make_runs_of_are_the_operators_and_those_right_below(pictures, tmp_path):
    (pictures / "more" / "deeper").mkdir(parents=True)
    (pictures / ".hidden").mkdir()
    assert [title for title, _ in picture_folders([pictures])] == ["pictures", "pictures / more"]
    assert picture_folders([tmp_path / "gone"]) == [("gone", tmp_path / "gone")]
