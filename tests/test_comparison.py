"""Two segmentations of one picture, paired by hand; pictures are one row of pixels, 0 is void."""

import numpy as np
import pytest

from panoseg import InvalidValueError, Segment, Segmentation, Vocabulary
from panoseg.comparison import Side, compare, join

SKY, CAR, DOG = 0, 1, 2
WORLD = Vocabulary(["sky", "car", "dog"], things=[CAR, DOG])


def side(ids, *classes, vocabulary=WORLD, **more):
    id_map = np.array([[int(digit) for digit in ids]])
    segments = tuple(
        Segment(
            number,
            class_id,
            vocabulary.labels[class_id],
            "thing" if vocabulary.is_thing(class_id) else "stuff",
            0.9,
            ids.count(str(number)),
            (0, 0, 1, 1),
        )
        for number, class_id in enumerate(classes, 1)
    )
    return Side(Segmentation(id_map, segments), vocabulary, **more)


def outline(comparison):
    """[(outcome, left id, right id)] of the pairs."""
    return [
        (pair.outcome, pair.left and pair.left.id, pair.right and pair.right.id) for pair in comparison.pairs
    ]


def test_what_differs_comes_first_and_the_worst_match_next():
    left = side("11112222330", SKY, CAR, DOG)
    right = side("11112220033", SKY, CAR, DOG)
    found = compare(left, right)
    assert outline(found) == [("left", 3, None), ("right", None, 3), ("match", 2, 2), ("match", 1, 1)]
    assert [pair.iou for pair in found.pairs] == [None, None, 3 / 4, 1]
    assert [pair.label for pair in found.pairs] == ["dog", "dog", "car", "sky"]
    assert found.count() == {"match": 2, "left": 1, "right": 1}
    assert found.outcomes("left") == {3: "left", 2: "match", 1: "match"}
    assert found.outcomes("right") == {3: "right", 2: "match", 1: "match"}


def test_a_predictions_void_is_something_not_found():
    left, right = side("1122", CAR, DOG), side("1100", CAR)
    assert outline(compare(left, right)) == [("left", 2, None), ("match", 1, 1)]
    quality = compare(left, right).quality.all
    assert quality is not None and (quality.pq, quality.count) == (0.5, 2)


def test_an_annotations_void_forgives():
    left, right = side("1122", CAR, DOG), side("1100", CAR, annotated=True)
    assert outline(compare(left, right)) == [("match", 1, 1), ("uncounted", 2, None)]
    quality = compare(left, right).quality.all
    assert quality is not None and (quality.pq, quality.count) == (1, 1)


def test_two_predictions_compare_the_same_either_way():
    rng = np.random.default_rng(3)
    for _ in range(20):
        rows = ["".join(map(str, rng.integers(0, 4, 9).repeat(3))) for _ in range(2)]
        rows = [row + "123" for row in rows]  # every id occurs
        one, two = (side(row, CAR, CAR, DOG) for row in rows)
        there, back = compare(one, two), compare(two, one)
        assert there.quality == back.quality
        turned = {"left": "right", "right": "left", "match": "match"}
        assert there.outcomes("left") == {id_: turned[o] for id_, o in back.outcomes("right").items()}


def test_a_crowd_is_not_counted():
    left, right = side("1111", CAR), side("1112", DOG, CAR, annotated=True, crowds=frozenset({1}))
    assert ("uncounted", None, 1) in outline(compare(left, right))


def test_labels_of_two_vocabularies_meet_by_name():
    other = Vocabulary(["Dog ", "tree", "SKY"], things=[0])
    left, right = side("112233", SKY, CAR, DOG), side("112233", 2, 1, 0, vocabulary=other)
    found = compare(left, right)
    assert outline(found) == [("left", 2, None), ("right", None, 2), ("match", 1, 1), ("match", 3, 3)]
    assert found.strangers == ("car", "tree")
    assert found.quality.vocabulary.labels == ("sky", "car", "dog", "tree")
    assert found.quality.vocabulary.things == {CAR, DOG}


def test_a_stranger_that_is_not_in_the_picture_is_not_named():
    other = Vocabulary(["dog", "tree", "sky"], things=[0])
    assert compare(side("11", SKY), side("11", 2, vocabulary=other)).strangers == ()


def test_a_vocabulary_that_continues_another_keeps_its_places():
    wider = Vocabulary([*WORLD.labels, "dog"], WORLD.things)  # an annotation's own dog
    assert join(WORLD, wider) == (wider, (0, 1, 2, 3))
    assert join(wider, WORLD) == (wider, (0, 1, 2))
    found = compare(side("11", DOG), side("11", 3, vocabulary=wider, annotated=True))
    assert found.count() == {"left": 1, "right": 1}
    assert found.strangers == ("dog",)


def test_a_label_that_occurs_twice_is_one():
    joined, places = join(WORLD, Vocabulary(["fern", "fern", "car"], []))
    assert (joined.labels, places) == (("sky", "car", "dog", "fern"), (3, 3, 1))


def test_rejects_pictures_of_two_sizes():
    with pytest.raises(InvalidValueError, match="one size"):
        compare(side("11", CAR), side("111", CAR))
