import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.models.tiny import EDGES, save_tiny


@pytest.fixture(scope="session")
def squash_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint that squashes photos to 64×96; not to be changed."""
    return save_tiny(tmp_path_factory.mktemp("checkpoints") / "squash")


@pytest.fixture(scope="session")
def edges_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint that keeps the aspect ratio and pads; not to be changed."""
    return save_tiny(tmp_path_factory.mktemp("checkpoints") / "edges", size=EDGES)


@pytest.fixture
def folder(squash_folder: Path, tmp_path: Path) -> Path:
    """A copy to be broken."""
    return Path(shutil.copytree(squash_folder, tmp_path / "tiny"))


@pytest.fixture
def refusal() -> Callable[..., str]:
    """Call something that must raise ModelError; gives its sentence, fit to show to a user."""
    from panoseg.errors import ModelError

    def call(function: Callable[..., Any], *args: Any, **options: Any) -> str:
        with pytest.raises(ModelError) as caught:
            function(*args, **options)
        sentence = str(caught.value)
        assert sentence
        assert "\n" not in sentence
        assert "Traceback" not in sentence
        return sentence

    return call
