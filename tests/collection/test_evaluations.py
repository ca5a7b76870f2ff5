"""Evaluations made in the background, and what they say of a run's pictures."""

import shutil
import threading
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from panoseg import Thresholds
from panoseg.collection import evaluations as module
from panoseg.collection.evaluations import ANNOTATION_FILE, Evaluations, annotation_of
from panoseg.collection.opened import OpenedRun
from panoseg.collection.questions import Lost, read_question
from panoseg.collection.shelf import Shelved
from panoseg.evaluation import evaluate_run, read_annotations
from tests.evaluation.worlds import LABELS, random_prediction, random_truth, write_annotation, write_run
from tests.page.page import wait_until

PICTURES = 8
MOVED = Thresholds(score=0.5, overlap=0.6)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run with its annotation in it; the last annotated picture is not in the run."""
    folder = tmp_path_factory.mktemp("annotated")
    rng = np.random.default_rng(6)
    truths = {f"p{n}.jpg": random_truth(rng, crowd=0.1) for n in range(PICTURES + 1)}
    predictions = {name: random_prediction(rng, truth) for name, truth in [*truths.items()][:-1]}
    write_run(folder / "run", predictions).close()
    write_annotation(folder / "run", truths, name=Path(ANNOTATION_FILE).stem)
    return folder / "run"


@pytest.fixture
def opened(folder):
    found = OpenedRun(folder, None)
    yield found
    found.close()


@pytest.fixture
def path(folder):
    return annotation_of(Shelved("run", "Run", folder, "shared"))


def made(evaluations, opened, path, thresholds=Thresholds()):  # noqa: B008
    wait_until(lambda: evaluations.get(opened, path, thresholds).is_over)
    return evaluations.get(opened, path, thresholds)


def reference(opened, path, thresholds=Thresholds()):  # noqa: B008
    return evaluate_run(opened.run, read_annotations(path), thresholds, subset=True)


def test_an_annotation_lies_in_the_operators_run_and_never_counts_in_a_visitors(folder, tmp_path):
    assert annotation_of(Shelved("a", "A", folder, "shared")) == folder / "panoptic.json"
    assert annotation_of(Shelved("a", "A", folder, "own")) is None
    assert annotation_of(Shelved("a", "A", tmp_path, "shared")) is None


def test_the_figures_are_those_of_an_evaluation_at_its_thresholds_and_at_others(opened, path):
    work = made(Evaluations(), opened, path)
    found = work.found
    assert (work.state, work.done, work.total) == ("done", PICTURES, PICTURES)
    assert found.places.tolist() == opened.positions
    for thresholds in (Thresholds(), MOVED):
        direct = reference(opened, path, thresholds)
        for group, expected in direct.figures.groups.items():
            assert asdict(found.figures_at(thresholds).groups[group]) == pytest.approx(asdict(expected))
        quality = found.quality_of(opened.positions, thresholds)
        np.testing.assert_allclose(quality, direct.picture_quality, atol=1e-12)
        some = opened.positions[2:5]
        np.testing.assert_allclose(found.quality_of(some, thresholds), quality[2:5], atol=1e-12)
    assert found.figures_at(Thresholds(mask=0.3)) is None
    assert found.quality_of(opened.positions, Thresholds(score=0.01)) is None


def test_what_was_lost_is_found_by_side_reason_and_class(opened, path):
    found = made(Evaluations(), opened, path).found
    table = reference(opened, path).segments.astype({"outcome": str, "reason": str})
    wrong = table[table["outcome"].isin(("missed", "surplus"))]
    assert len(wrong)
    for lost, rows in (
        (Lost(), wrong),
        (Lost("missed"), wrong[wrong["outcome"] == "missed"]),
        (Lost("missed", "score"), wrong[(wrong["outcome"] == "missed") & (wrong["reason"] == "score")]),
        (Lost("", "", "person"), wrong[wrong["class_id"] == LABELS.index("person")]),
        (Lost("surplus", "", "kite"), wrong[:0]),
    ):
        pictures = found.pictures_with(lost, opened.positions)
        assert np.flatnonzero(pictures).tolist() == sorted(set(rows["picture"].tolist())), lost
    assert 0 < found.pictures_with(Lost("missed", "score"), opened.positions).sum() < PICTURES


def test_the_condition_of_a_cell_leaves_as_many_segments_as_the_cell_says(opened, path):
    found = made(Evaluations(), opened, path).found
    confusion, count = found.evaluation.confusion, len(LABELS)
    assert confusion[:count, count].any() and confusion[count, :count].any()
    assert (confusion - np.diag(np.diag(confusion)))[:count, :count].any()
    for row, column in np.ndindex(count + 1, count + 1):
        if row == column == count:
            continue
        is_one, called = ([*LABELS, "nothing"][place] for place in (row, column))
        text = f"found: {is_one}" if row == column else f"lost: {is_one} called {called}"
        (condition,) = read_question(text, LABELS)
        parts = [found.lost_in_picture(position, [condition.subject]) for position in opened.positions]
        each = [len(part.annotated) + len(part.predicted) for part in parts]
        assert sum(each) == confusion[row, column]
        pictures = found.pictures_with(condition.subject, opened.positions)
        assert pictures.tolist() == [number > 0 for number in each]


def test_the_condition_of_a_dot_leaves_as_many_as_the_dot_says(opened, path):
    found = made(Evaluations(), opened, path).found
    trust = found.marks["trust"]
    assert sum(trust["proposals"]["count"][:8]) > 3
    for side in ("predicted", "proposed"):
        counts = trust["segments" if side == "predicted" else "proposals"]["count"]
        for place, count in enumerate(counts):
            (condition,) = read_question(f"{side}: {place / 10:.2f} .. {(place + 1) / 10:.2f}", LABELS)
            parts = [found.lost_in_picture(position, [condition.subject]) for position in opened.positions]
            each = [len(part.queries) + len(part.predicted) for part in parts]
            assert sum(each) == count
            pictures = found.pictures_with(condition.subject, opened.positions)
            assert pictures.tolist() == [number > 0 for number in each]
    lines = found.losses([condition.subject], opened.positions, 99)
    assert all(line.side in ("missed", "surplus") for line in lines)


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("lost: Person", Lost("", "", "person")),
        ("missed: score", Lost("missed", "score", "")),
        ("surplus: wrong class of person", Lost("surplus", "wrong class", "person")),
        ("missed: Person called ball", Lost("missed", "", "person", "ball")),
        ("missed: person called nothing", Lost("missed", "", "person", "nothing")),
        ("surplus: nothing called Ball", Lost("surplus", "", "ball", "nothing")),
        ("missed: never proposed", Lost("missed", "never proposed", "")),
        ("surplus: score", Lost("surplus", "", "score")),  # no reason of that side
        ("found: Ball", Lost("found", "", "ball")),
        ("Proposed: 0.30 .. 0.40", Lost("proposed", scores=(0.3, 0.4))),
        ("predicted: 90 .. 100 %", Lost("predicted", scores=(0.9, 1.0))),
    ],
)
def test_a_condition_says_what_was_lost(text, lost):
    (condition,) = read_question(text, LABELS)
    assert (condition.kind, condition.subject) == ("lost", lost)


def test_other_thresholds_are_evaluated_too_and_the_nearest_serves_meanwhile(opened, path):
    evaluations = Evaluations()
    first = made(evaluations, opened, path).found
    assert evaluations.nearest(opened, path, MOVED) is first
    second = made(evaluations, opened, path, MOVED).found
    assert second.evaluation.thresholds == MOVED
    assert evaluations.nearest(opened, path, MOVED) is second
    assert evaluations.nearest(opened, path, Thresholds()) is first
    assert made(evaluations, opened, path).found is first


def test_it_is_made_once_for_all_and_the_oldest_goes(opened, path, monkeypatch):
    calls = []

    def counted(*arguments, **options):
        calls.append(arguments)
        return evaluate_run(*arguments, **options)

    monkeypatch.setattr(module, "evaluate_run", counted)
    evaluations = Evaluations(most_pictures=PICTURES)
    visitors = [threading.Thread(target=made, args=[evaluations, opened, path]) for _ in range(4)]
    for each in visitors:
        each.start()
    for each in visitors:
        each.join()
    assert len(calls) == 1
    made(evaluations, opened, path, MOVED)
    assert evaluations.nearest(opened, path, Thresholds()).evaluation.thresholds == MOVED


def test_pictures_that_came_after_it_was_opened_are_evaluated_too(tmp_path):
    rng = np.random.default_rng(6)
    truths = {f"p{n}.jpg": random_truth(rng) for n in range(4)}
    predictions = {name: random_prediction(rng, truth) for name, truth in truths.items()}
    write_run(tmp_path / "run", dict([*predictions.items()][:2])).close()
    path = write_annotation(tmp_path / "run", truths, name="panoptic")
    opened, evaluations = OpenedRun(tmp_path / "run", None), Evaluations()
    assert made(evaluations, opened, path).found.places.tolist() == [0, 1]
    write_run(tmp_path / "run", predictions).close()
    assert opened.refresh(at_once=True)
    assert made(evaluations, opened, path).found.places.tolist() == [0, 1, 2, 3]
    opened.close()


def test_one_that_nobody_asks_for_is_given_up_and_begun_anew(opened, path, monkeypatch):
    now = [0.0]
    begun, go_on = threading.Event(), threading.Event()

    def slow(*arguments, progress, **options):
        def note(done, total):
            begun.set()
            go_on.wait(10)
            progress(done, total)

        return evaluate_run(*arguments, progress=note, **options)

    monkeypatch.setattr(module, "evaluate_run", slow)
    evaluations = Evaluations(clock=lambda: now[0])
    work = evaluations.get(opened, path, Thresholds())
    assert begun.wait(10)
    now[0] = 60.0
    go_on.set()
    wait_until(lambda: work.state == "waiting")
    assert evaluations.nearest(opened, path, Thresholds()) is None
    assert made(evaluations, opened, path).found is not None


def test_one_that_failed_is_not_tried_at_every_threshold_but_later(opened, tmp_path):
    now = [0.0]
    (tmp_path / ANNOTATION_FILE).write_text("{")
    evaluations = Evaluations(clock=lambda: now[0])
    failed = made(evaluations, opened, tmp_path / ANNOTATION_FILE)
    assert evaluations.get(opened, tmp_path / ANNOTATION_FILE, MOVED) is failed
    now[0] = 60.0
    assert evaluations.get(opened, tmp_path / ANNOTATION_FILE, MOVED) is not failed


def test_what_is_wrong_with_an_annotation_is_a_sentence_without_a_folder(opened, folder, tmp_path):
    for name in ("damaged", "without"):
        (tmp_path / name).mkdir()
    damaged, without = tmp_path / "damaged" / ANNOTATION_FILE, tmp_path / "without" / ANNOTATION_FILE
    damaged.write_text("{")
    shutil.copy(folder / ANNOTATION_FILE, without)
    for path, words in ((damaged, "it is no JSON"), (without, "there is no")):
        work = made(Evaluations(), opened, path)
        assert work.state == "failed"
        assert words in work.words
        assert str(tmp_path) not in work.words
