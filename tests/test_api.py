"""What the package shows to the world, and what its rooms may know of each other."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import panoseg

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "panoseg").rglob("*.py"))


def test_public_names():
    assert panoseg.__all__ == sorted(panoseg.__all__)
    assert set(panoseg.__all__) == {
        "Candidate", "Instances", "InvalidValueError", "Landscape", "ModelError", "PanosegError", "Photo",
        "PhotoError", "PhotoLimits", "Prediction", "Segment", "Segmentation", "Segmenter", "Thresholds",
        "Vocabulary", "candidates", "draw_overlay", "instances", "landscape", "load_segmenter", "margin",
        "open_photo", "panoptic", "semantic",
    }  # fmt: skip
    assert all(hasattr(panoseg, name) for name in panoseg.__all__)


def test_every_error_can_be_caught_as_one():
    for error in (panoseg.InvalidValueError, panoseg.ModelError, panoseg.PhotoError):
        assert issubclass(error, panoseg.PanosegError)


def test_importing_panoseg_stays_light():
    heavy = "torch transformers streamlit pandas plotly numba scipy"
    code = f"import panoseg, sys; print([m for m in '{heavy}'.split() if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def imports(path, top_level_only=False):
    """Names of the modules that a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_layering(path):
    room = name_of(path)
    if not room.startswith("panoseg.page"):
        assert not any(name.split(".")[0] == "streamlit" for name in imports(path))
        if not room.startswith("panoseg.cli"):
            assert not any(name.startswith("panoseg.page") for name in imports(path))
    if not room.startswith(("panoseg.models", "panoseg.demo")):
        assert not any(name.split(".")[0] in ("torch", "transformers") for name in imports(path, True))


# Each room may import itself, the errors, and what stands to its left in the flow of data.
ROOMS = ["palette", "srgb", "vocabulary", "photo", "prediction", "segmentation", "merging", "tasks", "models"]


@pytest.mark.parametrize("room", ROOMS)
def test_data_flows_one_way(room):
    later = {*ROOMS[ROOMS.index(room) + 1 :], "drawing", "export", "charts", "ui", "cli"}
    if room in ("photo", "srgb", "vocabulary"):
        later |= {"prediction", "segmentation"}
    for path in MODULES:
        if name_of(path).split(".")[1:2] == [room]:
            known = {name.split(".")[1] for name in imports(path) if name.startswith("panoseg.")}
            assert not known & later, f"{name_of(path)} imports {known & later}"
