from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from panoseg.errors import InvalidValueError
from panoseg.models import load_segmenter
from panoseg.models.engines import choice, conversion_cache, torch_engine
from panoseg.models.engines.openvino_engine import OpenVinoEngine
from panoseg.models.engines.torch_engine import TorchEngine
from tests.models.agreement import ROUNDING, assert_predictions_agree
from tests.models.tiny import photo

Refusal = Callable[..., str]


def chosen(folder: Path, **options: Any) -> type:
    segmenter: Any = load_segmenter(folder, **options)
    return type(segmenter._engine)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANOSEG_CACHE", str(tmp_path))


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every network counts as one that is worth a conversion."""
    monkeypatch.setattr(choice, "SMALL_BYTES", 0)


def test_a_small_network_stays_on_torch(squash_folder: Path) -> None:
    assert chosen(squash_folder) is TorchEngine
    assert chosen(squash_folder, engine="openvino") is OpenVinoEngine


@pytest.mark.usefixtures("large")
def test_a_large_one_goes_to_openvino_where_there_is_no_gpu(
    squash_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "_has_gpu", lambda: False)
    assert chosen(squash_folder) is OpenVinoEngine
    assert chosen(squash_folder, precision="bfloat16") is OpenVinoEngine
    assert chosen(squash_folder, precision="float16") is TorchEngine
    assert chosen(squash_folder, engine="torch") is TorchEngine
    monkeypatch.setattr(choice, "_has_gpu", lambda: True)
    assert chosen(squash_folder, device="cpu") is OpenVinoEngine
    assert chosen(squash_folder) is TorchEngine


def test_a_gpu_is_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = {"device": "cpu"}
    monkeypatch.setattr(torch_engine, "torch_device", lambda wanted: there["device"])
    monkeypatch.setattr(choice.sys, "platform", "linux")
    monkeypatch.setattr(choice, "_GPU_DRIVERS", (str(tmp_path / "nvidiactl"),))
    there["device"] = "cuda"
    assert not choice._has_gpu()  # no driver: torch need not be asked
    (tmp_path / "nvidiactl").touch()
    assert choice._has_gpu()
    there["device"] = "cpu"
    assert not choice._has_gpu()
    there["device"] = "mps"
    monkeypatch.setattr(choice.sys, "platform", "darwin")
    assert choice._has_gpu()


@pytest.mark.usefixtures("large")
def test_without_openvino(squash_folder: Path, refusal: Refusal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "find_spec", lambda name: None)
    assert chosen(squash_folder, device="cpu") is TorchEngine
    assert "pip install panoseg[openvino]" in refusal(load_segmenter, squash_folder, engine="openvino")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"engine": "onnx"}, ["engine", "auto, torch, openvino", "'onnx'"]),
        ({"precision": "int8"}, ["precision", "float32, float16, bfloat16", "'int8'"]),
        ({"engine": "openvino", "device": "cuda"}, ["device", "cpu", "'cuda'"]),
        ({"engine": "openvino", "precision": "float16"}, ["precision", "bfloat16"]),
    ],
)
def test_what_does_not_go_together(squash_folder: Path, options: Any, words: list[str]) -> None:
    with pytest.raises(InvalidValueError) as caught:
        load_segmenter(squash_folder, **options)
    assert all(word in str(caught.value) for word in words)


def test_damaged_weights_show_when_loading(
    folder: Path, refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError("not yours")

    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    assert "damaged" in refusal(load_segmenter, folder, engine="openvino")
    with monkeypatch.context() as patch:
        patch.setattr(conversion_cache, "_digest", refuse)
        assert "cannot be read" in refusal(load_segmenter, folder, engine="openvino")
    weights.unlink()
    assert "no weights" in refusal(load_segmenter, folder, engine="openvino")


def test_half_precision_is_an_explicit_choice(squash_folder: Path) -> None:
    full, half = (
        load_segmenter(squash_folder, device="cpu", engine="torch", precision=precision).predict(
            photo(50, 70)
        )
        for precision in ("float32", "bfloat16")
    )
    again = load_segmenter(squash_folder, device="cpu", engine="torch").predict(photo(50, 70))
    assert_predictions_agree(again, full)
    assert half.mask_logits.dtype == half.class_logits.dtype == np.float32
    assert 10 * ROUNDING < np.abs(half.class_logits - full.class_logits).max() < 0.1
