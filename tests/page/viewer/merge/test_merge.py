"""The browser's merging against the naive reference, on unquantised logits."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.scenes import blobs
from panoseg import Prediction, Thresholds, Vocabulary, panoptic
from panoseg.drawing import segment_color
from panoseg.merging import Fate, merge
from panoseg.page.viewer.logits_payload import describe, logits_payload, pack_logits
from tests import reference
from tests.page.viewer.test_modules import node

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


def merged(folder, predictions, moves, task="panoptic", shown=None, packed=False):
    """What Node makes of predictions: for each the answers to its moves, id maps as arrays."""
    cases = []
    for number, (prediction, its_moves) in enumerate(zip(predictions, moves, strict=True)):
        size = shown or prediction.image_size
        description, wanted = describe(prediction, task, size)
        logits = prediction.mask_logits[wanted]
        written = pack_logits(logits, description["steps"]) if packed else logits.tobytes()
        (folder / f"{number}.bin").write_bytes(written)
        names = [dict(zip(("score", "mask", "overlap"), move, strict=True)) for move in its_moves]
        cases.append({**description, "packed" if packed else "logits": f"{number}.bin", "moves": names})
    (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    node(HERE / "merge.mjs", told=str(folder))
    answers = json.loads((folder / "answers.json").read_text("utf-8"))
    for case, its_answers in zip(cases, answers, strict=True):
        for one in its_answers:
            one["ids"] = np.fromfile(folder / one["ids"], "<u2").reshape(case["geometry"]["shown"])
    return answers


def moves_of(rng, count=6):
    return [tuple(float(rng.choice(ends)) for ends in (SCORES, MASKS, OVERLAPS)) for _ in range(count)]


def test_panoptic_agrees_with_the_naive_reference(tmp_path):
    seeds = range(140)
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
    assert compared > 400


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


def test_the_score_must_be_strictly_above_the_threshold(tmp_path):
    prediction = blobs((30, 40), 4, queries=4, grid=(12, 16), seed=1)
    scores = sorted(prediction.scores.tolist())
    moves = [(score, 0.5, 0.0) for least in scores for score in (float(np.nextafter(least, 0)), least)]
    (answers,) = merged(tmp_path, [prediction], [moves])
    kept = [sum(c["fate"] != "below the score threshold" for c in answer["candidates"]) for answer in answers]
    assert kept == [4, 3, 3, 2, 2, 1, 1, 0]


def test_the_landscape_agrees_with_the_naive_reference(tmp_path):
    predictions = [random_prediction(seed) for seed in range(60)]
    moves = [moves_of(np.random.default_rng(seed), 1) for seed in range(60)]
    compared = 0
    for prediction, ((_, mask, overlap),), (answer,) in zip(
        predictions, moves, merged(tmp_path, predictions, moves), strict=True
    ):
        found = answer["landscape"]
        assert found["scores"] == sorted({0.0, *(c["score"] for c in answer["candidates"])})
        for n, score in enumerate(found["scores"]):
            if reference.panoptic(prediction, score, mask, overlap)[2] <= 1e-6:
                continue
            compared += 1
            _, things, stuff, coverage = reference.landscape(prediction, score, mask, overlap)
            assert (found["things"][n], found["stuff"][n]) == (things, stuff)
            assert found["coverage"][n] == pytest.approx(coverage)
    assert compared > 100


def test_the_landscape_is_what_moving_there_gives(tmp_path):
    prediction = blobs((90, 120), 12, queries=40, grid=(24, 32), seed=3)
    scores = [i / 100 for i in range(0, 101, 4)]
    (answers,) = merged(tmp_path, [prediction], [[(score, 0.4, 0.9) for score in scores]])
    land = answers[0]["landscape"]
    for score, answer in zip(scores, answers, strict=True):
        at = np.searchsorted(land["scores"], score, side="right") - 1
        kinds = [segment["kind"] for segment in answer["segments"]]
        assert (land["things"][at], land["stuff"][at]) == (kinds.count("thing"), kinds.count("stuff"))
        assert land["coverage"][at] == pytest.approx((answer["ids"] > 0).mean())
        assert land["coverage"][at] == pytest.approx(answer["coverage"])


def test_fates_are_those_of_the_core(tmp_path):
    predictions = [random_prediction(seed, 12) for seed in range(1000, 1060)]
    moves = [moves_of(np.random.default_rng(seed), 3) for seed in range(60)]
    seen = set()
    for prediction, its_moves, answers in zip(
        predictions, moves, merged(tmp_path, predictions, moves), strict=True
    ):
        for thresholds, answer in zip(its_moves, answers, strict=True):
            if reference.panoptic(prediction, *thresholds)[2] <= 1e-6:
                continue
            _, expected = merge(prediction, Thresholds(*thresholds))
            objects = [c for c in expected if c.fate is not Fate.NO_OBJECT]
            found = answer["candidates"]
            assert [(c["query"], c["fate"], c["segment_id"]) for c in found] == [
                (c.query, c.fate.value, c.segment_id) for c in objects
            ]
            assert [c["original"] for c in found] == [c.original for c in objects]
            assert [(c["label"], c["score"]) for c in found] == [(c.label, c.score) for c in objects]
            seen |= {c.fate for c in objects}
    assert seen == set(Fate) - {Fate.NO_OBJECT}


def test_keys_and_boxes_are_those_of_the_core(tmp_path):
    prediction = blobs((90, 120), 12, queries=40, grid=(24, 32), seed=5)
    ((answer,),) = merged(tmp_path, [prediction], [[(0.5, 0.5, 0.5)]])
    expected = panoptic(prediction, Thresholds(0.5, 0.5, 0.5))
    for found, segment in zip(answer["segments"], expected.segments, strict=True):
        assert (found["key"], found["kind"]) == (segment.key, segment.kind)
        assert (found["queries"], found["color"]) == (list(segment.queries), list(segment.color))
        assert found["colors"]["label"] == list(segment_color(segment, "label"))
        assert tuple(found["box"]) == segment.bbox


def test_moving_there_and_back_is_as_if_one_had_started_there(tmp_path):
    prediction = blobs((150, 211), 20, queries=60, grid=(24, 32), seed=7)
    rng = np.random.default_rng(0)
    walk = [(float(rng.random()), float(rng.choice(MASKS)), float(rng.random())) for _ in range(40)]
    (walked,) = merged(tmp_path, [prediction], [walk])
    fresh = merged(tmp_path, [prediction] * len(walk), [[move] for move in walk])
    for answer, (alone,) in zip(walked, fresh, strict=True):
        np.testing.assert_array_equal(answer.pop("ids"), alone.pop("ids"))
        assert answer == alone


def test_steps_are_where_ids_change(tmp_path):
    predictions = [random_prediction(seed) for seed in range(40)]
    for answers in merged(tmp_path, predictions, [[(0.0, 0.3, 0.2)]] * 40):
        ids = answers[0]["ids"].astype(int)
        changes = np.zeros(ids.shape, bool)
        changes[:, :-1] |= ids[:, :-1] != ids[:, 1:]
        changes[:-1] |= ids[:-1] != ids[1:]
        assert answers[0]["steps"] == np.flatnonzero(changes).tolist()


def test_two_hundred_queries(tmp_path):
    prediction = blobs((120, 160), 200, queries=200, grid=(48, 64), seed=2)
    moves = [(0.0, 0.5, 0.0), (0.9, 0.5, 0.8)]
    (answers,) = merged(tmp_path, [prediction], [moves])
    for move, answer in zip(moves, answers, strict=True):
        expected = panoptic(prediction, Thresholds(*move))
        np.testing.assert_array_equal(answer["ids"], expected.id_map)
        assert [s["area"] for s in answer["segments"]] == [s.area for s in expected.segments]


def test_more_segments_than_a_byte_holds(tmp_path):
    vocabulary = Vocabulary(["dot"], things=[0])
    logits = np.where(np.arange(256)[:, None, None] == np.arange(256).reshape(16, 16), 6.0, -6.0)
    sizes = [(16, 16)] * 3
    prediction = Prediction(np.tile([4.0, 0.0], (256, 1)), logits, *sizes, vocabulary)
    ((answer,),) = merged(tmp_path, [prediction], [[(0.5, 0.5, 0.0)]])
    np.testing.assert_array_equal(answer["ids"], np.arange(1, 257).reshape(16, 16))


def test_a_photo_that_is_shown_smaller(tmp_path):
    prediction = blobs((700, 900), 20, queries=40, grid=(48, 64), seed=4)
    shown = (233, 300)
    moves = [(0.5, 0.5, 0.8), (0.9, 0.3, 0.8)]
    (answers,) = merged(tmp_path, [prediction], [moves], shown=shown)
    rows = ((np.arange(233) + 0.5) * 700 / 233).astype(int)
    columns = ((np.arange(300) + 0.5) * 900 / 300).astype(int)
    for move, answer in zip(moves, answers, strict=True):
        expected = panoptic(prediction, Thresholds(*move))
        np.testing.assert_array_equal(answer["ids"], expected.id_map[rows][:, columns])
        for found, segment in zip(answer["segments"], expected.segments, strict=True):
            assert found["area"] == pytest.approx(segment.area, rel=0.01)


@pytest.mark.parametrize("mask", [0.0, 0.5])
def test_a_large_map_counts_what_is_faint_on_a_coarser_one(tmp_path, mask):
    # Only where nobody is seen, and so only in who owns how much, and in what a mask threshold of 0 shows.
    prediction = blobs((900, 1200), 12, queries=60, grid=(48, 64), seed=6)
    moves = [(0.85, mask, 0.8), (0.95, mask, 0.8), (0.3, mask, 0.8)]
    (answers,) = merged(tmp_path, [prediction], [moves])
    for move, answer in zip(moves, answers, strict=True):
        exact, candidates = merge(prediction, Thresholds(*move))
        different = (answer["ids"] != exact.id_map).mean()
        assert different == 0 if mask else different < 0.02
        owned = {c.query: c.owned for c in candidates}
        for candidate in answer["candidates"]:
            assert candidate["owned"] == pytest.approx(owned[candidate["query"]], rel=0.02, abs=300)


@pytest.mark.parametrize("kept", [30, 100])
def test_packed_logits_move_few_pixels(tmp_path, kept):
    # A border moves by the error of a logit over its slope: some hundredths of a pixel.
    prediction = blobs((480, 640), kept, seed=kept)
    moves = [(0.8, 0.5, 0.8), (0.5, 0.5, 0.8), (0.8, 0.9, 0.8), (0.3, 0.02, 0.5)]
    (answers,) = merged(tmp_path, [prediction], [moves], packed=True)
    for move, answer in zip(moves, answers, strict=True):
        expected = panoptic(prediction, Thresholds(*move))
        assert (answer["ids"] == expected.id_map).mean() >= 0.999
        for found, segment in zip(answer["segments"], expected.segments, strict=True):
            assert found["area"] == pytest.approx(segment.area, rel=0.005, abs=2)


@pytest.mark.parametrize(("grid", "most"), [((96, 96), 1_200_000), ((200, 336), 5_000_000)])
def test_what_travels_is_small(grid, most):
    prediction = blobs((480, 640), 100, grid=grid)
    _, packed = logits_payload(prediction, "panoptic", (480, 640))
    assert len(packed) <= most


def test_instances_agree_with_the_naive_reference(tmp_path):
    predictions = [random_prediction(seed) for seed in range(60)]
    scores = [0.0, 0.3, 0.7, 1.0]
    moves = [[(score, 0.5, 0.8) for score in scores]] * len(predictions)
    compared = 0
    for prediction, answers in zip(
        predictions, merged(tmp_path, predictions, moves, "instances"), strict=True
    ):
        if np.abs(reference.mask_probabilities(prediction) - 0.5).min() <= 1e-6:
            continue
        for score, answer in zip(scores, answers, strict=True):
            expected = reference.instances(prediction, score, 100)
            if any(abs(one["score"] - score) < 1e-9 for one in reference.instances(prediction, -1, 100)):
                continue
            compared += 1
            check_instances(answer, expected, prediction)
    assert compared > 100


def check_instances(answer, expected, prediction):
    flat = np.zeros(prediction.image_size, int)
    for number, one in reversed(list(enumerate(expected, start=1))):
        flat[one["mask"]] = number
    segments = answer["segments"]
    assert [(s["queries"], s["class_id"]) for s in segments] == [
        ([o["query"]], o["class_id"]) for o in expected
    ]
    np.testing.assert_array_equal(answer["ids"], flat)
    for segment, one in zip(segments, expected, strict=True):
        y, x = np.nonzero(one["mask"])
        assert segment["score"] == pytest.approx(one["score"])
        assert segment["quality"] == pytest.approx(one["quality"])
        assert segment["area"] == len(y)
        assert segment["box"] == [x.min(), y.min(), np.ptp(x) + 1, np.ptp(y) + 1]
        assert segment["key"] == f"query-{one['query']}-{one['class_id']}"
    assert answer["coverage"] == pytest.approx((flat > 0).mean())


def test_what_the_browser_cannot_tell_apart_is_left_to_the_server():
    few = blobs((48, 64), 2, queries=3, grid=(8, 8))
    nothing = replace(few, class_logits=np.where(np.arange(134) == 133, 9, np.zeros((3, 134))))
    assert logits_payload(nothing, "panoptic", (48, 64)) is None
    many = blobs((48, 64), 257, queries=257, grid=(8, 8))
    assert logits_payload(many, "panoptic", (48, 64)) is None


def test_the_description_is_plain_json():
    for task in ("panoptic", "instances"):
        description, _ = logits_payload(blobs((48, 64), 5, grid=(8, 8)), task, (48, 64))
        assert json.loads(json.dumps(description)) == description
