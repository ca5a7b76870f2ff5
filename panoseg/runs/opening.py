"""A picture's bytes → what a segmenter is given: in the calling thread, or in a process beside a GPU."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from panoseg.decoding.network_pictures import NetworkPictures, pixels_or_refusal
from panoseg.models import Segmenter
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.models.network_segmenter import PreparedPhoto
from panoseg.photo import Photo, open_image, open_photo
from panoseg.prediction import Size
from panoseg.runs.passes import PreparingSegmenter

_LARGE_FILE = 400_000
"""In bytes, as a JPEG of some two megapixels has: below it, to ask a process costs as much as it saves."""


class Opened(NamedTuple):
    """A picture that could be opened.

    Attributes:
        size: (H, W) in pixels.
        photo: the picture, where it was asked for.
        input: gives what `forward` takes; raises a ModelError where the network cannot take the picture.
    """

    size: Size
    photo: Photo | None
    input: Callable[[], Any]


class Opening:
    """Opens pictures for one segmenter; threads may share it.

    Args:
        segmenter: who will look at them.
        input_size: how large.
        decode: bytes and a name to a photo; by default as `open_photo`, with fewer copies where nobody keeps
            the photo.
        keep_photos: whether the photo is wanted, too.
        threads: how many will share it; beside a GPU, as many processes open large files.
    """

    def __init__(
        self,
        segmenter: Segmenter,
        input_size: SizeChoice,
        decode: Callable[[bytes, str], Photo] | None,
        *,
        keep_photos: bool,
        threads: int,
    ) -> None:
        self._segmenter = segmenter
        self._input_size = input_size
        self._decode = decode
        self._keep_photos = keep_photos
        self._threads = threads
        self._starting = threading.Lock()
        self._processes: NetworkPictures | None = None

    def open(self, content: bytes, name: str) -> Opened:
        """Open a file's bytes.

        Raises:
            PhotoError: they are no picture that can be opened.
        """
        segmenter, input_size = self._segmenter, self._input_size
        straight = self._goes_straight()
        if straight is None:
            decode = self._decode or _open
            photo = decode(content, name)
            kept = photo if self._keep_photos else None
            if isinstance(segmenter, PreparingSegmenter):
                preparing = segmenter
                return Opened(photo.size, kept, lambda: preparing.prepare(photo, input_size=input_size))
            return Opened(photo.size, kept, lambda: photo)
        if segmenter.device == "cpu" or len(content) < _LARGE_FILE:
            image = open_image(content, name=name)
            size = (image.height, image.width)
            return Opened(size, None, lambda: straight.prepare(image, input_size=input_size))
        policy = straight.policy(input_size)
        size, pixels = self._started().open(content, name=name, policy=policy)

        def prepared() -> PreparedPhoto:
            return PreparedPhoto(policy.of_content(pixels_or_refusal(pixels, size, policy), size), size)

        return Opened(size, None, prepared)

    def _started(self) -> NetworkPictures:
        """The processes, which start when a file needs one."""
        with self._starting:
            if self._processes is None:
                self._processes = NetworkPictures(self._threads)
            return self._processes

    def _goes_straight(self) -> PreparingSegmenter | None:
        """The segmenter, where nobody needs the picture but the network."""
        if self._decode is None and not self._keep_photos and isinstance(self._segmenter, PreparingSegmenter):
            return self._segmenter
        return None

    def close(self) -> None:
        """End the processes, if there are any."""
        if self._processes is not None:
            self._processes.close()


def _open(content: bytes, name: str) -> Photo:
    return open_photo(content, name=name)
