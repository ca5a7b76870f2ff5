import dataclasses
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.engines import conversion_cache
from panoseg.models.engines.conversion_cache import NETWORK_FILE, ConversionCache
from panoseg.settings import settings

SIZE = (64, 96)


def writing(text: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / NETWORK_FILE).write_text(text)
        (folder / "network.bin").write_bytes(bytes(1000))

    return make


@pytest.fixture
def checkpoint(folder: Path) -> Checkpoint:
    return Checkpoint.read(folder, "tiny")


@pytest.fixture
def kept(checkpoint: Checkpoint, tmp_path: Path) -> ConversionCache:
    return ConversionCache(checkpoint, tmp_path / "cache")


def test_what_was_added_is_found_again(kept: ConversionCache, checkpoint: Checkpoint, tmp_path: Path) -> None:
    assert kept.find(SIZE) is kept.latest() is None
    kept.add(SIZE, writing("one"))
    path = ConversionCache(checkpoint, tmp_path / "cache").find(SIZE)
    assert path is not None
    assert path.read_text() == "one"
    assert path.with_suffix(".bin").stat().st_size == 1000
    assert kept.find((96, 64)) is None
    assert kept.latest() == SIZE


def test_the_latest_is_the_one_used_last(kept: ConversionCache) -> None:
    for size in (SIZE, (96, 64)):
        kept.add(size, writing("one"))
    for place in (kept._folder_of(SIZE), kept._folder_of((96, 64))):
        os.utime(place, (1, 1))
    kept.find(SIZE)
    assert kept.latest() == SIZE


@pytest.mark.parametrize("part", [NETWORK_FILE, "network.bin", "digests.json"])
@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_damage_is_noticed_and_made_good(kept: ConversionCache, part: str, damage: str) -> None:
    kept.add(SIZE, writing("one"))
    path = kept._folder_of(SIZE) / part
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-2] if damage == "cut" else content[:-2] + b"??")
    assert kept.find(SIZE) is None
    assert not kept._folder_of(SIZE).exists()
    kept.add(SIZE, writing("two"))
    path = kept.find(SIZE)
    assert path is not None
    assert path.read_text() == "two"


def test_other_weights_are_another_network(kept: ConversionCache, folder: Path, tmp_path: Path) -> None:
    kept.add(SIZE, writing("one"))
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    other = ConversionCache(kept.checkpoint, tmp_path / "cache")
    assert other.find(SIZE) is other.latest() is None
    renamed = dataclasses.replace(kept.checkpoint, name="same weights")
    content[-1] ^= 1
    weights.write_bytes(content)
    assert ConversionCache(renamed, tmp_path / "cache").find(SIZE)


def test_other_versions_make_another_network(
    kept: ConversionCache, checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.add(SIZE, writing("one"))
    monkeypatch.setattr(conversion_cache, "version", lambda library: "0.0")
    assert ConversionCache(checkpoint, tmp_path / "cache").find(SIZE) is None


def test_half_a_conversion_leaves_nothing(kept: ConversionCache, tmp_path: Path) -> None:
    def broken(folder: Path) -> None:
        writing("half")(folder)
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        kept.add(SIZE, broken)
    assert list((tmp_path / "cache").iterdir()) == []


def test_two_processes_may_convert_the_same(
    kept: ConversionCache, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    def overtaken(folder: Path) -> None:
        ConversionCache(checkpoint, tmp_path / "cache").add(SIZE, writing("faster"))
        writing("slower")(folder)

    kept.add(SIZE, overtaken)
    path = kept.find(SIZE)
    assert path is not None
    assert path.read_text() == "faster"
    assert list((tmp_path / "cache").iterdir()) == [path.parent]


def test_the_longest_unused_make_room(
    kept: ConversionCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversion_cache, "MAX_BYTES", 2500)  # two of a thousand and a bit
    sizes = [(32, 32), (32, 64), (32, 96)]
    for age, size in zip((30, 10, 20), sizes, strict=True):
        kept.add(size, writing("one"))
        os.utime(kept._folder_of(size), (time.time() - age,) * 2)
    left_over = tmp_path / "cache" / ".unfinished-long-ago"
    left_over.mkdir()
    os.utime(left_over, (1, 1))
    kept.add(SIZE, writing("new"))
    assert [kept.find(size) is not None for size in (*sizes, SIZE)] == [False, True, False, True]
    assert not left_over.exists()


def test_where_they_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, checkpoint: Checkpoint) -> None:
    monkeypatch.setenv("PANOSEG_CACHE", str(tmp_path / "own"))
    settings.cache_clear()
    ConversionCache(checkpoint).add(SIZE, writing("it"))
    assert [place.name for place in (tmp_path / "own").iterdir()] == ["openvino"]
