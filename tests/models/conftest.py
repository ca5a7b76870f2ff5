import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.models.hub_server import Hub, running_hub
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
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A running hub that this process's client talks to, with an empty cache and no token."""
    from huggingface_hub import close_session, constants

    from panoseg.models.downloads import large_file

    # The client reads its environment when it is imported, so what it made of it is replaced.
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no token"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(large_file, "PAUSE_SECONDS", 0.0)
    close_session()
    with running_hub() as server:
        point_client_at(server.url, monkeypatch)
        yield server
    close_session()


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call to set HF_HUB_OFFLINE from then on."""
    from huggingface_hub import constants

    return lambda: monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)


@pytest.fixture
def unplug(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call to make the hub unreachable from then on."""
    # Nothing listens at port 1 of this machine: the connection is refused at once.
    return lambda: point_client_at("http://127.0.0.1:1", monkeypatch)


def point_client_at(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What HF_ENDPOINT does, for a client that has been imported."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", url)
    files = url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", files)
