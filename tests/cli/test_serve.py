"""`panoseg serve`: what it refuses before it starts anything."""

import pytest

from panoseg.cli import serve
from panoseg.model_server import server
from tests.cli.shell import only_line, run

TOKEN = "0123456789abcdef"  # noqa: S105


@pytest.fixture
def started(monkeypatch):
    """What would have been started."""
    found = []

    class Server:
        def __init__(self, options, replicas):
            found.append((options, replicas))

        def run(self):
            pass

    monkeypatch.setattr(server, "ModelServer", Server)
    monkeypatch.setattr(serve, "find_spec", lambda name: object())
    return found


def test_it_serves_the_demo_to_this_machine(started):
    assert run("serve") == 0
    ((options, replicas),) = started
    assert (options.address, options.port, options.token) == ("127.0.0.1", 7100, None)
    assert [each.model for each in replicas._options.options] == ["demo"]


def test_options_and_settings_arrive(started, monkeypatch):
    monkeypatch.setenv("PANOSEG_TOKEN", TOKEN)
    monkeypatch.setenv("PANOSEG_MAX_UPLOAD_MB", "5")
    monkeypatch.setenv("PANOSEG_MAX_MEGAPIXELS", "6")
    monkeypatch.setenv("PANOSEG_MAX_WAITING", "7")
    monkeypatch.setenv("PANOSEG_MODELS", "demo,catalog")
    command = ("serve", "--address", "0.0.0.0", "--port", "0", "--replicas", "3", "--threads", "2")  # noqa: S104
    assert run(*command, "--gpus", "0.5", "--ray", "ray.example:6379") == 0
    ((options, replicas),) = started
    assert (options.token, options.most_waiting, options.replicas) == (TOKEN, 7, 3)
    assert (options.limits.max_bytes, options.limits.max_pixels) == (5 * 2**20, 6_000_000)
    cluster = replicas._options
    assert (cluster.address, cluster.replicas, cluster.threads, cluster.gpus) == (
        "ray.example:6379",
        3,
        2,
        0.5,
    )
    assert [each.model for each in cluster.options] == ["demo"]


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.1", "models.example.org"])  # noqa: S104
def test_other_machines_come_in_with_a_token_only(started, capsys, address):
    assert run("serve", "--address", address) == 2
    assert "PANOSEG_TOKEN" in only_line(capsys.readouterr())
    assert started == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--replicas", "0"), "--replicas: wanted 1 to 1000, got 0."),
        (("--port", "70000"), "--port: wanted 0 to 65535, got 70000."),
        (("--threads", "0"), "--threads: wanted 1 to 1024, got 0."),
        (("--gpus", "-1"), "--gpus: wanted 0 to 64, got -1."),
    ],
)
def test_what_makes_no_sense_is_one_sentence(started, capsys, arguments, says):
    assert run("serve", *arguments) == 2
    assert says in only_line(capsys.readouterr())
    assert started == []


def test_without_ray_it_says_what_to_install(started, capsys, monkeypatch):
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    assert run("serve") == 2
    assert "pip install panoseg[ray]" in only_line(capsys.readouterr())


def test_things_of_served_models_are_not_saved_here(monkeypatch, capsys):
    monkeypatch.setenv("PANOSEG_SERVER", "http://127.0.0.1:1")
    monkeypatch.setenv("PANOSEG_SAVE_THINGS", "1")
    assert run("models") == 2
    assert "PANOSEG_SAVE_THINGS" in only_line(capsys.readouterr())
