"""AP, mIoU, boundary PQ, reliability, the bootstrap and two runs."""

import numpy as np
import pytest
from pycocotools import mask as masks
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

import panoseg
from panoseg import Thresholds
from panoseg.evaluation import evaluate_run, read_annotations
from panoseg.evaluation.average_precision import average_precision
from panoseg.evaluation.bootstrap import interval_of
from panoseg.evaluation.boundary import boundary_quality
from panoseg.evaluation.reliability import mending_temperature, reliability, trust_of
from panoseg.evaluation.semantic_scores import scores_of, semantic_scores
from panoseg.evaluation.two_runs import agreement_of, compare_evaluations
from tests.evaluation.worlds import (
    VOCABULARY,
    prediction_of,
    random_prediction,
    random_truth,
    write_annotation,
    write_run,
)

LOW = Thresholds(score=0.5, overlap=0.5)


def perfect(truth, score=0.97):
    id_map, segments = truth
    class_of = {number: c for c, number in enumerate(VOCABULARY.dataset_ids)}
    return prediction_of(
        [id_map == own for own, _, _ in segments], [{class_of[c]: score} for _, c, _ in segments]
    )


def encoded(mask):
    return masks.encode(np.asfortranarray(mask, np.uint8))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    rng = np.random.default_rng(4)
    truths = {f"p{n}.jpg": random_truth(rng, crowd=0) for n in range(8)}
    annotations = read_annotations(write_annotation(folder, truths))
    a = write_run(folder / "a", {name: random_prediction(rng, truth) for name, truth in truths.items()})
    b = write_run(folder / "b", {name: perfect(truth) for name, truth in truths.items()})
    yield a, b, annotations
    a.close()
    b.close()


def test_ap_of_a_perfect_run_is_one_and_of_another_less(world):
    a, b, annotations = world
    best, other = average_precision(b, annotations), average_precision(a, annotations)
    assert best.values["AP"] == pytest.approx(1)
    assert best.values["APl"] is None  # no large one is annotated
    assert 0.02 < other.values["AP"] < 0.9
    assert other.values["AP"] <= other.values["AP50"]
    assert set(other.classes) == {"person", "ball"}


def test_ap_is_that_of_pycocotools_over_all_pictures_at_once(tmp_path):
    rng = np.random.default_rng(11)
    truths = {f"p{n}.jpg": random_truth(rng, size=(60, 80), crowd=0.3) for n in range(9)}
    predictions = {name: random_prediction(rng, truth) for name, truth in truths.items()}
    del predictions["p3.jpg"]
    annotations = read_annotations(write_annotation(tmp_path, truths))
    with write_run(tmp_path / "run", predictions) as run:
        found = average_precision(run, annotations)
        coco = COCO()
        coco.dataset = {
            "images": [{"id": n, "height": 60, "width": 80} for n in range(len(truths))],
            "annotations": [],
            "categories": [{"id": each.id} for each in annotations.classes if each.is_thing],
        }
        guesses = []
        things = {each.id: each for each in annotations.classes if each.is_thing}
        for n, (name, (id_map, segments)) in enumerate(truths.items()):
            for own, category, crowd in segments:
                mask = id_map == own
                if category in things:
                    known = {"id": len(coco.dataset["annotations"]) + 1, "image_id": n, "iscrowd": int(crowd)}
                    of = {"category_id": category, "area": int(mask.sum()), "segmentation": encoded(mask)}
                    coco.dataset["annotations"].append(known | of)
            if name in predictions:
                instances = panoseg.instances(run.find(name).prediction(), 0.0)
                for each, mask in zip(instances.segments, instances.masks, strict=True):
                    known = {"image_id": n, "category_id": VOCABULARY.dataset_ids[each.class_id]}
                    guesses.append(known | {"score": each.score, "segmentation": encoded(mask.to_mask())})
    coco.createIndex()
    evaluation = COCOeval(coco, coco.loadRes(guesses), "segm")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    theirs = [None if value < 0 else value for value in evaluation.stats.tolist()]
    assert [*found.values.values()] == theirs
    assert 0.02 < theirs[0] < 0.9 and theirs[3] != theirs[4]


def test_ap_of_nothing_found_is_zero_where_there_is_something_to_find(tmp_path):
    id_map = np.full((6, 8), 5)
    annotations = read_annotations(write_annotation(tmp_path, {"a.jpg": (id_map, [(5, 1, False)])}))
    nothing = prediction_of([id_map == 5], [{0: 0.95}])
    with write_run(tmp_path / "run", {"a.jpg": nothing}) as run:
        found = average_precision(run, annotations, score=0.99)
    assert (found.values["AP"], found.values["APs"], found.values["APl"]) == (0, 0, None)
    assert found.classes == {"person": 0, "ball": None}


def test_semantic_scores_by_hand():
    confusion = np.array([[6, 2, 0, 0], [1, 3, 0, 2], [0, 0, 0, 0]])
    found = scores_of(confusion)
    assert found.classes[:2] == pytest.approx([6 / 9, 3 / 8])
    assert np.isnan(found.classes[2])
    assert found.miou == pytest.approx((6 / 9 + 3 / 8) / 2)
    assert found.fwiou == pytest.approx((8 * 6 / 9 + 6 * 3 / 8) / 14)
    assert found.macc == pytest.approx((6 / 8 + 3 / 6) / 2)
    assert found.pacc == pytest.approx(9 / 14)


