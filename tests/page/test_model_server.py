"""The page with its models on a server: what it offers, what it says while it waits, what it needs."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from panoseg.model_server.answers import Refusal
from panoseg.page import model_offers, model_service, notices
from panoseg.serving import undecided_things
from panoseg.settings import settings
from tests.model_server.local_replicas import LocalReplicas
from tests.model_server.processes import free_port
from tests.model_server.running import TOKEN, running
from tests.page.page import Page, as_read, wait_until

ROOT = Path(__file__).parents[2]
NAME = "owner/name"


@pytest.fixture
def site(monkeypatch):
    """Points the page at a model server of that address."""

    def point(base):
        monkeypatch.setenv("PANOSEG_SERVER", base)
        monkeypatch.setenv("PANOSEG_TOKEN", TOKEN)
        monkeypatch.delenv("PANOSEG_MODELS", raising=False)
        settings.cache_clear()
        model_service.forget_service()
        model_offers.forget_server()

    yield point
    model_service.forget_service()
    model_offers.forget_server()


@pytest.fixture
def told(monkeypatch):
    """All that the page says while it waits."""
    words, show = [], notices.ProgressNotice.show

    def spy(notice, text, share=None):
        show(notice, text, share)
        words.append(text)

    monkeypatch.setattr(notices.ProgressNotice, "show", spy)
    return words


def test_the_page_offers_what_the_server_has_and_shows_what_it_finds(site):
    with running(LocalReplicas(NAME)) as server:
        site(server.base)
        page = Page()
        assert page.shows_its_segments
        assert [(each.name, each.is_local, each.largest_edge) for each in model_offers.offers()] == [
            (NAME, True, 1024)
        ]
        assert server.replicas.seen


def test_a_busy_server_is_waited_for_and_the_page_says_so(site, told, monkeypatch):
    with running() as server:
        site(server.base)
        server.replicas.answer = Refusal(503, "The model is busy; try again in 1 s.")
        show = notices.ProgressNotice.show

        def relent(notice, text, share=None):
            show(notice, text, share)
            if "busy" in text:
                server.replicas.answer = None

        monkeypatch.setattr(notices.ProgressNotice, "show", relent)
        page = Page()
        assert "The model server is busy. Trying again…" in told
        assert page.shows_its_segments
        assert "Trying again" not in page.words


def test_a_server_that_is_away_is_one_sentence_and_found_again(site, told, monkeypatch):
    monkeypatch.setattr(undecided_things, "SERVER_PATIENCE_SECONDS", 0.5)
    port = free_port()
    site(f"http://127.0.0.1:{port}")
    page = Page()
    assert any("The model server does not answer. Trying again" in words for words in told)
    assert f"The model server 127.0.0.1:{port} does not answer; try again in a moment." in map(
        as_read, page.errors
    )
    with running(port=port):
        page.press("Try again")
        assert page.shows_its_segments


def test_things_of_an_undecided_model_are_asked(site):
    with running(LocalReplicas(NAME, decided=False)) as server:
        site(server.base)
        page = Page()
        assert "countable things?" in page.words


@pytest.mark.skipif(sys.platform != "linux", reason="looks at a process as Linux shows it")
def test_the_pages_process_needs_no_torch_and_no_ray(tmp_path):
    port = free_port()
    with running() as server:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PANOSEG_SERVER": server.base,
            "PANOSEG_TOKEN": TOKEN,
            "HF_HOME": str(tmp_path),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "panoseg", "app", f"--port={port}", "--no-browser", "--address=127.0.0.1"],
            env=environment,
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(lambda: process.poll() is not None or ask(port) == "ready", 120)
            assert ask(port) == "ready"
            files = Path(f"/proc/{process.pid}/maps").read_text()
            assert "numpy" in files
            for library in ("/torch/", "/ray/", "/openvino/"):
                assert library not in files
        finally:
            process.kill()
            process.wait()


def ask(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return answer.read().decode().strip()
    except OSError:
        return time.sleep(0.1)


def test_a_library_that_asks_a_server_needs_no_torch():
    code = (
        "import sys, panoseg, numpy\n"
        "segmenter = panoseg.load_segmenter(sys.argv[1], token=sys.argv[2])\n"
        "segmenter.predict(numpy.zeros((30, 40, 3), 'uint8'))\n"
        "print(*sorted({'torch', 'transformers', 'ray', 'uvicorn', 'streamlit'} & set(sys.modules)))"
    )
    with running() as server:
        done = subprocess.run(
            [sys.executable, "-c", code, server.base, TOKEN],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    assert done.stdout.split() == []
