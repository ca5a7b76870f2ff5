"""A segmenter that says it runs on a GPU, and whose predictions show what it was given."""

import threading

import numpy as np

from panoseg import Photo, Prediction
from panoseg.models.checkpoints.preprocess import FitEdges, InputPolicy
from panoseg.models.network_segmenter import PreparedPhoto
from tests.fakes import FakeSegmenter, fake_prediction

PADDED = (32, 64)


class GpuLike(FakeSegmenter):
    """The fake, prepared and asked as a network; its first mask is what the network saw.

    Attributes:
        passes_of: how many pictures shared each pass.
    """

    def __init__(self, device="cuda"):
        super().__init__()
        self.device = device
        self.batch = 4
        self.passes_of = []
        self.one_at_a_time = threading.Lock()

    def policy(self, input_size="shipped"):
        return InputPolicy(FitEdges(24, None), padded_size=PADDED)

    def prepare(self, photo, *, input_size="shipped"):
        policy = self.policy(input_size)
        if isinstance(photo, Photo):
            return PreparedPhoto(policy(photo.pixels), photo.size)
        return PreparedPhoto(policy.of_image(photo), (photo.height, photo.width))

    def predict_prepared(self, prepared, *, batch=None, fleeting=False):
        with self.one_at_a_time:
            self.passes_of.append(len(prepared))
            return [self._seen(each) for each in prepared]

    def _seen(self, prepared):
        plain = fake_prediction(prepared.image_size)
        masks = np.tile(prepared.network_input.values[:1], (len(plain.class_logits), 1, 1))
        return Prediction(
            plain.class_logits, masks, PADDED, prepared.network_input.content_size, prepared.image_size,
            self.vocabulary,
        )  # fmt: skip
