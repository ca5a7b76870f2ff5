"""The README's commands are the ones that work."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from panoseg import cli
from panoseg.page.app import SCRIPT

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands():
    return [
        line.split("#")[0].strip() for block in blocks("sh") for line in block.splitlines() if line.strip()
    ]


def test_the_first_screen_has_the_two_commands():
    first_screen = "\n".join(README.splitlines()[:25])
    assert "make app" in first_screen
    assert "make test" in first_screen


@pytest.mark.parametrize("command", [c for c in commands() if c.startswith("make ")])
def test_make_targets_exist(command):
    done = subprocess.run(
        ["make", "--dry-run", *command.split()[1:]], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_make_app_serves_the_port_that_the_readme_names():
    # `make test` runs this, too, and a make within a make says which folder it enters and leaves.
    alone = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    done = subprocess.run(
        ["make", "-n", "app"], cwd=ROOT, env=alone, capture_output=True, text=True, check=True
    )
    dry = done.stdout
    assert dry.splitlines()[-1].endswith("panoseg app")
    assert "http://localhost:7000" in README
    options = tomllib.loads((SCRIPT.parent / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert (options["server"]["address"], options["server"]["port"]) == ("localhost", 7000)


def test_docker_maps_the_port_that_the_image_serves():
    (run,) = [c for c in commands() if c.startswith("docker run")]
    inside = re.search(r"-p \d+:(\d+)", run).group(1)
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert f"EXPOSE {inside}" in dockerfile
    assert f"--port={inside}" in dockerfile


@pytest.mark.parametrize("command", [c for c in commands() if c.startswith("panoseg ")])
def test_shell_commands_parse(command):
    cli.build_parser().parse_args(command.split()[1:])


def test_the_python_example_runs(tmp_path):
    from PIL import Image

    from panoseg.demo.gallery import GALLERY, open_scene

    Image.fromarray(open_scene(next(iter(GALLERY)), (160, 240)).pixels).save(tmp_path / "scene.png")
    (example,) = blocks("python")
    done = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "label" in done.stdout


@pytest.mark.parametrize(
    "document", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda p: p.name
)
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target
