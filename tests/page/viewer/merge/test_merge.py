"""The browser's merging against the naive reference, on unquantised logits."""

import json
from pathlib import Path

import numpy as np
import pytest

from panoseg import Prediction, Vocabulary
from panoseg.page.viewer.logits_payload import describe
from tests import reference
from tests.ui.viewer.test_modules import node

HERE = Path(__file__).parent
# Mask levels are half a hundredth apart; thresholds between two of them are for the exact map alone.
MASKS = (0.0, 0.005, 0.3, 0.5, 0.77, 0.995, 1.0)
SCORES = (0.0, 0.2, 0.5, 0.8, 1.0)
OVERLAPS = (0.0, 0.5, 0.8, 1.0)
# Sides of (mask, padded input, photo): tiny, beyond a tile, smaller than the grid, and very long.
SIDES = (
    ((1, 9), (1, 32), (1, 40)),
    ((1, 24), (8, 96), (1, 80)),
    ((8, 24), (32, 96), (1, 12)),
    ((1, 9), (1, 12), (60, 240)),
)


def random_prediction(seed, most_queries=6):
    """Any geometry, any vocabulary; some with twins, flat masks, or logits that leave no doubt."""
    rng = np.random.default_rng(seed)
    queries, classes = int(rng.integers(1, most_queries + 1)), int(rng.integers(1, 5))
    mask_size, input_size, image_size = zip(
        *(tuple(int(rng.integers(low, high + 1)) for low, high in SIDES[rng.integers(4)]) for _ in "yx"),
        strict=True,
    )
    content_size = tuple(int(rng.integers(1, side + 1)) for side in input_size)
    class_logits = rng.normal(0, 3, (queries, classes + 1))
    mask_logits = rng.normal(0, rng.choice([0.5, 4, 20, 1000]), (queries, *mask_size))
    match seed % 4:
        case 1:
            mask_logits = mask_logits.cumsum(1).cumsum(2) / sum(mask_size)
        case 2:
            mask_logits[:] = mask_logits[:, :1, :1]
        case 3:
            mask_logits = np.sign(mask_logits) * 5
    if queries > 1 and rng.random() < 0.5:
        class_logits[-1], mask_logits[-1] = class_logits[0], mask_logits[0]
    things = set(np.flatnonzero(rng.random(classes) < 0.5).tolist())
    vocabulary = Vocabulary([f"class {c}" for c in range(classes)], things)
    return Prediction(class_logits, mask_logits, input_size, content_size, image_size, vocabulary)


def merged(folder, predictions, moves, task="panoptic", shown=None):
    """What Node makes of predictions: for each the answers to its moves, id maps as arrays."""
    cases = []
    for number, (prediction, its_moves) in enumerate(zip(predictions, moves, strict=True)):
        description, wanted = describe(prediction, task, shown or prediction.image_size)
        prediction.mask_logits[wanted].tofile(folder / f"{number}.bin")
        names = [dict(zip(("score", "mask", "overlap"), move, strict=True)) for move in its_moves]
        cases.append({**description, "logits": f"{number}.bin", "moves": names})
    (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    answers = json.loads(node(HERE / "merge.mjs", told=str(folder)))
    for prediction, answer in zip(predictions, answers, strict=True):
        for one in answer:
            one["ids"] = np.array(one["ids"]).reshape(shown or prediction.image_size)
    return answers


def moves_of(rng, count=6):
    return [tuple(float(rng.choice(ends)) for ends in (SCORES, MASKS, OVERLAPS)) for _ in range(count)]


def test_panoptic_agrees_with_the_naive_reference(tmp_path):
    seeds = range(240)
    predictions = [random_prediction(seed) for seed in seeds]
    moves = [moves_of(np.random.default_rng(seed)) for seed in seeds]
    compared = 0
    for prediction, its_moves, answers in zip(
        predictions, moves, merged(tmp_path, predictions, moves), strict=True
    ):
        for thresholds, answer in zip(its_moves, answers, strict=True):
            expected, segments, margin, counts = reference.panoptic(prediction, *thresholds)
            if margin <= 1e-6:  # closer than that, either answer is right
                continue
            compared += 1
            np.testing.assert_array_equal(answer["ids"], expected)
            check_segments(answer["segments"], segments, expected, prediction)
            check_candidates(answer["candidates"], counts, prediction, thresholds)
    assert compared > 700


def check_segments(found, wanted, expected, prediction):
    assert [s["class_id"] for s in found] == [s["class_id"] for s in wanted]
    for segment, one in zip(found, wanted, strict=True):
        scores, areas, sums = zip(*one["parts"], strict=True)
        y, x = np.nonzero(expected == segment["id"])
        assert segment["area"] == sum(areas) == len(y)
        assert segment["box"] == [x.min(), y.min(), np.ptp(x) + 1, np.ptp(y) + 1]
        assert segment["score"] == pytest.approx(np.average(scores, weights=areas))
        assert segment["quality"] == pytest.approx(sum(sums) / sum(areas), abs=0.00251)
        assert segment["label"] == prediction.vocabulary.labels[one["class_id"]]


def check_candidates(found, counts, prediction, thresholds):
    kept = {c["query"]: c for c in found if c["fate"] != "below the score threshold"}
    assert kept.keys() == counts.keys()
    for query, (owned, original, final) in counts.items():
        candidate = kept[query]
        assert (candidate["owned"], candidate["original"], candidate["final"]) == (owned, original, final)
        assert candidate["overlap"] == (pytest.approx(owned / original) if original else None)
