"""Panoptic quality against numbers worked out by hand; pictures are one row of pixels, 0 is void."""

import numpy as np
import pytest

from panoseg.errors import InvalidValueError
from panoseg.quality import ClassQuality, LabelMap, match, panoptic_quality
from panoseg.vocabulary import Vocabulary

SKY, CAR, DOG = 0, 1, 2
VOCABULARY = Vocabulary(["sky", "car", "dog"], things=[CAR, DOG])


def label_map(ids: str, classes: dict[int, int], crowds: tuple[int, ...] = ()) -> LabelMap:
    return LabelMap(np.array([[int(digit) for digit in ids]]), classes, frozenset(crowds))


@pytest.mark.parametrize(
    ("truth", "guess", "expected"),
    [
        pytest.param(label_map("1111", {1: CAR}), label_map("1111", {1: CAR}), (1, 0, 0, 1.0), id="perfect"),
        pytest.param(
            label_map("11112222", {1: CAR, 2: SKY}),
            label_map("11122222", {1: CAR, 2: SKY}),
            (1, 0, 0, 3 / 4),
            id="three of four pixels",
        ),
        pytest.param(
            label_map("11112", {1: CAR, 2: SKY}),
            label_map("11222", {1: CAR, 2: SKY}),
            (0, 1, 1, 0.0),
            id="an IoU of exactly one half is no match",
        ),
        pytest.param(
            label_map("1111", {1: CAR}),
            label_map("1111", {1: DOG}),
            (0, 0, 1, 0.0),
            id="another class is no match",
        ),
        pytest.param(
            label_map("11110000", {1: CAR}),
            label_map("11111110", {1: CAR}),
            (1, 0, 0, 1.0),
            id="annotated void is taken out of the union",
        ),
        pytest.param(
            label_map("1111", {1: CAR}),
            label_map("1110", {1: CAR}),
            (1, 0, 0, 3 / 4),
            id="predicted void is not",
        ),
        pytest.param(
            label_map("2000", {2: SKY}),
            label_map("1110", {1: CAR}),
            (0, 0, 0, 0.0),
            id="a false alarm mostly on void is forgiven",
        ),
        pytest.param(
            label_map("2200", {2: SKY}),
            label_map("1111", {1: CAR}),
            (0, 1, 0, 0.0),
            id="one with exactly half on void is not",
        ),
        pytest.param(
            label_map("33320", {2: SKY, 3: CAR}, (3,)),
            label_map("11100", {1: CAR}),
            (0, 0, 0, 0.0),
            id="a crowd is neither matched nor missed, and forgives its class",
        ),
        pytest.param(
            label_map("3332", {2: SKY, 3: DOG}, (3,)),
            label_map("1110", {1: CAR}),
            (0, 1, 0, 0.0),
            id="a crowd of another class forgives nothing",
        ),
        pytest.param(
            label_map("2230", {2: SKY, 3: CAR}, (3,)),
            label_map("0111", {1: CAR}),
            (0, 0, 0, 0.0),
            id="void and crowd forgive together",
        ),
        pytest.param(
            label_map("3331", {1: CAR, 3: CAR}, (3,)),
            label_map("1111", {1: CAR}),
            (0, 0, 1, 0.0),
            id="a crowd stays in the union",
        ),
        pytest.param(
            label_map("11112222", {1: CAR, 2: CAR}),
            label_map("22221111", {1: CAR, 2: CAR}),
            (2, 0, 0, 2.0),
            id="ids need not agree",
        ),
        pytest.param(label_map("0000", {}), label_map("0000", {}), (0, 0, 0, 0.0), id="nothing at all"),
    ],
)
def test_counts_of_the_car(truth: LabelMap, guess: LabelMap, expected: tuple[int, int, int, float]) -> None:
    assert panoptic_quality([(truth, guess)], VOCABULARY).classes[CAR] == ClassQuality(*expected)


def test_a_void_that_counts_is_part_of_unions_and_forgives_nothing() -> None:
    truth, guess = label_map("111000", {1: CAR}), label_map("111122", {1: CAR, 2: DOG})
    assert match(truth, guess).matches == {(1, 1): 1}
    assert match(truth, guess).surplus == set()
    strict = match(truth, guess, void_counts=True)
    assert strict.matches == {(1, 1): 3 / 4}
    assert strict.surplus == {2}


