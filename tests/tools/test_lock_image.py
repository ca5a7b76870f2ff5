"""The image's lock is of the requirements, and its list of the lock."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([\w.-]+)==([\w.+]+)", re.MULTILINE)
TEXTS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "requirements.txt",
        "requirements-dev.txt",
        "docker/requirements.in",
        "docker/requirements.lock",
    )
}
LOCKED, APP, DEVELOPMENT = (
    {canonicalize_name(name): version for name, version in PIN.findall(TEXTS[file])}
    for file in ("docker/requirements.lock", "requirements.txt", "requirements-dev.txt")
)
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_lock_holds_what_the_app_pins_and_torch_stands_in_the_dockerfile():
    torch = APP["torch"]
    assert re.search(rf"^ARG TORCH={re.escape(torch)}$", DOCKERFILE, re.MULTILINE)
    extras = dict(PIN.findall(TEXTS["docker/requirements.in"]))
    wanted = {**APP, **extras}
    del wanted["torch"]
    assert {name: LOCKED.get(name) for name in wanted} == wanted
    assert {name: DEVELOPMENT[name] for name in extras} == extras


def test_every_package_of_the_lock_has_hashes():
    for block in re.split(r"\n(?=[a-z0-9])", TEXTS["docker/requirements.lock"])[1:]:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block
    assert "--require-hashes" in DOCKERFILE


def test_no_package_of_the_lock_is_for_gpus():
    assert not [name for name in LOCKED if re.match(r"nvidia-|cuda-|triton", name)]


def test_the_list_of_materials_is_the_lock_with_torch():
    listed = json.loads((ROOT / "docker/sbom.json").read_text(encoding="utf-8"))
    assert listed["bomFormat"] == "CycloneDX"
    found = {canonicalize_name(each["name"]): each["version"] for each in listed["components"]}
    assert found == {**LOCKED, "torch": APP["torch"]}


def test_all_that_is_built_from_is_sent_to_the_builder():
    sent = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    for name in " ".join(copied).split():
        assert name in sent, name
        assert (ROOT / name).exists()


def test_the_image_runs_as_nobody_in_particular_and_with_nothing_to_install_with():
    final = DOCKERFILE.rsplit("FROM ", 1)[1]
    assert re.search(r"^USER 10001:10001$", final, re.MULTILINE)
    assert "pip install" not in final
    assert "/healthz" in final


def test_the_first_run_of_an_image_works(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "HOME": str(tmp_path)}
    command = [sys.executable, "-P", str(ROOT / "docker/first_run.py")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
