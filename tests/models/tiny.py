"""A Mask2Former small enough for tests: real, randomly initialised, 0.1 million weights."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import Mask2FormerConfig, Mask2FormerForUniversalSegmentation, SwinConfig

from panoseg.photo import Photo

LABELS = ("sky", "cat", "dog")
THINGS = (1, 2)
SQUASH = {"height": 64, "width": 96}
EDGES = {"shortest_edge": 40, "longest_edge": 90}


def tiny_config(labels: tuple[str, ...] = LABELS, **changes: Any) -> Mask2FormerConfig:
    """A configuration with four Swin stages of one block and two decoder layers."""
    backbone = SwinConfig(  # type: ignore[call-arg]  # it takes more than it declares
        image_size=64,
        embed_dim=8,
        depths=[1, 1, 1, 1],
        num_heads=[1, 1, 2, 2],
        window_size=4,
        out_features=["stage1", "stage2", "stage3", "stage4"],
    )
    return Mask2FormerConfig(
        backbone_config=backbone,
        feature_size=32,
        mask_feature_size=32,
        hidden_dim=32,
        encoder_feedforward_dim=16,
        dim_feedforward=16,
        encoder_layers=1,
        decoder_layers=3,
        num_attention_heads=2,
        num_queries=5,
        **{"id2label": dict(enumerate(labels)), **changes},
    )


def save_tiny(
    folder: Path,
    *,
    size: dict[str, int] | None = None,
    things: tuple[int, ...] | None = THINGS,
    labels: tuple[str, ...] = LABELS,
    pickled: bool = False,
    **changes: Any,
) -> Path:
    """Write such a checkpoint as save_pretrained does; pickled weights as old versions did."""
    config = tiny_config(labels, **changes)
    if things is not None:
        config.panoseg_things = list(things)
    with torch.random.fork_rng():
        torch.manual_seed(7)
        network = Mask2FormerForUniversalSegmentation(config)
    network.save_pretrained(folder)
    if pickled:
        from safetensors.torch import load_file

        torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()
    write_preprocessor(folder, size=size or SQUASH)
    return folder


def write_preprocessor(folder: Path, **changes: Any) -> None:
    """A preprocessor_config.json with the keys that Mask2FormerImageProcessor writes."""
    config = {
        "image_processor_type": "Mask2FormerImageProcessor",
        "do_resize": True,
        "do_rescale": True,
        "do_normalize": True,
        "image_mean": [0.485, 0.456, 0.406],
        "image_std": [0.229, 0.224, 0.225],
        "resample": 2,
        "rescale_factor": 1 / 255,
        "size_divisor": 32,
    }
    (folder / "preprocessor_config.json").write_text(json.dumps({**config, **changes}))


def edit_json(path: Path, **changes: Any) -> None:
    """Set keys of a JSON file; None removes one."""
    content = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps({k: v for k, v in content.items() if v is not None}))


def photo(height: int, width: int, seed: int = 0) -> Photo:
    """Smooth waves, so that resizing says something."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    waves = [np.sin(x / rng.uniform(3, 9) + y / rng.uniform(3, 9)) for _ in range(3)]
    return Photo.from_pixels((np.stack(waves, axis=-1) * 120 + 128).astype(np.uint8), "waves")
