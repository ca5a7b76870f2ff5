"""Getting weights: counted, resumed, cancelled, checked; the real client's cache and a local hub."""

import errno
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from panoseg.errors import CancelledError
from panoseg.models import load_segmenter, pull
from panoseg.models.downloads import hub as hub_module
from panoseg.models.downloads import large_file
from panoseg.models.downloads.progress import Step
from tests.models.hub_server import Hub, Repository
from tests.models.tiny import edit_json, save_tiny

ID = "someone/tiny-mask2former"
WEIGHTS = "model.safetensors"
Refusal = Callable[..., str]


@pytest.fixture
def repository(hub: Hub, squash_folder: Path) -> Repository:
    """A checkpoint on the hub, its weights sent in pieces of 64 KiB."""
    repository = hub.repository(ID)
    repository.add(squash_folder)
    return repository


@pytest.fixture
def size(squash_folder: Path) -> int:
    """Bytes of its weights."""
    return (squash_folder / WEIGHTS).stat().st_size


def blobs(tmp_path: Path) -> list[Path]:
    """The large files in the cache, whole or not."""
    return [path for path in tmp_path.glob("cache/models--*/blobs/*") if path.stat().st_size > 100_000]


def stop_at(count: int) -> Callable[[Step], None]:
    """A progress that ends the download once so many bytes are there."""

    def hear(step: Step) -> None:
        if step.done is not None and step.done >= count:
            raise CancelledError("Stopped.")

    return hear


def test_bytes_are_counted(repository: Repository, size: int) -> None:
    steps: list[Step] = []
    load_segmenter(ID, device="cpu", progress=steps.append)
    counted = [step for step in steps if step.total is not None]
    assert {step.total for step in counted} == {size}
    done = [step.done for step in counted if step.done is not None]
    assert done == sorted(done)
    assert done[0] == 0
    assert done[-1] == size
    assert len(done) > size / (1 << 17), "the bar moves while the file comes"
    assert str(counted[0]) == f"Downloading the weights of {ID}: 0.0 of {size / 1e6:.1f} MB"


@pytest.mark.parametrize("breaks_after", [100_000, 150_000])
def test_a_connection_that_breaks_is_taken_up_again(
    hub: Hub, repository: Repository, size: int, breaks_after: int
) -> None:
    repository.breaks_after = breaks_after
    load_segmenter(ID, device="cpu")
    assert hub.offsets == list(range(0, size, breaks_after))


def test_a_cancelled_download_goes_on_from_there(
    hub: Hub, repository: Repository, size: int, tmp_path: Path
) -> None:
    with pytest.raises(CancelledError):
        load_segmenter(ID, device="cpu", progress=stop_at(150_000))
    (partial,) = blobs(tmp_path)
    begun = partial.stat().st_size
    assert 150_000 <= begun < size
    assert hub_module.fetch_settings(ID, None).missing == size - begun

    steps: list[Step] = []
    load_segmenter(ID, device="cpu", progress=steps.append)
    assert hub.offsets == [0, begun]
    assert next(step.done for step in steps if step.total) == begun
    (whole,) = blobs(tmp_path)
    assert whole.name == hashlib.sha256(whole.read_bytes()).hexdigest()


def test_an_interrupted_download_goes_on_from_there(hub: Hub, repository: Repository) -> None:
    def interrupt(step: Step) -> None:
        if step.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_segmenter(ID, device="cpu", progress=interrupt)
    load_segmenter(ID, device="cpu")
    assert len(hub.offsets) == 2
    assert hub.offsets[1] > 0


def test_a_hub_without_ranges_sends_all_of_it_again(hub: Hub, repository: Repository, size: int) -> None:
    with pytest.raises(CancelledError):
        load_segmenter(ID, device="cpu", progress=stop_at(150_000))
    repository.knows_ranges = False
    steps: list[Step] = []
    load_segmenter(ID, device="cpu", progress=steps.append)
    assert hub.offsets == [0, 0]
    assert [step.done for step in steps if step.total][-1] == size


def test_a_partial_file_that_is_too_long_is_begun_anew(
    hub: Hub, repository: Repository, size: int, tmp_path: Path
) -> None:
    with pytest.raises(CancelledError):
        load_segmenter(ID, device="cpu", progress=stop_at(1))
    (partial,) = tmp_path.glob("cache/models--*/blobs/*.incomplete")
    partial.write_bytes(bytes(size + 1))
    load_segmenter(ID, device="cpu")
    assert hub.offsets == [0, 0]


