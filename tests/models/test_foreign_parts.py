"""A checkpoint gets itself, and nothing else, from anywhere."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from panoseg.models import load_segmenter
from panoseg.models.checkpoints.foreign_parts import check_asks_for_nothing_else
from tests.models.hub_server import Hub
from tests.models.tiny import edit_json

ID = "someone/tiny-mask2former"
OTHER = "someone/else"
KERNELS = "kernels-community/flash-attn"
Refusal = Callable[..., str]

OTHER_NETWORK = [
    {"backbone": OTHER, "backbone_config": None, "use_pretrained_backbone": True},
    {"backbone": OTHER},
    {"backbone_config": OTHER},
    {"backbone_config": {"model_type": "timm_backbone", "backbone": OTHER}},
    {"backbone": "resnet50", "use_timm_backbone": True, "backbone_config": None},
]
KERNEL = [
    {"attn_implementation": KERNELS},
    {"_attn_implementation": f"{KERNELS}@main:forward"},
    {"attn_implementation": {"backbone_config": KERNELS}},
    {"backbone_config": {"model_type": "swin", "_attn_implementation_internal": KERNELS}},
    {"use_kernels": True},
]


@pytest.mark.parametrize("changes", OTHER_NETWORK)
def test_another_network_that_a_checkpoint_names_is_not_asked_for(
    hub: Hub, folder: Path, changes: dict[str, Any], refusal: Refusal
) -> None:
    hub.repository(OTHER).add(folder)
    edit_json(folder / "config.json", **changes)
    hub.repository(ID).add(folder)
    sentence = refusal(load_segmenter, ID, device="cpu")
    assert "another network" in sentence
    assert "backbone" in sentence
    assert not [request for request in hub.requests if OTHER in request or "resnet50" in request]
    assert "model.safetensors" not in hub.downloads()


@pytest.mark.parametrize("changes", KERNEL)
def test_kernels_from_the_hub_stay_off(
    hub: Hub, folder: Path, changes: dict[str, Any], refusal: Refusal
) -> None:
    edit_json(folder / "config.json", **changes)
    hub.repository(ID).add(folder)
    assert "kernels from the hub" in refusal(load_segmenter, ID, device="cpu")
    assert not [request for request in hub.requests if "kernels-community" in request]


@pytest.mark.parametrize("changes", [OTHER_NETWORK[0], KERNEL[0]])
def test_a_folder_is_no_better(folder: Path, changes: dict[str, Any], refusal: Refusal) -> None:
    edit_json(folder / "config.json", **changes)
    assert "panoseg" in refusal(load_segmenter, folder, device="cpu")


def test_code_in_any_part_is_found() -> None:
    with pytest.raises(Exception, match="code of its own"):
        check_asks_for_nothing_else("x", {"parts": [{"deep": {"auto_map": {}}}]})


def test_what_save_pretrained_writes_is_fine() -> None:
    config = {
        "backbone": None,
        "use_pretrained_backbone": False,
        "backbone_config": {"model_type": "swin", "_attn_implementation": "sdpa", "backbone": ""},
        "_name_or_path": "facebook/mask2former-swin-tiny-coco-panoptic",
        "attn_implementation": "eager",
        "use_kernels": False,
    }
    check_asks_for_nothing_else("x", config)


def test_transformers_is_told_to_use_none() -> None:
    code = (
        "from panoseg.models.engines import choice; choice._prepare_torch();"
        "from transformers.integrations import hub_kernels; print(hub_kernels._kernels_enabled)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
