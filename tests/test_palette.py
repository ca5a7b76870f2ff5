import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from panoseg.palette import PALETTE, assign_colors, color_distances, outcome_color


def stripes(count):
    """Masks side by side, each 4 columns wide."""
    masks = np.full((count, 8, 4 * count), -5.0, np.float32)
    for index in range(count):
        masks[index, :, 4 * index : 4 * index + 4] = 5
    return masks


def test_neighbours_are_told_apart_by_every_eye():
    colors = assign_colors(stripes(24), range(24), [0.9] * 24)
    distances = color_distances(colors)
    assert min(distances[i, i + 1] for i in range(23)) >= 20


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


def test_a_group_shares_its_color():
    colors = assign_colors(stripes(4), [0, 1, 0, 2], [0.9] * 4)
    assert (colors[0] == colors[2]).all()
    assert len(np.unique(colors, axis=0)) == 3


def test_the_first_dozen_colors_are_all_different():
    assert len(np.unique(assign_colors(stripes(12), range(12), [0.9] * 12), axis=0)) == 12


def test_doubtful_masks_take_no_color_from_sure_ones():
    masks = stripes(8)
    alone = assign_colors(masks[:4], range(4), [0.9] * 4)
    crowded = assign_colors(masks, range(8), [0.9] * 4 + [0.1] * 4)
    assert (crowded[:4] == alone).all() or color_distances(crowded[:4]).max() > 0


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.integers(1, 50), st.integers(1, 50), st.integers(0, 2**31))
def test_any_masks_get_palette_colors(count, height, width, seed):
    rng = np.random.default_rng(seed)
    masks = rng.normal(size=(count, height, width)).astype(np.float32)
    colors = assign_colors(masks, rng.integers(0, count, count).tolist(), rng.random(count).tolist())
    assert colors.shape == (count, 3)
    assert {tuple(color) for color in colors} <= {tuple(color) for color in PALETTE}
