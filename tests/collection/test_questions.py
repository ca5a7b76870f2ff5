"""What is asked of a collection, and what it leaves."""

import numpy as np
import pytest

from panoseg import InvalidValueError
from panoseg.collection.overview import SORTS, overview, sorted_by
from panoseg.collection.questions import ask, matching_segments, read_question
from panoseg.collection.segment_table import PictureSegments, SegmentTable

LABELS = ("sky", "person", "traffic light", "tree", "treehouse")
SKY, PERSON, LIGHT, TREE = range(4)
NAMES = ("a/beach.jpg", "b/street.jpg", "b/night street.jpg", "c/empty.jpg")


def picture(*segments, near_misses=0):
    """One picture's segments, each as (class id, area, score)."""
    classes, areas, scores = zip(*segments, strict=True) if segments else ((), (), ())
    return PictureSegments(
        np.array(classes, np.int32),
        np.arange(len(segments), dtype=np.int32),
        np.array(areas, np.float32),
        np.array(scores, np.float32),
        np.array(scores, np.float32),
        near_misses,
    )


TABLE = SegmentTable.of(
    [
        picture((SKY, 0.5, 0.99), (PERSON, 0.02, 0.9), (PERSON, 0.05, 0.85)),
        picture((PERSON, 0.005, 0.95), (PERSON, 0.004, 0.82), (LIGHT, 0.001, 0.9), (TREE, 0.2, 0.97)),
        picture((PERSON, 0.3, 0.81), near_misses=3),
        picture(),
    ]
)


def left(text):
    return np.flatnonzero(ask(TABLE, NAMES, read_question(text, LABELS))).tolist()


@pytest.mark.parametrize(
    ("text", "pictures"),
    [
        ("", [0, 1, 2, 3]),
        ("person", [0, 1, 2]),
        ("Person >= 2", [0, 1]),
        ("person≥2", [0, 1]),
        ("person = 1", [2]),
        ("person != 2", [2, 3]),
        ("person < 2", [2, 3]),
        ("no person", [3]),
        ("traffic light", [1]),
        ("traf", [1]),
        ("tree", [1]),  # and not the treehouse, which only begins so
        ("person >= 2, area > 1 %", [0]),
        ("area > 1%, person >= 2", [0]),
        ("area > 0.01, person >= 2", [0]),
        ("person, score < 0.83", [1, 2]),
        ("score < 0.83", [1, 2]),
        ("area 10 % .. 40 %", [1, 2]),
        ("segments > 3", [1]),
        ("coverage < 40 %", [1, 2, 3]),
        ("misses >= 1", [2]),
        ("street", [1, 2]),
        ("street, person >= 2", [1]),
        ("person > 0, nowhere", []),
    ],
)
def test_a_question_leaves_the_pictures_that_it_is_about(text, pictures):
    assert left(text) == pictures


def test_each_condition_says_how_many_it_leaves_with_those_before():
    seen = overview(TABLE, NAMES, LABELS, read_question("person, street, segments > 3", LABELS))
    assert seen.left == [3, 2, 1]
    assert seen.order.tolist() == [1]
    assert (seen.segments, seen.matching) == (4, 2)


def test_segments_that_are_asked_for_are_those_of_labels_and_sizes():
    found = matching_segments(TABLE, read_question("person >= 1, no sky, area > 1 %", LABELS))
    assert TABLE.class_id[found].tolist() == [PERSON, PERSON, PERSON]
    assert TABLE.area[found].min() > 0.01


@pytest.mark.parametrize("text", ["wings > 3", "x" * 500, ",".join(["a"] * 30)])
def test_what_cannot_be_asked_is_one_sentence(text):
    with pytest.raises(InvalidValueError, match=r"^[^\n]+\.$"):
        read_question(text, LABELS)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("position", [0, 1, 2, 3]),
        ("name", [0, 2, 1, 3]),
        ("segments", [1, 0, 2, 3]),
        ("coverage", [3, 1, 2, 0]),
        ("least-sure", [2, 1, 0, 3]),
        ("near-misses", [2, 0, 1, 3]),
        ("rarest", [0, 1, 2, 3]),
    ],
)
def test_pictures_are_sorted(sort, order):
    assert sort in SORTS
    assert overview(TABLE, NAMES, LABELS, sort=sort).order.tolist() == order


def test_a_tile_can_say_what_it_is_sorted_by():
    def words(sort):
        return sorted_by(TABLE, LABELS, sort, overview(TABLE, NAMES, LABELS, sort=sort).order)

    assert [words(sort) for sort in ("position", "name", "segments", "pq")] == [None] * 4
    assert words("near-misses")[-1] == "0 near misses"
    assert words("coverage")[0] == "0.0 % covered"
    assert words("least-sure")[-1] == words("rarest")[-1] == "no segment"
    least, rarest = TABLE.rarest()
    for picture, words_of in enumerate(sorted_by(TABLE, LABELS, "rarest", np.arange(TABLE.pictures))):
        if rarest[picture] >= 0:
            found_in = np.unique(TABLE.picture[TABLE.class_id == rarest[picture]])
            assert picture in found_in
            assert least[picture] == len(found_in)
            assert words_of == f"rarest: {LABELS[rarest[picture]]}"


def test_what_has_no_value_comes_last_in_either_direction():
    backward = overview(TABLE, NAMES, LABELS, sort="least-sure", backward=True)
    assert backward.order.tolist() == [0, 1, 2, 3]


def test_bars_count_what_their_conditions_leave():
    seen = overview(TABLE, NAMES, LABELS)
    assert [(bar.title, bar.segments, bar.pictures) for bar in seen.labels] == [
        ("person", 5, 3),
        ("sky", 1, 1),
        ("traffic light", 1, 1),
        ("tree", 1, 1),
    ]
    for bars in (seen.labels, seen.areas, seen.scores):
        assert sum(bar.segments for bar in bars) == seen.segments
        for bar in bars:
            assert len(left(bar.condition)) == bar.pictures, bar


def test_nothing_at_all_is_an_empty_view():
    nothing = overview(SegmentTable.of([]), (), LABELS, read_question("person", LABELS))
    assert (nothing.order.tolist(), nothing.left, nothing.segments) == ([], [0], 0)
