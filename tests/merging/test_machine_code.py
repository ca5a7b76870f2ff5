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


def test_the_cache_serves_a_new_process(tmp_path):
    code = (
        "from panoseg.merging.kernels.pixels import new_extents; new_extents(1, (2, 3)); "
        "print(sum(new_extents.stats.cache_hits.values()))"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    hits = [
        subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    assert [done.stdout.strip() for done in hits] == ["0", "1"]
