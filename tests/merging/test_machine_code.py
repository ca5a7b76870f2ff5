"""Machine code: compiled before anybody waits, and kept where it can be."""

import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import panoseg
from panoseg.merging import kernels, machine_code, warm_up
from tests.merging.examples import everything, prediction_of

ROOT = Path(panoseg.__file__).parents[1]


def versions():
    """How many versions of each kernel there are, by name."""
    modules = [
        importlib.import_module(f"{kernels.__name__}.{m.name}")
        for m in pkgutil.iter_modules(kernels.__path__)
    ]
    return {
        f"{module.__name__}.{name}": len(value.signatures)
        for module in modules
        for name, value in vars(module).items()
        if hasattr(value, "signatures")
    }


def test_after_warming_up_nothing_is_compiled():
    warm_up()
    before = versions()
    assert sum(before.values()) >= 9
    everything(prediction_of())
    everything(prediction_of((3, 200), things=()))
    assert versions() == before


@pytest.fixture
def folder_of(monkeypatch):
    """The cache folder for an environment of these variables."""

    def ask(**variables):
        for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, str(value))
        return machine_code._cache_folder.__wrapped__()

    return ask


def test_the_cache_is_where_it_can_be_written(folder_of, monkeypatch, tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    (package / "loops.py").write_text("pass")
    monkeypatch.setattr(machine_code, "_SOURCES", package)
    nowhere = tmp_path / "file"
    nowhere.touch()
    assert folder_of(NUMBA_CACHE_DIR=tmp_path / "numba").parent == tmp_path / "numba"
    assert folder_of(NUMBA_CACHE_DIR=nowhere).parent == package / "__pycache__"
    first = folder_of()
    (package / "loops.py").write_text("changed")
    assert folder_of() != first  # other sources, other machine code
    for stale in (package / "__pycache__").iterdir():
        stale.rmdir()
    (package / "__pycache__").rmdir()
    (package / "__pycache__").touch()  # as if the package could not be written to
    assert folder_of(XDG_CACHE_HOME=tmp_path / "user").parent == tmp_path / "user"
    assert folder_of(XDG_CACHE_HOME=nowhere) is None


def test_without_a_cache_kernels_work_all_the_same(monkeypatch):
    monkeypatch.setattr(machine_code, "_cache_folder", lambda: None)
    assert machine_code.kernel(_twice)(21) == 42


def _twice(number):
    return 2 * number


@pytest.fixture
def hits(tmp_path):
    """How often the cache served a new process, which did something else before."""

    def run(before="", folder=tmp_path):
        code = (
            f"{before}\n"
            "from panoseg.merging.kernels.pixels import new_extents\n"
            "assert list(new_extents(1, (2, 3))[0]) == [0, 2, 3, 0, 0]\n"
            "print(sum(new_extents.stats.cache_hits.values()))"
        )
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder), "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    return run


def test_the_cache_serves_a_new_process(hits):
    assert [hits(), hits()] == [0, 1]


READ_ONLY = """
import os, tempfile
def refuse(*_, **__):
    raise OSError(30, "Read-only file system")
tempfile.TemporaryFile = os.makedirs = os.mkdir = os.replace = refuse
"""
FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
"""


def test_a_cache_that_cannot_be_written_serves_all_the_same(hits):
    hits()
    assert hits(READ_ONLY) == 1


def test_without_a_place_to_write_it_works_without_a_cache(hits, tmp_path):
    assert hits(READ_ONLY, folder=tmp_path / "nowhere") in (0, 1)  # 1: of the package's own cache


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
def test_a_full_disk_keeps_nothing_and_stops_nothing(hits, tmp_path):
    assert hits(FULL) == 0
    assert [path for path in tmp_path.rglob("*.nb*") if path.stat().st_size == 0] == []
    assert [hits(), hits()] == [0, 1]


@pytest.mark.parametrize("damage", [b"", b"\x80", b"no pickle at all"])
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_damaged_machine_code_is_compiled_anew(hits, tmp_path, kind, damage):
    hits()
    for path in tmp_path.rglob(f"*.{kind}"):
        path.write_bytes(damage)
    assert [hits(), hits()] == [0, 1]
