"""The first evaluation of a process compiles nothing, as that would be waited for."""

import subprocess
import sys

import numpy as np

from tests.evaluation.worlds import random_prediction, random_truth, write_annotation, write_run

CODE = """
import sys
from panoseg import Thresholds, open_run
from panoseg.evaluation import evaluate_run, read_annotations
from panoseg.merging import warm_up
from tests.merging.test_machine_code import versions

warm_up()
before = versions()
for name, masks in (("run", (0.5, 0.3)), ("run", ())):
    with open_run(f"{sys.argv[1]}/{name}") as run:
        evaluate_run(run, read_annotations(f"{sys.argv[1]}/truth.json"), Thresholds(), sweep_masks=masks)
new = {name: count - before[name] for name, count in versions().items() if count != before[name]}
assert not new, new
"""


def test_after_warming_up_an_evaluation_compiles_nothing(tmp_path):
    rng = np.random.default_rng(0)
    truths = {f"{n}.jpg": random_truth(rng) for n in range(2)}
    write_annotation(tmp_path, truths)
    predictions = {name: random_prediction(rng, truth) for name, truth in truths.items()}
    write_run(tmp_path / "run", predictions).close()
    done = subprocess.run([sys.executable, "-c", CODE, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
