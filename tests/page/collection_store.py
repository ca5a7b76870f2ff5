"""A run of the operator's, and a visitor who asks the Collection page for it."""

import io

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

import panoseg
from panoseg.page import model_service
from panoseg.page.collection import desk as desks
from panoseg.page.collection.routes import FOLDER, collection_routes
from panoseg.page.collection.visitors import CollectionVisitor
from panoseg.settings import settings
from tests.fakes import FakeSegmenter

PICTURES = 6


def png(shade):
    stream = io.BytesIO()
    Image.fromarray(np.full((48, 64, 3), shade, np.uint8)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def store(tmp_path, monkeypatch, models):
    """The operator's only run, "beach"."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(PICTURES):
        (pictures / f"{number}.png").write_bytes(png(20 * number))
    panoseg.make_run(pictures, store=tmp_path / "runs" / "Beach", model=FakeSegmenter("demo")).close()
    monkeypatch.setenv("PANOSEG_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("PANOSEG_PICTURES", str(pictures))
    monkeypatch.setenv("PANOSEG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PANOSEG_MODELS", "demo")
    monkeypatch.setenv("PANOSEG_RUN_PICTURES", "4")
    monkeypatch.setenv("PANOSEG_RUN_MB", "1")
    settings.cache_clear()
    desks.forget_desk()
    yield tmp_path / "runs" / "Beach"
    desks.forget_desk()
    model_service.forget_service()
    settings.cache_clear()


@pytest.fixture
def visitor(store):
    visitor = CollectionVisitor()
    visitor.open()
    yield visitor
    visitor.close()


@pytest.fixture
def client(visitor):
    app = Starlette(routes=collection_routes())
    return TestClient(app, base_url=f"http://test/{FOLDER}/{visitor.token}/")
