"""Half a minute of hostile cases, always the same ones first."""

import sys

import pytest

from panoseg.errors import PhotoError
from tests.hostile import cases, worker
from tests.hostile.fuzzing import fuzz

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux only")


def test_every_case_ends_in_a_result_or_a_sentence():
    found = fuzz(25)
    assert not found.failures, "\n\n".join(found.failures)
    assert {kind for kind, _ in found.outcomes} == set(cases.KINDS)
    for kind in cases.KINDS:  # neither is everything refused nor does everything pass
        results = found.outcomes[kind, "result"]
        assert results > 0, kind
        if kind not in ("link", "message"):
            assert sum(n for (k, _), n in found.outcomes.items() if k == kind) > results, kind


@pytest.mark.parametrize(
    ("wrong", "outcome"),
    [
        (lambda: {}["x"], "escaped"),
        (lambda: bytearray(2**40), "out of memory"),
        (lambda: (_ for _ in ()).throw(PhotoError("There is not enough memory left.")), "out of memory"),
        (lambda: (_ for _ in ()).throw(PhotoError("It is no picture.")), "PhotoError"),
    ],
)
def test_what_is_wrong_is_seen(wrong, outcome):
    assert worker.outcome_of(wrong)[0] == outcome
