"""Tiles of a photo and of its id map."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from panoseg.page.viewer.tiles import SIDE, grid, id_tile, levels, photo_tile


def noise(height, width):
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)


def picture(tile):
    return np.asarray(Image.open(io.BytesIO(tile)))


def ids_of(tile, shape, dtype="u1"):
    return np.frombuffer(zlib.decompress(tile), dtype).reshape(shape)


def test_tiles_at_full_size_are_the_photo():
    pixels = noise(SIDE + 40, 2 * SIDE + 7)
    rows, columns = grid(pixels.shape[:2], 0)
    assert (rows, columns) == (2, 3)
    whole = np.concatenate(
        [
            np.concatenate([picture(photo_tile(pixels, 0, x, y, "png")) for x in range(columns)], axis=1)
            for y in range(rows)
        ]
    )
    np.testing.assert_array_equal(whole, pixels)


def test_a_level_further_a_pixel_is_the_mean_of_four():
    pixels = noise(600, 700)
    tile = picture(photo_tile(pixels, 1, 1, 0, "png")).astype(float)
    assert tile.shape == (256, 94, 3)
    expected = pixels[:512, 512:700].reshape(256, 2, 94, 2, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(tile, expected, atol=1)


def test_a_jpeg_is_smaller_and_nearly_the_same():
    smooth = np.tile(np.arange(256, dtype=np.uint8)[:, None, None], (1, 256, 3))
    exact, small = (photo_tile(smooth, 0, 0, 0, kind) for kind in ("png", "jpg"))
    np.testing.assert_allclose(picture(small).astype(int), picture(exact).astype(int), atol=3)
    assert len(photo_tile(noise(256, 256), 0, 0, 0, "jpg")) < len(photo_tile(noise(256, 256), 0, 0, 0, "png"))


@pytest.mark.parametrize(("count", "dtype"), [(9, "u1"), (300, "<u2")])
def test_ids_go_on_by_one_pixel_for_the_borders(count, dtype):
    ids = np.random.default_rng(1).integers(0, count + 1, (300, 400), dtype=np.int32)
    tile = ids_of(id_tile(ids, count, 0, 0, 0), (257, 257), dtype)
    np.testing.assert_array_equal(tile, ids[:257, :257])
    tile = ids_of(id_tile(ids, count, 0, 1, 1), (44, 144), dtype)
    np.testing.assert_array_equal(tile, ids[256:, 256:])


def test_ids_of_further_levels_lie_under_the_middles():
    ids = np.arange(900 * 700, dtype=np.int32).reshape(900, 700) % 251
    tile = ids_of(id_tile(ids, 251, 1, 0, 0), (257, 257))
    np.testing.assert_array_equal(tile, ids[1:515:2, 1:515:2])
    # The last pixel of an odd side stands for one row only.
    tile = ids_of(id_tile(ids[:899, :699], 251, 2, 0, 0), (225, 175))
    np.testing.assert_array_equal(tile[-1, :-1], ids[898, 2:698:4])


@pytest.mark.parametrize("place", [(0, 3, 0), (0, 0, 2), (2, 1, 0), (20, 0, 0), (-1, 0, 0), (0, -1, 0)])
def test_there_is_no_tile_beside_the_photo(place):
    assert photo_tile(noise(SIDE + 40, 2 * SIDE + 7), *place, "png") is None
    assert id_tile(np.zeros((SIDE + 40, 2 * SIDE + 7), np.int32), 1, *place) is None


@pytest.mark.parametrize(
    ("size", "shown", "expected"),
    [((800, 600), (800, 600), 0), ((3000, 4000), (1255, 1673), 2), ((5773, 8660), (1183, 1774), 3)],
)
def test_levels_are_those_beyond_what_is_shown(size, shown, expected):
    assert levels(size, shown) == expected
