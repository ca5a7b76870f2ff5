"""The official figures against panopticapi's rules written once more, and against vernier."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panoseg import Thresholds
from panoseg.evaluation import Outcome, evaluate_run, read_annotations
from panoseg.evaluation.figures import SIZES, counts_of
from panoseg.quality import LabelMap, panoptic_quality
from tests.evaluation import reference_quality
from tests.evaluation.worlds import (
    CATEGORIES,
    VOCABULARY,
    prediction_of,
    random_prediction,
    random_truth,
    write_annotation,
    write_run,
)


def world(folder, seed, count=4, thresholds=None, **options):
    """(evaluation, [(truth map, truth segments, guess map, guess segments)]) of random pictures."""
    rng = np.random.default_rng(seed)
    truths = {f"p{n}.jpg": random_truth(rng, **options) for n in range(count)}
    predictions = {name: random_prediction(rng, truth) for name, truth in truths.items()}
    path = write_annotation(folder, truths)
    with write_run(folder / "run", predictions) as run:
        found = evaluate_run(run, read_annotations(path), thresholds)
        pictures = []
        for name, (id_map, segments) in truths.items():
            guess = run.find(name).segmentation(thresholds)
            pictures.append(
                (
                    id_map,
                    [{"id": i, "category_id": c, "iscrowd": crowd} for i, c, crowd in segments],
                    guess.id_map,
                    [{"id": s.id, "category_id": VOCABULARY.dataset_ids[s.class_id]} for s in guess.segments],
                )
            )
    return found, pictures


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.2, 0.5, 0.8, 0.9]))
def test_figures_are_those_of_panopticapi(tmp_path_factory, seed, score):
    found, pictures = world(
        tmp_path_factory.mktemp("w"), seed, thresholds=Thresholds(score=score, overlap=0.5)
    )
    classes, groups = reference_quality.evaluate(pictures, CATEGORIES)
    for row, category in zip(found.figures.counts, CATEGORIES, strict=True):
        assert row == pytest.approx(classes[category["id"]], abs=1e-12)
    for name, wanted in groups.items():
        mine = found.figures.groups[name]
        if wanted is None:
            assert (mine.pq, mine.sq, mine.rq, mine.count) == (None, None, None, 0)
        else:
            assert (mine.pq, mine.sq, mine.rq) == pytest.approx(wanted, abs=1e-12)


def test_two_crowds_of_one_class_forgive_as_panopticapi_has_it(tmp_path):
    id_map = np.repeat([[1, 2, 3]], 6, axis=0).repeat(4, axis=1)
    truths = {"a.jpg": (id_map, [(1, 1, True), (2, 1, True), (3, 12, False)])}
    predictions = {
        "a.jpg": prediction_of([id_map == 1, id_map == 2, id_map == 3], [{2: 0.9}, {2: 0.95}, {1: 0.97}])
    }
    path = write_annotation(tmp_path, truths)
    with write_run(tmp_path / "run", predictions) as run:
        found = evaluate_run(run, read_annotations(path))
    predicted = found.segments[~found.segments.annotated]
    assert predicted.outcome.astype(str).tolist() == [Outcome.SURPLUS, Outcome.EXCUSED, Outcome.MATCHED]


def test_figures_are_those_of_vernier(tmp_path):
    panoptic = pytest.importorskip("vernier.panoptic")
    found, pictures = world(tmp_path, 5, count=8, thresholds=Thresholds(score=0.5, overlap=0.5))
    truth_maps = {n: picture[0].astype(np.uint32) for n, picture in enumerate(pictures)}
    guess_maps = {n: picture[2].astype(np.uint32) for n, picture in enumerate(pictures)}

    def described(place):
        return json.dumps(
            {
                str(n): [
                    {"iscrowd": 0, **s, "area": int((picture[place - 1] == s["id"]).sum())}
                    for s in picture[place]
                ]
                for n, picture in enumerate(pictures)
            }
        ).encode()

    dataset = panoptic.Dataset.from_arrays(truth_maps, described(1), json.dumps(CATEGORIES).encode())
    summary = panoptic.Evaluator(parity_mode="strict").evaluate(
        dataset, panoptic.Predictions.from_arrays(guess_maps, described(3))
    )
    groups = found.figures.groups
    assert (groups["all"].pq, groups["all"].sq, groups["all"].rq) == pytest.approx(
        (summary.pq, summary.sq, summary.rq), abs=1e-12
    )
    assert (groups["things"].pq, groups["stuff"].pq) == pytest.approx(
        (summary.pq_things, summary.pq_stuff), abs=1e-12
    )


def test_figures_are_those_of_the_page(tmp_path):
    found, pictures = world(tmp_path, 11, thresholds=Thresholds(score=0.5), crowd=0)
    class_of = {number: c for c, number in enumerate(VOCABULARY.dataset_ids)}
    pairs = [
        tuple(
            LabelMap(id_map, {s["id"]: class_of[s["category_id"]] for s in segments})
            for id_map, segments in ((p[0], p[1]), (p[2], p[3]))
        )
        for p in pictures
    ]
    quality = panoptic_quality(pairs, VOCABULARY)
    assert found.figures.groups["all"].pq == pytest.approx(quality.all.pq, abs=1e-12)


def test_reasons_and_sizes_add_up_to_the_figures(tmp_path):
    found, _ = world(tmp_path, 3, count=12, thresholds=Thresholds(score=0.5))
    _, _, false_positives, false_negatives = found.figures.counts.sum(axis=0)
    missed = sum(cost.count for cost in found.costs if cost.side == "missed")
    surplus = sum(cost.count for cost in found.costs if cost.side == "surplus")
    assert (missed, surplus) == (false_negatives, false_positives)
    assert missed > 3 and surplus > 3
    wrong = found.segments.outcome.isin(["missed", "surplus"])
    assert ((found.segments.reason.astype(str) != "") == wrong).all()
    sizes = sum(counts_of(found.segments, len(found.classes), size=size) for size in SIZES)
    assert sizes == pytest.approx(found.figures.counts)
    assert found.confusion.sum() > 0
    diagonal = np.diag(found.confusion)[:-1]
    assert (diagonal == found.figures.counts[:, 1]).all()
    annotated = found.figures.counts[:, 1] + found.figures.counts[:, 3]
    assert (found.confusion[:-1].sum(axis=1) == annotated).all()


def test_missing_pictures_count_as_missed_unless_left_out(tmp_path):
    rng = np.random.default_rng(0)
    truths = {f"p{n}.jpg": random_truth(rng) for n in range(3)}
    path = write_annotation(tmp_path, truths)
    predictions = {name: random_prediction(rng, truth) for name, truth in list(truths.items())[:2]}
    predictions["other.jpg"] = predictions["p0.jpg"]
    annotations = read_annotations(path)
    with write_run(tmp_path / "run", predictions) as run:
        whole, subset = evaluate_run(run, annotations), evaluate_run(run, annotations, subset=True)
    assert (whole.missing, whole.surplus, len(whole.pictures), len(subset.pictures)) == (1, 1, 3, 2)
    lost = whole.segments[whole.segments.reason == "no prediction"]
    assert len(lost) == sum(not crowd for _, _, crowd in truths["p2.jpg"][1])
    assert whole.figures.counts[:, 3].sum() == subset.figures.counts[:, 3].sum() + len(lost)
