import pytest

from panoseg import InvalidValueError, Vocabulary


def test_things_and_dataset_ids():
    vocabulary = Vocabulary(["person", "car", "sky"], range(2), [1, 3, 187])
    assert len(vocabulary) == 3
    assert [vocabulary.is_thing(c) for c in range(3)] == [True, True, False]
    assert vocabulary.dataset_ids == (1, 3, 187)


def test_without_dataset_ids_the_class_ids_are_taken():
    assert Vocabulary(["a", "b"], []).dataset_ids == (0, 1)


def test_equal_vocabularies_are_equal():
    assert Vocabulary(["a"], [0]) == Vocabulary(("a",), {0})


@pytest.mark.parametrize(
    ("labels", "things", "dataset_ids", "message"),
    [
        ([], [], None, "at least one label"),
        (["a", ""], [], None, "no empty ones"),
        (["a", "b\ud83d", "\ude42c"], [], None, "half a character"),
        (["a", "b"], [2], None, "from 0 to 1, got 2"),
        (["a", "b"], [-1], None, "from 0 to 1, got -1"),
        (["a", "b"], [], [1], "2 different data-set ids"),
        (["a", "b"], [], [7, 7], "2 different data-set ids"),
    ],
)
def test_rejects(labels, things, dataset_ids, message):
    with pytest.raises(InvalidValueError, match=message):
        Vocabulary(labels, things, dataset_ids)
