"""PQ at every point, off one pass, against evaluations at these points."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panoseg import Thresholds
from panoseg.errors import InvalidValueError
from panoseg.evaluation import evaluate_run, read_annotations
from panoseg.evaluation.surface import (
    OVERLAPS,
    SCORES,
    Surface,
    best_point,
    class_thresholds,
)
from tests.evaluation.worlds import (
    VOCABULARY,
    prediction_of,
    random_prediction,
    random_truth,
    write_annotation,
    write_run,
)

MASKS = (0.5, 0.3, 0.7)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    rng = np.random.default_rng(2)
    truths = {f"p{n}.jpg": random_truth(rng, crowd=0.1) for n in range(10)}
    path = write_annotation(folder, truths)
    run = write_run(folder / "run", {name: random_prediction(rng, truth) for name, truth in truths.items()})
    annotations = read_annotations(path)
    yield run, annotations, evaluate_run(run, annotations, sweep_masks=MASKS)
    run.close()


@pytest.fixture(scope="module")
def surface(world):
    found = world[2]
    return Surface(found.sweeps, MASKS, found.classes)


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(st.sampled_from(SCORES), st.floats(0.05, 1)),
    st.one_of(st.sampled_from(OVERLAPS), st.floats(0, 1)),
    st.sampled_from(MASKS),
)
def test_every_point_is_that_of_an_evaluation_there(world, surface, score, overlap, mask):
    run, annotations, _ = world
    direct = evaluate_run(run, annotations, Thresholds(score, mask, overlap))
    assert surface.counts_at(score, overlap, mask) == pytest.approx(direct.figures.counts, abs=1e-12)
    assert surface.counts_by_picture(score, overlap, mask) == pytest.approx(direct.counts, abs=1e-12)
    assert surface.figures_at(score, overlap, mask).groups["all"].pq == pytest.approx(
        direct.figures.groups["all"].pq, abs=1e-12
    )


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_other_worlds_too(tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("w")
    rng = np.random.default_rng(seed)
    truth = random_truth(rng)
    path = write_annotation(folder, {"a.jpg": truth})
    with write_run(folder / "run", {"a.jpg": random_prediction(rng, truth, queries=14)}) as run:
        annotations = read_annotations(path)
        found = evaluate_run(run, annotations, sweep_masks=(0.5,))
        surface = Surface(found.sweeps, (0.5,), found.classes)
        for score, overlap in ((0.05, 0.3), (0.3, 0.8), (0.6, 1.0), (0.9, 0.0)):
            direct = evaluate_run(run, annotations, Thresholds(score, 0.5, overlap))
            assert surface.counts_at(score, overlap) == pytest.approx(direct.figures.counts, abs=1e-12)


def test_thresholds_that_are_named_bring_segments_back(world):
    run, annotations, _ = world
    start = Thresholds(0.8, 0.5, 0.95)
    found = evaluate_run(run, annotations, start, sweep_masks=(0.5,))
    rows = found.segments.astype({"reason": str})
    named = rows[rows.annotated & rows.reason.isin(["score", "overlap"])]
    assert set(named.reason) == {"score", "overlap"}
    assert named.threshold.notna().sum() >= 4
    for row in named.itertuples():
        moved = {"score": start.score, "mask": start.mask, "overlap": start.overlap}
        moved[row.reason] = 0.05 if np.isnan(row.threshold) else row.threshold
        again = evaluate_run(run, annotations, Thresholds(**moved)).segments
        same = again[again.annotated & (again.picture == row.picture) & (again.segment == row.segment)]
        assert (same.outcome.astype(str) == "matched").item() or np.isnan(row.threshold)


def test_the_surface_is_not_flat(surface):
    pq = [surface.figures_at(score, 0.8).groups["all"].pq for score in SCORES]
    assert max(pq) - min(pq) > 0.05
    overlaps = [surface.figures_at(0.5, overlap).groups["all"].pq for overlap in OVERLAPS]
    assert max(overlaps) - min(overlaps) > 0.01


def test_the_best_point_is_the_best_of_the_grid(surface):
    now = (0.8, 0.8, 0.5)
    best = best_point(surface, now)
    for mask in MASKS:
        for score in SCORES[::4]:
            assert surface.figures_at(score, 0.5, mask).groups["all"].pq <= best.pq + 1e-12
    assert surface.figures_at(best.score, best.overlap, best.mask).groups["all"].pq == pytest.approx(best.pq)
    assert best.gain.value == pytest.approx(best.pq - best.before)
    assert best.gain.low <= best.gain.value <= best.gain.high
    assert best.held_out <= best.gain.value + 0.2


def test_one_picture_has_no_interval(world):
    found = world[2]
    one = Surface(found.sweeps[:1], MASKS, found.classes)
    best = best_point(one, (0.8, 0.8, 0.5))
    assert best is not None and best.gain is None and best.held_out is None


def test_where_no_threshold_is_better_the_best_is_where_they_stand(tmp_path):
    truth = random_truth(np.random.default_rng(8), crowd=0, void=0)
    class_of = {number: c for c, number in enumerate(VOCABULARY.dataset_ids)}
    sure = prediction_of(
        [truth[0] == own for own, _, _ in truth[1]], [{class_of[c]: 0.97} for _, c, _ in truth[1]]
    )
    names = ("a.jpg", "b.jpg")
    annotations = read_annotations(write_annotation(tmp_path, dict.fromkeys(names, truth)))
    with write_run(tmp_path / "run", dict.fromkeys(names, sure)) as run:
        found = evaluate_run(run, annotations, sweep_masks=(0.5,))
    now = (0.77, 0.81, 0.5)
    best = best_point(Surface(found.sweeps, found.sweep_masks, found.classes), now)
    assert (best.score, best.overlap, best.mask) == now
    assert best.pq == best.before > 0.9
    assert best.gain.value == best.held_out == 0


def test_each_class_likes_a_threshold_of_its_own(surface):
    now = (0.8, 0.8, 0.5)
    for each in class_thresholds(surface, now):
        values = [surface.figures_at(score, 0.8).classes[each.class_id].pq for score in SCORES]
        assert each.pq == pytest.approx(max([*(v for v in values if v is not None), each.before]))
        assert each.pq >= each.before


def test_points_outside_are_refused(surface):
    for point in ((0.01, 0.5), (0.5, 1.2), (0.5, 0.5, 0.4)):
        with pytest.raises(InvalidValueError, match="anted"):
            surface.counts_at(*point)