def test_semantic_scores_are_those_of_vernier(world):
    semantic = pytest.importorskip("vernier.semantic")
    a, _, annotations = world
    mine = semantic_scores(a, annotations)
    truth_maps, guess_maps = {}, {}
    for n, picture in enumerate(annotations.pictures):
        truth = annotations.truth(picture)
        truth_maps[n] = np.append(255, truth.classes)[truth.map.numbers].astype(np.uint8)
        found = a.find(picture.name).segmentation(task="semantic")
        guess_maps[n] = np.array([0, *(s.class_id for s in found.segments)], np.uint8)[found.id_map]
    theirs = semantic.Evaluator(parity_mode="strict").evaluate(
        semantic.Dataset.from_arrays(truth_maps, 4, 255), semantic.Predictions.from_arrays(guess_maps)
    )
    assert (mine.miou, mine.fwiou, mine.pacc, mine.macc) == pytest.approx(
        (theirs.miou, theirs.fwiou, theirs.pixel_accuracy, theirs.mean_accuracy)
    )


def test_boundary_quality_is_at_most_the_plain_one(world):
    pytest.importorskip("vernier")
    a, b, annotations = world
    assert boundary_quality(b, annotations)["all"].pq == pytest.approx(1)
    plain = evaluate_run(a, annotations, LOW).figures.groups["all"]
    found = boundary_quality(a, annotations, LOW)["all"]
    assert 0 < found.pq <= plain.pq
    assert found.count == plain.count


def test_reliability_by_hand():
    scores, right = np.array([0.95, 0.85, 0.85, 0.15]), np.array([1.0, 1.0, 0.0, 0.0])
    found = reliability(scores, right)
    assert found.count.tolist() == [0, 1, 0, 0, 0, 0, 0, 0, 2, 1]
    assert found.accuracy[8] == 0.5
    assert found.ece == pytest.approx((0.15 + 2 * 0.35 + 0.05) / 4)
    assert reliability(np.zeros(0), np.zeros(0)).ece is None


def test_a_temperature_mends_scores_that_promise_too_much():
    rng = np.random.default_rng(0)
    odds = rng.normal(0.5, 1.5, 4000)
    right = (rng.random(4000) < 1 / (1 + np.exp(-odds))).astype(float)
    boastful = 1 / (1 + np.exp(-3 * odds))
    found = mending_temperature(boastful, right)
    assert found.value == pytest.approx(3, rel=0.15)
    assert found.ece < reliability(boastful, right).ece / 2
    assert mending_temperature(boastful[:5], right[:5]) is None
    assert mending_temperature(boastful, np.ones(4000)) is None


def test_trust_of_a_perfect_run(world):
    _, b, annotations = world
    found = evaluate_run(b, annotations)
    trust = trust_of(found)
    assert trust.segments.ece == pytest.approx(0.03, abs=1e-3)
    assert trust.pece == pytest.approx(0.03, abs=1e-3)
    assert trust.upq["all"] == pytest.approx(found.figures.groups["all"].pq * 0.97, abs=1e-3)
    assert trust.proposals.count.sum() == trust.segments.count.sum()


def test_trust_looks_at_proposals_before_the_threshold(world):
    a, _, annotations = world
    trust = trust_of(evaluate_run(a, annotations, LOW))
    assert trust.proposals.count.sum() > trust.segments.count.sum()
    assert trust.proposals.count[:5].sum() > 0 == trust.segments.count[:5].sum()
    assert 0 <= trust.pece <= 1
    assert trust.upq["all"] <= evaluate_run(a, annotations, LOW).figures.groups["all"].pq


def test_intervals_shrink_with_pictures_and_hold_the_value():
    rng = np.random.default_rng(0)
    counts = np.stack([rng.random((400, 1)), *(rng.integers(0, 3, (400, 1)) for _ in range(3))], -1)
    counts[..., 0] *= counts[..., 1]
    few, many = (interval_of(counts[:n], None, np.ones(1, bool)) for n in (25, 400))
    assert few.low < few.value < few.high
    assert many.high - many.low < (few.high - few.low) / 2
    same = interval_of(counts, counts, np.ones(1, bool))
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_two_runs_and_what_only_one_finds(world):
    a, b, annotations = world
    first, second = evaluate_run(a, annotations, LOW), evaluate_run(b, annotations, LOW)
    found = compare_evaluations(first, second)
    pq, sq, rq = found.groups["all"]
    assert pq.value == pytest.approx(second.figures.groups["all"].pq - first.figures.groups["all"].pq)
    assert 0 < pq.low <= pq.value <= pq.high
    assert found.pictures == 8 and sq is not None and rq is not None
    rows = found.differences
    assert set(rows.found_by) == {"b"}
    assert len(rows) == first.figures.counts[:, 3].sum()
    assert (rows.reason != "").all()
    back = compare_evaluations(second, first)
    assert back.groups["all"][0].value == pytest.approx(-pq.value)
    assert set(back.differences.found_by) == {"a"}


def test_agreement_needs_no_annotation(world):
    a, b, _ = world
    itself = agreement_of(b, b)
    assert itself.quality.all.pq == 1
    there, back = agreement_of(a, b, LOW), agreement_of(b, a, LOW)
    assert 0 < there.quality.all.pq < 1
    assert there.quality.all.pq == pytest.approx(back.quality.all.pq)
    assert there.pictures.only_a.sum() == back.pictures.only_b.sum()
    assert len(there.pictures) == 8
