"""A network of each family, small, real and randomly initialised, with its own processor."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import (
    DetrConfig,
    EomtConfig,
    EomtDinov3Config,
    MaskFormerConfig,
    OneFormerConfig,
)
from transformers.models.eomt.image_processing_pil_eomt import EomtImageProcessorPil
from transformers.models.mask2former.image_processing_pil_mask2former import (
    Mask2FormerImageProcessorPil,
)
from transformers.models.maskformer.image_processing_pil_maskformer import MaskFormerImageProcessorPil
from transformers.models.oneformer.image_processing_pil_oneformer import OneFormerImageProcessorPil

from panoseg.models.checkpoints.families import FAMILIES
from tests.models.tiny import LABELS, THINGS, tiny_config

SIDE = 64
"""Of the square inputs of the EoMTs here, in pixels."""


def _swin() -> Any:
    return tiny_config().backbone_config


def _maskformer(**changes: Any) -> MaskFormerConfig:
    decoder = DetrConfig(
        backbone_config=_swin(),
        d_model=32,
        num_queries=5,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
    )
    return MaskFormerConfig(
        backbone_config=_swin(), decoder_config=decoder, fpn_feature_size=32, mask_feature_size=32, **changes
    )


def _oneformer(**changes: Any) -> OneFormerConfig:
    return OneFormerConfig(
        backbone_config=_swin(),
        num_queries=5,
        conv_dim=32,
        mask_dim=32,
        hidden_dim=32,
        encoder_feedforward_dim=16,
        dim_feedforward=16,
        encoder_layers=1,
        decoder_layers=3,
        query_dec_layers=1,
        num_attention_heads=2,
        text_encoder_width=64,
        text_encoder_num_layers=2,
        text_encoder_proj_layers=1,
        text_encoder_vocab_size=99,
        text_encoder_n_ctx=2,
        **changes,
    )


_VIT = {
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "image_size": SIDE,
    "patch_size": 16,
    "num_blocks": 2,
    "num_queries": 5,
    "num_register_tokens": 2,
}


def _eomt(**changes: Any) -> EomtConfig:
    return EomtConfig(**{**_VIT, **changes})


def _eomt_dinov3(**changes: Any) -> EomtDinov3Config:
    return EomtDinov3Config(**{**_VIT, "intermediate_size": 32, **changes})


CONFIGS: dict[str, Callable[..., Any]] = {
    "mask2former": tiny_config,
    "maskformer": _maskformer,
    "oneformer": _oneformer,
    "eomt": _eomt,
    "eomt_dinov3": _eomt_dinov3,
}


def processor_of(model_type: str) -> Any:
    """A family's own image processor; what it makes is what panoseg makes of a photo of 48×64 pixels."""
    fixed = {"height": 64, "width": 96}
    if model_type.startswith("eomt"):
        return EomtImageProcessorPil(do_pad=True, size={"shortest_edge": SIDE, "longest_edge": SIDE})
    if model_type == "oneformer":
        return OneFormerImageProcessorPil(size=fixed)
    if model_type == "maskformer":
        return MaskFormerImageProcessorPil(size=fixed)
    return Mask2FormerImageProcessorPil(size=fixed)


def save_family(folder: Path, model_type: str, **changes: Any) -> Path:
    """Write a checkpoint of a family, as save_pretrained of the network and of the processor do."""
    config = CONFIGS[model_type](id2label=dict(enumerate(LABELS)), **changes)
    config.panoseg_things = list(THINGS)
    with torch.random.fork_rng():
        torch.manual_seed(7)
        network = getattr(transformers, FAMILIES[model_type].network)(config)
    network.save_pretrained(folder)
    processor_of(model_type).save_pretrained(folder)
    return folder
