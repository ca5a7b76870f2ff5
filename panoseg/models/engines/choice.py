"""Which engine runs a checkpoint."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

from panoseg.errors import InvalidValueError, ModelError
from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.engines.engine import Engine, Lanes, Precision
from panoseg.setting_values import EngineName

SMALL_BYTES = 40_000_000
"""Weights below this, ten million numbers, answer on torch before anybody has noticed."""

_GPU_DRIVERS = ("/dev/nvidiactl", "/dev/nvmap", "/dev/kfd", "/dev/dxg")
"""What a Linux with a GPU for torch has one of: NVIDIA's, also on Jetson; AMD's; Windows' in WSL."""


def load_engine(
    checkpoint: Checkpoint,
    device: str | None = None,
    engine: EngineName = "auto",
    precision: Precision = "float32",
    *,
    steady: bool = False,
    lanes: Lanes = Lanes(),  # noqa: B008
) -> Engine:
    """The engine of that name with the checkpoint in it; see `load_segmenter`.

    Raises:
        InvalidValueError: there is no such engine or precision, or they do not go together.
        ModelError: the weights are damaged or unfit, or the device or the engine is not there.
    """
    for name, value, known in (("engine", engine, EngineName), ("precision", precision, Precision)):
        if value not in get_args(known):
            raise InvalidValueError(f"{name}: wanted one of {', '.join(get_args(known))}, got {value!r}.")
    if engine == "openvino":
        return _openvino_engine(checkpoint, device, precision, lanes, convert_first=True)
    if engine == "auto" and _suits_openvino(checkpoint, device, precision):
        return _openvino_engine(checkpoint, device, precision, lanes, convert_first=steady)
    return _load_torch_engine(checkpoint, device, precision, lanes)


def _suits_openvino(checkpoint: Checkpoint, device: str | None, precision: Precision) -> bool:
    return (
        find_spec("openvino") is not None
        and precision != "float16"
        and checkpoint.weights_bytes >= SMALL_BYTES
        and (device == "cpu" or (device is None and not _has_gpu()))
    )


def _has_gpu() -> bool:
    # Without torch, whose import takes longer than OpenVINO needs for a photo.
    if sys.platform == "linux" and not any(Path(driver).exists() for driver in _GPU_DRIVERS):
        return False
    _prepare_torch()
    from panoseg.models.engines.torch_engine import torch_device

    return torch_device(None) != "cpu"


def _openvino_engine(
    checkpoint: Checkpoint, device: str | None, precision: Precision, lanes: Lanes, *, convert_first: bool
) -> Engine:
    if find_spec("openvino") is None:
        raise ModelError(
            "The engine openvino is not installed; `pip install panoseg[openvino]` brings it along."
        )
    if device not in (None, "cpu"):
        raise InvalidValueError(f'device: wanted "cpu", where the engine openvino runs, got {device!r}.')
    if precision == "float16":
        raise InvalidValueError(
            'precision: wanted "float32" or "bfloat16" for the engine openvino, got "float16".'
        )
    from panoseg.models.engines.conversion_cache import ConversionCache
    from panoseg.models.engines.openvino_engine import OpenVinoEngine

    def load_torch() -> Engine:
        return _load_torch_engine(checkpoint, "cpu", precision, lanes)

    checkpoint.check_weights()
    conversions = ConversionCache(checkpoint)
    return OpenVinoEngine(
        load_torch, conversions, convert_first=convert_first, precision=precision, lanes=lanes
    )


def _load_torch_engine(
    checkpoint: Checkpoint, device: str | None, precision: Precision, lanes: Lanes
) -> Engine:
    _prepare_torch()
    from panoseg.models.engines.torch_engine import TorchEngine

    if checkpoint.weights_bytes < SMALL_BYTES and not lanes.threads:
        # Its layers take less time than threads of torch's need to wait for each other.
        lanes = lanes._replace(threads=1)
    return TorchEngine.load(checkpoint, device, precision, lanes)


def _prepare_torch() -> None:
    """Settings that torch and transformers read when they are imported."""
    # Operations that Apple's GPUs lack run on the CPU.
    os.environ.setdefault("PYTORCH_ENABLE_MPS_FALLBACK", "1")
    # Nobody is asked in the background to convert pickled weights.
    os.environ.setdefault("DISABLE_SAFETENSORS_CONVERSION", "true")
    # No code of the hub's in place of transformers' own, whatever else is installed.
    os.environ["USE_HUB_KERNELS"] = "NO"
