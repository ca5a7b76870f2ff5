"""How a run is cut, shared out and put together for Ray; Ray itself is not needed for that."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from panoseg.errors import InvalidValueError, RunError
from panoseg.runs import make_run
from panoseg.runs.header import Header
from panoseg.runs.ledger import Row
from panoseg.runs.on_ray import RayOptions
from panoseg.runs.on_ray.cluster import Share, share
from panoseg.runs.on_ray.pieces import Seen, cut, settled
from panoseg.runs.on_ray.stages import Attempts, seal
from tests.fakes import VOCABULARY
from tests.runs.pictures import write_pictures

ROOT = Path(__file__).parents[2]


def test_object_storage_wants_ray(tmp_path):
    with pytest.raises(RunError, match=r"is on object storage, where runs are made with Ray"):
        make_run(tmp_path, store="s3://pictures/run")


def test_there_is_at_least_one_worker():
    with pytest.raises(InvalidValueError, match="workers: wanted at least 1"):
        RayOptions(workers=0)


def test_without_ray_everything_else_works(tmp_path):
    write_pictures(tmp_path / "pictures", 2)
    code = (
        "import sys; sys.modules['ray'] = None\n"
        "from panoseg.errors import RunError\n"
        "from panoseg.runs import make_run\n"
        "from tests.fakes import FakeSegmenter\n"
        "run = make_run(sys.argv[1], store=sys.argv[2] + '/a', model=FakeSegmenter())\n"
        "assert len(run) == 2\n"
        "try:\n    make_run(sys.argv[1], store=sys.argv[2] + '/b', ray='')\n"
        "except RunError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "pictures"), str(tmp_path)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.strip() == "Ray is not installed; `pip install panoseg[ray]` brings it along."


def header(**options):
    return Header("demo", VOCABULARY, **options)


def rows(positions):
    return [Row(position, f"p{position}", f"/p{position}") for position in positions]


@pytest.mark.parametrize("batch", [1, 4, 8, 16])
def test_pieces_end_where_passes_and_shards_end(batch):
    pieces = list(cut(rows([n for n in range(150) if n not in (5, 70)]), header(batch=batch)))
    assert [row.position for piece in pieces for row in piece.rows] == [
        n for n in range(150) if n not in (5, 70)
    ]
    for piece in pieces:
        positions = [row.position for row in piece.rows]
        assert {position // 64 for position in positions} == {piece.shard}
        assert max(positions) - min(positions) < max(8, batch)
    passes = [
        row.position // batch
        for piece in pieces
        for row in {r.position // batch: r for r in piece.rows}.values()
    ]
    assert len(passes) == len(set(passes))  # none is cut in two


@pytest.mark.parametrize(
    ("resources", "workers", "threads", "expected"),
    [
        ({"CPU": 9.0}, None, 1, Share(8, 1.0, 0.0)),  # a core is left for what prepares
        ({"CPU": 9.0}, 2, 4, Share(2, 4.0, 0.0)),
        ({"CPU": 1.0}, None, 1, Share(1, 1.0, 0.0)),
        ({"CPU": 16.0, "GPU": 3.0}, None, 0, Share(3, 1.0, 1.0)),
        ({"CPU": 16.0, "GPU": 3.0}, 4, 0, Share(4, 1.0, 0.5)),
        ({"CPU": 16.0, "GPU": 1.0}, 4, 0, Share(4, 1.0, 0.25)),
    ],
)
def test_what_each_worker_gets(resources, workers, threads, expected):
    there = SimpleNamespace(cluster_resources=lambda: resources)
    assert share(there, RayOptions(workers=workers), threads) == expected


def test_a_batch_that_does_not_divide_a_shard_is_refused():
    with pytest.raises(InvalidValueError, match="batch: wanted a divisor of 64"):
        list(cut(rows(range(9)), header(batch=3)))


def test_places_follow_each_other():
    (piece,) = cut(rows([0, 1, 2]), header())
    seen = [
        Seen(0, record_length=700, record_sha256="a", picture_length=10, sha256="b"),
        Seen(1, error="broken"),
        Seen(2, record_length=512, record_sha256="c"),
    ]
    found, end = settled(piece, seen, 1024)
    assert (found[0].record.offset, found[0].picture.offset) == (1024 + 512, 1024 + 512 + 1024 + 512)
    assert (found[1].state, found[1].record, found[1].error) == ("failed", None, "broken")
    assert found[2].record.offset == found[0].picture.end + 512
    assert end == found[2].record.end


def test_a_picture_is_blamed_after_two_deaths_that_were_watched():
    attempts = Attempts()
    assert attempts.begin("x") == (False, [])  # died unwatched
    assert attempts.begin("x") == (True, [])
    attempts.at("x", 5)
    assert attempts.begin("x") == (True, [])
    attempts.at("x", 4)
    attempts.at("x", 5)
    assert attempts.begin("x") == (True, [5])
    attempts.end("x")
    assert attempts.begin("x") == (False, [5])


def test_a_shard_that_is_shorter_than_the_ledger_says_is_not_built_on(tmp_path):
    (tmp_path / "shards").mkdir()
    (tmp_path / "shards" / "000000.tar").write_bytes(b"x" * 100)
    assert "shorter than the ledger says" in seal(str(tmp_path), 0, 512, [])
    assert (tmp_path / "shards" / "000000.tar").read_bytes() == b"x" * 100


def test_a_full_disk_is_told(tmp_path):
    (tmp_path / "shards").write_bytes(b"in the way")
    (tmp_path / "piece").write_bytes(bytes(512))
    assert seal(str(tmp_path), 0, 0, ["piece"])
