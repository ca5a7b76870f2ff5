"""An evaluation by many processes is that of one."""

from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest

from panoseg import Thresholds, open_run
from panoseg.cli import main
from panoseg.errors import RunError
from panoseg.evaluation import evaluate_run, read_annotations
from panoseg.evaluation.average_precision import average_precision
from panoseg.evaluation.on_ray import spread_on
from panoseg.evaluation.semantic_scores import semantic_scores
from panoseg.evaluation.shards import by_shard, cut
from tests.evaluation.worlds import random_prediction, random_truth, write_annotation, write_run
from tests.runs.ray_in_place import RayInPlace

PICTURES = 70  # more than a shard


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A run and its annotation, of which the run lacks the first picture, and of which one is broken."""
    folder = tmp_path_factory.mktemp("world")
    rng = np.random.default_rng(3)
    # The annotation's order is not the run's.
    truths = {f"p{n}.jpg": random_truth(rng) for n in rng.permutation(PICTURES).tolist()}
    lacking = next(iter(truths))
    predictions = {name: random_prediction(rng, truths[name]) for name in sorted(truths) if name != lacking}
    write_run(folder / "run", predictions).close()
    path = write_annotation(folder, truths)
    (folder / "truth" / "p7.png").write_bytes(b"no PNG")
    return folder, path


def same(ours, theirs):
    pd.testing.assert_frame_equal(ours.segments, theirs.segments)
    pd.testing.assert_frame_equal(ours.proposals, theirs.proposals)
    assert ours.figures.groups == theirs.figures.groups
    np.testing.assert_array_equal(ours.counts, theirs.counts)
    for one, other in zip(ours.costs, theirs.costs, strict=True):
        assert (one.side, one.reason, one.count, one.pq) == (other.side, other.reason, other.count, other.pq)
    assert ours.pictures == theirs.pictures
    assert (ours.missing, ours.surplus, ours.failures) == (theirs.missing, theirs.surplus, theirs.failures)
    for one, other in zip(ours.sweeps, theirs.sweeps, strict=True):
        for name in one.__slots__:
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    return True


@pytest.mark.parametrize("spread", [by_shard, spread_on(RayInPlace())])
def test_shards_add_up_to_the_whole(world, spread):
    folder, path = world
    annotations, asked = read_annotations(path), {"sweep_masks": (0.5,)}
    thresholds = Thresholds(score=0.5)
    counted = []
    with open_run(folder / "run") as run:
        whole = evaluate_run(run, annotations, thresholds, **asked)
        parts = evaluate_run(
            run,
            annotations,
            thresholds,
            **asked,
            spread=spread,
            progress=lambda done, total: counted.append((done, total)),
        )
    assert whole.missing == len(whole.failures) == 1
    assert same(parts, whole)
    assert counted[-1] == (PICTURES, PICTURES)
    assert len(counted) == 3  # two shards, and the picture that the run lacks


def test_what_a_process_is_told_grows_with_its_shard_alone(world):
    from panoseg.evaluation.evaluating import plan_evaluation

    folder, path = world
    with open_run(folder / "run") as run:
        pieces = [*cut(run, plan_evaluation(run, read_annotations(path), None).looked_at)]
    assert [len(piece.wanted) for piece in pieces] == [1, 64, PICTURES - 65]
    assert all(not piece.work.annotations.pictures for piece in pieces)


def test_a_shard_that_is_gone_is_told_of_each_of_its_pictures(world, tmp_path):
    import shutil

    folder, path = world
    shutil.copytree(folder / "run", tmp_path / "run")
    next((tmp_path / "run" / "shards").iterdir()).unlink()
    with open_run(tmp_path / "run") as run:
        found = evaluate_run(run, read_annotations(path), spread=by_shard)
    assert 0 < len(found.failures) < PICTURES


def test_a_run_that_a_worker_cannot_open_is_one_sentence(world, monkeypatch):
    folder, path = world
    with open_run(folder / "run") as run:
        run.place = str(folder / "nowhere")
        with pytest.raises(RunError, match="nowhere"):
            evaluate_run(run, read_annotations(path), spread=spread_on(RayInPlace()))


@pytest.mark.parametrize("spread", [by_shard, spread_on(RayInPlace())])
@pytest.mark.parametrize("figures", [average_precision, semantic_scores])
def test_other_tasks_add_up_too(world, figures, spread):
    folder, path = world
    annotations, counted = read_annotations(path), []
    with open_run(folder / "run") as run:
        whole = figures(run, annotations)
        parts = figures(
            run, annotations, spread=spread, progress=lambda done, total: counted.append((done, total))
        )
    assert counted[-1] == (PICTURES, PICTURES) and len(counted) == 3
    assert len(whole.failures) == 1 and whole.pictures == PICTURES - 1
    for name in whole.__slots__:
        ours, theirs = getattr(parts, name), getattr(whole, name)
        if isinstance(ours, np.ndarray):
            np.testing.assert_array_equal(ours, theirs)
        else:
            assert ours == theirs


def test_the_shell_spreads_each_task(world, capsys, monkeypatch):
    @contextmanager
    def cluster(options):
        yield RayInPlace()

    folder, path = world
    monkeypatch.setattr("panoseg.runs.on_ray.cluster", cluster)
    command = ["evaluate", str(folder / "run"), "--annotation", str(path), "--task", "instances"]
    told = []
    for more in ([], ["--ray"]):
        assert main([*command, *more]) == 2  # one picture failed
        told.append(capsys.readouterr().out)
    assert told[0] == told[1] and "AP50" in told[0]
