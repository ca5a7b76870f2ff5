"""Merging on many cores, on one, from many threads, and after a fork."""

import dataclasses
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import panoseg
from panoseg.merging import parallel
from tests.merging.examples import everything, prediction_of

ROOT = Path(panoseg.__file__).parents[1]


def test_many_threads_at_once():
    shared = prediction_of((300, 400))
    expected = everything(dataclasses.replace(shared))
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(everything, [shared] * 8 + [dataclasses.replace(shared)] * 8))
    assert all(result == expected for result in results)


def test_one_core_is_enough(monkeypatch):
    expected = everything(prediction_of())
    monkeypatch.setattr(parallel, "usable_cores", lambda: 1)
    assert everything(prediction_of()) == expected


FORKED = """
import os
import panoseg
from tests.merging.examples import prediction_of

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


def test_a_full_disk_costs_a_second_try():
    calls = []

    def work(piece):
        calls.append(piece)
        if len(calls) == 1:
            raise OSError("No space left on device")
        return piece

    assert parallel.in_parallel(work, [(1,)]) == [1]
    assert calls == [1, 1]
