"""Machine code: compiled before anybody waits, kept where it can be, and safe to run from many threads."""

import dataclasses
import gc
import importlib
import os
import pkgutil
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import panoseg
from panoseg.merging import compiled, grid, kernels, query_mask, warm_up

ROOT = Path(panoseg.__file__).parents[1]


def prediction_of(size=(50, 70), seed=0, things=(1,)):
    rng = np.random.default_rng(seed)
    return panoseg.Prediction(
        rng.normal(0, 3, (7, 4)),
        rng.normal(0, 5, (7, 12, 12)),
        (48, 48),
        (40, 48),
        size,
        panoseg.Vocabulary(["a", "b", "c"], things=things),
    )


def everything(prediction):
    """Whatever the package can compute from a prediction, as comparable values."""
    thresholds = panoseg.Thresholds(score=0.2, overlap=0.3)
    segmentation, fates = panoseg.merging.merge(prediction, thresholds)
    classes = panoseg.semantic(prediction)
    found = panoseg.instances(prediction)
    return [
        segmentation.id_map.tobytes(), segmentation.segments, fates,
        classes.id_map.tobytes(), classes.segments,
        found.flatten().id_map.tobytes(), found.segments,
        panoseg.margin(prediction, thresholds).tobytes(),
        panoseg.margin(prediction, thresholds, size=(9, 11)).tobytes(),
        panoseg.landscape(prediction).coverage.tobytes(),
        query_mask(prediction, 2, size=(20, 10)).tobytes(),
    ]  # fmt: skip


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


def test_many_threads_at_once():
    shared = prediction_of((300, 400))
    expected = everything(dataclasses.replace(shared))
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(everything, [shared] * 8 + [dataclasses.replace(shared)] * 8))
    assert all(result == expected for result in results)


def test_one_core_is_enough(monkeypatch):
    expected = everything(prediction_of())
    monkeypatch.setattr(compiled, "cores", lambda: 1)
    assert everything(prediction_of()) == expected


FORKED = """
import os
import panoseg
from tests.merging.test_compiled import prediction_of

panoseg.panoptic(prediction_of())
child = os.fork()
if not child:
    os._exit(len(panoseg.panoptic(prediction_of()).segments))
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_can_merge():
    done = subprocess.run(
        [sys.executable, "-c", FORKED], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert int(done.stdout) == len(panoseg.panoptic(prediction_of()).segments) > 0


def test_what_is_shared_is_bounded_and_leaves_with_the_prediction():
    prediction = prediction_of()
    surfaces = grid.surfaces_of(prediction)
    assert grid.surfaces_of(prediction) is surfaces
    for side in range(1, 9):
        panoseg.margin(prediction, size=(side, side))
    assert grid._known.count(prediction) == grid._SIZES_KEPT
    leaving = weakref.ref(prediction)
    del prediction
    gc.collect()
    assert leaving() is None


def test_the_bounds_of_tiles_stay_within_their_budget(monkeypatch):
    monkeypatch.setattr(grid, "_BOUNDS_BYTES", 600)
    prediction = prediction_of()
    surfaces = grid.surfaces_of(prediction)
    assert surfaces.low.nbytes + surfaces.high.nbytes <= 600
    assert surfaces.grid.tile > 8


@pytest.fixture
def folder_of(monkeypatch):
    """The cache folder for an environment of these variables."""

    def ask(**variables):
        for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, str(value))
        return compiled._cache_folder.__wrapped__()

    return ask


def test_the_cache_is_where_it_can_be_written(folder_of, monkeypatch, tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    (package / "loops.py").write_text("pass")
    monkeypatch.setattr(compiled, "_KERNELS", package)
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
    monkeypatch.setattr(compiled, "_cache_folder", lambda: None)
    assert compiled.kernel(_twice)(21) == 42


def _twice(number):
    return 2 * number


def test_a_full_disk_costs_a_second_try():
    calls = []

    def work(piece):
        calls.append(piece)
        if len(calls) == 1:
            raise OSError("No space left on device")
        return piece

    assert compiled.in_parallel(work, [(1,)]) == [1]
    assert calls == [1, 1]


def test_the_cache_serves_a_new_process(tmp_path):
    code = (
        "from panoseg.merging.kernels.surface import sigmoid; sigmoid(0.0); "
        "print(sum(sigmoid.stats.cache_hits.values()))"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    hits = [
        subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    assert [done.stdout.strip() for done in hits] == ["0", "1"]
