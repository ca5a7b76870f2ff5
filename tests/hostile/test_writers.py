"""Whoever writes files is ended in the midst of it, or finds the disk full: what has its name is whole."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("limits of a process are POSIX", allow_module_level=True)

from panoseg.errors import RunError
from panoseg.runs import open_run
from tests.fakes import fake_prediction
from tests.hostile import writers
from tests.runs.pictures import contents

ROOT = Path(__file__).parents[2]
_BEGUN = re.compile(r"\.incomplete$|\.tmp\.[0-9a-f]+$|\.sqlite-(shm|wal)$")
"""Names under which downloads' and Numba's files are begun, and of what SQLite keeps for itself."""


@pytest.fixture(scope="module")
def write(tmp_path_factory):
    """Have a writer write into a folder; how that ended, and what was said."""
    folder = tmp_path_factory.mktemp("inputs")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.hostile.writers", str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(name, folder, how="free", size=0):
        process.stdin.write(f"{name} {how} {size} {folder}\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    assert process.stdout.readline() == "ready\n"
    with process:  # it ends with its input
        yield ask


def files(folder):
    """Content by path of all that is there to be found; what is under way has a name with a dot before it."""
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {
        name: path.read_bytes()
        for name, path in found.items()
        if not any(part.startswith(".") for part in Path(name).parts) and not _BEGUN.search(name)
    }


def unfinished(folder):
    return [path.name for path in folder.rglob("*") if path.name.endswith(".new") or ".unf" in path.name]


def see_whole(folder, complete):
    for name, content in files(folder).items():
        assert content == complete[name], name


def see_no_run(sentence):
    assert "no such table" in sentence or "no run" in sentence


def see_readable(folder, complete):
    """A run grows: what its ledger lists can be read."""
    if (folder / "run/run.json").exists():
        assert (folder / "run/run.json").read_bytes() == complete["run/run.json"]
    try:
        run = open_run(folder / "run")
    except RunError as error:  # ended before the ledger was there
        see_no_run(str(error))
        return
    with run:
        for item in run:
            assert (item.prediction().class_logits == fake_prediction(item.size).class_logits).all()


def sizes_of(complete):
    """Places at which a writer is ended: at once, in the midst of the smallest file and of the largest."""
    sizes = sorted(len(content) for content in complete.values() if content)
    return sorted({0, sizes[0] // 2, sizes[-1] // 2, sizes[-1] - 1})


@pytest.mark.parametrize("how", ["killed", "full"])
@pytest.mark.parametrize("name", list(writers.WRITERS))
def test_what_has_its_name_is_whole(write, tmp_path, name, how):
    assert write(name, tmp_path / "complete")[0] == "done"
    complete = files(tmp_path / "complete")
    assert complete
    ends = {}
    for size in sizes_of(complete):
        folder = tmp_path / str(size)
        end, told = write(name, folder, how, size)
        ends[end] = told
        (see_readable if name == "run" else see_whole)(folder, complete)
        if how == "full":
            assert unfinished(folder) == []
        assert write(name, folder)[0] == "done"  # the same again makes it good
        if name == "run":
            assert contents(folder / "run") == contents(tmp_path / "complete/run")
        else:
            assert files(folder) == complete
    stopped = {"killed": "killed", "full": "refused"}[how]
    assert ends.keys() <= {stopped, "done"}, ends
    # Machine code that cannot be kept stops nobody.
    assert stopped in ends or (name, how) == ("machine_code_of_a_kernel", "full")
