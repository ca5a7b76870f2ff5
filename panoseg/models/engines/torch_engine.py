"""The network on torch: CPU, CUDA and MPS."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from panoseg.errors import CancelledError, MemoryShortError, ModelError
from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.checkpoints.preprocess import NetworkInput
from panoseg.models.engines.engine import Cancelled, Lanes, Logits, Precision
from panoseg.models.engines.error_texts import says_no_memory
from panoseg.models.engines.torch_threads import threads_for_a_pass
from panoseg.models.engines.torch_weights import MaskClassifier, read_network

GPU_BATCH = 8
"""Photos in one forward pass."""


class TorchEngine:
    """A network on a device of torch's; an `Engine`.

    Weights stay in float32. With another precision torch computes in that where it deems it safe
    (`torch.autocast`).
    """

    def __init__(
        self,
        network: MaskClassifier,
        device: str,
        precision: Precision = "float32",
        lanes: Lanes = Lanes(),  # noqa: B008
    ) -> None:
        self._network = network
        self._lanes = lanes if device == "cpu" else Lanes()
        # Threads of its own, as torch then takes few threads in them; whoever calls keeps as many as before.
        self._workers = ThreadPoolExecutor(lanes.passes, "forward pass") if self._lanes.threads else None
        self._device = device
        self._pins = device.partition(":")[0] == "cuda"
        self._precision = precision
        self._cancellation = _CancellationHook()
        for module in network.modules():
            if not any(module.children()):
                module.register_forward_pre_hook(self._cancellation)

    @classmethod
    def load(
        cls,
        checkpoint: Checkpoint,
        device: str | None = None,
        precision: Precision = "float32",
        lanes: Lanes = Lanes(),  # noqa: B008
    ) -> TorchEngine:
        """Read the weights and bring them to the device (None: CUDA, else MPS, else CPU).

        Raises:
            ModelError: they are damaged, hold code, or do not fit the configuration; or the device
                is not there or too small.
        """
        chosen = torch_device(device)
        network = read_network(checkpoint)
        try:
            network.to(chosen)
        except (RuntimeError, MemoryError) as error:
            raise MemoryShortError(f"{checkpoint.name} does not fit on the device {chosen}.") from error
        # Left to itself, cuDNN convolves in TensorFloat-32: ten bits, where float32 has 23.
        torch.backends.cudnn.allow_tf32 = False
        return cls(network, chosen, precision, lanes)

    @property
    def name(self) -> str:
        return "torch"

    @property
    def precision(self) -> str:
        return self._precision

    @property
    def device(self) -> str:
        return self._device

    @property
    def batch(self) -> int:
        """A CPU is as busy with one picture as with two."""
        return 1 if self._device == "cpu" else GPU_BATCH

    @property
    def lanes(self) -> Lanes:
        return self._lanes

    @property
    def few_sizes(self) -> bool:
        return False

    def run(self, inputs: Sequence[NetworkInput], cancelled: Cancelled) -> list[Logits]:
        """One forward pass; see `Engine.run`."""
        if self._workers is None:
            return self._run(inputs, cancelled)
        return self._workers.submit(self._run, inputs, cancelled).result()

    def _run(self, inputs: Sequence[NetworkInput], cancelled: Cancelled) -> list[Logits]:
        pixel_values = self._to_device([each.values for each in inputs])
        self._cancellation.cancelled = cancelled
        try:
            # Both are thread-local, so they are entered here and not at loading.
            with threads_for_a_pass(self._lanes.threads), torch.inference_mode(), self._autocast():
                output = self._network(pixel_values=pixel_values)
                # To NumPy right here: a GPU reports its failures only when it is waited for.
                classes, masks = self._to_host(output)
        except torch.OutOfMemoryError as error:
            raise MemoryError(str(error)) from error
        except RuntimeError as error:
            if says_no_memory(error):
                raise MemoryError(str(error)) from error
            raise
        return [Logits(c, m) for c, m in zip(classes, masks, strict=True)]

    def _to_device(self, values: Sequence[NDArray[np.float32]]) -> torch.Tensor:
        if not self._pins:
            return torch.from_numpy(np.stack(values)).to(self._device)
        pinned = torch.empty((len(values), *values[0].shape), pin_memory=True)
        np.stack(values, out=pinned.numpy())
        return pinned.to(self._device, non_blocking=True)

    def _to_host(self, output: Sequence[torch.Tensor]) -> list[NDArray[np.float32]]:
        """As float32, once the device has come so far.

        A GPU writes into pinned memory by itself, and torch keeps that for the next pass. Memory that is new
        to the process takes longer than the way, as the system hands it out a page at a time.
        """
        if not self._pins:
            return [logits.float().cpu().numpy() for logits in output]
        pinned = [torch.empty(logits.shape, pin_memory=True) for logits in output]
        for target, logits in zip(pinned, output, strict=True):
            target.copy_(logits.float(), non_blocking=True)
        torch.cuda.current_stream(self._device).synchronize()
        return [target.numpy() for target in pinned]

    def _autocast(self) -> Any:
        return torch.autocast(
            self._device.partition(":")[0],
            dtype=getattr(torch, self._precision),
            enabled=self._precision != "float32",
        )


class _CancellationHook(threading.local):
    """Called before each layer; it holds no reference to the engine, whose memory is then freed at once.

    Each thread has its own: passes that run side by side are cancelled one by one.
    """

    def __init__(self) -> None:
        self.cancelled: Cancelled = lambda: False

    def __call__(self, module: Any, arguments: Any) -> None:
        if self.cancelled():
            raise CancelledError()


def torch_device(wanted: str | None) -> str:
    """The device to run on; None takes CUDA, else MPS, else the CPU.

    Raises:
        ModelError: it is not there.
    """
    available = [
        name
        for name, is_available in (
            ("cuda", torch.cuda.is_available()),
            ("mps", torch.backends.mps.is_available()),
            ("cpu", True),
        )
        if is_available
    ]
    if wanted is None:
        return available[0]
    kind, _, index = wanted.partition(":")
    if kind not in available or (index and not index.isdecimal()):
        raise ModelError(f"There is no device {wanted!r} here; choose from {', '.join(available)}.")
    return wanted
