"""A segmenter in the model's place, and a photo."""

import pytest

import panoseg
from tests.broken_photos import encoded
from tests.fakes import FakeSegmenter


@pytest.fixture
def fake(monkeypatch):
    """The segmenter that every command gets, counting how often one was loaded."""
    segmenter = FakeSegmenter()
    segmenter.loads = []

    def load(name, *, engine, things, progress, ask, steady=False, side_by_side=None):
        segmenter.loads.append(name)
        segmenter.engine = engine
        return segmenter

    monkeypatch.setattr(panoseg, "load_segmenter", load)
    return segmenter


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "holiday.png"
    path.write_bytes(encoded("PNG"))
    return path
