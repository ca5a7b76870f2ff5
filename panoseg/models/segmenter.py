"""The door between a photo and its prediction, whatever network stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.models.engines.engine import Cancelled
from panoseg.photo import Photo, PhotoSource
from panoseg.prediction import Prediction
from panoseg.vocabulary import Vocabulary


def exact_revision(segmenter: Segmenter) -> str | None:
    """What tells a segmenter's weights from others of its name; None where nobody knows.

    The hub's commit, or "sha256:…" of the weights of a folder: these are read for it the first time.
    """
    digest = getattr(segmenter, "weights_sha256", "") if segmenter.revision is None else ""
    return f"sha256:{digest}" if digest else segmenter.revision


class Segmenter(Protocol):
    """A loaded model; threads may share it.

    Attributes:
        name: "demo", a hub id, or the name of the folder it came from.
        revision: the commit it was loaded at, or None where it came from a folder.
        device: where it runs: "cpu", "cuda", "mps" …
        vocabulary: what it can name.
        batch: how many photos of one input size are worth predicting together.
    """

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> str | None: ...

    @property
    def device(self) -> str: ...

    @property
    def vocabulary(self) -> Vocabulary: ...

    @property
    def batch(self) -> int: ...

    def predict(
        self, photo: PhotoSource, *, input_size: SizeChoice = "shipped", cancelled: Cancelled = ...
    ) -> Prediction:
        """One forward pass over one photo, in seconds rather than milliseconds.

        Args:
            photo: what to look at: a `Photo`, a path, a file's bytes, a Pillow picture, or uint8 sRGB pixels
                (H, W, 3).
            input_size: how large the network sees it.
            cancelled: asked every few milliseconds; True gives the work up.

        Raises:
            ModelError: the photo does not fit the checkpoint's input or the device's memory, other photos
                keep the network busy for too long, or the weights give NaN.
            PhotoError: the file or picture cannot be read.
            InvalidValueError: something else than a photo, or an unknown size.
            CancelledError: `cancelled` said so.
        """
        ...

    def predict_many(
        self, photos: Sequence[PhotoSource], *, input_size: SizeChoice = "shipped", cancelled: Cancelled = ...
    ) -> list[Prediction]:
        """One prediction per photo; up to `batch` neighbours of one input size share a forward pass.

        Raises:
            PanosegError: as `predict`; no prediction is returned then.
        """
        ...


class Waiting(NamedTuple):
    """What a photo waits for where its network is elsewhere.

    Attributes:
        place: 0 in the network, 1 next in line …
        seconds: how long it has been in the network.
        expected_seconds: how long that may take; None where nobody knows.
        trouble: a sentence where something else is waited for than the network; else empty.
    """

    place: int = 0
    seconds: float = 0.0
    expected_seconds: float | None = None
    trouble: str = ""


@runtime_checkable
class DistantSegmenter(Protocol):
    """A `Segmenter` whose network, and the line in front of it, are elsewhere.

    Attributes:
        lanes: how many photos are worth sending at the same time.
    """

    @property
    def lanes(self) -> int: ...

    def predict_in_line(
        self,
        photo: Photo,
        input_size: SizeChoice,
        cancelled: Cancelled,
        tell: Callable[[Waiting], object],
    ) -> Prediction:
        """As `Segmenter.predict`; `tell` hears again and again what the photo waits for."""
        ...
