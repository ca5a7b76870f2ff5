"""A page for each test, models that never were trained, and a run of the operator's."""

import pytest

import panoseg
from panoseg.page import model_service
from tests.page.collection_store import client, store, visitor  # noqa: F401  # fixtures
from tests.page.page import Models, Page


@pytest.fixture
def models(monkeypatch):
    """The models that can be had in this test: the fake demo at first."""
    models = Models()
    monkeypatch.setattr(panoseg, "load_segmenter", models.load)
    monkeypatch.delenv("PANOSEG_MODELS", raising=False)
    monkeypatch.setattr(model_service, "FIRST_IMPORT_SECONDS", 0)
    # Models and predictions are shared by all sessions of a process: forget those of the test before.
    # Other caches hold pictures, which are the same for every test.
    model_service.forget_service()
    return models


@pytest.fixture
def page(models):
    """The page as it opens."""
    return Page()
