"""What an operator sets: read, checked, and documented as it is."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from panoseg import InvalidValueError, start_check
from panoseg.serving import model_pool
from panoseg.settings import PREFIX, VARIABLES, Settings, settings
from tests.cli.shell import only_line, run

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


def test_nothing_set_is_what_the_table_says(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    nothing = Settings.from_environment({})
    assert nothing == Settings.from_environment({variable.name: " " for variable in VARIABLES})
    assert nothing == Settings(
        models=None,
        save_things=False,
        home=Path("/home/me/.config/panoseg"),
        cache_mb=None,
        engine="auto",
        cache=Path("/home/me/.cache/panoseg"),
        hosts=(),
        https=False,
        frames=("none",),
        login=False,
        metrics_token=None,
        server=None,
        token=None,
        log="text",
        max_upload_mb=40,
        max_megapixels=50,
        max_sessions=100,
        uploads_per_minute=30,
        max_waiting=64,
        runs=(),
        pictures=(),
        run_pictures=500,
        run_mb=300,
        memory_mb=None,
    )
    moved = Settings.from_environment({"XDG_CONFIG_HOME": "/settings", "XDG_CACHE_HOME": "/cache"})
    assert (moved.home, moved.cache) == (Path("/settings/panoseg"), Path("/cache/panoseg"))


def test_everything_can_be_set(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    given = {
        "PANOSEG_MODELS": " demo, owner/name ,, /mine,",
        "PANOSEG_SAVE_THINGS": "1",
        "PANOSEG_HOME": "~/things",
        "PANOSEG_CACHE_MB": " 256 ",
        "PANOSEG_MAX_EDGE": "800",
        "PANOSEG_ENGINE": "openvino",
        "PANOSEG_CACHE": "/cache",
        "PANOSEG_HOSTS": "Example.org, *.example.org, [2001:db8::1], 192.0.2.1",
        "PANOSEG_HTTPS": "1",
        "PANOSEG_FRAMES": "self, https://example.org:8443",
        "PANOSEG_LOGIN": "me@example.org, @Example.com",
        "PANOSEG_METRICS_TOKEN": "0123456789abcdef",
        "PANOSEG_SERVER": "https://models.example.org/",
        "PANOSEG_TOKEN": "fedcba9876543210",
        "PANOSEG_LOG": "json",
        "PANOSEG_MAX_UPLOAD_MB": "5",
        "PANOSEG_MAX_MEGAPIXELS": "6",
        "PANOSEG_MAX_SESSIONS": "7",
        "PANOSEG_UPLOADS_PER_MINUTE": "8",
        "PANOSEG_MAX_WAITING": "9",
        "PANOSEG_RUNS": "~/runs, /data/run",
        "PANOSEG_PICTURES": "/data/pictures",
        "PANOSEG_RUN_PICTURES": "0",
        "PANOSEG_RUN_MB": "50",
        "PANOSEG_MEMORY_MB": "1000",
    }
    assert given.keys() == {variable.name for variable in VARIABLES}
    assert Settings.from_environment(given) == Settings(
        models=("demo", "owner/name", "/mine"),
        save_things=True,
        home=Path("/home/me/things"),
        cache_mb=256,
        max_edge=800,
        engine="openvino",
        cache=Path("/cache"),
        hosts=("example.org", "*.example.org", "[2001:db8::1]", "192.0.2.1"),
        https=True,
        frames=("self", "https://example.org:8443"),
        login=("me@example.org", "@example.com"),
        metrics_token="0123456789abcdef",  # noqa: S106
        server="https://models.example.org",
        token="fedcba9876543210",  # noqa: S106
        log="json",
        max_upload_mb=5,
        max_megapixels=6,
        max_sessions=7,
        uploads_per_minute=8,
        max_waiting=9,
        runs=(Path("/home/me/runs"), Path("/data/run")),
        pictures=(Path("/data/pictures"),),
        run_pictures=0,
        run_mb=50,
        memory_mb=1000,
    )


def test_the_table_and_the_fields_are_the_same():
    assert {variable.field for variable in VARIABLES} == {field.name for field in fields(Settings)}


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("PANOSEG_CACHE_MB", "lots", "a whole number of megabytes"),
        ("PANOSEG_CACHE_MB", "-1", "a whole number of megabytes"),
        ("PANOSEG_CACHE_MB", "1.5", "a whole number of megabytes"),
        ("PANOSEG_CACHE_MB", "²", "a whole number of megabytes"),
        ("PANOSEG_ENGINE", "cuda", "auto, torch or openvino"),
        ("PANOSEG_SAVE_THINGS", "maybe", "1 or 0"),
        *(
            (name, text, "host names, separated by commas; *.name for all below one, * for any")
            for name, text in (("PANOSEG_HOSTS", "https://example.org"), ("PANOSEG_HOSTS", "a b"))
        ),
        *(
            (
                "PANOSEG_FRAMES",
                text,
                "none, or self and origins such as https://example.org, separated by commas",
            )
            for text in ("example.org", "none, self", "https://example.org/path", "https://a; script-src *")
        ),
        ("PANOSEG_LOGIN", "me", "1, 0, or addresses and domains (@example.org), separated by commas"),
        ("PANOSEG_LOG", "xml", "text or json"),
        *(("PANOSEG_MAX_UPLOAD_MB", text, "a whole number of megabytes, 1 to 100") for text in ("0", "101")),
        *((f"PANOSEG_{name}", "0", "a whole number, 1 or more") for name in ("MAX_SESSIONS", "MAX_WAITING")),
        ("PANOSEG_MEMORY_MB", "0", "a whole number of megabytes, 1 or more"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(name, text, wanted):
    with pytest.raises(InvalidValueError) as caught:
        Settings.from_environment({name: text})
    assert str(caught.value) == f"{name}: wanted {wanted}, got “{text}”."


def test_a_token_is_not_repeated():
    with pytest.raises(InvalidValueError) as caught:
        Settings.from_environment({"PANOSEG_METRICS_TOKEN": "short secret"})
    wanted = "wanted 16 or more printable characters, got something else."
    assert str(caught.value) == f"PANOSEG_METRICS_TOKEN: {wanted}"


def test_the_pool_goes_by_the_operators_memory(monkeypatch):
    monkeypatch.setenv("PANOSEG_MEMORY_MB", "3")
    assert model_pool.operators_bytes() == 3 * 2**20
    assert (model_pool.available_bytes() or 0) == 0  # this process has more than that already


def test_they_are_read_once(monkeypatch):
    monkeypatch.setenv("PANOSEG_CACHE_MB", "1")
    assert settings().cache_mb == 1
    monkeypatch.setenv("PANOSEG_CACHE_MB", "2")
    assert settings().cache_mb == 1
    settings.cache_clear()
    assert settings().cache_mb == 2


# --- at the start ---


@pytest.mark.parametrize("model", ["/nope", "nope", "demo,./nope", "a/b/c", "../nope"])
def test_a_model_that_is_not_there_is_refused_at_the_start(monkeypatch, tmp_path, capsys, model):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PANOSEG_MODELS", model)
    assert run("models", "--json") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert only_line(captured).startswith(
        "panoseg: PANOSEG_MODELS: wanted demo, catalog, hub ids (owner/name)"
    )
    assert f"got “{model.split(',')[-1]}”." in captured.err


def test_models_that_may_be_there_are_not(monkeypatch, tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PANOSEG_MODELS", f"catalog,demo,owner/name,mine,./mine,{tmp_path}/mine")
    assert run("models", "--json") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "value", "module", "says"),
    [
        ("PANOSEG_ENGINE", "openvino", "openvino", "PANOSEG_ENGINE: openvino is not installed"),
        ("PANOSEG_LOGIN", "1", "authlib", "PANOSEG_LOGIN: signing in needs Authlib"),
    ],
)
def test_what_is_not_installed_cannot_be_asked_for(monkeypatch, capsys, name, value, module, says):
    monkeypatch.setenv(name, value)
    assert run("models", "--json") == 0
    monkeypatch.setattr(start_check, "find_spec", lambda wanted: None if wanted == module else object())
    capsys.readouterr()
    assert run("models", "--json") == 2
    assert says in only_line(capsys.readouterr())


def test_a_server_ends_before_it_serves(monkeypatch, capsys):
    monkeypatch.setenv("PANOSEG_SAVE_THINGS", "maybe")
    with pytest.raises(SystemExit) as end:
        start_check.check_settings_or_exit()
    assert end.value.code == 2
    assert only_line(capsys.readouterr()) == "panoseg: PANOSEG_SAVE_THINGS: wanted 1 or 0, got “maybe”.\n"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("PANOSEG_MODEL", "PANOSEG_MODEL is none of panoseg's variables; did you mean PANOSEG_MODELS?"),
        ("PANOSEG_COLOUR", "PANOSEG_COLOUR is none of panoseg's variables; it has no effect."),
    ],
)
def test_unknown_variables_are_named_once(monkeypatch, capsys, name, says):
    start_check._warn.cache_clear()
    monkeypatch.setenv(name, "1")
    for _ in range(2):
        assert run("models", "--json") == 0
    assert only_line(capsys.readouterr()) == f"panoseg: {says}\n"


# --- the documents ---


def test_the_operators_table_is_this_one():
    rows = [f"| `{each.name}` | {each.wanted} | {each.default} | {each.meaning} |\n" for each in VARIABLES]
    assert "".join(rows) in ARCHITECTURE


@pytest.mark.parametrize(
    "path",
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "Dockerfile",
        *sorted((ROOT / "docs").glob("*.md")),
    ],
    ids=lambda path: path.name,
)
def test_no_document_names_another(path):
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", path.read_text(encoding="utf-8")))
    assert named <= {variable.name for variable in VARIABLES}


def test_only_the_settings_read_them():
    """One module knows the environment; who wants to know asks it."""
    for path in (ROOT / "panoseg").rglob("*.py"):
        if path.name != "settings.py":
            text = path.read_text(encoding="utf-8")
            assert not re.search(rf"""(environ|getenv)\W[^\n]*["']{PREFIX}""", text), path
