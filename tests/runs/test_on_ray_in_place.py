"""The caller's part of a run on Ray, and what each process does, without a cluster between them."""

import sys
from contextlib import contextmanager

import pytest

from panoseg.errors import RunError
from panoseg.runs import make_run, on_ray, open_run
from panoseg.runs.on_ray import RayOptions, spread_on
from panoseg.runs.shard_exports import ShardExport, export_by_shard
from tests.fakes import FakeSegmenter
from tests.runs import ray_models
from tests.runs.pictures import contents, ledger_rows, write_pictures
from tests.runs.ray_in_place import RayInPlace


@pytest.fixture
def ray(monkeypatch):
    there = RayInPlace()

    @contextmanager
    def cluster(options):
        yield there

    monkeypatch.setattr(on_ray, "cluster", cluster)
    monkeypatch.setitem(sys.modules, "ray", there)
    return there


@pytest.fixture
def pictures(tmp_path):
    write_pictures(tmp_path / "pictures", 80)[3].write_bytes(b"nothing")
    return tmp_path / "pictures"


@pytest.mark.parametrize("keep", [False, True])
def test_it_equals_the_run_of_one_process(ray, pictures, tmp_path, keep):
    make_run(pictures, store=tmp_path / "local", model=FakeSegmenter(), keep_pictures=keep)
    run = make_run(
        pictures, store=tmp_path / "ray", load=ray_models.fake, ray=RayOptions(), keep_pictures=keep
    )
    assert run.counts == {"done": 79, "failed": 1, "waiting": 0}
    assert contents(tmp_path / "ray") == contents(tmp_path / "local")
    assert ledger_rows(tmp_path / "ray") == ledger_rows(tmp_path / "local")
    assert not list((tmp_path / "ray" / "pieces").iterdir())


def test_stopped_it_goes_on_in_either_way(ray, pictures, tmp_path):
    def stop(progress):
        if progress.latest is not None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_run(pictures, store=tmp_path / "ray", load=ray_models.fake, ray=RayOptions(), progress=stop)
    with open_run(tmp_path / "ray") as begun:
        assert 0 < len(begun) < 79
    make_run(pictures, store=tmp_path / "ray", model=FakeSegmenter())
    make_run(pictures, store=tmp_path / "local", model=FakeSegmenter())
    assert contents(tmp_path / "ray") == contents(tmp_path / "local")
    assert ledger_rows(tmp_path / "ray") == ledger_rows(tmp_path / "local")


def test_what_ray_raises_is_one_sentence_and_its_settings_stay(ray, pictures, tmp_path, monkeypatch):
    before = vars(ray.context).copy()
    seen = []

    def broken(items, **options):
        seen.append(ray.context.enable_progress_bars)
        raise ray.exceptions.RayError("Traceback\n  lots of it\nNodeDiedError: gone")

    monkeypatch.setattr(ray.data, "from_items", broken)
    with pytest.raises(RunError, match=r"A worker failed \(NodeDiedError: gone\)"):
        make_run(pictures, store=tmp_path / "ray", load=ray_models.fake, ray=RayOptions())
    assert seen == [False]
    assert vars(ray.context) == before


def test_a_store_without_room_is_one_sentence(ray, pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(on_ray.job, "seal", lambda *_: "No space left on device")
    with pytest.raises(RunError, match=r"cannot be written \(No space left on device\)"):
        make_run(pictures, store=tmp_path / "ray", load=ray_models.fake, ray=RayOptions())
    with open_run(tmp_path / "ray") as run:
        assert run.counts["waiting"] == 80


def test_an_export_by_shards_is_the_local_one(ray, pictures, tmp_path):
    run = make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    found = []
    for name, spread in (("here", None), ("ray", spread_on(ray))):
        wanted = ShardExport(run.place, str(tmp_path / name), ("coco-panoptic",))
        found.append(export_by_shard(run, wanted, join=True, spread=spread))
    assert found[0] == found[1]
    assert found[0].pictures == 79
    here, there = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("here", "ray")
    )
    assert here == there


def test_a_shard_that_cannot_be_exported_is_one_sentence(ray, pictures, tmp_path):
    run = make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    (tmp_path / "out").write_bytes(b"in the way")
    wanted = ShardExport(run.place, str(tmp_path / "out"), ("ids",))
    with pytest.raises(RunError, match=r"Not a directory|exists"):
        export_by_shard(run, wanted, spread=spread_on(ray))
