"""`panoseg models pull` and the question of `panoseg segment`, against a local hub."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from panoseg import cli
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.png import encode_png
from tests.models.hub_server import Hub, Repository, running_hub

ID = "someone/tiny-mask2former"
WEIGHTS = "model.safetensors"


@pytest.fixture
def repository(hub: Hub, squash_folder: Path) -> Repository:
    repository = hub.repository(ID)
    repository.add(squash_folder)
    repository.licence = {"license": "cc-by-nc-4.0"}
    return repository


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sit at a terminal and type this."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def sit(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", Terminal(text))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    return sit


def test_in_a_build_nothing_is_asked(repository: Repository, hub: Hub, capsys: Any) -> None:
    assert cli.main(["models", "pull", ID]) == 0
    captured = capsys.readouterr()
    name, folder = captured.out.splitlines()
    assert name.startswith(ID)
    assert (Path(folder) / WEIGHTS).is_file()
    assert "cc-by-nc-4.0" in captured.err
    assert "0.5 MB" in captured.err
    assert "?" not in captured.err
    assert "\r" not in captured.err, "no bar in a log"


@pytest.mark.parametrize(("typed", "status"), [("y\n", 0), ("Yes\n", 0), ("n\n", 2), ("\n", 2), ("", 2)])
def test_at_a_terminal_it_is_asked_once(
    repository: Repository, hub: Hub, answer: Callable[[str], None], capsys: Any, typed: str, status: int
) -> None:
    answer(typed)
    assert cli.main(["models", "pull", ID]) == status
    said = capsys.readouterr().err
    assert said.count("Download? [y/N]") == 1
    assert said.index("cc-by-nc-4.0") < said.index("Download?")
    assert hub.offsets == ([] if status else [0])
    assert ("was not downloaded" in said) == bool(status)
    assert (f"Downloading the weights of {ID}" in said) == (not status)


def test_yes_is_an_answer(repository: Repository, answer: Callable[[str], None], capsys: Any) -> None:
    answer("n\n")
    assert cli.main(["models", "pull", ID, "--yes"]) == 0
    assert "Download?" not in capsys.readouterr().err


def test_what_is_there_is_not_asked_for(
    repository: Repository, hub: Hub, answer: Callable[[str], None], capsys: Any
) -> None:
    cli.main(["models", "pull", ID])
    answer("n\n")
    assert cli.main(["models", "pull", ID]) == 0
    assert "Download?" not in capsys.readouterr().err
    assert hub.offsets == [0]


def test_a_revision_can_be_pulled(hub: Hub, squash_folder: Path, capsys: Any) -> None:
    commit = hub.repository(ID).add(squash_folder, branch="v1.0")
    assert cli.main(["models", "pull", ID, "--revision", "v1.0"]) == 0
    assert capsys.readouterr().out.splitlines()[1].endswith(commit)
    assert cli.main(["models", "pull", ID, "--revision", "v2.0"]) == 2
    assert capsys.readouterr().err == f"panoseg: {ID} has no revision v2.0.\n"


@pytest.mark.parametrize("name", ["nobody/nothing", "demo", "a b"])
def test_what_cannot_be_pulled_is_one_line(hub: Hub, name: str, capsys: Any) -> None:
    assert cli.main(["models", "pull", name]) == 2
    said = capsys.readouterr().err
    assert said.startswith("panoseg: ")
    assert said.count("\n") == 1


def test_segment_asks_too(
    repository: Repository, hub: Hub, answer: Callable[[str], None], tmp_path: Path, capsys: Any
) -> None:
    photo = tmp_path / "scene.png"
    from PIL import Image

    photo.write_bytes(encode_png(Image.fromarray(open_scene(next(iter(GALLERY))).pixels)))
    command = ["segment", str(photo), "--model", ID]
    answer("n\n")
    assert cli.main(command) == 2
    assert "was not downloaded" in capsys.readouterr().err
    answer("y\n")
    assert cli.main(command) == 0
    captured = capsys.readouterr()
    assert "Downloading the weights" in captured.err
    assert captured.out.startswith("scene.png: ")


def test_an_interrupted_pull_says_that_it_goes_on(tmp_path: Path, squash_folder: Path) -> None:
    """A real process at a real terminal, and a real Ctrl-C."""
    pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios")  # Windows has neither
    with running_hub() as server:
        repository = server.repository(ID)
        repository.add(squash_folder)
        repository.seconds_per_piece = 1.0
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HF_")},
            "NO_PROXY": "127.0.0.1",
            "HF_ENDPOINT": server.url,
            "HF_HOME": str(tmp_path / "home"),
        }
        command = [sys.executable, "-m", "panoseg", "models", "pull", ID]
        leader, follower = pty.openpty()
        termios.tcsetwinsize(leader, (24, 120))
        process = subprocess.Popen(
            command,
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=environment,
            start_new_session=True,
            # Whoever runs the tests in the background has Ctrl-C ignored, and so would this process.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(follower)
        try:
            read_until(leader, "Download? [y/N] ")
            os.write(leader, b"y\n")
            read_until(leader, "kB/s")
            process.send_signal(signal.SIGINT)
            assert "goes on with the download from here" in read_until(leader, "")
            assert process.wait(timeout=60) == 130
        finally:
            process.kill()
            process.wait()
            os.close(leader)
        repository.seconds_per_piece = 0.0
        again = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
        assert "are missing" in again.stderr
        assert "is complete" in again.stdout
        assert server.offsets[0] == 0
        assert server.offsets[1] > 0


def read_until(terminal: int, words: str) -> str:
    """What the terminal shows up to these words, or to its end where there are none."""
    shown = ""
    deadline = time.monotonic() + 60
    while not words or words not in shown:
        assert time.monotonic() < deadline, shown
        try:
            piece = os.read(terminal, 1024)
        except OSError:  # so Linux says that the other side is closed
            piece = b""
        if not piece:
            assert not words, shown
            break
        shown += piece.decode(errors="replace")
    return shown
