import pytest

from panoseg import Thresholds
from panoseg.merging import Candidate, Fate, why_empty


def candidate(fate, label="ball", score=0.9, owned=0, original=0, segment_id=0):
    return Candidate(0, 0, label, score, owned, original, 0, fate, segment_id)


@pytest.mark.parametrize(
    ("candidates", "sentence"),
    [
        ([candidate(Fate.SEGMENT, segment_id=1), candidate(Fate.LOW_SCORE)], ""),
        ([candidate(Fate.NO_OBJECT)], "The model found nothing that it knows in this picture."),
        (
            [candidate(Fate.LOW_SCORE, "ball", 0.4), candidate(Fate.LOW_SCORE, "car", 0.63)],
            "The score threshold of 0.80 filters everything away: the best candidate, “car”, scores 0.630.",
        ),
        (
            [candidate(Fate.OCCLUDED, "ball", owned=1, original=2), candidate(Fate.LOW_SCORE)],
            "The overlap threshold of 0.80 filters everything away: the best candidate, “ball”, keeps 0.50 "
            "of its mask.",
        ),
        (
            [candidate(Fate.EMPTY), candidate(Fate.EMPTY)],
            "The mask threshold of 0.50 filters everything away: no pixel of the 2 kept candidates reaches "
            "it.",
        ),
    ],
)
def test_names_the_threshold(candidates, sentence):
    assert why_empty(candidates, Thresholds()) == sentence
