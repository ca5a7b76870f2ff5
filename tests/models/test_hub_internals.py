"""huggingface_hub's undocumented parts do what panoseg takes them for; an upgrade may change that."""

import ast
import hashlib
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub import errors, file_download, snapshot_download

import panoseg
from panoseg.models.downloads import hub_internals
from tests.models.hub_server import Hub

ID = "someone/tiny-mask2former"
WEIGHTS = "model.safetensors"


@pytest.fixture
def weights(hub: Hub, squash_folder: Path) -> bytes:
    """The large file of a checkpoint on the hub."""
    hub.repository(ID).add(squash_folder)
    return (squash_folder / WEIGHTS).read_bytes()


def url() -> str:
    return huggingface_hub.hf_hub_url(ID, WEIGHTS)


def test_the_client_keeps_a_large_file_where_panoseg_does(weights: bytes) -> None:
    snapshot = Path(snapshot_download(ID))
    blob = hub_internals.blob(snapshot, hashlib.sha256(weights).hexdigest())
    assert blob.read_bytes() == weights
    assert (snapshot / WEIGHTS).resolve() == blob.resolve()


def test_the_client_links_what_panoseg_has_put_there(hub: Hub, weights: bytes) -> None:
    snapshot = Path(snapshot_download(ID, allow_patterns="config.json"))
    blob = hub_internals.blob(snapshot, hashlib.sha256(weights).hexdigest())
    blob.write_bytes(weights)
    snapshot_download(ID)
    assert (snapshot / WEIGHTS).read_bytes() == weights
    assert hub.offsets == [], "it was not downloaded again"


def test_both_hold_the_same_lock(weights: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    locked: list[Path] = []
    theirs = file_download.WeakFileLock

    def noting(file: str | Path, **options: float) -> object:
        locked.append(Path(file))
        return theirs(file, **options)

    monkeypatch.setattr(file_download, "WeakFileLock", noting)
    snapshot = Path(snapshot_download(ID))
    client = set(locked)
    monkeypatch.setattr("huggingface_hub.utils.WeakFileLock", noting)
    locked.clear()
    with hub_internals.lock(snapshot, hashlib.sha256(weights).hexdigest()):
        pass
    assert len(locked) == 1
    assert locked[0] in client


@pytest.mark.parametrize("start", [0, 1000])
def test_bytes_come_from_an_offset_on(weights: bytes, start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    with hub_internals.stream(url(), start) as response:
        assert response.status_code == (206 if start else 200)
        assert response.request.headers["Authorization"] == "Bearer hf_secret"
        assert b"".join(response.iter_bytes()) == weights[start:]


@pytest.mark.usefixtures("weights")
def test_what_the_hub_refuses_is_an_error_of_the_clients(hub: Hub) -> None:
    hub.repository(ID).gated = True
    with pytest.raises(errors.GatedRepoError), hub_internals.stream(url(), 0):
        pass


def test_nobody_else_uses_them() -> None:
    """Of its documented interface anybody may; that is what the package itself and `errors` hold."""
    for path in Path(panoseg.__file__).parent.rglob("*.py"):
        if path == Path(hub_internals.__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("huggingface_hub"):
                assert node.module in ("huggingface_hub", "huggingface_hub.errors"), path
