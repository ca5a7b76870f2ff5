"""Checkpoints of the official sizes with random weights: as large as the real ones, and free to have.

Written straight from the shapes of the network's weights, because initialising a network as for training
takes ten times as long.
"""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from transformers import Mask2FormerConfig, Mask2FormerForUniversalSegmentation, SwinConfig

from panoseg.models.checkpoints.data_sets import COCO_PANOPTIC
from tests.models.tiny import write_preprocessor

SIZES: dict[str, dict[str, Any]] = {
    "tiny": {"embed_dim": 96, "depths": [2, 2, 6, 2], "num_heads": [3, 6, 12, 24], "window_size": 7},
    "small": {"embed_dim": 96, "depths": [2, 2, 18, 2], "num_heads": [3, 6, 12, 24], "window_size": 7},
    "base": {"embed_dim": 128, "depths": [2, 2, 18, 2], "num_heads": [4, 8, 16, 32], "window_size": 12},
    "large": {"embed_dim": 192, "depths": [2, 2, 18, 2], "num_heads": [6, 12, 24, 48], "window_size": 12},
}


def full_size_config(size: str) -> Mask2FormerConfig:
    """As of `facebook/mask2former-swin-{size}-coco-panoptic`."""
    backbone = SwinConfig(  # type: ignore[call-arg]  # it takes more than it declares
        image_size=384,
        out_features=["stage1", "stage2", "stage3", "stage4"],
        **SIZES[size],
    )
    return Mask2FormerConfig(
        backbone_config=backbone,
        num_queries=200 if size == "large" else 100,
        id2label=dict(enumerate(COCO_PANOPTIC.labels)),
    )


def save_full_size(folder: Path, size: str, *, pickled: bool = False) -> Path:
    """Write a checkpoint as the hub has it, 190 to 865 MB large."""
    config = full_size_config(size)
    with torch.device("meta"):
        shapes = Mask2FormerForUniversalSegmentation(config).state_dict()
    generator = torch.Generator().manual_seed(7)
    pool = torch.randn(1 << 20, generator=generator).repeat(2)
    weights = {name: _random(name, tuple(like.shape), pool, generator) for name, like in shapes.items()}
    weights["class_predictor.bias"][-1] = -10  # no query shall say “no object”: there is something to merge
    folder.mkdir()
    if pickled:
        torch.save(weights, folder / "pytorch_model.bin")
    else:
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    content = {**config.to_dict(), "architectures": ["Mask2FormerForUniversalSegmentation"]}
    (folder / "config.json").write_text(json.dumps(content))
    write_preprocessor(folder, size={"height": 384, "width": 384})
    return folder


def _random(
    name: str, shape: tuple[int, ...], pool: torch.Tensor, generator: torch.Generator
) -> torch.Tensor:
    """Small numbers for a layer's weights; for what is one number per channel, what leaves it as it is."""
    if len(shape) == 1:
        return torch.ones(shape) if name.endswith("weight") else torch.zeros(shape)
    count, half = torch.Size(shape).numel(), len(pool) // 2
    start = int(torch.randint(half, (1,), generator=generator))
    taken = (
        pool[start : start + half].repeat(count // half + 1)[:count] if count > half else pool[start:][:count]
    )
    return taken.mul((count / shape[0]) ** -0.5).reshape(shape)
