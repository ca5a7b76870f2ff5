"""A `Segmenter` made of a checkpoint and an engine: the photo's way into the network and back."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from PIL import Image

from panoseg.errors import InvalidValueError, MemoryShortError, ModelError
from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.checkpoints.preprocess import InputPolicy, NetworkInput
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.models.engines.engine import Cancelled, Engine, Logits
from panoseg.models.engines.error_texts import first_sentence
from panoseg.models.forward_pass import forward_pass_bytes
from panoseg.photo import Photo, PhotoSource, to_photo
from panoseg.prediction import Prediction, Size
from panoseg.vocabulary import Vocabulary

PATIENCE_SECONDS = 180.0
"""How long a photo waits while another thread of the program has the network: much longer than the largest
one takes for a photo on a CPU."""


class PreparedPhoto(NamedTuple):
    """A photo on its way into the network, its own pixels left behind.

    Attributes:
        network_input: what the network sees of it.
        image_size: (H, W) of the photo in pixels.
    """

    network_input: NetworkInput
    image_size: Size


class NetworkSegmenter:
    """A checkpoint that an engine runs; a `Segmenter`.

    Threads may share it. No more forward passes run at a time than the engine has lanes for: one, as a rule,
    which uses all cores, so that two at once would both take twice as long and twice the memory.
    """

    def __init__(
        self, checkpoint: Checkpoint, engine: Engine, make_room: Callable[[int], object] | None = None
    ) -> None:
        self._checkpoint = checkpoint
        self._make_room = make_room
        self._weights_bytes = checkpoint.weights_bytes
        self._engine = engine
        self._forward_pass_lock = threading.BoundedSemaphore(engine.lanes.passes)

    @property
    def name(self) -> str:
        return self._checkpoint.name

    @property
    def revision(self) -> str | None:
        return self._checkpoint.revision

    @property
    def device(self) -> str:
        return self._engine.device

    @property
    def vocabulary(self) -> Vocabulary:
        return self._checkpoint.vocabulary

    @property
    def batch(self) -> int:
        return self._engine.batch

    @property
    def engine(self) -> str:
        """The name of what runs it: "torch" or "openvino"."""
        return self._engine.name

    @property
    def precision(self) -> str:
        """What it computes in: "float32", "float16" or "bfloat16"."""
        return self._engine.precision

    @property
    def weights_bytes(self) -> int:
        """How large its weights are."""
        return self._weights_bytes

    @property
    def passes(self) -> int:
        """How many forward passes run side by side; more calls than that wait for each other."""
        return self._engine.lanes.passes

    @property
    def threads(self) -> int:
        """Of one forward pass on a CPU, on which its last digits depend; 0: as many as there are cores."""
        return self._engine.lanes.threads

    @cached_property
    def weights_sha256(self) -> str:
        """In hexadecimal: of the weights' file, or of its parts one after the other."""
        digest = hashlib.sha256()
        for path in self._checkpoint.weights_files():
            with path.open("rb") as file:
                while piece := file.read(1 << 20):
                    digest.update(piece)
        return digest.hexdigest()

    def __repr__(self) -> str:
        return f"<NetworkSegmenter {self.name} on {self.device}>"

    def predict(
        self,
        photo: PhotoSource,
        *,
        input_size: SizeChoice = "shipped",
        cancelled: Cancelled = lambda: False,
    ) -> Prediction:
        """One forward pass over one photo; see `Segmenter.predict`."""
        return self.predict_many([photo], input_size=input_size, cancelled=cancelled)[0]

    def predict_many(
        self,
        photos: Sequence[PhotoSource],
        *,
        input_size: SizeChoice = "shipped",
        cancelled: Cancelled = lambda: False,
    ) -> list[Prediction]:
        """One prediction per photo, neighbours of one input size together; see `Segmenter.predict`."""
        prepared = [self.prepare(to_photo(photo), input_size=input_size) for photo in photos]
        return self.predict_prepared(prepared, cancelled=cancelled)

    def policy(self, input_size: SizeChoice = "shipped") -> InputPolicy:
        """What `prepare` does with a photo's pixels.

        Raises:
            InvalidValueError: no such size, or not for this network.
        """
        policy = self._checkpoint.policy.at(input_size)
        return policy.of_few_sizes() if self._engine.few_sizes else policy

    def prepare(self, photo: Photo | Image.Image, *, input_size: SizeChoice = "shipped") -> PreparedPhoto:
        """All that comes before the network; threads may do it while the network is busy.

        Args:
            photo: or a picture as `panoseg.photo.open_image` gives it.
            input_size: as of `Segmenter.predict`.

        Raises:
            ModelError, InvalidValueError: as `Segmenter.predict`.
        """
        policy = self.policy(input_size)
        image_size = photo.size if isinstance(photo, Photo) else (photo.height, photo.width)
        _, size = policy.geometry(image_size)
        self._see_that_it_fits(size)
        network_input = policy(photo.pixels) if isinstance(photo, Photo) else policy.of_image(photo)
        return PreparedPhoto(network_input, image_size)

    def predict_prepared(
        self,
        prepared: Sequence[PreparedPhoto],
        *,
        cancelled: Cancelled = lambda: False,
        batch: int | None = None,
        fleeting: bool = False,
    ) -> list[Prediction]:
        """One prediction per prepared photo, neighbours of one input size together.

        Args:
            prepared: the photos.
            cancelled: as of `Segmenter.predict`.
            batch: photos in one forward pass at most, where several gain anything; `self.batch` by default.
            fleeting: whether none of the predictions is kept for long; those of one pass then share memory,
                which is let go with the last of them.

        Raises:
            ModelError, CancelledError: as `Segmenter.predict`.
        """
        inputs = [each.network_input for each in prepared]
        most = self._engine.batch if batch is None or self._engine.batch == 1 else batch
        logits: list[Logits] = []
        while len(logits) < len(inputs):
            answers = self._run(_batch_of_one_size(inputs[len(logits) :], most), cancelled)
            # One that is kept must not keep the whole batch in memory, nor what a GPU writes into.
            if not fleeting and (len(answers) > 1 or self.device != "cpu"):
                answers = [Logits(each.classes.copy(), each.masks.copy()) for each in answers]
            logits += answers
        return [self._prediction(*each) for each in zip(prepared, logits, strict=True)]

    def _see_that_it_fits(self, size: Size) -> None:
        """Refuse on a CPU what memory is too short for: the system may end the process rather than refuse."""
        if self._make_room is None or self.device != "cpu":
            return
        if self._make_room(forward_pass_bytes(self._weights_bytes, size)) is False:
            raise self._too_little_memory(size)

    def _too_little_memory(self, size: Size) -> MemoryShortError:
        height, width = size
        return MemoryShortError(
            f"{self.name} needs more memory than {self.device} has to look at {width}×{height} pixels; "
            "choose a smaller input size or a smaller checkpoint."
        )

    def _run(self, inputs: Sequence[NetworkInput], cancelled: Cancelled) -> list[Logits]:
        if not self._forward_pass_lock.acquire(timeout=PATIENCE_SECONDS):
            raise ModelError("The model is busy with other pictures; try again in a moment.")
        try:
            return self._engine.run(inputs, cancelled)
        except MemoryError as error:
            raise self._too_little_memory(inputs[0].size) from error
        except (RuntimeError, ValueError) as error:
            if isinstance(error, InvalidValueError):
                raise
            raise ModelError(f"{self.name} failed on {self.device}: {first_sentence(error)}.") from error
        finally:
            self._forward_pass_lock.release()

    def _prediction(self, prepared: PreparedPhoto, logits: Logits) -> Prediction:
        try:
            return Prediction(
                class_logits=logits.classes,
                mask_logits=logits.masks,
                input_size=prepared.network_input.size,
                content_size=prepared.network_input.content_size,
                image_size=prepared.image_size,
                vocabulary=self.vocabulary,
            )
        except InvalidValueError as error:
            raise ModelError(
                f"{self.name} gave numbers that make no sense; its weights are damaged."
            ) from error


def _batch_of_one_size(inputs: Sequence[NetworkInput], most: int) -> list[NetworkInput]:
    """The first inputs, as long as they are of one size and no more than `most`."""
    count = 1
    while count < min(most, len(inputs)) and inputs[count].size == inputs[0].size:
        count += 1
    return list(inputs[:count])
