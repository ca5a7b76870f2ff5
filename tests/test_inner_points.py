import numpy as np

from panoseg.inner_points import inner_points


def test_a_square_has_its_middle():
    ids = np.zeros((7, 9), int)
    ids[1:6, 2:7] = 1
    assert inner_points(ids, 1)[1] == (4, 3)


def test_a_ring_has_a_point_on_itself():
    ids = np.ones((30, 30), int)
    ids[5:25, 5:25] = 0
    x, y = inner_points(ids, 1)[1]
    assert ids[y, x] == 1


def test_what_no_sample_meets_is_found_too():
    ids = np.zeros((1200, 1600), int)
    ids[101, 203] = 1
    assert inner_points(ids, 2)[1:] == [(203, 101), None]
