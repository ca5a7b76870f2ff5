"""Segmenters that Ray's workers load in tests; in a module of their own, which the workers import."""

import os
import signal
import time
from pathlib import Path

from panoseg.errors import ModelError
from tests.fakes import FakeSegmenter


def fake(name, side_by_side):
    """The fake; nothing is loaded."""
    return FakeSegmenter()


def other_in_workers(name, side_by_side):
    """Weights that are others every time they are read."""
    segmenter = FakeSegmenter()
    segmenter.weights_sha256 = os.urandom(32).hex()
    return segmenter


def missing(name, side_by_side):
    """What cannot be loaded."""
    raise ModelError(f"There is no model {name!r}.")


class Mortal(FakeSegmenter):
    """Ends its own process with signal 9 in a forward pass: at a poisoned picture always, else once.

    Args:
        marker: a file that is made when it has happened.
    """

    def __init__(self, marker: Path):
        super().__init__()
        self.marker = marker

    def predict_many(self, photos, **options):
        """The fake's answer, if it comes to that."""
        time.sleep(0.002)
        names = [photo.name for photo in photos]
        if any("poison" in name for name in names):
            os.kill(os.getpid(), signal.SIGKILL)
        if "p70.png" in names and not self.marker.exists():
            self.marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().predict_many(photos, **options)


class Refusing(FakeSegmenter):
    """Refuses poisoned pictures with a sentence."""

    def __init__(self, sentence):
        super().__init__()
        self.sentence = sentence

    def predict_many(self, photos, **options):
        """The fake's answer, or the refusal."""
        if any("poison" in photo.name for photo in photos):
            raise ModelError(self.sentence)
        return super().predict_many(photos, **options)


class LoadMortal:
    """Loads `Mortal`; an object, as it goes to other processes."""

    def __init__(self, marker):
        self.marker = marker

    def __call__(self, name, side_by_side):
        return Mortal(self.marker)
