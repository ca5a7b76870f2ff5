"""Why segments of one picture lack a match, beside what an evaluation of it says."""

import json

import numpy as np
import pytest

from panoseg import Thresholds, panoptic
from panoseg.comparison import Side, compare
from panoseg.evaluation import evaluate_run, read_annotations
from panoseg.evaluation.one_picture import AnnotatedPrediction
from panoseg.evaluation.sentences import sentence_of
from panoseg.ground_truth import read_coco_panoptic
from tests.evaluation.worlds import VOCABULARY, random_prediction, random_truth, write_annotation, write_run


def annotation_at(path):
    """The page's view of the only annotated picture."""
    png = (path.with_suffix("") / "a.png").read_bytes()
    content = json.loads(path.read_text())
    return read_coco_panoptic(png, json.dumps(content).encode(), VOCABULARY, "a.png")


@pytest.mark.parametrize("seed", range(6))
def test_reasons_are_those_of_an_evaluation(tmp_path, seed):
    rng = np.random.default_rng(seed)
    truth = random_truth(rng, crowd=0)
    path = write_annotation(tmp_path, {"a.jpg": truth})
    run = write_run(tmp_path / "run", {"a.jpg": random_prediction(rng, truth)})
    prediction = run[0].prediction()
    annotation = annotation_at(path)
    own_ids = sorted(annotation.labels.classes)
    side = annotation.to_side()
    seen = AnnotatedPrediction(prediction, side)
    said = set()
    for thresholds in (Thresholds(), Thresholds(score=0.5, overlap=0.4), Thresholds(mask=0.3)):
        found = evaluate_run(run, read_annotations(path), thresholds, sweep_masks=(thresholds.mask,))
        rows = found.segments.astype({"outcome": str, "reason": str})
        wanted = ({}, {})
        for row in rows.itertuples():
            if words := sentence_of(row, found.classes):
                number = own_ids.index(row.segment) + 1 if row.annotated else row.segment
                wanted[row.annotated][number] = words
        reasons = seen.reasons(thresholds)
        assert (reasons.predicted, reasons.annotated) == wanted
        said.update(reasons.annotated.values())
        # Whoever lacks a match has a reason, and nobody else.
        comparison = compare(Side(panoptic(prediction, thresholds), VOCABULARY), side)
        for name, known in (("left", reasons.predicted), ("right", reasons.annotated)):
            lonely = {number for number, outcome in comparison.outcomes(name).items() if outcome == name}
            assert known.keys() == lonely
    run.close()
    assert said
