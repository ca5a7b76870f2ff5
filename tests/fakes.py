"""A segmenter without a network: tests of the page, the shell and the files need no weights.

Whatever the photo, the fake sees the same scene, laid out in fractions of the photo:

    sky (stuff, 0.99), the upper half          kite (thing, 0.50), in the sky: below the default score
    grass (stuff, 0.97), the lower half        person (thing, 0.95) and person (thing, 0.90), side by side
                                               ball (thing, 0.85), on the grass

At the default thresholds that makes five segments with ids 1 to 5 in the order sky, grass, person, person,
ball, and void where the kite is; at a score of 0.4 the kite is the sixth; at 0.86 the ball is gone.
"""

import threading
from dataclasses import replace

import numpy as np

from panoseg import Photo, Prediction, Vocabulary
from panoseg.errors import CancelledError

VOCABULARY = Vocabulary(
    ["sky", "grass", "person", "ball", "kite"],
    things=[2, 3, 4],
    dataset_ids=[187, 193, 1, 37, 38],  # as COCO numbers them
)

# One query each: label, score, and the box (top, bottom, left, right) on a grid of 48 rows and 64 columns.
# Later ones are painted over earlier ones, so that the masks tile the photo.
QUERIES = (
    ("sky", 0.99, (0, 24, 0, 64)),
    ("grass", 0.97, (24, 48, 0, 64)),
    ("person", 0.95, (14, 40, 10, 20)),
    ("person", 0.90, (14, 40, 22, 32)),
    ("ball", 0.85, (32, 44, 40, 54)),
    ("kite", 0.50, (4, 16, 44, 60)),
)
GRID = (48, 64)
INPUT = (192, 256)


class FakeSegmenter:
    """Stands in for a loaded model (`panoseg.Segmenter`).

    Attributes:
        name, revision, device, vocabulary: as of a real one.
        batch: how many photos it likes to be asked about at once.
        calls: how many photos it was asked about, whichever thread asked.
        error: raised instead of an answer, where it is set.
        input_sizes: those that it was asked for, in order.
    """

    def __init__(self, name="demo", error=None, things=None):
        self.name = name
        self.revision = None
        self.device = "cpu"
        self.vocabulary = VOCABULARY if things is None else Vocabulary(VOCABULARY.labels, things)
        self.batch = 1
        self.calls = 0
        self.input_sizes = []
        self.error = error
        self._lock = threading.Lock()

    def predict(self, photo: Photo, *, input_size="shipped", cancelled=lambda: False) -> Prediction:
        """The scene above, at the photo's size."""
        return self.predict_many([photo], input_size=input_size, cancelled=cancelled)[0]

    def predict_many(self, photos, *, input_size="shipped", cancelled=lambda: False) -> list[Prediction]:
        """The same for several."""
        with self._lock:
            self.calls += len(photos)
            self.input_sizes += [input_size] * len(photos)
        if self.error is not None:
            raise self.error
        if cancelled():
            raise CancelledError()
        return [replace(fake_prediction(photo.size), vocabulary=self.vocabulary) for photo in photos]


def fake_prediction(image_size: tuple[int, int]) -> Prediction:
    """What the fake predicts for a photo of (H, W) pixels."""
    owner = np.zeros(GRID, dtype=int)
    class_logits = []
    for query, (label, score, (top, bottom, left, right)) in enumerate(QUERIES):
        owner[top:bottom, left:right] = query
        class_logits.append(_logits(VOCABULARY.labels.index(label), score))
    masks = np.arange(len(QUERIES))[:, None, None] == owner
    return Prediction(
        class_logits=np.array(class_logits),
        mask_logits=np.where(masks, 8.0, -8.0),
        input_size=INPUT,
        content_size=INPUT,
        image_size=image_size,
        vocabulary=VOCABULARY,
    )


def _logits(class_id, score):
    """Logits whose softmax gives `score` to the class and shares the rest among all others."""
    others = len(VOCABULARY)
    probabilities = np.full(others + 1, (1 - score) / others)
    probabilities[class_id] = score
    return np.log(probabilities)
