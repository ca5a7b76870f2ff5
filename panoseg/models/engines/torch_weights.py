"""A checkpoint's folder → transformers' network with its weights in, safely."""

from __future__ import annotations

import logging
import pickle
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
import transformers
from safetensors import SafetensorError
from transformers.utils import logging as transformers_logging

from panoseg.errors import MemoryShortError, ModelError
from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.checkpoints.families import Family
from panoseg.models.engines.error_texts import first_sentence, says_damaged, says_unfit

_loading_lock = threading.Lock()


class MaskClassifier(torch.nn.Module):
    """A network of transformers', whichever its family, reduced to the one question that panoseg asks."""

    question: torch.Tensor | None

    def __init__(self, network: Any, family: Family) -> None:
        super().__init__()
        self.network = network
        tokens = None
        if family.question:
            tokens = torch.zeros(1, network.config.task_seq_len)
            tokens[0, : len(family.question)] = torch.tensor(family.question)
        self.register_buffer("question", tokens, persistent=False)

    def forward(self, pixel_values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The logits of the last decoder layer.

        Args:
            pixel_values: (B, 3, H, W) float32, normalised. The networks are not told of padding; like
                their papers' own code, they see it as part of the picture.

        Returns:
            Class logits (B, Q, C + 1), "no object" last, and mask logits (B, Q, h, w).
        """
        inputs = {} if self.question is None else {"task_inputs": self.question.expand(len(pixel_values), -1)}
        output = self.network(pixel_values=pixel_values, **inputs)
        return output.class_queries_logits, output.masks_queries_logits


def read_network(checkpoint: Checkpoint) -> MaskClassifier:
    """The network in float32 on the CPU, in evaluation mode.

    Raises:
        ModelError: the weights are damaged, hold code, or do not fit the configuration.
    """
    checkpoint.check_weights()
    name, family = checkpoint.name, checkpoint.family
    # transformers switches global state (default dtype, initialisers) while it loads.
    with _loading_lock, _quiet():
        try:
            loaded: Any = getattr(transformers, family.network).from_pretrained(
                checkpoint.folder,
                dtype=torch.float32,
                local_files_only=True,
                trust_remote_code=False,
                weights_only=True,
                output_loading_info=True,
                **family.settings,
            )
        except SafetensorError as error:
            raise _damaged(name) from error
        except pickle.UnpicklingError as error:
            raise ModelError(
                f"The weights of {name} were refused: the file is damaged, or holds more than "
                "numbers and could run code."
            ) from error
        except (MemoryError, torch.OutOfMemoryError) as error:
            raise MemoryShortError(f"There is not enough memory to load {name}.") from error
        except EOFError as error:
            raise _damaged(name) from error
        except Exception as error:  # whatever a strange configuration or file sets off in there
            if says_unfit(error):
                raise _unfit(name) from error
            if says_damaged(error):
                raise _damaged(name) from error
            raise ModelError(f"{name} cannot be loaded: {first_sentence(error)}.") from error
    network, report = loaded
    surplus = [
        key
        for key in report["unexpected_keys"]
        if _is_learnt_layer(key) and not key.startswith(family.training_only)
    ]
    if report["missing_keys"] or report["mismatched_keys"] or surplus:
        raise _unfit(name)
    if network.config.num_labels != len(checkpoint.vocabulary):
        raise ModelError(
            f"{name} has {network.config.num_labels} classes but names {len(checkpoint.vocabulary)}."
        )
    network.requires_grad_(False)
    return MaskClassifier(network, family).eval()


def _is_learnt_layer(key: str) -> bool:
    """Whether a surplus weight shows a network deeper than its configuration.

    Old checkpoints also carry constants that newer code computes; those do no harm.
    """
    return bool(re.search(r"(^|\.)layers\.", key)) and key.endswith((".weight", ".bias"))


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
