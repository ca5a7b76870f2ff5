"""A constructed case of every reason. Pictures are 12 rows of 24 columns; `columns` says who has which."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from panoseg import Thresholds
from panoseg.evaluation import AnnotatedClass, Missed, Surplus, evaluate_run, read_annotations
from panoseg.evaluation.sentences import sentence_of
from tests.evaluation.worlds import (
    CATEGORIES,
    VOCABULARY,
    prediction_of,
    random_prediction,
    random_truth,
    write_annotation,
    write_run,
)

SKY, GRASS, PERSON, BALL = range(4)
NUMBER = dict(enumerate(VOCABULARY.dataset_ids))
ROWS, WIDTH = 12, 24
PAPER = Thresholds()


def columns(first, end):
    mask = np.zeros((ROWS, WIDTH), bool)
    mask[:, first:end] = True
    return mask


def truth(*segments):
    """(first column, end column, class[, crowd]); ids count from 1; void elsewhere."""
    id_map, found = np.zeros((ROWS, WIDTH), int), []
    for own, (first, end, class_id, *crowd) in enumerate(segments, 1):
        id_map[:, first:end] = own
        found.append((own, NUMBER[class_id], bool(crowd and crowd[0])))
    return id_map, found


def evaluated(folder, annotated, prediction, thresholds=PAPER, categories=CATEGORIES):
    """(annotated rows by id, predicted rows by number) of one picture."""
    path = write_annotation(folder, {"a.jpg": annotated}, categories)
    with write_run(folder / "run", {"a.jpg": prediction}) as run:
        found = evaluate_run(run, read_annotations(path), thresholds)
    rows = found.segments.astype({"outcome": str, "reason": str})
    return tuple(
        {row.segment: row for row in rows[rows.annotated == side].itertuples()} for side in (True, False)
    )


PEOPLE = truth((0, 8, PERSON), (8, 24, GRASS))
GRASS_THERE = (columns(8, 24), {GRASS: 0.99})


def said(*queries):
    masks, classes = zip(*queries, strict=True)
    return prediction_of(masks, classes)


def test_score(tmp_path):
    prediction = said((columns(0, 8), {PERSON: 0.435, BALL: 0.3}), GRASS_THERE)
    missed = evaluated(tmp_path, PEOPLE, prediction)[0][1]
    assert (missed.reason, missed.query) == (Missed.SCORE, 0)
    assert missed.query_score == pytest.approx(0.435, abs=1e-4)
    back = evaluated(tmp_path / "back", PEOPLE, prediction, Thresholds(score=missed.threshold))[0][1]
    assert missed.threshold == pytest.approx(0.43)
    assert back.outcome == "matched"


def test_no_object(tmp_path):
    missed = evaluated(tmp_path, PEOPLE, said((columns(0, 8), {PERSON: 0.3}), GRASS_THERE))[0][1]
    assert missed.reason == Missed.NO_OBJECT
    assert math.isnan(missed.threshold)


def test_pixels_and_to_whom(tmp_path):
    taker = (columns(0, 12), {BALL: 0.99})
    missed, predicted = evaluated(
        tmp_path, PEOPLE, said((columns(0, 8), {PERSON: 0.9}), taker, (columns(12, 24), {GRASS: 0.99}))
    )
    assert missed[1].reason == Missed.PIXELS
    assert predicted[missed[1].partner].model_class == BALL
    assert missed[1].other == BALL
    # Its own remains too small to match, though not dropped: the same reason, and the attempt is known.
    low = Thresholds(overlap=0.1)
    missed, predicted = evaluated(
        tmp_path / "low",
        PEOPLE,
        said((columns(0, 8), {PERSON: 0.9}), (columns(3, 8), {BALL: 0.99}), GRASS_THERE),
        low,
    )
    assert missed[1].reason == Missed.PIXELS
    assert predicted[missed[1].attempt].model_class == PERSON
    assert predicted[missed[1].partner].model_class == BALL


def test_overlap_and_what_brings_it_back(tmp_path):
    prediction = said((columns(0, 8), {PERSON: 0.9}), (columns(6, 8), {BALL: 0.99}), GRASS_THERE)
    missed = evaluated(tmp_path, PEOPLE, prediction)[0][1]
    assert (missed.reason, missed.threshold) == (Missed.OVERLAP, 0.75)
    back = evaluated(tmp_path / "back", PEOPLE, prediction, Thresholds(overlap=missed.threshold))[0][1]
    assert back.outcome == "matched"


def test_fusion(tmp_path):
    annotated = truth((0, 8, GRASS), (8, 24, SKY))
    missed, predicted = evaluated(
        tmp_path, annotated, said((columns(0, 8), {GRASS: 0.9}), (columns(8, 24), {GRASS: 0.95}))
    )
    assert missed[1].reason == Missed.FUSION
    assert missed[1].attempt == 1
    assert (missed[2].reason, missed[2].other) == (Missed.WRONG_CLASS, GRASS)
    assert (predicted[1].reason, predicted[1].other) == (Surplus.WRONG_CLASS, SKY)


def test_wrong_class(tmp_path):
    missed, predicted = evaluated(tmp_path, PEOPLE, said((columns(0, 7), {BALL: 0.9}), GRASS_THERE))
    assert (missed[1].reason, missed[1].other, missed[1].partner) == (Missed.WRONG_CLASS, BALL, 1)
    assert missed[1].iou == pytest.approx(7 / 8)
    assert (predicted[1].reason, predicted[1].other, predicted[1].partner) == (Surplus.WRONG_CLASS, PERSON, 1)
    # A query below the threshold that calls it something else is the same error, without a segment.
    missed, _ = evaluated(tmp_path / "low", PEOPLE, said((columns(0, 7), {BALL: 0.6}), GRASS_THERE))
    assert (missed[1].reason, missed[1].attempt, missed[1].query) == (Missed.WRONG_CLASS, 0, 0)


def test_mask(tmp_path):
    logits = np.where(columns(0, 3), 9.0, np.where(columns(0, 8), np.log(0.45 / 0.55), -9.0))
    prediction = said((logits, {PERSON: 0.95}), GRASS_THERE)
    missed = evaluated(tmp_path, PEOPLE, prediction)[0][1]
    assert (missed.reason, missed.threshold) == (Missed.MASK, 0.4)
    back = evaluated(tmp_path / "back", PEOPLE, prediction, Thresholds(mask=missed.threshold))[0][1]
    assert back.outcome == "matched"


def test_badly_drawn(tmp_path):
    missed, predicted = evaluated(tmp_path, PEOPLE, said((columns(0, 3), {PERSON: 0.9}), GRASS_THERE))
    assert (missed[1].reason, missed[1].attempt) == (Missed.BADLY_DRAWN, 1)
    assert missed[1].iou == pytest.approx(3 / 8)
    assert predicted[1].reason == Surplus.PART


def test_never_proposed(tmp_path):
    missed = evaluated(tmp_path, PEOPLE, said(GRASS_THERE))[0][1]
    assert (missed.reason, missed.query) == (Missed.NEVER_PROPOSED, -1)


def test_unknown_class(tmp_path):
    categories = (*CATEGORIES, {"id": 77, "name": "unicorn", "isthing": 1})
    id_map, segments = PEOPLE
    annotated = id_map, [(1, 77, False), segments[1]]
    missed = evaluated(tmp_path, annotated, said(GRASS_THERE), categories=categories)[0][1]
    assert missed.reason == Missed.UNKNOWN_CLASS


def test_merge(tmp_path):
    annotated = truth((0, 4, PERSON), (4, 8, PERSON), (8, 24, GRASS))
    missed, predicted = evaluated(tmp_path, annotated, said((columns(0, 8), {PERSON: 0.9}), GRASS_THERE))
    assert predicted[1].reason == Surplus.MERGE
    assert [missed[own].reason for own in (1, 2)] == [Missed.BADLY_DRAWN] * 2


def test_duplicate_and_part(tmp_path):
    weaker = np.where(columns(0, 5), 9.0, np.where(columns(0, 8), 1.0, -9.0))
    low = Thresholds(overlap=0.1)
    twice = said((weaker, {PERSON: 0.95}), (columns(0, 8), {PERSON: 0.9}), GRASS_THERE)
    missed, predicted = evaluated(tmp_path, PEOPLE, twice, low)
    assert missed[1].outcome == "matched"
    assert (predicted[2].reason, predicted[2].partner) == (Surplus.DUPLICATE, 1)
    split = said((columns(0, 5), {PERSON: 0.95}), (columns(5, 8), {PERSON: 0.9}), GRASS_THERE)
    missed, predicted = evaluated(tmp_path / "split", PEOPLE, split, low)
    assert missed[1].outcome == "matched"
    assert predicted[2].reason == Surplus.PART


def test_surplus_badly_drawn(tmp_path):
    annotated = truth((0, 8, PERSON), (8, 24, GRASS))
    _, predicted = evaluated(
        tmp_path, annotated, said((columns(4, 16), {PERSON: 0.99}), (columns(12, 24), {GRASS: 0.9}))
    )
    assert (predicted[1].reason, predicted[1].partner) == (Surplus.BADLY_DRAWN, 1)
    assert predicted[1].iou == pytest.approx(4 / 16)


def test_surplus_on_unannotated_ground(tmp_path):
    annotated = truth((0, 4, SKY), (4, 8, GRASS))
    _, predicted = evaluated(tmp_path, annotated, said((columns(0, 16), {PERSON: 0.9})))
    assert predicted[1].outcome == "surplus"
    assert predicted[1].reason == Surplus.UNANNOTATED


def test_spurious(tmp_path):
    annotated = truth((0, 24, GRASS))
    _, predicted = evaluated(
        tmp_path, annotated, said((columns(0, 4), {BALL: 0.99}), (columns(0, 24), {GRASS: 0.9}))
    )
    assert predicted[1].reason == Surplus.SPURIOUS
    assert predicted[2].outcome == "matched"


def test_every_reason_is_tested_here():
    names = set(globals())
    for reason in (*Missed, *Surplus):
        word = reason.value.replace(" ", "_").split("_")[0]
        assert any(word in name for name in names) or reason is Missed.NO_PREDICTION, reason


def test_mending_a_reason_gives_the_figures_of_the_mended_prediction(tmp_path):
    """The oracle of a score that is too low is the evaluation below it, where nothing else moves."""
    prediction = said((columns(0, 8), {PERSON: 0.435, BALL: 0.3}), GRASS_THERE)
    path = write_annotation(tmp_path, {"a.jpg": PEOPLE})
    with write_run(tmp_path / "run", {"a.jpg": prediction}) as run:
        annotations = read_annotations(path)
        found = evaluate_run(run, annotations)
        mended = evaluate_run(run, annotations, Thresholds(score=0.4))
    (cost,) = found.costs
    before, after = found.figures.groups, mended.figures.groups
    assert cost.pq["all"] == pytest.approx(after["all"].pq - before["all"].pq)
    assert cost.pq["things"] == pytest.approx(1.0)
    assert cost.pq["stuff"] == pytest.approx(0.0)
    assert cost.classes[PERSON] == pytest.approx(1.0)


def test_all_costs_are_gains(tmp_path):
    rng = np.random.default_rng(9)
    truths = {f"p{n}.jpg": random_truth(rng) for n in range(6)}
    path = write_annotation(tmp_path, truths)
    predictions = {name: random_prediction(rng, each) for name, each in truths.items()}
    with write_run(tmp_path / "run", predictions) as run:
        found = evaluate_run(run, read_annotations(path))
    assert len(found.costs) >= 4
    # A false positive of a class of which nothing is found costs nothing: its PQ is 0 anyway.
    assert sum(cost.pq["all"] > 0 for cost in found.costs) >= 4
    for cost in found.costs:
        assert cost.pq["all"] >= 0, cost.reason
        assert (cost.classes[~np.isnan(cost.classes)] >= -1e-12).all()


@pytest.mark.parametrize(
    ("score", "threshold", "words"),
    [
        (0.434, 0.43, "person 0.43: below the score threshold; back at 0.43"),
        (0.99964, 0.9995, "person 0.99964: below the score threshold; back at 0.9995"),
        (1.0, 0.1, "person 1.00: below the score threshold; back at 0.10"),
        (
            0.4,
            math.nan,
            "person 0.40: below the score threshold; that threshold alone does not bring it back",
        ),
    ],
)
def test_a_number_never_says_more_than_it_is(score, threshold, words):
    row = SimpleNamespace(
        class_id=0, other=-1, outcome="missed", reason="score", query_score=score, threshold=threshold
    )
    assert sentence_of(row, [AnnotatedClass(1, "person", True)]) == words
