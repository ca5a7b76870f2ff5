"""`panoseg app`: what it hands to Streamlit."""

import runpy
import sys
import tomllib

import pytest

from panoseg import cli
from panoseg.page.app import SCRIPT
from tests.cli.shell import only_line, run


@pytest.fixture
def started(monkeypatch):
    """The command lines that Streamlit was started with."""
    commands = []
    monkeypatch.setattr(sys, "argv", ["panoseg"])
    monkeypatch.setattr(runpy, "run_module", lambda name, **_: commands.append([name, *sys.argv]))
    return commands


def test_streamlit_is_started_in_this_process(started):
    assert run("app") == 0
    assert started == [["streamlit", "streamlit", "run", str(SCRIPT)]]


def test_port_address_and_browser_are_chosen(started):
    assert run("app", "--port", "7123", "--address", "127.0.0.1", "--no-browser") == 0
    options = ["--server.port=7123", "--server.address=127.0.0.1", "--server.headless=true"]
    assert started[0][4:] == options


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--port", "0"], "--port: wanted 1 to 65535, got 0."),
        (["--port", "65536"], "--port: wanted 1 to 65535, got 65536."),
        (["--address", "192.0.2.1"], "--address: wanted one of this machine's, got “192.0.2.1”."),
        (["--address", "no address"], "got “no address”."),
    ],
)
def test_what_cannot_be_served_is_refused_before_streamlit_starts(started, capsys, options, says):
    assert run("app", *options) == 2
    assert says in only_line(capsys.readouterr())
    assert started == []


def test_the_help_tells_the_defaults_of_the_options_file(capsys):
    server = tomllib.loads((SCRIPT.parent / ".streamlit/config.toml").read_text(encoding="utf-8"))["server"]
    with pytest.raises(SystemExit):
        cli.main(["app", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert f"default {server['port']}" in told
    assert f"{server['address']} (the default)" in told
