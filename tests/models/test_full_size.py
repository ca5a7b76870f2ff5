"""All four official sizes from a hub to segments. The weights are random; everything else is as it is."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import panoseg
from panoseg.models import Step, load_segmenter
from panoseg.models.checkpoints.data_sets import COCO_PANOPTIC
from tests.models.full_size import save_full_size
from tests.models.hub_server import Hub

MILLIONS = {"tiny": 47, "small": 69, "base": 107, "large": 216}  # as the paper counts them


@pytest.fixture
def scratch(monkeypatch: pytest.MonkeyPatch, hub: Hub) -> Iterator[Path]:
    """A folder that goes away at once, cache included: there are gigabytes in it."""
    from huggingface_hub import constants

    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(constants, "HF_HUB_CACHE", f"{folder}/cache")
        yield Path(folder)


@pytest.fixture
def photo() -> panoseg.Photo:
    rng = np.random.default_rng(3)
    pixels = np.kron(rng.integers(0, 256, (6, 8, 3)), np.ones((20, 20, 1))).astype(np.uint8)
    return panoseg.Photo.from_pixels(pixels, "squares.png")


@pytest.mark.parametrize(
    ("size", "pickled"),
    [("tiny", False), ("tiny", True), ("small", False), ("base", False), ("large", False)],
)
def test_download_load_predict_merge(
    hub: Hub, scratch: Path, photo: panoseg.Photo, size: str, pickled: bool
) -> None:
    name = f"facebook/mask2former-swin-{size}-coco-panoptic"
    commit = hub.repository(name).add(save_full_size(scratch / size, size, pickled=pickled), branch="v1")
    steps: list[Step] = []
    segmenter: Any = load_segmenter(name, engine="torch", revision="v1", progress=steps.append)
    assert segmenter.revision == commit
    assert segmenter.vocabulary.labels == COCO_PANOPTIC.labels
    assert segmenter.vocabulary.things == COCO_PANOPTIC.things
    millions = sum(weight.numel() for weight in segmenter._engine._network.parameters()) / 1e6
    assert round(millions) == MILLIONS[size]
    total = next(step.total for step in steps if step.total)
    assert total == pytest.approx(4e6 * millions, rel=0.01)
    done = [step.done for step in steps if step.total]
    assert (done[0], done[-1]) == (0, total)

    prediction = segmenter.predict(photo)
    queries = 200 if size == "large" else 100
    assert prediction.class_logits.shape == (queries, 134)
    assert prediction.mask_logits.shape == (queries, 96, 96)
    assert prediction.mask_logits.std() > 0

    segmentation = panoseg.panoptic(prediction, panoseg.Thresholds(score=0, mask=0, overlap=0))
    assert segmentation.id_map.shape == photo.size == (120, 160)
    assert {segment.label for segment in segmentation.segments} <= set(COCO_PANOPTIC.labels)
    assert len(segmentation.segments) > 0
    assert len(panoseg.semantic(prediction).segments) > 0
