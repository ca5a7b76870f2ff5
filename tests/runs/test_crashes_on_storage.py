"""Runs on object storage whose writer is killed, and what stands there meanwhile."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from panoseg.runs import make_run, open_run
from panoseg.runs.stores import open_store
from tests.fakes import FakeSegmenter
from tests.runs.pictures import contents, ledger_rows, write_pictures

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.filterwarnings("ignore")  # moto's own are none of ours


def kill(command, beyond):
    """Run a command and kill it once it has told of more pictures than that."""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        told = -1
        while told <= beyond and (line := process.stdout.readline()):
            told = int(line)
        process.send_signal(signal.SIGKILL)
    assert told > beyond and process.returncode == -signal.SIGKILL


def test_killed_on_object_storage_it_equals_a_run_that_never_was(storage, tmp_path):
    write_pictures(tmp_path / "pictures", 130)  # three shards
    url = "s3://pictures/killed"
    command = [sys.executable, "-m", "tests.runs.killable", str(tmp_path / "pictures"), url]
    done = 0
    for beyond in (-1, 1, 5):  # before anything, in the last shard's two pictures, and in the next 64
        kill(command, beyond)
        with open_run(url) as run:
            assert done <= len(run) < 130
            done = len(run)
            assert all(len(item.prediction().labels) == 6 for item in run)
    assert done > 2
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    make_run(tmp_path / "pictures", store=tmp_path / "local", model=FakeSegmenter())
    ours = {
        each.key.rpartition("/")[2]: each.get()["Body"].read()
        for each in storage.objects.filter(Prefix="killed/")
        if each.key.endswith((".tar", "run.json"))
    }
    assert ours == contents(tmp_path / "local")  # and no piece is left
    with open_run(url) as run:
        assert ledger_rows(run.folder) == ledger_rows(tmp_path / "local")


def test_a_file_that_others_can_rename_is_never_there_in_part(tmp_path, monkeypatch):
    """Object storage shows a file once all of it has come; a folder behind a URL is told to do the same."""
    store = open_store(f"file://{tmp_path}")
    store.write("ledger", b"before")
    seen = []
    files = store._files

    class Watched:
        def __getattr__(self, name):
            return getattr(files, name)

        def move(self, source, target):
            seen.append((tmp_path / "ledger").read_bytes())
            files.move(source, target)

    monkeypatch.setattr(store, "_files", Watched())
    store.write("ledger", b"afterwards")
    assert seen == [b"before"]
    assert store.read("ledger") == b"afterwards"
    assert store.names("") == ["ledger"]
