"""`panoseg models` and `panoseg models things`."""

import json
import re

import pytest

from panoseg.models.checkpoints.catalog import CATALOG
from tests.cli.shell import only_line, run


def test_models_are_listed_in_columns(capsys):
    assert run("models") == 0
    heading, *lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if line.startswith(("demo", "facebook/"))]
    assert [row.split()[0] for row in rows] == list(CATALOG)
    assert heading.split()[-3:] == ["quality", "licence", "here"]
    (tiny,) = [row for row in rows if "tiny-coco-panoptic" in row]
    assert re.search(r"COCO +panoptic +Swin-T +47 M +190 MB +PQ 53\.2 +CC BY-NC 4\.0", tiny)
    assert "lower" in lines[-1]


def test_models_as_json_are_the_same_facts(capsys):
    assert run("models", "--json") == 0
    facts = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert list(facts) == list(CATALOG)
    ade = facts["facebook/mask2former-swin-large-ade-panoptic"]
    assert (ade["classes"], ade["things"], ade["metric"], ade["quality"]) == (150, 100, "PQ", 48.1)
    assert facts["demo"]["here"] is True


def test_what_was_downloaded_is_here(tmp_path, monkeypatch, capsys):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    name, commit = "facebook/mask2former-swin-tiny-coco-panoptic", "a" * 40
    repository = tmp_path / f"models--{name.replace('/', '--')}"

    def here():
        run("models", "--json")
        return [entry["name"] for entry in json.loads(capsys.readouterr().out) if entry["here"]]

    assert here() == ["demo"]
    for folder in ("refs", f"snapshots/{commit}"):
        (repository / folder).mkdir(parents=True)
    (repository / "refs" / "main").write_text(commit)
    (repository / "snapshots" / commit / "config.json").write_text("{}")
    assert here() == ["demo"]
    (repository / "snapshots" / commit / "model.safetensors").write_text("")
    assert here() == ["demo", name]


@pytest.fixture
def undecided(tmp_path, monkeypatch):
    """A checkpoint's folder without weights, of which nobody has said the things."""
    monkeypatch.setenv("PANOSEG_HOME", str(tmp_path / "home"))
    folder = tmp_path / "mine"
    folder.mkdir()
    labels = {str(i): label for i, label in enumerate(["sky", "dog, hound", "cat\x1b[2J"])}
    (folder / "config.json").write_text(json.dumps({"model_type": "mask2former", "id2label": labels}))
    (folder / "preprocessor_config.json").write_text("{}")
    return folder


def test_things_are_listed_said_and_remembered(undecided, capsys):
    def listed():
        assert run("models", "things", undecided) == 0
        return [line.split()[-1] for line in capsys.readouterr().out.splitlines()[1:]]

    assert listed() == ["?", "?", "?"]
    assert run("models", "things", undecided, "dog, hound") == 0
    assert capsys.readouterr().out == "mine: 1 of 3 labels are things.\n"
    assert listed() == ["stuff", "thing", "stuff"]
    assert run("models", "things", undecided, "--none") == 0
    assert capsys.readouterr().out == "mine: 0 of 3 labels are things.\n"
    assert listed() == ["stuff"] * 3
    run("models", "things", undecided)
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["bird"], "'bird' is none of"), (["sky", "--none"], "--none: wanted no labels beside it")],
)
def test_things_that_make_no_sense_are_refused(undecided, capsys, arguments, says):
    assert run("models", "things", undecided, *arguments) == 2
    assert says in only_line(capsys.readouterr())
