"""What holds for every command."""

import io
import subprocess
import sys

import pytest

import panoseg
from tests.cli.shell import run


def test_a_terminal_without_the_letters_ends_no_run(fake, photo, monkeypatch):
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    assert run("segment", photo) == 0
    terminal.seek(0)
    assert terminal.read().startswith("holiday.png: 64 ? 48 pixels")


def test_an_interruption_is_quiet(photo, monkeypatch, capsys):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(panoseg, "load_segmenter", interrupt)
    assert run("segment", photo) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("arguments", [[], ["segment"], ["paint"], ["segment", "x.jpg", "--score", "high"]])
def test_wrong_usage_ends_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        run(*arguments)
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: panoseg")


def test_python_m_panoseg_is_the_command(tmp_path):
    command = [sys.executable, "-m", "panoseg"]
    version = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
    assert version.stdout == f"panoseg {panoseg.__version__}\n"
    environment = {"PYTHONIOENCODING": "ascii"}
    missing = subprocess.run(
        [*command, "segment", str(tmp_path / "nowhere.jpg")], capture_output=True, text=True, env=environment
    )
    assert missing.returncode == 2
    assert "nowhere.jpg" in missing.stderr
    assert "Traceback" not in missing.stderr