def test_a_partial_file_of_something_else_is_found_out(
    repository: Repository, size: int, tmp_path: Path, refusal: Refusal
) -> None:
    with pytest.raises(CancelledError):
        load_segmenter(ID, device="cpu", progress=stop_at(1))
    (partial,) = tmp_path.glob("cache/models--*/blobs/*.incomplete")
    partial.write_bytes(bytes(size // 2))
    assert "thrown away" in refusal(load_segmenter, ID)
    load_segmenter(ID, device="cpu")


def test_corrupt_bytes_never_reach_the_cache(
    hub: Hub, repository: Repository, tmp_path: Path, refusal: Refusal
) -> None:
    repository.corrupt = frozenset({WEIGHTS})
    said = refusal(load_segmenter, ID)
    assert WEIGHTS in said
    assert "not the one that the hub announced" in said
    assert blobs(tmp_path) == []
    repository.corrupt = frozenset()
    load_segmenter(ID, device="cpu")
    assert hub.offsets == [0, 0]


def test_a_file_that_is_cut_off_in_the_cache_is_got_anew(
    hub: Hub, repository: Repository, size: int, tmp_path: Path
) -> None:
    load_segmenter(ID, device="cpu")
    (blob,) = blobs(tmp_path)
    blob.write_bytes(blob.read_bytes()[:150_000])
    assert hub_module.fetch_settings(ID, None).missing == size
    load_segmenter(ID, device="cpu")
    assert hub.offsets == [0, 0]


@pytest.mark.parametrize("how", ["offline", "unplug"])
def test_a_file_that_is_cut_off_in_the_cache_without_network(
    repository: Repository, tmp_path: Path, how: str, request: pytest.FixtureRequest, refusal: Refusal
) -> None:
    load_segmenter(ID, device="cpu")
    (blob,) = blobs(tmp_path)
    blob.write_bytes(blob.read_bytes()[:150_000])
    request.getfixturevalue(how)()
    said = refusal(load_segmenter, ID)
    assert WEIGHTS in said
    assert "cut off" in said


def test_pull_checks_what_is_there(hub: Hub, repository: Repository, tmp_path: Path) -> None:
    pull(ID)
    (blob,) = blobs(tmp_path)
    content = blob.read_bytes()
    pull(ID)
    assert hub.offsets == [0], "nothing is downloaded again if it is whole"
    blob.write_bytes(content[:-1] + b"\x01")
    pull(ID)
    assert hub.offsets == [0, 0]
    assert blob.read_bytes() == content


def test_pull_fetches_without_loading(repository: Repository, offline: Callable[[], None]) -> None:
    snapshot = pull(ID)
    assert snapshot.missing == 0
    offline()
    assert load_segmenter(ID, device="cpu").revision == snapshot.commit


def test_pull_leaves_things_for_later(hub: Hub, folder: Path) -> None:
    edit_json(folder / "config.json", panoseg_things=None)
    hub.repository(ID).add(folder)
    pull(ID)
    assert load_segmenter(ID, device="cpu", things=["dog"]).vocabulary.things == {2}


@pytest.mark.parametrize("name", ["demo", "tiny", "a/b/c", "../x"])
def test_only_hub_ids_can_be_pulled(hub: Hub, name: str, refusal: Refusal) -> None:
    assert "no hub id" in refusal(pull, name)
    assert hub.requests == []


def test_the_question_comes_once_and_before_the_weights(hub: Hub, repository: Repository, size: int) -> None:
    repository.licence = {"license": "apache-2.0"}
    asked: list[hub_module.Snapshot] = []

    def ask(snapshot: hub_module.Snapshot) -> bool:
        asked.append(snapshot)
        return len(asked) > 1

    with pytest.raises(CancelledError, match="was not downloaded"):
        load_segmenter(ID, device="cpu", ask=ask)
    assert hub.offsets == []
    load_segmenter(ID, device="cpu", ask=ask)
    load_segmenter(ID, device="cpu", ask=ask)
    assert len(asked) == 2, "what is there already is not asked for"
    assert [(s.size, s.licence) for s in asked] == [(size, "apache-2.0")] * 2


@pytest.mark.parametrize(
    ("name", "card", "licence"),
    [
        (ID, {}, None),
        (ID, {"license": "other", "license_name": "my own"}, "my own"),
        ("facebook/mask2former-swin-tiny-coco-panoptic", {"license": "other"}, "CC BY-NC 4.0"),
    ],
)
def test_licences(
    hub: Hub, squash_folder: Path, name: str, card: dict[str, str], licence: str | None
) -> None:
    hub.repository(name).add(squash_folder)
    hub.repository(name).licence = card
    assert hub_module.fetch_settings(name, None).licence == licence


def test_too_little_room_is_said_before_anything_is_asked(
    hub: Hub, repository: Repository, size: int, monkeypatch: pytest.MonkeyPatch, refusal: Refusal
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=12_000))
    said = refusal(load_segmenter, ID, ask=lambda snapshot: pytest.fail("asked"))
    assert f"needs {size / 1e6:.1f} MB more" in said
    assert "0.0 MB left" in said
    assert hub.offsets == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up_meanwhile(
    repository: Repository, code: int, monkeypatch: pytest.MonkeyPatch, refusal: Refusal
) -> None:
    def full(file: object, *args: object) -> None:
        raise OSError(code, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(large_file, "_append", full)
        assert "disk is full" in refusal(load_segmenter, ID)
    load_segmenter(ID, device="cpu")


def test_two_revisions_with_the_same_weights_share_them(hub: Hub, folder: Path) -> None:
    hub.repository(ID).add(folder, branch="v1")
    load_segmenter(ID, device="cpu", revision="v1")
    edit_json(folder / "config.json", panoseg_things=[0])
    hub.repository(ID).add(folder)
    assert hub_module.fetch_settings(ID, None).missing == 0
    assert load_segmenter(ID, device="cpu").vocabulary.things == {0}
    assert hub.offsets == [0]


def test_pickled_weights_are_counted_and_checked_too(hub: Hub, tmp_path: Path, refusal: Refusal) -> None:
    repository = hub.repository(ID)
    repository.add(save_tiny(tmp_path / "pickled", pickled=True))
    repository.corrupt = frozenset({"pytorch_model.bin"})
    assert "pytorch_model.bin" in refusal(load_segmenter, ID)
    repository.corrupt = frozenset()
    steps: list[Step] = []
    load_segmenter(ID, device="cpu", progress=steps.append)
    assert any(step.done == step.total for step in steps if step.total)


def test_only_one_of_two_downloads_at_once(hub: Hub, repository: Repository) -> None:
    from concurrent.futures import ThreadPoolExecutor

    repository.seconds_per_piece = 0.01
    with ThreadPoolExecutor() as threads:
        commits = {snapshot.commit for snapshot in threads.map(pull, [ID, ID, ID])}
    assert len(commits) == 1
    assert hub.offsets == [0]
