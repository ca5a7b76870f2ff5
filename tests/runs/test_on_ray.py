"""Runs on Ray Data equal those of one process, whatever happens to the workers."""

from pathlib import Path

import pytest

import panoseg
from panoseg.demo.annotated import write_scenes
from panoseg.errors import InvalidValueError, ModelError, RunError
from panoseg.evaluation import evaluate_run, read_annotations
from panoseg.evaluation.on_ray import spread_on as spread_evaluation_on
from panoseg.runs import make_run, open_run
from panoseg.runs.shard_exports import ShardExport, export_by_shard
from tests.fakes import FakeSegmenter
from tests.runs import ray_models
from tests.runs.pictures import contents, ledger_rows, write_pictures

ray = pytest.importorskip("ray", reason="Ray is an extra")

from panoseg.runs.on_ray import RayOptions, cluster, spread_on  # noqa: E402
from panoseg.runs.on_ray.stages import POISON  # noqa: E402

# Ray's and moto's own warnings are none of ours.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def two_workers(storage):
    """One cluster for all tests, as a cluster takes longer to come up than a run."""
    with cluster(RayOptions(workers=2)):
        yield RayOptions(workers=2)


def assert_equal_runs(ours, theirs):
    assert contents(ours) == contents(theirs)
    assert ledger_rows(ours) == ledger_rows(theirs)
    assert not list((ours / "pieces").iterdir())


def test_the_demo_models_run_is_the_local_one(two_workers, tmp_path):
    write_scenes(tmp_path / "scenes", 10, annotations=False)
    progress = []
    run = make_run(tmp_path / "scenes", store=tmp_path / "ray", ray=two_workers, progress=progress.append)
    assert run.counts == {"done": 10, "failed": 0, "waiting": 0}
    assert [each.done for each in progress] == list(range(11))
    make_run(tmp_path / "scenes", store=tmp_path / "local")
    assert_equal_runs(tmp_path / "ray", tmp_path / "local")


def test_an_evaluation_of_a_run_on_object_storage_is_the_local_one(storage, two_workers, tmp_path):
    write_scenes(tmp_path / "scenes", 4, annotations=True)
    run = make_run(tmp_path / "scenes", store=tmp_path / "run")
    truth = tmp_path / "scenes" / "annotations" / "panoptic.json"
    for folder, key in ((tmp_path / "run", "evaluated"), (truth.with_suffix(""), "truth")):
        for file in filter(Path.is_file, folder.rglob("*")):
            storage.upload_file(str(file), f"{key}/{file.relative_to(folder).as_posix()}")
    whole = evaluate_run(run, read_annotations(truth))
    there = read_annotations(truth, "s3://pictures/truth")
    with open_run("s3://pictures/evaluated") as stored:
        for spread in (None, spread_evaluation_on(ray)):
            found = evaluate_run(stored, there, spread=spread)
            assert found.segments.equals(whole.segments)
            assert found.figures.groups == whole.figures.groups


def test_a_killed_worker_costs_nothing_and_poison_is_listed_whoever_stops_it(two_workers, tmp_path):
    pictures = write_pictures(tmp_path / "pictures", 80)  # more than a shard
    pictures[3].write_bytes(b"nothing")
    pictures[30].rename(pictures[30].with_name("p30-poison.png"))
    make_run(tmp_path / "pictures", store=tmp_path / "local", model=ray_models.Refusing(POISON))
    make_run(sorted((tmp_path / "pictures").iterdir())[:20], store=tmp_path / "ray", model=FakeSegmenter())
    marker = tmp_path / "died"
    mortal = {"store": tmp_path / "ray", "ray": two_workers, "load": ray_models.LoadMortal(marker)}

    def stop(progress):
        if progress.latest is not None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_run(tmp_path / "pictures", progress=stop, **mortal)
    with open_run(tmp_path / "ray") as begun:
        assert 20 < len(begun) < 78  # the first shard that was whole
    run = make_run(tmp_path / "pictures", **mortal)
    assert marker.exists()
    assert run.counts == {"done": 78, "failed": 2, "waiting": 0}
    assert run.failures[1] == ("p30-poison.png", POISON)
    # A worker of the interrupted run may have written once more: whoever comes next clears it away.
    make_run(tmp_path / "pictures", **mortal)
    assert_equal_runs(tmp_path / "ray", tmp_path / "local")


