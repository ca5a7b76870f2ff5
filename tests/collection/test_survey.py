"""The segments of all pictures: about, at once, and exactly."""

import pytest

import panoseg
from panoseg.collection.opened import OpenedRun, OpenedRuns
from panoseg.collection.survey import MOST_WANTED, TURN_SECONDS, Survey, Surveys
from panoseg.collection.tiles import tile_size
from panoseg.demo.annotated import write_scenes
from panoseg.errors import RunError
from panoseg.merging import candidates, merge_sketches, sketch
from panoseg.tasks import Task
from tests.fakes import FakeSegmenter
from tests.page.page import wait_until

PAPER = panoseg.Thresholds()
MOVED = panoseg.Thresholds(score=0.4, mask=0.6, overlap=0.5)


def decode(content, name):
    return panoseg.open_photo(content, name=name)


@pytest.fixture
def opened(store):
    run = OpenedRun(store, decode)
    yield run
    run.close()


@pytest.mark.parametrize("thresholds", [PAPER, MOVED])
def test_a_survey_holds_what_each_picture_gives_by_itself(opened, thresholds):
    survey = Survey(opened, thresholds, Task.PANOPTIC)
    while survey.next_position() is not None:
        survey.go_on()
    found = survey.look()
    assert (found.exact, found.known) == (5, 5)
    for index, position in enumerate(found.positions):
        item = opened.item(position)
        rows = found.table.picture == index
        segments = item.segmentation(thresholds).segments
        assert found.table.class_id[rows].tolist() == [s.class_id for s in segments]
        assert found.table.area[rows] == pytest.approx([s.area / (48 * 64) for s in segments])
        assert found.table.score[rows] == pytest.approx([s.score for s in segments])
        missed = sum(each.is_near_miss for each in candidates(item.prediction(), thresholds))
        assert found.table.near_misses[index] == missed


def test_pictures_keep_their_names_when_one_that_failed_is_made_good(pictures, tmp_path):
    good = (pictures / "picture-1.png").read_bytes()
    (pictures / "picture-1.png").write_bytes(b"no picture")
    panoseg.make_run(pictures, store=tmp_path / "run", model=FakeSegmenter("demo")).close()
    opened = OpenedRun(tmp_path / "run", decode)
    before = Survey(opened, PAPER, Task.PANOPTIC).look()
    (pictures / "picture-1.png").write_bytes(good)
    panoseg.make_run(pictures, store=tmp_path / "run", model=FakeSegmenter("demo"), retry=True).close()
    assert opened.refresh(at_once=True)
    after = Survey(opened, PAPER, Task.PANOPTIC).look()
    for found, numbers in ((before, [0, 2, 3, 4]), (after, [0, 1, 2, 3, 4])):
        assert found.table.pictures == len(numbers)
        assert [opened.item(each).name for each in found.positions] == found.outline.names
        assert found.outline.names == [f"picture-{number}.png" for number in numbers]
    opened.close()


def test_before_that_it_knows_about_as_much_from_sketches(opened):
    survey = Survey(opened, PAPER, Task.PANOPTIC)
    opened.sketch_next()
    survey.add(opened.positions[2])
    assert survey.look().is_known.tolist() == [True, False, True, False, False]
    survey = Survey(opened, PAPER, Task.PANOPTIC)
    while opened.sketch_next():
        pass
    about = survey.look()
    assert (about.exact, about.known) == (0, 5)
    while survey.next_position() is not None:
        survey.go_on()
    exact = survey.look()
    assert about.table.class_id.tolist() == exact.table.class_id.tolist()
    assert about.table.area == pytest.approx(exact.table.area, abs=0.02)
    assert about.table.near_misses.tolist() == exact.table.near_misses.tolist()