def test_large_ids_count_as_small_ones_do() -> None:
    small, large = label_map("112", {1: CAR, 2: DOG}), np.array([[9_000_000, 9_000_000, 8_000_000]])
    guess = LabelMap(large, {9_000_000: CAR, 8_000_000: DOG})
    assert match(small, guess).matches == {(1, 9_000_000): 1, (2, 8_000_000): 1}


def test_formulas() -> None:
    quality = ClassQuality(true_positives=3, false_positives=1, false_negatives=3, iou_sum=2.4)
    assert quality.pq == pytest.approx(2.4 / 5)
    assert quality.sq == pytest.approx(0.8)
    assert quality.rq == pytest.approx(3 / 5)


def test_counts_add_up_over_pictures_before_dividing() -> None:
    truth = label_map("1111", {1: CAR})
    pairs = [(truth, label_map("1110", {1: CAR})), (truth, label_map("0000", {}))]
    car = panoptic_quality(pairs, VOCABULARY).classes[CAR]
    assert (car.true_positives, car.false_negatives) == (1, 1)
    assert car.pq == pytest.approx(0.75 / 1.5)


def test_means_are_over_classes_that_occur() -> None:
    truth = label_map("11112222", {1: CAR, 2: SKY})
    quality = panoptic_quality([(truth, label_map("11122222", {1: CAR, 2: SKY}))], VOCABULARY)
    assert quality.things is not None and quality.things.count == 1
    assert quality.things.pq == pytest.approx(3 / 4)
    assert quality.stuff is not None and quality.stuff.pq == pytest.approx(4 / 5)
    assert quality.all is not None and quality.all.count == 2
    assert quality.all.pq == pytest.approx((3 / 4 + 4 / 5) / 2)


def test_a_group_without_classes_has_no_mean() -> None:
    sky = label_map("11", {1: SKY})
    quality = panoptic_quality([(sky, sky)], VOCABULARY)
    assert quality.things is None
    assert quality.stuff is not None and quality.stuff.pq == 1
    assert panoptic_quality([], VOCABULARY).all is None


def test_agrees_with_a_slow_count_on_random_maps() -> None:
    rng = np.random.default_rng(7)
    classes = {1: SKY, 2: CAR, 3: CAR, 4: DOG}
    for _ in range(20):
        base = rng.integers(0, 5, (4, 5)).repeat(3, 0).repeat(3, 1)
        moved = np.where(rng.random(base.shape) < 0.12, rng.integers(0, 5, base.shape), base)
        truth, guess = (
            LabelMap(m, {i: c for i, c in classes.items() if (m == i).any()}) for m in (base, moved)
        )
        matched = 0
        for t, t_class in truth.classes.items():
            for g, g_class in guess.classes.items():
                own, other = base == t, moved == g
                union = np.count_nonzero((own | other) & ~(other & (base == 0)))
                matched += t_class == g_class and np.count_nonzero(own & other) / union > 0.5
        quality = panoptic_quality([(truth, guess)], VOCABULARY)
        assert sum(c.true_positives for c in quality.classes) == matched


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LabelMap(np.zeros(4, int), {}), r"wanted \(H, W\)"),
        (lambda: LabelMap(np.zeros((2, 2)), {}), "integers"),
        (lambda: label_map("12", {1: CAR}), "Segment 2"),
        (lambda: label_map("11", {1: CAR, 3: DOG}), "Segment 3"),
        (lambda: LabelMap(np.array([[-1]]), {-1: CAR}), "from 0"),
        (lambda: label_map("11", {1: CAR}, (2,)), "Crowd 2"),
        (
            lambda: panoptic_quality([(label_map("1", {1: CAR}), label_map("11", {1: CAR}))], VOCABULARY),
            "one size",
        ),
        (
            lambda: panoptic_quality([(label_map("1", {1: CAR}), label_map("1", {1: 9}))], VOCABULARY),
            "0 to 2, got 9",
        ),
    ],
)
def test_says_what_is_wrong(make, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidValueError, match=message):
        make()
