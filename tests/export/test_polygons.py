"""Masks as polygons: what a reader fills is the mask."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from scipy.ndimage import binary_fill_holes, label

from panoseg.export.data_sets.polygons import joined, polygons_of


def filled(polygons, size):
    image = Image.new("1", size[::-1])
    for polygon in polygons:
        ImageDraw.Draw(image).polygon([tuple(point) for point in polygon.tolist()], outline=1, fill=1)
    return np.asarray(image)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 30), st.integers(2, 30), st.floats(0.2, 0.9))
def test_polygons_cover_the_mask_and_nothing_else(seed, height, width, share):
    noise = np.random.default_rng(seed).random((height, width))
    mask = np.kron(noise[::2, ::2], np.ones((2, 2)))[:height, :width] < share
    polygons, _ = polygons_of(mask)
    without_holes = binary_fill_holes(np.pad(mask, 1))[1:-1, 1:-1]
    found = filled(polygons, mask.shape)
    if not mask.any():
        assert polygons == []
        return
    # Pillow rounds slanted edges by itself; what differs is at most at them.
    assert (found & without_holes).sum() / (found | without_holes).sum() >= 0.9
    assert (without_holes & ~found).sum() <= 0.02 * without_holes.sum()


def test_shapes_without_breadth():
    for points in ([(3, 4)], [(2, 2), (2, 3), (2, 4)], [(1, 1), (2, 2), (3, 3)]):
        mask = np.zeros((8, 8), bool)
        for row, column in points:
            mask[row, column] = True
        (polygon,), holes = polygons_of(mask)
        assert len(polygon) >= 3
        assert holes == 0
        np.testing.assert_array_equal(filled([polygon], mask.shape), mask)


def test_a_rectangle_has_four_corners():
    mask = np.zeros((10, 20), bool)
    mask[2:6, 3:15] = True
    (polygon,), _ = polygons_of(mask)
    assert sorted(map(tuple, polygon.tolist())) == [(3, 2), (3, 5), (14, 2), (14, 5)]


def test_holes_and_parts_are_counted():
    mask = np.zeros((30, 30), bool)
    mask[2:12, 2:12] = True
    mask[4:6, 4:6] = mask[8:9, 8:9] = False
    mask[20:25, 20:22] = True
    polygons, holes = polygons_of(mask)
    assert (len(polygons), holes) == (2, 2)
    assert len(polygons[0]) == 4
    assert label(mask)[1] == 2


@pytest.mark.parametrize("count", [1, 2, 4])
def test_parts_become_one_polygon_through_lines_without_breadth(count):
    mask = np.zeros((40, 60), bool)
    for part in range(count):
        mask[5 : 30 - part, 3 + 14 * part : 13 + 14 * part] = True
    whole = joined(polygons_of(mask)[0])
    found = filled([whole], mask.shape)
    assert (mask & ~found).sum() == 0
    assert (found & ~mask).sum() <= 4 * 5 * (count - 1)
