"""What is left of a run after whatever ended it, and that going on gives the same as never having stopped."""

import errno
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from panoseg.errors import RunError
from panoseg.runs import make_run, open_run, shards
from tests.fakes import FakeSegmenter
from tests.runs.pictures import contents, ledger_rows, write_pictures

ROOT = Path(__file__).parents[2]


@pytest.fixture
def pictures(tmp_path):
    write_pictures(tmp_path / "pictures", 6)
    return tmp_path / "pictures"


def test_killed_three_times_it_equals_a_run_that_never_was(tmp_path):
    write_pictures(tmp_path / "pictures", 80)  # more than a shard
    command = [sys.executable, "-m", "tests.runs.killable", str(tmp_path / "pictures")]
    subprocess.run([*command, str(tmp_path / "whole")], cwd=ROOT, check=True, capture_output=True)
    chance = random.Random(5)  # noqa: S311
    done = 0
    for _ in range(3):
        process = subprocess.Popen(
            [*command, str(tmp_path / "killed")], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        stop = done + chance.randint(3, 20)
        while (line := process.stdout.readline()) and int(line) < stop:
            pass
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with open_run(tmp_path / "killed") as run:
            assert stop <= len(run) < 80
            done = len(run)
            assert len(run[-1].prediction().labels) == 6  # readable before anybody mended anything
    subprocess.run([*command, str(tmp_path / "killed")], cwd=ROOT, check=True, capture_output=True)
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")
    assert ledger_rows(tmp_path / "killed") == ledger_rows(tmp_path / "whole")


@pytest.mark.parametrize("damage", ["torn", "lost", "zeros"])
def test_a_record_that_did_not_reach_the_disk_is_made_again(pictures, tmp_path, damage):
    make_run(pictures, store=tmp_path / "whole", model=FakeSegmenter())
    run = make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    place = run[3].row.record
    shard = tmp_path / "run" / "shards" / "000000.tar"
    if damage == "lost":
        shard.unlink()
    else:
        with shard.open("r+b") as file:
            file.seek(place.offset + 10)
            if damage == "zeros":
                file.write(bytes(50))
            else:
                file.truncate()
    fake = FakeSegmenter()
    make_run(store=tmp_path / "run", model=fake)
    assert fake.calls == (6 if damage == "lost" else 3)
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


def test_what_was_never_finished_is_cut_off(pictures, tmp_path):
    make_run(pictures, store=tmp_path / "whole", model=FakeSegmenter())
    make_run(sorted(pictures.iterdir())[:5], store=tmp_path / "run", model=FakeSegmenter())
    with (tmp_path / "run" / "shards" / "000000.tar").open("ab") as file:
        file.write(b"x" * 1_000_000)
    make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


def test_no_room_left_is_said_and_nothing_torn(pictures, tmp_path, monkeypatch):
    make_run(pictures, store=tmp_path / "whole", model=FakeSegmenter())
    write_all, calls = shards._write_all, []

    def full(file, content):
        calls.append(len(content))
        if len(calls) == 4:
            file.write(content[:700])
            raise OSError(errno.ENOSPC, "No space left on device")
        write_all(file, content)

    monkeypatch.setattr(shards, "_write_all", full)
    with pytest.raises(RunError, match=r"No space left on device.*goes on from there"):
        make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    assert len(calls) == 4  # nothing is written behind a gap
    monkeypatch.setattr(shards, "_write_all", write_all)
    with open_run(tmp_path / "run") as run:
        assert len(run) == 3
        assert all(len(item.prediction().labels) == 6 for item in run)
    make_run(store=tmp_path / "run", model=FakeSegmenter())
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


def test_pictures_that_vanish_meanwhile_are_listed(pictures, tmp_path):
    class Vanishing(FakeSegmenter):
        def predict_many(self, photos, **options):
            shutil.rmtree(pictures, ignore_errors=True)
            return super().predict_many(photos, **options)

    run = make_run(pictures, store=tmp_path / "run", model=Vanishing())
    counts = run.counts
    assert counts["done"] >= 1
    assert counts["failed"] >= 1
    assert "does not exist" in run.failures[-1][1]


def test_a_store_that_vanishes_is_one_sentence(pictures, tmp_path):
    class Vanishing(FakeSegmenter):
        def predict_many(self, photos, **options):
            shutil.rmtree(tmp_path / "run", ignore_errors=True)
            return super().predict_many(photos, **options)

    with pytest.raises(RunError, match=r"cannot be written|cannot be used"):
        make_run(pictures, store=tmp_path / "run", model=Vanishing())


def test_a_damaged_shard_spoils_only_its_pictures(pictures, tmp_path):
    run = make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    shard = tmp_path / "run" / "shards" / "000000.tar"
    data = bytearray(shard.read_bytes())
    data[run[2].row.record.offset + 20] ^= 1
    shard.write_bytes(data)
    with pytest.raises(RunError, match="its bytes are not those that were written"):
        run[2].prediction()
    assert len(run[3].prediction().labels) == 6
    report = run.export("ids", tmp_path / "out")
    assert (report.pictures, [name for name, _ in report.failures]) == (5, ["p02.png"])


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on files there")
@pytest.mark.parametrize("kilobytes", [24, 60, 96])
def test_a_system_that_takes_no_more_bytes_is_one_sentence(tmp_path, kilobytes):
    """By a true limit on the size of files, which the ledger meets as the shards do."""
    write_pictures(tmp_path / "pictures", 70)
    command = [sys.executable, "-m", "tests.runs.killable", str(tmp_path / "pictures")]
    code = (
        "import resource, runpy, sys\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({kilobytes} * 1024, resource.RLIM_INFINITY))\n"
        "sys.argv[1:] = sys.argv[1:]\n"
        "runpy.run_module('tests.runs.killable', run_name='__main__')\n"
    )
    limited = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "pictures"), str(tmp_path / "run")],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert limited.returncode
    last = limited.stderr.strip().splitlines()[-1]
    assert last.startswith("panoseg.errors.RunError: ")
    subprocess.run([*command, str(tmp_path / "run")], cwd=ROOT, check=True, capture_output=True)
    make_run(tmp_path / "pictures", store=tmp_path / "whole", model=FakeSegmenter())
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")
    assert ledger_rows(tmp_path / "run") == ledger_rows(tmp_path / "whole")
