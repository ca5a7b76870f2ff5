"""What one visitor looks at, where the browser can ask for more of it than it was sent.

The page sends a picture of at most 2.1 megapixels. Whoever looks closer gets the photo and the id map at full
size, tile by tile, and whoever asks about a pixel or a segment an answer from the mask logits
(viewer/close_up.py). A browser names what it looks at by a token that nobody can guess.

Pixels are held weakly: they are the session's, and gone as soon as the page lets go of them.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import weakref
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.merging import Candidate
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.segmentation import Segmentation
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What a map was made of.

    Attributes:
        prediction: what the model said.
        task: what was looked for.
        thresholds: those of the map.
        candidates: what became of each query (panoptic only).
    """

    prediction: Prediction
    task: Task
    thresholds: Thresholds
    candidates: tuple[Candidate, ...]


class ShownMap:
    """One map of segments that a viewer shows.

    Attributes:
        name: tells it from every other map of the visitor.
        segments: those of the map, by id.
        source: what it was made of; None for an annotation, and for another model's.
    """

    def __init__(self, name: str, segmentation: Segmentation, source: Source | None) -> None:
        self.name = name
        self.segments = segmentation.segments
        self.source = source
        self._id_map = weakref.ref(segmentation.id_map)

    @property
    def id_map(self) -> NDArray[np.int32] | None:
        """(H, W) int32, or None once the page has another."""
        return self._id_map()


class ShownPictures:
    """One visitor's: the last photo and the last map of each viewer.

    Attributes:
        token: what the browser names it by; 192 random bits.
    """

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self._lock = threading.Lock()
        self._photos: dict[str, tuple[str, weakref.ref[NDArray[np.uint8]]]] = {}
        self._maps: dict[str, ShownMap] = {}

    def show_photo(self, viewer: str, photo: Photo) -> None:
        """A viewer of that name shows a photo."""
        with self._lock:
            self._photos[viewer] = photo.digest, weakref.ref(photo.pixels)

    def show_map(
        self, viewer: str, stamp: tuple[str, ...], segmentation: Segmentation, source: Source | None
    ) -> str:
        """A viewer of that name shows a map; `stamp` tells it from all others. Gives the map's name."""
        name = hashlib.sha256("\n".join(stamp).encode()).hexdigest()[:24]
        with self._lock:
            self._maps[viewer] = ShownMap(name, segmentation, source)
        return name

    def photo(self, digest: str) -> NDArray[np.uint8] | None:
        """(H, W, 3) uint8 pixels of a photo that is shown, or None."""
        with self._lock:
            found = [pixels() for key, pixels in self._photos.values() if key == digest]
        return next((pixels for pixels in found if pixels is not None), None)

    def map(self, name: str) -> ShownMap | None:
        """A map that is shown, or None."""
        with self._lock:
            return next((shown for shown in self._maps.values() if shown.name == name), None)

    def open(self) -> None:
        """Let browsers ask, from now on."""
        _by_token[self.token] = self

    def close(self) -> None:
        """The visitor's browser has gone: nobody may ask any more."""
        _by_token.pop(self.token, None)


_by_token: dict[str, ShownPictures] = {}


def pictures_of(token: str) -> ShownPictures | None:
    """The pictures of a visitor who is there."""
    return _by_token.get(token)
