"""The three tasks, near misses, doubt and the landscape: all from one forward pass."""

import numpy as np
import pytest

import panoseg
from panoseg.merging import query_mask
from panoseg.page.near_misses import missed_payload
from panoseg.segment_columns import COLUMNS
from tests.fakes import VOCABULARY, fake_prediction


@pytest.fixture
def prediction(page):
    return fake_prediction((page.photo["height"], page.photo["width"]))


def test_tasks_show_what_the_core_finds_without_a_forward_pass(page, models, prediction):
    page.choose_task("instances")
    found = panoseg.instances(prediction, 0.8)
    np.testing.assert_array_equal(page.ids, found.flatten().id_map)
    assert page.labels == [segment.label for segment in found.segments]

    page.choose_task("semantic")
    np.testing.assert_array_equal(page.ids, panoseg.semantic(prediction).id_map)

    page.choose_task("panoptic")
    np.testing.assert_array_equal(page.ids, panoseg.panoptic(prediction).id_map)
    assert models.demo.calls == 1


@pytest.mark.parametrize(
    ("task", "enabled"),
    [("panoptic", ["score", "mask", "overlap"]), ("instances", ["score"]), ("semantic", [])],
)
def test_only_the_thresholds_that_matter_can_be_moved(page, task, enabled):
    page.choose_task(task)
    assert page.rules["thresholds_of"][page.map["task"]] == enabled


def test_instances_that_are_all_filtered_away_are_explained(page):
    page.choose_task("instances")
    page.move("score", 1.0)
    nothing = page.map["nothing"]
    assert "The score threshold of 1.00 filters everything away: the best instance" in nothing


def test_each_task_begins_with_nothing_selected(page):
    page.select(page.map["segments"][2]["key"])
    page.choose_task("instances")
    assert page.look["selected"] == []


def test_a_near_miss_says_what_took_it_away(page, prediction):
    (kite,) = page.map["missed"]
    query = int(np.flatnonzero(prediction.labels == VOCABULARY.labels.index("kite"))[0])
    assert (kite["label"], kite["query"], kite["fate"]) == ("kite", query, "below the score threshold")
    assert kite["score"] == prediction.scores[query]
    page.move("score", kite["score"] - 0.01)
    assert "kite" in page.labels
    assert page.map["missed"] == []


def test_a_near_miss_says_what_lies_over_it(prediction):
    found = panoseg.panoptic(prediction)
    candidates = panoseg.candidates(prediction)
    kite = next(c for c in candidates if c.label == "kite")
    mask = query_mask(prediction, kite.query)
    ids = np.where(mask, 4, found.id_map)
    for id_map, under in ((ids, f"{found.segments[3].label} 4"), (np.where(mask, 0, ids), "")):
        covering = panoseg.Segmentation(id_map, found.segments)
        (missed,) = missed_payload(prediction, covering, candidates, 0.5)
        assert missed["under"] == under


def test_only_the_panoptic_task_has_near_misses_and_doubt(page):
    page.report(style={"doubt": True})
    assert page.doubt is not None
    page.choose_task("semantic")
    assert page.map["missed"] is None
    assert page.doubt is None


def test_doubt_is_the_margin_of_each_pixel(page, prediction):
    assert page.doubt is None
    page.report(style={"doubt": True})
    expected = np.rint(255 * panoseg.margin(prediction))
    np.testing.assert_array_equal(page.unpack(page.doubt["values"]), expected)


def test_the_score_slider_is_sent_what_every_position_shows(page, prediction):
    expected = panoseg.landscape(prediction)
    assert page.landscape["scores"] == expected.scores.tolist()
    assert page.landscape["things"] == expected.things.tolist()
    page.move("mask", 0.9)
    assert page.landscape["coverage"] == panoseg.landscape(prediction, mask=0.9).coverage.tolist()
    page.choose_task("instances")
    assert page.landscape is None


def test_the_map_says_what_is_below_the_score(page, prediction):
    page.move("score", 0.9)
    found = panoseg.candidates(prediction, panoseg.Thresholds(score=0.9))
    assert page.map["below_score"] == [c.score for c in found if c.fate == "below the score threshold"]
    assert page.map["below_score"]
    assert page.map["thresholds"] == {"score": 0.9, "mask": 0.5, "overlap": 0.8}


def test_the_table_has_the_columns_of_every_table_and_their_values(page, prediction):
    names = [column["name"] for column in page.rules["columns"]]
    assert names == [column.name for column in COLUMNS if column.brief]
    for segment, sent in zip(panoseg.panoptic(prediction).segments, page.map["segments"], strict=True):
        assert {"id", "label", "kind", "score", "quality", "area"} <= set(names)
        for name in ("id", "label", "kind", "score", "quality", "area"):
            assert sent[name] == getattr(segment, name)
