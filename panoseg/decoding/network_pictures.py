"""Pictures made as small as a network sees them, in worker processes.

On a GPU, passes are so short that threads of the same process cost them more than they bring: a decoder's
memory comes and goes by the ten megabytes, and each time the system stops all threads that share it.
"""

from __future__ import annotations

from dataclasses import asdict
from math import inf

import numpy as np
from numpy.typing import NDArray

from panoseg.decoding.pool import DecodingLimits, DecodingPool, TooMuchError, TooSlowError
from panoseg.errors import PhotoError
from panoseg.models.checkpoints.policy_json import policy_to_json
from panoseg.models.checkpoints.preprocess import MAX_INPUT_PIXELS, InputPolicy
from panoseg.photo import PhotoLimits, refusal, shown_name, too_heavy

Size = tuple[int, int]

_LIMITS = DecodingLimits(seconds=120.0, patience=inf, most_waiting=1 << 20)
"""Of people's own files: none of them is hurried, and as many wait as are given."""

_TRIES = 2
"""A worker may end for another reason than the file: the system is out of memory, somebody kills it."""


class NetworkPictures:
    """What `open_image` and `InputPolicy.shrunk` do, in processes. Threads may share it.

    Args:
        count: how many processes.
    """

    def __init__(self, count: int) -> None:
        self._pool = DecodingPool(count, _LIMITS)

    def open(self, data: bytes, *, name: str, policy: InputPolicy) -> tuple[Size, NDArray[np.uint8] | None]:
        """A picture's own size (H, W), and what `policy.shrunk` makes of it: (h, w, 3) uint8.

        There are no pixels where the policy refuses a picture of that size, as `policy.geometry` does.

        Raises:
            PhotoError: as `open_image`; or two processes ended over it.
        """
        shown, limits = shown_name(name), PhotoLimits()
        if len(data) > limits.max_bytes:
            raise too_heavy(shown, len(data), limits)
        request = {
            "task": "network_picture",
            "name": shown,
            "limits": asdict(limits),
            "policy": policy_to_json(policy),
        }
        for _ in range(_TRIES):
            try:
                pixels, answer = self._pool.run(request, [data], MAX_INPUT_PIXELS)
            except TooSlowError:
                fault = f"takes longer to decode than the {_LIMITS.seconds:.0f} s that a picture gets"
                raise refusal(shown, fault, limits) from None
            except TooMuchError:
                continue
            if "refused" in answer:
                raise PhotoError(answer["refused"])
            height, width = answer["result"]
            return (height, width), pixels
        raise refusal(shown, "is damaged, or takes more memory to decode than a picture gets", limits)

    def pids(self) -> set[int]:
        """The system's numbers of the worker processes."""
        return self._pool.pids()

    def close(self) -> None:
        """End the workers."""
        self._pool.close()


def pixels_or_refusal(pixels: NDArray[np.uint8] | None, size: Size, policy: InputPolicy) -> NDArray[np.uint8]:
    """The pixels that `NetworkPictures.open` gave for a picture of (H, W) pixels.

    Raises:
        ModelError: there are none, as the policy refuses pictures of that size.
    """
    if pixels is None:
        policy.geometry(size)  # which says why
        raise RuntimeError("A picture that could be shown to the network came back without pixels.")
    return pixels
