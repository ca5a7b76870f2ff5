"""What the slider positions of a prediction share, and what that costs."""

import gc
import weakref

import panoseg
from panoseg.merging import surfaces
from panoseg.merging.surfaces import surfaces_of
from tests.merging.examples import prediction_of


def test_what_is_shared_is_bounded_and_leaves_with_the_prediction():
    prediction = prediction_of()
    shared = surfaces_of(prediction)
    assert surfaces_of(prediction) is shared
    for side in range(1, 9):
        panoseg.margin(prediction, size=(side, side))
    assert surfaces._by_size.count(prediction) == surfaces._SIZES_KEPT
    leaving = weakref.ref(prediction)
    del prediction
    gc.collect()
    assert leaving() is None


def test_the_bounds_of_tiles_stay_within_their_budget(monkeypatch):
    monkeypatch.setattr(surfaces, "_BOUNDS_BYTES", 600)
    prediction = prediction_of()
    shared = surfaces_of(prediction)
    assert shared.low.nbytes + shared.high.nbytes <= 600
    assert shared.grid.tile > 8
