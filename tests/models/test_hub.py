"""The way to a checkpoint by hub id: the real huggingface_hub client against a local hub."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from panoseg.models import load_segmenter
from panoseg.models.downloads import hub as hub_module
from tests.models.hub_server import Hub, running_hub
from tests.models.tiny import edit_json, photo, save_tiny

ID = "someone/tiny-mask2former"
FILES = ["config.json", "model.safetensors", "preprocessor_config.json"]
Refusal = Callable[..., str]


def test_download_load_predict(hub: Hub, squash_folder: Path) -> None:
    commit = hub.repository(ID).add(squash_folder)
    said: list[str] = []
    segmenter = load_segmenter(ID, device="cpu", progress=lambda step: said.append(str(step)))
    assert (segmenter.name, segmenter.revision) == (ID, commit)
    assert segmenter.vocabulary.things == {1, 2}
    assert segmenter.predict(photo(40, 60)).image_size == (40, 60)
    assert hub.downloads() == FILES
    kinds = [sentence.split()[0] for sentence in said]
    assert list(dict.fromkeys(kinds)) == ["Looking", "Downloading", "Loading"]
    assert "MB" in said[1]


def test_a_second_time_nothing_is_downloaded(hub: Hub, squash_folder: Path) -> None:
    commit = hub.repository(ID).add(squash_folder)
    load_segmenter(ID, device="cpu")
    hub.requests.clear()
    said: list[str] = []
    assert load_segmenter(ID, device="cpu", progress=lambda step: said.append(str(step))).revision == commit
    assert hub.downloads() == []
    assert not any("Downloading" in sentence for sentence in said)


@pytest.mark.parametrize("how", ["offline", "unplug"])
def test_a_cached_checkpoint_needs_no_network(
    hub: Hub, squash_folder: Path, how: str, request: pytest.FixtureRequest
) -> None:
    commit = hub.repository(ID).add(squash_folder)
    load_segmenter(ID, device="cpu")
    request.getfixturevalue(how)()
    assert load_segmenter(ID, device="cpu").revision == commit
    assert load_segmenter(ID, device="cpu", revision=commit).revision == commit


@pytest.mark.parametrize(
    ("how", "sentence"), [("offline", "HF_HUB_OFFLINE"), ("unplug", "cannot be reached")]
)
def test_no_network_and_nothing_cached(
    hub: Hub, how: str, sentence: str, request: pytest.FixtureRequest, refusal: Refusal
) -> None:
    request.getfixturevalue(how)()
    said = refusal(load_segmenter, ID)
    assert sentence in said
    assert "not in the download cache" in said
    assert hub.requests == []


@pytest.mark.parametrize("how", ["offline", "unplug"])
@pytest.mark.parametrize("tree_is_cached", [True, False])
def test_no_network_and_only_the_settings_cached(
    hub: Hub,
    squash_folder: Path,
    tmp_path: Path,
    how: str,
    tree_is_cached: bool,
    request: pytest.FixtureRequest,
    refusal: Refusal,
) -> None:
    hub.repository(ID).add(squash_folder)
    hub_module.fetch_settings(ID, None)
    if not tree_is_cached:
        for trees in (tmp_path / "cache").rglob("trees"):
            shutil.rmtree(trees)
    request.getfixturevalue(how)()
    assert "not in the download cache" in refusal(load_segmenter, ID)


def test_a_cache_filled_by_transformers_is_used(
    hub: Hub, squash_folder: Path, offline: Callable[[], None]
) -> None:
    from huggingface_hub import hf_hub_download

    hub.repository(ID).add(squash_folder)
    for file in FILES:
        hf_hub_download(ID, file)
    offline()
    load_segmenter(ID, device="cpu")


def test_only_pickled_weights(hub: Hub, tmp_path: Path) -> None:
    hub.repository(ID).add(save_tiny(tmp_path / "pickled", pickled=True))
    assert load_segmenter(ID, device="cpu").predict(photo(20, 20)).mask_logits.any()
    assert hub.downloads() == ["config.json", "preprocessor_config.json", "pytorch_model.bin"]


def test_an_image_processor_in_the_settings_of_a_whole_processor(hub: Hub, folder: Path) -> None:
    settings = folder / "preprocessor_config.json"
    whole = {"processor_class": "OneFormerProcessor", "image_processor": json.loads(settings.read_text())}
    (folder / "processor_config.json").write_text(json.dumps(whole))
    settings.unlink()
    hub.repository(ID).add(folder)
    assert load_segmenter(ID, device="cpu").predict(photo(20, 20)).input_size == (64, 96)


def test_pickled_weights_stay_where_they_are_if_there_are_others(hub: Hub, folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"never read")
    (folder / "README.md").write_text("nor is this")
    (folder / "training.safetensors").write_bytes(b"nor this")
    hub.repository(ID).add(folder)
    load_segmenter(ID, device="cpu")
    assert hub.downloads() == FILES


def test_weights_in_several_files(hub: Hub, folder: Path) -> None:
    from transformers import Mask2FormerForUniversalSegmentation

    network = Mask2FormerForUniversalSegmentation.from_pretrained(folder)
    (folder / "model.safetensors").unlink()
    network.save_pretrained(folder, max_shard_size="200KB")
    hub.repository(ID).add(folder)
    load_segmenter(ID, device="cpu", things=[])
    assert "model.safetensors.index.json" in hub.downloads()


def test_a_revision_is_a_branch_a_tag_or_a_commit(hub: Hub, folder: Path, refusal: Refusal) -> None:
    old = hub.repository(ID).add(folder, branch="v1.0")
    edit_json(folder / "config.json", panoseg_things=[0])
    new = hub.repository(ID).add(folder)
    assert old != new
    for revision, commit, things in (("v1.0", old, {1, 2}), (old, old, {1, 2}), (None, new, {0})):
        segmenter = load_segmenter(ID, device="cpu", revision=revision)
        assert segmenter.revision == commit
        assert segmenter.vocabulary.things == things
    assert "no revision v2.0" in refusal(load_segmenter, ID, revision="v2.0")


def test_a_branch_that_moves_on_is_followed(hub: Hub, folder: Path) -> None:
    hub.repository(ID).add(folder)
    load_segmenter(ID, device="cpu")
    edit_json(folder / "config.json", panoseg_things=[0])
    new = hub.repository(ID).add(folder)
    assert load_segmenter(ID, device="cpu").revision == new


@pytest.mark.parametrize("revision", ["../../../../etc/passwd", "/etc/passwd", "", "a..b", "main\n"])
def test_a_revision_is_no_path(hub: Hub, refusal: Refusal, revision: str) -> None:
    assert "revision" in refusal(load_segmenter, ID, revision=revision)
    assert hub.requests == []


@pytest.mark.parametrize(
    "name", ["a--b/c", "../c", "a/..", "a/b/c", "a b/c", "a/b?x=1", "a/b#c", "ä/b", "a/b.git"]
)
def test_malformed_ids_are_never_asked_for(hub: Hub, name: str, refusal: Refusal) -> None:
    refusal(load_segmenter, name)
    assert hub.requests == []


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ({"private": True}, "or it is private"),
        ({"gated": True}, "gated"),
        ({"forbidden": True}, "does not let"),
        ({"status": 500}, "error 500"),
        ({"status": 503}, "error 503"),
        ({"status": 429}, "error 429"),
        ({"truncated": frozenset({"model.safetensors"})}, "cut off"),
        ({"truncated": frozenset({"config.json"})}, "cut off"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_the_hub_refuses(
    hub: Hub, squash_folder: Path, trouble: dict[str, object], sentence: str, refusal: Refusal
) -> None:
    repository = hub.repository(ID)
    repository.add(squash_folder)
    for name, value in trouble.items():
        setattr(repository, name, value)
    said = refusal(load_segmenter, ID)
    assert sentence in said
    assert ID in said


def test_an_unknown_id(hub: Hub, refusal: Refusal) -> None:
    assert "knows no checkpoint nobody/nothing" in refusal(load_segmenter, "nobody/nothing")


def test_after_a_download_that_was_cut_off_the_next_succeeds(
    hub: Hub, squash_folder: Path, refusal: Refusal
) -> None:
    repository = hub.repository(ID)
    repository.add(squash_folder)
    repository.truncated = frozenset({"model.safetensors"})
    refusal(load_segmenter, ID)
    repository.truncated = frozenset()
    load_segmenter(ID, device="cpu")


def test_a_file_that_is_corrupt_on_the_hub(hub: Hub, folder: Path, refusal: Refusal) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(b"\xff" * weights.stat().st_size)
    hub.repository(ID).add(folder)
    assert "damaged" in refusal(load_segmenter, ID)


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_the_repository_lacks(hub: Hub, squash_folder: Path, file: str, refusal: Refusal) -> None:
    hub.repository(ID).add(squash_folder, leave_out=(file,))
    assert file in refusal(load_segmenter, ID)


@pytest.mark.parametrize(
    ("changes", "sentence"), [({"model_type": "detr"}, "detr"), ({"panoseg_things": None}, "things=")]
)
def test_what_cannot_be_run_is_not_downloaded(
    hub: Hub, folder: Path, changes: dict[str, object], sentence: str, refusal: Refusal
) -> None:
    edit_json(folder / "config.json", **changes)
    hub.repository(ID).add(folder)
    assert sentence in refusal(load_segmenter, ID)
    assert hub.downloads() == ["config.json", "preprocessor_config.json"]


def test_a_full_disk(
    hub: Hub, squash_folder: Path, monkeypatch: pytest.MonkeyPatch, refusal: Refusal
) -> None:
    import huggingface_hub.file_download

    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    hub.repository(ID).add(squash_folder)
    monkeypatch.setattr(huggingface_hub.file_download, "http_get", full)
    assert "disk is full" in refusal(load_segmenter, ID)


def test_an_official_id_brings_its_things(hub: Hub, tmp_path: Path) -> None:
    labels = tuple(f"class {i}" for i in range(19))
    official = "facebook/mask2former-swin-tiny-cityscapes-panoptic"
    hub.repository(official).add(save_tiny(tmp_path / "x", labels=labels, things=None))
    vocabulary = load_segmenter(official, device="cpu").vocabulary
    assert vocabulary.things == set(range(11, 19))
    assert vocabulary.dataset_ids[11] == 24


SCRIPT = """
import json, sys, threading
import numpy as np
import panoseg

