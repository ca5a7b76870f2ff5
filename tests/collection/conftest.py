"""A small run of fake predictions."""

import numpy as np
import pytest
from PIL import Image

import panoseg
from tests.fakes import FakeSegmenter


@pytest.fixture
def pictures(tmp_path):
    """A folder of five small pictures."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(5):
        pixels = np.full((48, 64, 3), 40 * number, np.uint8)
        Image.fromarray(pixels).save(folder / f"picture-{number}.png")
    return folder


@pytest.fixture
def store(tmp_path, pictures):
    """A run of them."""
    panoseg.make_run(pictures, store=tmp_path / "run", model=FakeSegmenter("demo")).close()
    return tmp_path / "run"
