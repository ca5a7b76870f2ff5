"""A page for each test, and models that never were trained."""

import pytest

import panoseg
from panoseg.ui import loading, state
from tests.ui.page import Models, Page


@pytest.fixture
def models(monkeypatch):
    """The models that can be had in this test: the fake demo at first."""
    models = Models()
    monkeypatch.setattr(panoseg, "load_segmenter", models.load)
    monkeypatch.delenv("PANOSEG_MODELS", raising=False)
    # Models and predictions are shared by all sessions of a process: forget those of the test before.
    # Other caches hold pictures, which are the same for every test.
    monkeypatch.setattr(loading, "_loadings", {})
    state._predict.clear()
    return models


@pytest.fixture
def page(models):
    """The page as it opens."""
    return Page()
