"""Forward passes over what is prepared: in groups that a failure does not spoil."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from PIL import Image

from panoseg.errors import InvalidValueError, ModelError, PanosegError
from panoseg.models import Segmenter
from panoseg.models.checkpoints.preprocess import InputPolicy
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.models.network_segmenter import PreparedPhoto
from panoseg.photo import Photo
from panoseg.prediction import Prediction


@runtime_checkable
class PreparingSegmenter(Protocol):
    """A segmenter whose work before the network can be done elsewhere meanwhile."""

    def prepare(self, photo: Photo | Image.Image, *, input_size: SizeChoice = "shipped") -> PreparedPhoto:
        """What the network needs of a photo, or of a picture as `open_image` gives it."""
        ...

    def policy(self, input_size: SizeChoice = "shipped") -> InputPolicy:
        """What `prepare` does with the pixels."""
        ...

    def predict_prepared(
        self, prepared: Sequence[PreparedPhoto], *, batch: int | None = None, fleeting: bool = False
    ) -> list[Prediction]:
        """One prediction for each, so many in a forward pass; `fleeting`: none of them is kept for long."""
        ...


def forward(
    segmenter: Segmenter, inputs: list[Any], input_size: SizeChoice
) -> list[Prediction | PanosegError]:
    """A prediction for each, or why there is none: one that fails does not take its batch with it.

    Predictions of one pass may share memory: let go of them all.

    Args:
        segmenter: a loaded model.
        inputs: prepared photos, where it is a `PreparingSegmenter`, else photos.
        input_size: how large the network sees photos.
    """
    try:
        if inputs and isinstance(inputs[0], PreparedPhoto) and isinstance(segmenter, PreparingSegmenter):
            return list(segmenter.predict_prepared(inputs, batch=len(inputs), fleeting=True))
        return list(segmenter.predict_many(inputs, input_size=input_size))
    except (ModelError, InvalidValueError) as error:
        if len(inputs) == 1:
            return [error]
        return [forward(segmenter, [each], input_size)[0] for each in inputs]
