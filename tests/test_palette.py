import numpy as np
import pytest

from panoseg.palette import PALETTE, color_distances, outcome_color
from tests.ciede2000 import difference


def test_distance_counts_the_worst_eye():
    red, green, blue = np.array([[200, 60, 0]]), np.array([[105, 115, 0]]), np.array([[0, 60, 200]])
    confusable, clear = (
        color_distances(np.concatenate([red, other]).astype(np.uint8))[0, 1] for other in (green, blue)
    )
    assert confusable < 20 < clear


def test_outcomes_are_told_apart_by_every_eye():
    colors = np.array([outcome_color(name) for name in ("match", "left", "right", "uncounted")], np.uint8)
    distances = color_distances(colors) + 100 * np.eye(4)
    assert distances.min() > 28


def test_any_two_colors_of_the_set_differ_clearly():
    differences = difference(PALETTE[:, None], PALETTE[None])
    assert differences[~np.eye(len(PALETTE), dtype=bool)].min() >= 13


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("ffffff", "000000", 100), ("ff0000", "ff0000", 0), ("ff0000", "00ff00", 86.6)],
)
def test_the_measure_itself(one, other, expected):
    """Published figures, to a tenth."""
    colors = (np.array(list(bytes.fromhex(code))) for code in (one, other))
    assert float(difference(*colors)) == pytest.approx(expected, abs=0.1)
