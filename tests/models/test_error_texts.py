"""Errors of other libraries, raised by the installed versions; an upgrade may change what they say."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import Mask2FormerForUniversalSegmentation

from panoseg.models.engines import error_texts
from panoseg.models.engines.error_texts import first_sentence, says_damaged, says_no_memory, says_unfit
from panoseg.models.engines.openvino_conversion import import_openvino
from tests.models.tiny import edit_json, save_tiny


def error_of(call: Callable[[], Any]) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011  # which text it has is what is tested
        call()
    return caught.value


def test_torch_without_memory() -> None:
    error = error_of(lambda: torch.empty(1 << 55))
    assert type(error) is RuntimeError
    assert says_no_memory(error)


def test_openvino_without_memory() -> None:
    openvino = import_openvino()
    error = error_of(lambda: openvino.Tensor(openvino.Type.f32, openvino.Shape([1 << 50])))
    assert type(error) is RuntimeError
    assert says_no_memory(error)


def test_weights_of_other_shapes(folder: Path) -> None:
    edit_json(folder / "config.json", hidden_dim=64)
    assert says_unfit(error_of(lambda: Mask2FormerForUniversalSegmentation.from_pretrained(folder)))


def test_pickled_weights_that_are_cut_off(tmp_path: Path) -> None:
    weights = save_tiny(tmp_path / "pickled", pickled=True) / "pytorch_model.bin"
    weights.write_bytes(weights.read_bytes()[:-100_000])
    assert says_damaged(error_of(lambda: torch.load(weights, weights_only=True)))


def test_other_errors_are_none_of_these() -> None:
    error = error_of(lambda: torch.ones(2) @ torch.ones(3))
    assert not (says_no_memory(error) or says_unfit(error) or says_damaged(error))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("It failed.\nTraceback …", "It failed"),
        ("Needs natten 0.17. Run pip install natten.", "Needs natten 0.17"),
        ("", "ValueError"),
        ("x" * 500, "x" * 160),
    ],
)
def test_the_first_sentence_is_what_users_see(text: str, sentence: str) -> None:
    assert first_sentence(ValueError(text)) == sentence


def test_nobody_else_reads_them() -> None:
    """Elsewhere, `in str(error)` would have to be found after an upgrade."""
    for path in Path(error_texts.__file__).parent.glob("*.py"):
        if path != Path(error_texts.__file__):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
                    assert "str(error)" not in ast.unparse(node), path
