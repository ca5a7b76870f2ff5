import tracemalloc

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from panoseg.coloring import DISTINCT, colors_of_map, colors_of_masks
from panoseg.palette import PALETTE, color_distances
from tests.ciede2000 import difference


def stripes(count):
    """Masks side by side, each 4 columns wide."""
    masks = np.full((count, 8, 4 * count), -5.0, np.float32)
    for index in range(count):
        masks[index, :, 4 * index : 4 * index + 4] = 5
    return masks


def tiles(rows, columns, side):
    """An id map (rows · side, columns · side) of square segments."""
    return np.kron(np.arange(1, rows * columns + 1).reshape(rows, columns), np.ones((side, side), int))


def touching(id_map):
    """(N, 2) places of the segments that share a border."""
    steps = [np.stack([lines[:, 1:], lines[:, :-1]], -1).reshape(-1, 2) for lines in (id_map, id_map.T)]
    pairs = np.concatenate(steps)
    return pairs[pairs[:, 0] != pairs[:, 1]] - 1


def test_neighbours_are_told_apart_by_every_eye():
    colors = colors_of_masks(stripes(24), range(24), [0.9] * 24)
    distances = color_distances(colors)
    assert min(distances[i, i + 1] for i in range(23)) >= 20


def test_a_group_shares_its_color():
    colors = colors_of_masks(stripes(4), [0, 1, 0, 2], [0.9] * 4)
    assert (colors[0] == colors[2]).all()
    assert len(np.unique(colors, axis=0)) == 3


def test_the_likeliest_never_share_a_color():
    colors = colors_of_masks(stripes(100), range(100), np.linspace(0.99, 0.01, 100).tolist())
    differences = difference(colors[:DISTINCT, None], colors[None, :DISTINCT])
    assert differences[~np.eye(DISTINCT, dtype=bool)].min() >= 13


def test_doubtful_masks_take_no_color_from_sure_ones():
    masks = stripes(80)
    alone = colors_of_masks(masks[:60], range(60), [0.9] * 60)
    crowded = colors_of_masks(masks, range(80), [0.9] * 60 + [0.1] * 20)
    np.testing.assert_array_equal(crowded[:60], alone)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.integers(1, 50), st.integers(1, 50), st.integers(0, 2**31))
def test_any_masks_get_palette_colors(count, height, width, seed):
    rng = np.random.default_rng(seed)
    masks = rng.normal(size=(count, height, width)).astype(np.float32)
    colors = colors_of_masks(masks, rng.integers(0, count, count).tolist(), rng.random(count).tolist())
    assert colors.shape == (count, 3)
    assert {tuple(color) for color in colors} <= {tuple(color) for color in PALETTE}


def test_segments_of_a_map_differ_and_their_neighbours_more():
    id_map = tiles(4, 10, 12)
    colors = colors_of_map(id_map, 40)
    differences = difference(colors[:, None], colors[None])
    assert differences[~np.eye(40, dtype=bool)].min() >= 13
    assert np.median([differences[one, other] for one, other in touching(id_map)]) > 25


def test_neighbours_differ_however_many_there_are():
    id_map = tiles(60, 100, 4)
    colors = colors_of_map(id_map, 6000)
    first, second = touching(id_map).T
    assert difference(colors[first], colors[second]).min() >= 13


def test_memory_follows_the_segments_and_not_their_pairs():
    id_map = tiles(150, 200, 2)
    tracemalloc.start()
    colors_of_map(id_map, 30_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100e6


def test_a_map_of_void_has_no_colors():
    assert colors_of_map(np.zeros((1, 3), np.int32), 0).shape == (0, 3)
