"""How the map comes about, as the browser hears it: it must be what the core does."""

import base64
import zlib

import numpy as np
import pytest

import panoseg
from panoseg.merging import instances, merge, probability_map, query_mask, semantic
from panoseg.page.viewer.lesson import MAP_SIDE, TILE_SIDE, queries_lesson, steps_lesson, tasks_lesson
from panoseg.page.viewer.pixel_answers import TOP_LEVEL
from panoseg.tasks import Task
from tests.fakes import fake_prediction
from tests.merging.examples import prediction_of
from tests.page.viewer.test_close_up import Visitor

THRESHOLDS = panoseg.Thresholds(0.35, 0.55, 0.7)


@pytest.fixture(params=[0, 1, 2])
def prediction(request):
    return prediction_of((50, 70), request.param)


def ids_of(told):
    dtype = {1: "u1", 2: "<u2"}[told["bytes_per_id"]]
    raw = zlib.decompress(base64.b64decode(told["ids"]))
    return np.frombuffer(raw, dtype).reshape(told["height"], told["width"])


def under_centers(id_map, height, width):
    """Written anew: for each pixel of a smaller picture, the pixel of the map under its centre."""
    return np.array(
        [
            [
                id_map[int((y + 0.5) * id_map.shape[0] / height), int((x + 0.5) * id_map.shape[1] / width)]
                for x in range(width)
            ]
            for y in range(height)
        ]
    )


def assert_same_map(told, segmentation):
    np.testing.assert_array_equal(
        ids_of(told), under_centers(segmentation.id_map, told["height"], told["width"])
    )
    assert told["colors"] == [list(segment.color) for segment in segmentation.segments]
    assert told["things"] + told["stuff"] == len(segmentation.segments)
    assert told["coverage"] == pytest.approx((segmentation.id_map > 0).mean())


def test_each_querys_picture_is_its_own_mask(prediction):
    told = queries_lesson(prediction, THRESHOLDS)
    size = told["height"], told["width"]
    assert max(size) <= TILE_SIDE
    levels = np.frombuffer(zlib.decompress(base64.b64decode(told["levels"])), np.uint8)
    levels = levels.reshape(len(prediction.labels), *size)
    assert sorted(one["query"] for one in told["queries"]) == list(range(len(prediction.labels)))
    for level, one in zip(levels, told["queries"], strict=True):
        mask = query_mask(prediction, one["query"], told["mask"], size)
        np.testing.assert_array_equal(level >= round(THRESHOLDS.mask * TOP_LEVEL), mask)


def test_queries_come_with_what_became_of_them(prediction):
    told = queries_lesson(prediction, THRESHOLDS)["queries"]
    candidates = {c.query: c for c in merge(prediction, THRESHOLDS)[1]}
    for one in told:
        candidate = candidates[one["query"]]
        assert (one["label"], one["fate"]) == (candidate.label, candidate.fate.value)
        assert one["score"] == candidate.score
    order = [(one["nothing"], -one["score"]) for one in told]
    assert order == sorted(order)


def test_each_step_is_the_core_at_the_thresholds_that_hold_by_then(prediction):
    told = steps_lesson(prediction, THRESHOLDS)
    held = [(0, 0, 0), (0.35, 0, 0), (0.35, 0.55, 0), (0.35, 0.55, 0.7)]
    assert [step["name"] for step in told["steps"]] == ["argmax", "score", "mask", "overlap"]
    for step, values in zip(told["steps"], held, strict=True):
        segmentation, candidates = merge(prediction, panoseg.Thresholds(*values))
        assert_same_map(step, segmentation)
        assert step["competing"] == sum(c.kept for c in candidates)
        assert step["owners"] == sum(c.segment_id > 0 for c in candidates)
    assert all(one["left"] < 0.7 for one in told["steps"][-1]["largest_dropped"])
    assert not any(step["dropped"] for step in told["steps"][:-1])


def test_the_first_step_gives_every_pixel_to_the_heaviest_query(prediction):
    """score × probability, computed here without the core's merging."""
    step = steps_lesson(prediction, THRESHOLDS)["steps"][0]
    kept = np.flatnonzero(prediction.labels != len(prediction.vocabulary))
    weights = np.stack(
        [prediction.scores[q] * probability_map(prediction, int(q)).astype(float) for q in kept]
    )
    heaviest = prediction.labels[kept][weights.argmax(axis=0)]
    segmentation = panoseg.panoptic(prediction, panoseg.Thresholds(0, 0, 0))
    class_of = np.array([-1, *(segment.class_id for segment in segmentation.segments)])
    height, width = step["height"], step["width"]
    differs = class_of[ids_of(step)] != under_centers(heaviest, height, width)
    assert differs.mean() < 1e-3  # float32 decides a tie


def test_the_three_tasks_are_the_cores(prediction):
    told = tasks_lesson(prediction, THRESHOLDS)["tasks"]
    assert [task["name"] for task in told] == [task.value for task in Task]
    assert_same_map(told[0], panoseg.panoptic(prediction, THRESHOLDS))
    assert_same_map(told[1], instances(prediction, THRESHOLDS.score).flatten())
    assert_same_map(told[2], semantic(prediction))


def test_maps_of_large_photos_are_small():
    told = steps_lesson(fake_prediction((900, 3000)), panoseg.Thresholds())["steps"][-1]
    assert (told["height"], told["width"]) == (216, MAP_SIDE)
    assert ids_of(told).max() == 5


@pytest.mark.parametrize("task", list(Task))
def test_the_page_hears_it_at_its_own_thresholds(task):
    visitor = Visitor(task, panoseg.Thresholds(score=0.86))
    steps = visitor.told(f"lesson/{visitor.map}/steps")
    assert steps["thresholds"]["score"] == 0.86
    assert_same_map(steps["steps"][-1], panoseg.panoptic(visitor.prediction, panoseg.Thresholds(0.86)))
    assert len(visitor.told(f"lesson/{visitor.map}/queries")["queries"]) == 6
    assert len(visitor.told(f"lesson/{visitor.map}/tasks")["tasks"]) == 3
    assert visitor.ask(f"lesson/{visitor.map}/nonsense")[0] == 404
    assert visitor.ask(f"lesson/{visitor.map}2/steps")[0] == 204
    visitor.pictures.close()
    assert visitor.ask(f"lesson/{visitor.map}/steps")[0] == 404
