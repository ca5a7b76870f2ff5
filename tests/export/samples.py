"""One segmentation for the tests of every file format, and one with labels that mean harm."""

import numpy as np

from panoseg import Photo, Segment, Segmentation, Vocabulary, panoptic
from panoseg.export import View
from tests.fakes import VOCABULARY, fake_prediction

SIZE = (36, 50)


def photo(name="holiday.jpg"):
    """Noise, so that no two pixels can be mistaken for each other."""
    pixels = np.random.default_rng(5).integers(0, 256, (*SIZE, 3), dtype=np.uint8)
    return Photo.from_pixels(pixels, name)


def segmentation():
    """Sky, grass, two persons and a ball, with void where the fake's kite is."""
    return panoptic(fake_prediction(SIZE))


def empty():
    """All void."""
    return Segmentation(np.zeros(SIZE, np.int32), ())


def view(**choices):
    """The sample as a user sees it."""
    return View(photo(), segmentation(), VOCABULARY, **choices)


def labelled(*labels):
    """One segment of one pixel per label, and the vocabulary that names them so."""
    segments = tuple(
        Segment(i + 1, i, label, "thing", 1 / 3, 1, (i, 0, 1, 1)) for i, label in enumerate(labels)
    )
    ids = np.arange(1, len(labels) + 1, dtype=np.int32)[None]
    return Segmentation(ids, segments), Vocabulary(labels, things=range(len(labels)))
