"""The network on torch: CPU, CUDA and MPS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from panoseg.errors import CancelledError, MemoryShortError, ModelError
from panoseg.models.checkpoint import Checkpoint
from panoseg.models.engine import Cancelled, Logits
from panoseg.models.preprocess import NetworkInput
from panoseg.models.torch_weights import MaskClassifier, read_network

GPU_BATCH = 8


class TorchEngine:
    """A network on a device of torch's, in float32; an `Engine`."""

    def __init__(self, network: MaskClassifier, device: str) -> None:
        self._network = network
        self._device = device
        self._cancelled: Cancelled = lambda: False
        for module in network.modules():
            if not any(module.children()):
                module.register_forward_pre_hook(self._stop_if_cancelled)

    @classmethod
    def load(cls, checkpoint: Checkpoint, device: str | None = None) -> TorchEngine:
        """Read the weights and bring them to the device (None: CUDA, else MPS, else CPU).

        Raises:
            ModelError: they are damaged, hold code, or do not fit the configuration; or the device
                is not there or too small.
        """
        chosen = _device(device)
        network = read_network(checkpoint)
        try:
            network.to(chosen)
        except (RuntimeError, MemoryError) as error:
            raise MemoryShortError(f"{checkpoint.name} does not fit on the device {chosen}.") from error
        return cls(network, chosen)

    @property
    def device(self) -> str:
        return self._device

    @property
    def batch(self) -> int:
        """A CPU is as busy with one picture as with two."""
        return 1 if self._device == "cpu" else GPU_BATCH

    def run(self, inputs: Sequence[NetworkInput], cancelled: Cancelled) -> list[Logits]:
        """One forward pass; see `Engine.run`."""
        pixel_values = torch.from_numpy(np.stack([each.values for each in inputs])).to(self._device)
        self._cancelled = cancelled
        try:
            with torch.inference_mode():  # thread-local, so it is entered here and not at loading
                output = self._network(pixel_values=pixel_values)
                # To NumPy right here: a GPU reports its failures only when it is waited for.
                classes, masks = (logits.float().cpu().numpy() for logits in output)
        except torch.OutOfMemoryError as error:
            raise MemoryError(str(error)) from error
        except RuntimeError as error:
            if "allocate" in str(error):
                raise MemoryError(str(error)) from error
            raise
        if len(inputs) == 1:
            return [Logits(classes[0], masks[0])]
        # Each on its own: one that is kept must not keep the whole batch in memory.
        return [Logits(c.copy(), m.copy()) for c, m in zip(classes, masks, strict=True)]

    def _stop_if_cancelled(self, module: Any, arguments: Any) -> None:
        if self._cancelled():
            raise CancelledError()


def _device(wanted: str | None) -> str:
    there = [
        name
        for name, is_there in (
            ("cuda", torch.cuda.is_available()),
            ("mps", torch.backends.mps.is_available()),
            ("cpu", True),
        )
        if is_there
    ]
    if wanted is None:
        return there[0]
    kind, _, index = wanted.partition(":")
    if kind not in there or (index and not index.isdecimal()):
        raise ModelError(f"There is no device {wanted!r} here; choose from {', '.join(there)}.")
    return wanted
