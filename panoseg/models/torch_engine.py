"""Mask2Former on torch, through transformers' own class."""

from __future__ import annotations

import logging
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from transformers import Mask2FormerForUniversalSegmentation
from transformers.utils import logging as transformers_logging

from panoseg.errors import InvalidValueError, ModelError
from panoseg.models.checkpoint import Checkpoint
from panoseg.prediction import Prediction

if TYPE_CHECKING:
    from panoseg.models.preprocess import NetworkInput
    from panoseg.photo import Photo
    from panoseg.vocabulary import Vocabulary

PATIENCE_SECONDS = 180.0
"""How long a photo waits for the network while others are in it."""

_loading = threading.Lock()


class TorchSegmenter:
    """A Mask2Former in memory, in float32; a `Segmenter`.

    Threads may share it. One photo is in the network at a time: a forward pass uses all cores, so
    that two at once would both take twice as long and twice the memory.
    """

    def __init__(self, checkpoint: Checkpoint, network: Any, device: str) -> None:
        self._checkpoint = checkpoint
        self._network = network
        self._device = device
        self._turn = threading.Lock()

    @classmethod
    def load(cls, checkpoint: Checkpoint, device: str | None = None) -> TorchSegmenter:
        """Read the weights and bring them to the device (None: CUDA, else MPS, else CPU).

        Raises:
            ModelError: they are damaged, hold code, or do not fit the configuration; or the device
                is not there or too small.
        """
        chosen = _device(device)
        checkpoint.check_weights()
        network = _read_network(checkpoint)
        try:
            network.to(chosen)
        except (RuntimeError, MemoryError) as error:
            raise ModelError(f"{checkpoint.name} does not fit on the device {chosen}.") from error
        return cls(checkpoint, network, chosen)

    @property
    def name(self) -> str:
        return self._checkpoint.name

    @property
    def revision(self) -> str | None:
        return self._checkpoint.revision

    @property
    def device(self) -> str:
        return self._device

    @property
    def vocabulary(self) -> Vocabulary:
        return self._checkpoint.vocabulary

    def __repr__(self) -> str:
        return f"<TorchSegmenter {self.name} on {self.device}>"

    def predict(self, photo: Photo) -> Prediction:
        """One forward pass over one photo.

        Raises:
            ModelError: the photo does not fit the checkpoint's input or the device's memory, other
                photos keep the network busy for too long, or the weights give NaN.
        """
        network_input = self._checkpoint.policy(photo.pixels)
        if not self._turn.acquire(timeout=PATIENCE_SECONDS):
            raise ModelError("The model is busy with other pictures; try again in a moment.")
        try:
            class_logits, mask_logits = self._forward(network_input)
        except torch.OutOfMemoryError as error:
            raise self._too_large(network_input) from error
        except (RuntimeError, ValueError, MemoryError) as error:
            if isinstance(error, MemoryError) or "allocate" in str(error):
                raise self._too_large(network_input) from error
            reason = (str(error).splitlines() or ["unknown error"])[0]
            raise ModelError(f"{self.name} failed on {self.device}: {reason}.") from error
        finally:
            self._turn.release()
        height, width = photo.pixels.shape[:2]
        try:
            return Prediction(
                class_logits=class_logits,
                mask_logits=mask_logits,
                input_size=network_input.size,
                content_size=network_input.content_size,
                image_size=(height, width),
                vocabulary=self.vocabulary,
            )
        except InvalidValueError as error:
            raise ModelError(
                f"{self.name} gave numbers that make no sense; its weights are damaged."
            ) from error

    def _forward(self, network_input: NetworkInput) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(Q, C + 1) class logits and (Q, h, w) mask logits, float32."""
        pixel_values = torch.from_numpy(network_input.values)[None].to(self._device)
        pixel_mask = torch.zeros(network_input.size, dtype=torch.int64, device=self._device)
        height, width = network_input.content_size
        pixel_mask[:height, :width] = 1
        with torch.inference_mode():  # thread-local, so it is entered here and not at loading
            output = self._network(
                pixel_values=pixel_values,
                pixel_mask=pixel_mask[None],
                output_auxiliary_logits=False,
            )
            # To NumPy right here: a GPU reports its failures only when it is waited for.
            return (
                output.class_queries_logits[0].float().cpu().numpy(),
                output.masks_queries_logits[0].float().cpu().numpy(),
            )

    def _too_large(self, network_input: NetworkInput) -> ModelError:
        height, width = network_input.size
        return ModelError(
            f"{self.name} needs more memory than {self.device} has to look at {width}×{height} "
            "pixels; choose a smaller checkpoint."
        )


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


def _read_network(checkpoint: Checkpoint) -> Any:
    name = checkpoint.name
    # transformers switches global state (default dtype, initialisers) while it loads.
    with _loading, _quiet():
        try:
            loaded: Any = Mask2FormerForUniversalSegmentation.from_pretrained(
                checkpoint.folder,
                dtype=torch.float32,
                local_files_only=True,
                trust_remote_code=False,
                weights_only=True,
                output_loading_info=True,
            )
        except SafetensorError as error:
            raise _damaged(name) from error
        except pickle.UnpicklingError as error:
            raise ModelError(
                f"The weights of {name} were refused: the file is damaged, or holds more than "
                "numbers and could run code."
            ) from error
        except (MemoryError, torch.OutOfMemoryError) as error:
            raise ModelError(f"There is not enough memory to load {name}.") from error
        except EOFError as error:
            raise _damaged(name) from error
        except Exception as error:  # whatever a strange configuration or file sets off in there
            if "ignore_mismatched_sizes" in str(error):
                raise _unfit(name) from error
            if "PytorchStreamReader" in str(error):
                raise _damaged(name) from error
            reason = (str(error).splitlines() or [type(error).__name__])[0][:160]
            raise ModelError(f"{name} cannot be loaded: {reason}") from error
    network, report = loaded
    surplus = [key for key in report["unexpected_keys"] if _is_learnt_layer(key)]
    if report["missing_keys"] or report["mismatched_keys"] or surplus:
        raise _unfit(name)
    if network.config.num_labels != len(checkpoint.vocabulary):
        raise ModelError(
            f"{name} has {network.config.num_labels} classes but names {len(checkpoint.vocabulary)}."
        )
    network.requires_grad_(False)
    return network.eval()


def _is_learnt_layer(key: str) -> bool:
    """Whether a surplus weight shows a network deeper than its configuration.

    Old checkpoints also carry constants that newer code computes; those do no harm.
    """
    return ".layers." in key and key.endswith((".weight", ".bias"))


def _damaged(name: str) -> ModelError:
    return ModelError(
        f"The weights of {name} are damaged or cut off; get them anew (for a hub id: "
        "`panoseg models pull ID`)."
    )


def _unfit(name: str) -> ModelError:
    return ModelError(
        f"The weights of {name} do not fit its config.json: parts of the network would be left untrained."
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers' progress bar and its table of keys, which are looked at here, off the log."""

    def silent(factory: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        return factory(*args, **{**options, "disable": True})

    verbosity = transformers_logging.get_verbosity()
    hook = transformers_logging.set_tqdm_hook(silent)
    transformers_logging.set_verbosity(logging.ERROR)
    try:
        yield
    finally:
        transformers_logging.set_verbosity(verbosity)
        transformers_logging.set_tqdm_hook(hook)
