"""The fake segmenter keeps its promises, as other tests lean on them."""

import numpy as np
import pytest

import panoseg
from panoseg import Photo, Thresholds
from tests.fakes import FakeSegmenter, fake_prediction

PHOTO = Photo.from_pixels(np.zeros((20, 30, 3), np.uint8), "dark")


@pytest.mark.parametrize(
    ("score", "labels"),
    [
        (0.8, ["sky", "grass", "person", "person", "ball"]),
        (0.4, ["sky", "grass", "person", "person", "ball", "kite"]),
        (0.86, ["sky", "grass", "person", "person"]),
        (1.0, []),
    ],
)
@pytest.mark.parametrize("size", [(24, 32), (36, 50), (37, 101), (600, 300)])
def test_thresholds_choose_among_its_segments(size, score, labels):
    segmentation = panoseg.panoptic(fake_prediction(size), Thresholds(score=score))
    assert [segment.label for segment in segmentation.segments] == labels
    assert segmentation.size == size


def test_it_counts_its_calls():
    fake = FakeSegmenter()
    fake.predict(PHOTO)
    fake.predict(PHOTO)
    assert fake.calls == 2


def test_it_fails_on_request():
    fake = FakeSegmenter(error=panoseg.ModelError("No memory."))
    with pytest.raises(panoseg.ModelError, match=r"No memory\."):
        fake.predict(PHOTO)
