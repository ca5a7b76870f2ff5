"""How prepared photos share forward passes, and what a GPU's answers go through."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.engines.engine import Lanes, Logits
from panoseg.models.engines.torch_engine import TorchEngine
from panoseg.models.network_segmenter import NetworkSegmenter
from panoseg.prediction import Prediction
from tests.models.tiny import photo


class BatchEngine:
    """Answers parts of one array, as a GPU does.

    Attributes:
        asked: how many inputs each pass had.
    """

    name, precision, device, lanes, few_sizes = "torch", "float32", "cuda", Lanes(), False

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self.asked: list[int] = []

    def run(self, inputs: Any, cancelled: Any) -> list[Logits]:
        self.asked.append(len(inputs))
        masks = np.zeros((len(inputs), 5, 4, 4), np.float32)
        return [Logits(np.zeros((5, 4), np.float32), each) for each in masks]


def predicted(folder: Path, engine: Any, count: int, **options: Any) -> list[Prediction]:
    segmenter = NetworkSegmenter(Checkpoint.read(folder, "squash"), engine)
    prepared = [segmenter.prepare(photo(50, 70, seed)) for seed in range(count)]
    return segmenter.predict_prepared(prepared, **options)


@pytest.mark.parametrize(
    ("own", "wanted", "asked"), [(2, None, [2, 2, 1]), (2, 4, [4, 1]), (1, None, [1] * 5), (1, 4, [1] * 5)]
)
def test_passes_are_as_large_as_wanted_where_that_gains_anything(
    squash_folder: Path, own: int, wanted: int | None, asked: list[int]
) -> None:
    engine = BatchEngine(own)
    assert len(predicted(squash_folder, engine, 5, batch=wanted)) == 5
    assert engine.asked == asked


@pytest.mark.parametrize("fleeting", [False, True])
@pytest.mark.parametrize("count", [1, 2])
def test_only_fleeting_predictions_share_memory(squash_folder: Path, count: int, fleeting: bool) -> None:
    for each in predicted(squash_folder, BatchEngine(2), count, fleeting=fleeting):
        memory: Any = each.mask_logits
        while isinstance(memory.base, np.ndarray):
            memory = memory.base
        assert (memory.size == each.mask_logits.size) == (count == 1 or not fleeting)


def test_the_way_through_pinned_memory_changes_no_bit(
    squash_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = TorchEngine.load(Checkpoint.read(squash_folder, "squash"), "cpu")
    policy = Checkpoint.read(squash_folder, "squash").policy
    inputs = [policy(photo(50, 70, seed).pixels) for seed in range(3)]
    plain = engine.run(inputs, lambda: False)
    pinned, waits = [], []
    empty = torch.empty

    def without_gpu(*shape: Any, pin_memory: bool = False, **options: Any) -> torch.Tensor:
        pinned.append(pin_memory)
        return empty(*shape, **options)

    class Stream:
        def synchronize(self) -> None:
            waits.append(self)

    monkeypatch.setattr(torch, "empty", without_gpu)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: Stream())
    monkeypatch.setattr(engine, "_pins", True)
    through = engine.run(inputs, lambda: False)
    for one, other in zip(plain, through, strict=True):
        np.testing.assert_array_equal(one.classes, other.classes)
        np.testing.assert_array_equal(one.masks, other.masks)
    assert pinned.count(True) == 3  # in, classes, masks
    assert len(waits) == 1