def test_sketches_of_real_predictions_agree_with_the_exact_merge(tmp_path):
    write_scenes(tmp_path / "scenes", 3, annotations=False)
    segmenter = panoseg.load_segmenter("demo", engine="torch")
    paths = sorted((tmp_path / "scenes").glob("*.png"))
    predictions = [segmenter.predict(panoseg.open_photo(path)) for path in paths]
    for thresholds in (PAPER, MOVED):
        found = merge_sketches(
            [sketch(each) for each in predictions], thresholds, frozenset(segmenter.vocabulary.things)
        )
        for about, prediction in zip(found, predictions, strict=True):
            exact = panoseg.panoptic(prediction, thresholds)
            large = {s.key: s.area / exact.id_map.size for s in exact.segments}
            names = [
                f"query-{name}-{label}" if label in segmenter.vocabulary.things else f"class-{label}"
                for name, label in zip(about.name.tolist(), about.class_id.tolist(), strict=True)
            ]
            # What is smaller than a few of a sketch's pixels may be missing.
            assert {key for key, area in large.items() if area > 0.01} <= {*names} <= {*large}
            for name, area in zip(names, about.area.tolist(), strict=True):
                assert area == pytest.approx(large[name], abs=0.02)


def test_surveys_go_on_by_themselves_and_stop_when_nobody_asks(opened):
    now = 0.0
    surveys = Surveys(clock=lambda: now)
    survey = surveys.get(opened, PAPER, Task.PANOPTIC)
    wait_until(lambda: survey.next_position() is None)
    assert surveys.get(opened, PAPER, Task.PANOPTIC) is survey
    left = Survey(opened, MOVED, Task.PANOPTIC)
    left.wanted = -100.0
    surveys._surveys[id(opened), MOVED, Task.PANOPTIC] = left
    assert surveys._next() is None


def test_of_many_surveys_the_last_ones_are_kept(opened):
    surveys = Surveys(most=2, patience=0.0)
    first = surveys.get(opened, PAPER, Task.PANOPTIC)
    for score in (0.1, 0.2, 0.3):
        surveys.get(opened, panoseg.Thresholds(score=score), Task.PANOPTIC)
    assert surveys.get(opened, PAPER, Task.PANOPTIC) is not first


def test_surveys_that_are_looked_at_are_not_ended_by_others(opened):
    surveys = Surveys(most=2, clock=lambda: 0.0)
    first = surveys.get(opened, PAPER, Task.PANOPTIC)
    others = [panoseg.Thresholds(score=at / (2 * MOST_WANTED)) for at in range(1, MOST_WANTED)]
    for each in others:
        surveys.get(opened, each, Task.PANOPTIC)
    assert surveys.get(opened, PAPER, Task.PANOPTIC) is first
    for each in (*others, MOVED):
        surveys.get(opened, each, Task.PANOPTIC)
    assert surveys.get(opened, PAPER, Task.PANOPTIC) is not first


def test_who_was_there_first_does_not_stand_behind_others_for_ever(opened, monkeypatch):
    monkeypatch.setattr(Survey, "next_position", lambda survey: 0)
    now = 0.0
    surveys = Surveys(clock=lambda: now)
    surveys._has_worker = True  # it is asked here
    first = surveys.get(opened, PAPER, Task.PANOPTIC)
    now = 1.0
    last = surveys.get(opened, MOVED, Task.PANOPTIC)
    assert surveys._next() is last
    now = TURN_SECONDS + 0.5
    surveys.get(opened, PAPER, Task.PANOPTIC)
    now += 0.1
    surveys.get(opened, MOVED, Task.PANOPTIC)
    assert surveys._next() is first


def test_tiles_are_small_pictures(opened):
    photo = panoseg.open_photo(opened.thumbnail(0))
    assert photo.size == tile_size((48, 64)) == (48, 64)
    assert tile_size((3000, 4000)) == (256, 341)
    all_lit = opened.map(0, PAPER, Task.PANOPTIC)
    assert all_lit.startswith(b"\x89PNG")
    assert all_lit != opened.map(0, PAPER, Task.PANOPTIC, frozenset({2}))
    assert all_lit != opened.map(0, panoseg.Thresholds(score=0.96), Task.PANOPTIC)


def test_runs_are_opened_once_and_those_nobody_looks_at_are_let_go(store, tmp_path):
    runs = OpenedRuns(decode, most=1)
    first = runs.open(store)
    assert runs.open(store) is first
    with pytest.raises(RunError):
        runs.open(tmp_path / "nothing")
    assert runs.open(store) is first
