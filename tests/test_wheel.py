"""What `pip install` brings: the wheel in a fresh environment, far from the repository."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
import venv
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image
from streamlit.web.server.app_discovery import discover_asgi_app

from panoseg.page.app import SCRIPT
from panoseg.page.viewer import served_code as viewer_code

ROOT = Path(__file__).parents[1]
OPTIONS = SCRIPT.parent / ".streamlit" / "config.toml"
PATIENCE_SECONDS = 60

# Written beside the installed packages and imported by every Python there: a server that ends tells what
# its options were.
CONFESSION = """
import atexit, json, os, sys

def confess():
    if "streamlit.config" in sys.modules and "OPTIONS_FILE" in os.environ:
        with open(os.environ["OPTIONS_FILE"], "w") as file:
            options = sys.modules["streamlit.config"].get_config_options()
            json.dump({key: option.value for key, option in options.items()}, file)

atexit.register(confess)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without a network from a copy of what it is made of."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "panoseg", source / "panoseg", ignore=shutil.ignore_patterns("__pycache__"))
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(source)], check=True)
    (built,) = target.glob("panoseg-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A fresh environment that holds the wheel, and sees the libraries of this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=os.name != "nt")
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    command = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--quiet"]
    subprocess.run([*command, "--no-deps", "--no-index", "--no-compile", str(wheel)], check=True)
    (packages,) = {path.parent for path in folder.rglob("panoseg/__init__.py")}
    packages = packages.parent
    libraries = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages / "libraries.pth").write_text("\n".join([*libraries, "import confession"]))
    (packages / "confession.py").write_text(CONFESSION)
    return programs


@pytest.fixture
def environment(tmp_path):
    """Variables of a user who has set nothing, and has nowhere to go on the network."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PANOSEG_", "PYTHON"))}
    kept = {name: value for name, value in kept.items() if not name.startswith("STREAMLIT_")}
    return {**kept, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hub")}


@pytest.fixture
def nowhere(tmp_path):
    """An empty folder to work in."""
    folder = tmp_path / "nowhere"
    folder.mkdir()
    return folder


@contextmanager
def served(command, port, **options):
    """The address of a server that is started and, at the end, interrupted."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + PATIENCE_SECONDS
    try:
        while True:
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                    break
            except OSError:
                assert process.poll() is None, process.stdout.read()
                assert time.monotonic() < deadline, "The server does not start."
                time.sleep(0.05)
        yield address
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=PATIENCE_SECONDS)
        assert "Traceback" not in told, told
    finally:
        process.kill()
        process.communicate()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert answer.status == 200
        return answer.read().decode()


def test_the_wheel_holds_what_is_no_python_too(wheel):
    with ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("panoseg/")}
        others = {name.split("/")[0] for name in archive.namelist()} - {"panoseg"}
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "panoseg").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    # Browsers load what was made of the viewer's modules.
    assert all(name.startswith("panoseg/page/viewer/modules/") for name in ours - held)
    assert {name for name in held if name.endswith(".js")} >= {
        f"panoseg/page/viewer/bundle/{entry}.js"
        for entry in ("viewer", "payload", "logits_message", "worker")
    }
    assert held <= ours
    assert all(name.endswith(".dist-info") for name in others), "Nothing beside the package."


def flat(table, prefix=""):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


@pytest.mark.skipif(os.name == "nt", reason="Windows interrupts no single process")
def test_the_page_is_itself_in_any_folder(installed, environment, nowhere, tmp_path):
    port, told = free_port(), tmp_path / "options.json"
    command = [installed / "panoseg", "app", "--port", str(port), "--no-browser"]
    with served(command, port, cwd=nowhere, env={**environment, "OPTIONS_FILE": str(told)}) as address:
        html = fetch(address)
        (script,) = {part.split('"')[0] for part in html.split('src="')[1:] if ".js" in part.split('"')[0]}
        assert "import" in fetch(f"{address}/{script.lstrip('./')}")
        for name, content in viewer_code.files().items():
            assert fetch(f"{address}/{viewer_code.folder()}/{name}") == content.decode()
    options = json.loads(told.read_text())
    wanted = dict(flat(tomllib.loads(OPTIONS.read_text(encoding="utf-8"))))
    assert {key: options[key] for key in wanted} == wanted | {"server.port": port}
    assert not options["browser.gatherUsageStats"]
    assert not options["runner.postScriptGC"]
    assert options["client.showErrorDetails"] == "none"
    assert list(nowhere.iterdir()) == []


def test_a_clone_and_the_package_go_by_the_same_options():
    assert (ROOT / ".streamlit").resolve() == OPTIONS.parent
    for path in (ROOT / "streamlit_app.py", SCRIPT):
        assert discover_asgi_app(path).is_asgi_app, "Without it, `streamlit run` shows an empty page."


def test_wrong_settings_are_one_sentence_before_anything_is_served(installed, environment, nowhere):
    command = [installed / "panoseg", "app", "--port", str(free_port()), "--no-browser"]
    wrong = {**environment, "PANOSEG_CACHE_MB": "lots"}
    done = subprocess.run(command, cwd=nowhere, env=wrong, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "panoseg: PANOSEG_CACHE_MB: wanted a whole number of megabytes, got “lots”.\n"


def test_the_shell_segments(installed, environment, nowhere):
    Image.new("RGB", (48, 32), (120, 170, 90)).save(nowhere / "meadow.png")
    command = [installed / "panoseg", "segment", "meadow.png", "--score", "0", "--out", "results"]
    done = subprocess.run(
        command,
        cwd=nowhere,
        env={**environment, "NUMBA_DISABLE_JIT": "1"},  # compiling takes longer than so small a picture
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("meadow.png: 48 × 32 pixels")
    written = {path.name for path in (nowhere / "results").iterdir()}
    assert written == {"meadow-overlay.png", "meadow-segments.csv"}


def test_no_module_of_the_scripts_name_is_installed(installed, environment, nowhere):
    code = "import panoseg, importlib.util as u; print(u.find_spec('streamlit_app')); print(panoseg.__file__)"
    done = subprocess.run(
        [installed / "python", "-c", code], cwd=nowhere, env=environment, capture_output=True, text=True
    )
    nothing, place = done.stdout.splitlines()
    assert nothing == "None"
    assert Path(place).is_relative_to(installed.parent), (
        "The repository's panoseg is not the one that is tested."
    )