answers = {}
for name in sys.argv[1:]:
    try:
        segmenter = panoseg.load_segmenter(name, device="cpu")
        photo = np.zeros((30, 40, 3), np.uint8)
        answers[name] = [segmenter.revision, segmenter.predict(photo).mask_logits.shape]
    except panoseg.ModelError as error:
        answers[name] = str(error)
print(json.dumps([answers, [thread.name for thread in threading.enumerate()]]))
"""


def test_a_fresh_process_with_nothing_but_its_environment(tmp_path: Path, squash_folder: Path) -> None:
    """Nothing is patched here: HF_ENDPOINT and HF_HOME are all that the client is told."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGING"))}
    with running_hub() as server:
        commit = server.repository(ID).add(squash_folder)
        server.repository("someone/pickled").add(save_tiny(tmp_path / "pickled", pickled=True))
        server.repository("someone/secret").private = True
        names = (ID, "someone/pickled", "someone/secret", "nobody/nothing")
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", SCRIPT, *names],
            env={
                **inherited,
                "NO_PROXY": "127.0.0.1",
                "HF_ENDPOINT": server.url,
                "HF_HOME": str(tmp_path / "home"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answers, threads = json.loads(done.stdout.splitlines()[-1])
        assert answers[ID] == [commit, [5, 16, 24]]
        assert answers["someone/pickled"][1] == [5, 16, 24]
        assert "private" in answers["someone/secret"]
        assert "knows no checkpoint" in answers["nobody/nothing"]
        assert not [name for name in threads if "conversion" in name], (
            "nobody converts weights behind our back"
        )
        assert list((tmp_path / "home" / "hub").glob("models--someone--tiny-mask2former/snapshots/*"))
