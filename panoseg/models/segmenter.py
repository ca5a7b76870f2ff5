"""The door between a photo and its prediction, whatever network stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from panoseg.photo import Photo
    from panoseg.prediction import Prediction
    from panoseg.vocabulary import Vocabulary


class Segmenter(Protocol):
    """A loaded model; threads may share it.

    Attributes:
        name: "demo", a hub id, or the name of the folder it came from.
        revision: the commit it was loaded at, or None where it came from a folder.
        device: where it runs: "cpu", "cuda", "mps" …
        vocabulary: what it can name.
    """

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> str | None: ...

    @property
    def device(self) -> str: ...

    @property
    def vocabulary(self) -> Vocabulary: ...

    def predict(self, photo: Photo) -> Prediction:
        """One forward pass over one photo, in seconds rather than milliseconds.

        Raises:
            ModelError: the network cannot be run, or other photos keep it busy for too long.
        """
        ...
