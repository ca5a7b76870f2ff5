"""A real server with the real demo model, and a real Chromium that visits it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

import panoseg
from panoseg.demo.gallery import GALLERY, open_scene
from tests.browser.layout_shifts import go_far_away
from tests.browser.screen import Screen

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "tests" / "screenshots"
# Whatever the machine is busy with: a wait ends when its condition holds, and long before this.
PATIENCE_SECONDS = 60
expect.set_options(timeout=1000 * PATIENCE_SECONDS)

BROWSERS = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
KNOWS_THE_PAGE = """
try { localStorage.setItem("panoseg.first-minute", "closed"); } catch { /* a page without an origin */ }
"""
NO_BROWSER = (
    "The browser tests need Chromium: install it (on Debian and Ubuntu: sudo apt-get install chromium) "
    "or set CHROMIUM to the path of one."
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    item.stash[FAILED] = report.failed or item.stash.get(FAILED, False)
    return report


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of the page, started as the README says."""
    with serve(tmp_path_factory.mktemp("server")) as address:
        yield address


@contextmanager
def serve(folder, script="streamlit_app.py", *, base="", **environment):
    """A server of its own, which must not write a traceback into its log; gives its address.

    Args:
        folder: for its log and its caches.
        script: what it runs.
        base: the path below which it serves everything.
        environment: variables that it gets besides.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script]
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    options += [f"--server.baseUrlPath={base}"] if base else []
    # No network for models: the tests neither wait for a download nor depend on one.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PANOSEG_")}
    environment = {**inherited, "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hub"), **environment}
    address = f"http://127.0.0.1:{port}" + (f"/{base}" if base else "")
    with (folder / "log.txt").open("w+") as log:
        process = subprocess.Popen(command + options, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(f"{address}/_stcore/health", process, log)
            yield address
            ended = process.poll()
        finally:
            process.terminate()
            process.wait(timeout=30)
        log.seek(0)
        told = log.read()
    assert ended is None, f"The server ended by itself ({ended}):\n{told}"
    assert not re.search(r"Traceback|panoseg error |level=(error|critical)", told), told


def _wait_for(health, process, log):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(health, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    log.seek(0)
    pytest.fail(f"The server does not start:\n{log.read()}")


@pytest.fixture(scope="session")
def chromium():
    path = next((found for name in BROWSERS if name and (found := shutil.which(name))), None)
    if path is None:
        pytest.fail(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        browser.new_context().close()
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, request):
    """Opens the page as a visitor of its own: `visit(path, server, **options of the browser's context)`.

    One who `is_new` sees the first steps. To one who `is_far` what the page fetches comes late.

    At the end of every test: nothing went wrong in the browser's console, and nobody but the server was
    asked for anything. Of one that failed there is a screenshot.
    """
    screens = []

    def open_page(path="", server=None, init_script="", *, is_new=False, is_far=False, **options):
        server = server or request.getfixturevalue("server")
        # The page's own policy forbids what the tests' waits are made of; test_policy.py keeps to it.
        usual = {"viewport": {"width": 1280, "height": 800}, "accept_downloads": True, "bypass_csp": True}
        options = {**usual, **options}
        context = chromium.new_context(**options)
        context.set_default_timeout(1000 * PATIENCE_SECONDS)
        context.add_init_script(init_script + ("" if is_new else KNOWS_THE_PAGE))
        screen = Screen(context.new_page(), server)
        screens.append(screen)
        if is_far:
            go_far_away(screen.page)
        screen.page.goto(server + path)
        return screen

    yield open_page
    for number, screen in enumerate(screens):
        if screen.page.is_closed():
            continue
        if request.node.stash[FAILED]:
            SCREENSHOTS.mkdir(exist_ok=True)
            name = request.node.name.replace("[", "-").replace("]", "").replace(" ", "-")
            screen.page.screenshot(path=SCREENSHOTS / f"{name}{f'-{number}' if number else ''}.png")
        screen.page.context.close()
    for screen in screens:
        assert screen.complaints == []
        assert screen.strangers == []


@pytest.fixture(scope="session")
def predict():
    """What the page's model says of a photo, computed in this process: `predict(photo)`."""
    segmenter = panoseg.load_segmenter("demo")
    predictions = {}

    def remembered(photo):
        if photo.digest not in predictions:
            predictions[photo.digest] = segmenter.predict(photo)
        return predictions[photo.digest]

    return remembered


@pytest.fixture(scope="session")
def core(predict):
    """What the page must show, computed in this process: `core(photo, thresholds)`."""

    def segment(photo, thresholds=panoseg.Thresholds()):  # noqa: B008
        return panoseg.panoptic(predict(photo), thresholds)

    return segment


@pytest.fixture
def photo():
    """The picture that the page opens on."""
    return open_scene(next(iter(GALLERY)))


@pytest.fixture
def segmentation(core, photo):
    """What the page must show of it at first."""
    return core(photo)


@pytest.fixture
def screen(visit, photo):
    """The page of a new visitor, with the first map painted."""
    return visit().wait_for_map(photo).wait_for_page()
