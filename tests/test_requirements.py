"""What is pinned for the app lies in the ranges that the package asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = [line for extra in PROJECT["optional-dependencies"].values() for line in extra]
RANGES = {canonicalize_name(each.name): each for each in map(Requirement, PROJECT["dependencies"] + EXTRAS)}


def pins(text):
    """name → exact version."""
    found = re.findall(r"^\s*([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+)", text, re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


APP = pins((ROOT / "requirements.txt").read_text(encoding="utf-8"))
DEVELOPMENT = pins((ROOT / "requirements-dev.txt").read_text(encoding="utf-8"))
DOCKER = pins((ROOT / "docker/requirements.lock").read_text(encoding="utf-8"))


def test_the_app_pins_what_the_package_asks_for():
    assert APP.keys() == {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}


@pytest.mark.parametrize(
    ("name", "version"),
    [
        (name, version)
        for where in (APP, DEVELOPMENT, DOCKER)
        for name, version in where.items()
        if name in RANGES
    ],
)
def test_every_pin_is_in_its_range(name, version):
    assert RANGES[name].specifier.contains(version)


@pytest.mark.parametrize("requirement", RANGES.values(), ids=str)
def test_every_range_has_two_ends(requirement):
    assert {each.operator for each in requirement.specifier} == {">=", "<"}


def test_docker_brings_the_openvino_that_is_tested():
    assert DOCKER["openvino"] == DEVELOPMENT["openvino"]


@pytest.mark.parametrize("name", ["Dockerfile", "deploy/models.Dockerfile"])
def test_an_image_is_built_on_what_nobody_can_exchange(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.search(r"^ARG BASE=python:3\.11\.\d+-slim@sha256:[0-9a-f]{64}$", text, re.MULTILINE)
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"${BASE}"}


def test_both_images_have_the_same_base():
    bases = {
        re.search(r"^ARG BASE=(.+)$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)[1]
        for name in ("Dockerfile", "deploy/models.Dockerfile")
    }
    assert len(bases) == 1
