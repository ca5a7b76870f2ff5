"""What runs a network: arrays in, logits out. An engine knows nothing of photos, names or classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from panoseg.models.checkpoints.preprocess import NetworkInput

Cancelled = Callable[[], bool]
"""Asked between the steps of long work; True ends it with `CancelledError`."""

CANCELLATION_POLL_SECONDS = 0.05
"""How often it is asked while the work is done elsewhere, by another process or thread. Nobody notices the
delay, and waiting for a process in that way took 0.6 % of a core."""

Precision = Literal["float32", "float16", "bfloat16"]
"""What a network computes in. Its answer is float32 in any case."""


class Logits(NamedTuple):
    """A network's answer to one input.

    Attributes:
        classes: (Q, C + 1) float32; the last column is "no object".
        masks: (Q, h, w) float32.
    """

    classes: NDArray[np.float32]
    masks: NDArray[np.float32]


class Lanes(NamedTuple):
    """How forward passes share the cores of a CPU.

    Attributes:
        passes: how many may run side by side.
        threads: of each; 0: all cores. The last digits of what a network says depend on it.
    """

    passes: int = 1
    threads: int = 0


class Engine(Protocol):
    """A network in memory, ready to run.

    Attributes:
        name: what it is called in settings: "torch" or "openvino".
        precision: what it computes in.
        device: where it runs, in one word: "cpu", "cuda", "mps" …
        batch: how many inputs of one size are worth running together; 1 where that gains nothing.
        lanes: how passes share the cores.
        few_sizes: whether a new input size costs it so much that inputs had better be of a few sizes.
    """

    @property
    def name(self) -> str: ...

    @property
    def precision(self) -> str: ...

    @property
    def device(self) -> str: ...

    @property
    def batch(self) -> int: ...

    @property
    def lanes(self) -> Lanes: ...

    @property
    def few_sizes(self) -> bool: ...

    def run(self, inputs: Sequence[NetworkInput], cancelled: Cancelled) -> list[Logits]:
        """One forward pass over inputs of one size; no more calls at a time than lanes.

        Answers to several inputs, and those of a GPU, may be parts of something larger: copy what is kept.

        Raises:
            MemoryError: they do not fit.
            CancelledError: `cancelled` said so meanwhile.
            RuntimeError, ValueError: the network cannot take them, in the library's words.
        """
        ...