def test_an_export_by_shards_is_the_local_one(two_workers, tmp_path):
    write_pictures(tmp_path / "pictures", 70)
    run = make_run(tmp_path / "pictures", store=tmp_path / "run", model=FakeSegmenter())
    found = []
    for name, spread in (("here", None), ("ray", spread_on(ray))):
        wanted = ShardExport(run.place, str(tmp_path / name), ("coco-panoptic",))
        found.append(export_by_shard(run, wanted, join=True, spread=spread))
    assert found[0] == found[1]
    here, there = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("here", "ray")
    )
    assert here == there and len(here) == 73


def test_pictures_and_run_on_object_storage(two_workers, storage, tmp_path):
    for path in write_pictures(tmp_path / "pictures", 20):
        storage.upload_file(str(path), f"in/{path.name}")
    storage.put_object(Key="in/notes.txt", Body=b"no picture")
    url = "s3://pictures/runs/first"
    make_run("s3://pictures/in", store=url, ray=two_workers, load=ray_models.fake)
    make_run(tmp_path / "pictures", store=tmp_path / "local", model=FakeSegmenter())

    def stored(key):
        return storage.Object(f"runs/first/{key}").get()["Body"].read()

    assert stored("shards/000000.tar") == contents(tmp_path / "local")["000000.tar"]
    assert stored("run.json") == contents(tmp_path / "local")["run.json"]
    assert not [each for each in storage.objects.filter(Prefix="runs/first/pieces") if each.size]
    with open_run(url) as run, open_run(tmp_path / "local") as local:
        assert [item.name for item in run] == [item.name for item in local]
        assert (run[7].segmentation().id_map == local[7].segmentation().id_map).all()
        assert run[7].photo().digest == local[7].photo().digest
        fetched = run.folder
    assert not fetched.exists()
    seen = []  # what is done is known from there
    make_run("s3://pictures/in", store=url, ray=two_workers, load=ray_models.fake, progress=seen.append)
    assert (seen[0].skipped, len(seen)) == (20, 1)


def test_what_cannot_be_done_is_one_sentence(two_workers, tmp_path):
    write_pictures(tmp_path / "pictures", 2)
    options = {"store": tmp_path / "run", "ray": two_workers}
    with pytest.raises(ModelError, match="There is no model 'nothing'"):
        make_run(tmp_path / "pictures", model="nothing", load=ray_models.missing, **options)
    with pytest.raises(RunError, match=r"weights on this machine are others"):
        make_run(tmp_path / "pictures", load=ray_models.other_in_workers, **options)
    with pytest.raises(RunError, match="room for 2 workers of 1"):
        make_run(
            tmp_path / "pictures", store=tmp_path / "many", ray=RayOptions(workers=99), load=ray_models.fake
        )


def test_a_segmenter_is_no_name(tmp_path, two_workers):
    write_pictures(tmp_path / "pictures", 1)
    with pytest.raises(InvalidValueError, match="wanted a name with ray"):
        make_run(tmp_path / "pictures", store=tmp_path / "run", model=FakeSegmenter(), ray=two_workers)


def test_the_public_door_takes_an_address(tmp_path, monkeypatch):
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(
        ray, "init", lambda **options: (_ for _ in ()).throw(ConnectionError(options["address"]))
    )
    write_pictures(tmp_path / "pictures", 1)
    with pytest.raises(RunError, match=r"No Ray cluster can be used at '10\.0\.0\.9:6379'"):
        panoseg.make_run(tmp_path / "pictures", store=tmp_path / "run", ray="10.0.0.9:6379")
