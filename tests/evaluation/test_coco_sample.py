"""An annotated photograph with errors put in by hand: the reasons that come out are those that went in."""

from pathlib import Path

import numpy as np
import pytest

from panoseg import Thresholds, Vocabulary
from panoseg.evaluation import Missed, Surplus, evaluate_run, read_annotations
from tests.evaluation.worlds import prediction_of, write_run

SAMPLE = Path(__file__).parents[2].parent / "shared" / "data" / "coco-sample"
pytestmark = pytest.mark.skipif(not SAMPLE.is_dir(), reason=f"no annotated photo at {SAMPLE}")


def test_errors_that_went_in_come_out(tmp_path):
    annotations = read_annotations(SAMPLE / "panoptic.json", SAMPLE)
    (picture,) = annotations.pictures
    truth = annotations.truth(picture)
    vocabulary = Vocabulary(
        [each.name for each in annotations.classes],
        [c for c, each in enumerate(annotations.classes) if each.is_thing],
        [each.id for each in annotations.classes],
    )
    person = vocabulary.labels.index("person")
    areas = truth.map.areas[1:]
    people = [t for t in np.argsort(-areas).tolist() if truth.classes[t] == person and not truth.crowds[t]]
    assert len(people) >= 8
    unsure, renamed, gone, hidden, *merged = people[:7]
    rng = np.random.default_rng(0)

    masks, classes = [], []
    for t in range(len(areas)):
        if t == gone or t in merged[1:]:
            continue
        mask = (
            np.isin(truth.map.numbers, [n + 1 for n in merged])
            if t == merged[0]
            else truth.map.numbers == t + 1
        )
        masks.append(np.where(mask, 6.0 + rng.normal(0, 1, mask.shape), -6.0))
        name = vocabulary.labels.index("dog") if t == renamed else int(truth.classes[t])
        classes.append({name: 0.43, vocabulary.labels.index("horse"): 0.3} if t == unsure else {name: 0.95})
    # Somebody surer stands before the left half of one of them.
    y, x = np.nonzero(truth.map.numbers == hidden + 1)
    before = np.zeros(truth.size, bool)
    before[y[x < np.quantile(x, 0.4)], x[x < np.quantile(x, 0.4)]] = True
    masks.append(np.where(before, 6.0, -6.0))
    classes.append({vocabulary.labels.index("cat"): 0.99})

    with write_run(
        tmp_path / "run", {picture.name: prediction_of(masks, classes, vocabulary)}, vocabulary
    ) as run:
        found = evaluate_run(run, annotations, Thresholds())
    rows = found.segments.astype({"outcome": str, "reason": str})
    reason_of = {
        row.segment: row.reason for row in rows[rows.annotated].itertuples() if row.outcome == "missed"
    }
    ids = truth.map.ids.tolist()
    assert reason_of == {
        ids[unsure]: Missed.SCORE,
        ids[renamed]: Missed.WRONG_CLASS,
        ids[gone]: Missed.NEVER_PROPOSED,
        ids[hidden]: Missed.OVERLAP,
        **{ids[t]: Missed.BADLY_DRAWN for t in merged},
    }
    surplus = rows[rows.outcome == "surplus"]
    assert sorted(surplus.reason) == sorted([Surplus.WRONG_CLASS, Surplus.MERGE, Surplus.SPURIOUS])
