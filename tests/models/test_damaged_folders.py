"""Checkpoints that lack a file, are damaged, or hide code: refused in one sentence."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from panoseg.models import load_segmenter
from tests.models.tiny import edit_json, save_tiny

Refusal = Callable[..., str]


@pytest.mark.parametrize("file", ["config.json", "preprocessor_config.json", "model.safetensors"])
def test_a_missing_file_is_named(folder: Path, file: str, refusal: Refusal) -> None:
    (folder / file).unlink()
    assert file in refusal(load_segmenter, folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe\x00", b"[" * 100_000])
@pytest.mark.parametrize("file", ["config.json", "preprocessor_config.json"])
def test_damaged_settings(folder: Path, file: str, content: bytes, refusal: Refusal) -> None:
    (folder / file).write_bytes(content)
    sentence = refusal(load_segmenter, folder)
    assert file in sentence
    assert "damaged" in sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model_type": "segformer"}, "segformer"),
        ({"model_type": None}, "unknown"),
        ({"model_type": ["mask2former"]}, "does not run"),
        ({"id2label": None}, "names no labels"),
        ({"id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}}, "numbers them"),
        ({"auto_map": {"AutoModel": "evil.Model"}}, "code of its own"),
        ({"backbone_config": {"model_type": "swin", "auto_map": {"AutoModel": "evil.M"}}}, "code of its own"),
        ({"backbone_config": {"model_type": "no such backbone"}}, "cannot be loaded"),
        ({"id2label": {"0": "sky", "1": "cat", "2": "dog", "3": "car"}}, "do not fit"),
        ({"decoder_layers": 5}, "do not fit"),
        ({"decoder_layers": 2}, "do not fit"),
        ({"hidden_dim": 64}, "do not fit"),
        ({"encoder_layers": 2}, "do not fit"),
        ({"num_queries": 6}, "do not fit"),
    ],
)
def test_configurations_that_cannot_be_run(
    folder: Path, changes: dict[str, Any], sentence: str, refusal: Refusal
) -> None:
    edit_json(folder / "config.json", **changes)
    assert sentence in refusal(load_segmenter, folder, things=[])


@pytest.mark.parametrize("keep", [0, 5, 1000, -1, -100_000])
def test_truncated_safetensors(folder: Path, keep: int, refusal: Refusal) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:keep])
    assert "damaged" in refusal(load_segmenter, folder)


def test_corrupt_safetensors(folder: Path, refusal: Refusal) -> None:
    weights = folder / "model.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(b"\xff" * 64 + content[64:])
    assert "damaged" in refusal(load_segmenter, folder)


@pytest.mark.parametrize("keep", [0, 5, 1000, -1, -100_000])
def test_truncated_pickles(tmp_path: Path, keep: int, refusal: Refusal) -> None:
    folder = save_tiny(tmp_path / "pickled", pickled=True)
    weights = folder / "pytorch_model.bin"
    weights.write_bytes(weights.read_bytes()[:keep])
    assert "damaged" in refusal(load_segmenter, folder)


class Evil:
    """Runs code when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.trace,))


@pytest.mark.parametrize("write", ["torch", "pickle"])
def test_a_pickle_that_runs_code_is_refused(tmp_path: Path, write: str, refusal: Refusal) -> None:
    folder = save_tiny(tmp_path / "evil", pickled=True)
    trace = tmp_path / "code was run"
    weights = folder / "pytorch_model.bin"
    if write == "torch":
        torch.save({"class_predictor.bias": Evil(trace)}, weights)
    else:
        weights.write_bytes(pickle.dumps({"class_predictor.bias": Evil(trace)}, protocol=2))
    assert "refused" in refusal(load_segmenter, folder)
    assert not trace.exists()


def test_a_safetensors_file_goes_before_a_pickle(folder: Path, tmp_path: Path) -> None:
    torch.save({"x": Evil(tmp_path / "code was run")}, folder / "pytorch_model.bin")
    load_segmenter(folder, device="cpu")
    assert not (tmp_path / "code was run").exists()


def test_missing_weights_are_not_made_up(folder: Path, refusal: Refusal) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    weights.pop("class_predictor.weight")
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    assert "untrained" in refusal(load_segmenter, folder)
