"""Why a query is no segment: counts against the naive reference, and one sentence per fate."""

import numpy as np
import pytest
from hypothesis import assume, given, settings

import panoseg
from benchmarks.scenes import blobs
from panoseg.merging import Candidate, Fate, reason
from tests import reference
from tests.merging.strategies import fractions, predictions


@settings(max_examples=150, deadline=None)
@given(predictions(), fractions, fractions, fractions)
def test_counts_agree_with_the_naive_reference(prediction, score, mask, overlap):
    _, _, margin, counts = reference.panoptic(prediction, score, mask, overlap)
    probability = reference.mask_probabilities(prediction)
    assume(margin > 1e-6)
    assume(np.abs(probability - mask).min() > 1e-6)
    found = panoseg.candidates(prediction, panoseg.Thresholds(score, mask, overlap))
    assert [c.query for c in found] == list(range(len(probability)))
    for candidate in found:
        owned, original, final = counts.get(
            candidate.query, (0, (probability[candidate.query] >= mask).sum(), 0)
        )
        assert (candidate.owned, candidate.original, candidate.final) == (owned, original, final)
        assert candidate.kept == (candidate.query in counts)
        assert candidate.overlap == (owned / original if candidate.kept and original else None)


def test_where_all_are_about_as_faint_they_are_counted_as_by_the_naive_reference():
    # A photo of regions, most of whose queries are below the score: in their place nobody is seen.
    prediction = blobs((90, 120), 40, queries=50, grid=(24, 32), seed=3)
    _, _, margin, counts = reference.panoptic(prediction, 0.95, 0.5, 0.8)
    assert 1e-14 < margin < 1e-6  # of probabilities near 6e-6
    found = panoseg.candidates(prediction, panoseg.Thresholds(0.95, 0.5, 0.8))
    kept = {c.query: (c.owned, c.original, c.final) for c in found if c.kept}
    assert kept == counts
    assert sum(owned - final for owned, _, final in kept.values()) > 90 * 120 / 2  # faint


@pytest.mark.parametrize(
    ("fate", "counts", "segment", "sentence"),
    [
        (Fate.SEGMENT, (9, 9, 9), 3, "It is segment 3."),
        (Fate.MERGED, (9, 9, 9), 2, "It is part of segment 2, which has the same stuff."),
        (Fate.NO_OBJECT, (0, 9, 0), 0, "The model is 61.2% sure that it is no object."),
        (Fate.LOW_SCORE, (0, 9, 0), 0, "Its score of 0.612 is not above the score threshold of 0.80."),
        (
            Fate.OCCLUDED,
            (4, 10, 4),
            0,
            "Others leave it 0.400 of its mask; the overlap threshold wants 0.80.",
        ),
        (Fate.EMPTY, (4, 0, 0), 0, "None of its pixels reaches the mask threshold of 0.50."),
        (Fate.EMPTY, (0, 4, 0), 0, "Others win every pixel of its mask."),
        (
            Fate.EMPTY,
            (4, 4, 0),
            0,
            "Of the pixels that it wins, none reaches the mask threshold of 0.50.",
        ),
    ],
)
def test_reasons(fate, counts, segment, sentence):
    candidate = Candidate(0, 0, "ball", 0.612, *counts, fate, segment)
    assert reason(candidate, panoseg.Thresholds()) == sentence
