"""The shell: what it prints, writes and returns, with a fake segmenter in the model's place."""

import io
import json
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import panoseg
from panoseg import cli
from panoseg.demo import gallery
from panoseg.export import FORMATS
from panoseg.models.checkpoints.catalog import CATALOG
from tests.broken_photos import encoded
from tests.export import samples
from tests.fakes import FakeSegmenter


@pytest.fixture
def fake(monkeypatch):
    """The segmenter that every command gets, counting how often one was loaded."""
    segmenter = FakeSegmenter()
    segmenter.loads = []

    def load(name, *, engine, things, progress, ask):
        segmenter.loads.append(name)
        segmenter.engine = engine
        return segmenter

    monkeypatch.setattr(panoseg, "load_segmenter", load)
    return segmenter


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "holiday.png"
    path.write_bytes(encoded("PNG"))
    return path


def run(*arguments):
    return cli.main([str(argument) for argument in arguments])


def test_segments_are_listed(fake, photo, capsys):
    assert run("segment", photo) == 0
    heading, columns, *rows = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"holiday\.png: 64 × 48 pixels, 5 segments, \d\d\.\d% covered", heading)
    assert columns.split() == ["id", "label", "kind", "score", "pixels", "%"]
    assert [row.split()[:4] for row in rows] == [
        ["1", "sky", "stuff", "0.990"],
        ["2", "grass", "stuff", "0.970"],
        ["3", "person", "thing", "0.950"],
        ["4", "person", "thing", "0.900"],
        ["5", "ball", "thing", "0.850"],
    ]
    assert len({len(line) for line in (columns, *rows)}) == 1
    assert list(photo.parent.iterdir()) == [photo]


def test_the_model_is_loaded_once_and_asked_once_per_photo(fake, photo):
    assert run("segment", photo, photo, photo, "--model", "owner/name") == 0
    assert fake.loads == ["owner/name"]
    assert fake.calls == 3


def test_thresholds_are_passed_on(fake, photo, capsys):
    run("segment", photo, "--score", "0.4")
    assert "kite" in capsys.readouterr().out
    run("segment", photo, "--score", "0.96")
    assert "2 segments" in capsys.readouterr().out
    run("segment", photo, "--score", "0.98", "--mask", "0", "--overlap", "0")
    assert "1 segment," in capsys.readouterr().out


@pytest.mark.parametrize(
    ("task", "labels"),
    [
        ("panoptic", ["sky", "grass", "person", "person", "ball"]),
        ("instances", ["person", "person", "ball"]),
        ("semantic", ["sky", "grass", "person", "ball"]),
    ],
)
def test_tasks(fake, photo, capsys, task, labels):
    assert run("segment", photo, "--task", task, "--score", "0.7") == 0
    _, _, *rows = capsys.readouterr().out.splitlines()
    assert [row.split()[1] for row in rows if row.split()[1] != "kite"] == labels


def test_nothing_found_says_which_threshold_did_it(fake, photo, capsys):
    assert run("segment", photo, "--score", "1") == 0
    output = capsys.readouterr().out
    assert "0 segments, 0.0% covered" in output
    assert "The score threshold of 1.00 filters everything away" in output


@pytest.mark.parametrize(
    ("options", "written"),
    [
        (["--out", "new/folder"], ["holiday-overlay.png", "holiday-segments.csv"]),
        (["--out", "new", "--formats", "ids"], ["holiday-ids.png"]),
        (["--formats", "csv, csv"], ["holiday-segments.csv"]),
        (
            ["--out", "all", "--formats", ",".join(FORMATS)],
            [FORMATS[name].file_name("holiday.png") for name in FORMATS],
        ),
    ],
    ids=["default", "one", "here", "all"],
)
def test_files_are_written_where_they_are_wanted(
    fake, photo, tmp_path, monkeypatch, capsys, options, written
):
    monkeypatch.chdir(tmp_path)
    assert run("segment", photo, *options) == 0
    folder = tmp_path / (options[1] if options[0] == "--out" else ".")
    assert sorted(path.name for path in folder.glob("holiday-*")) == sorted(written)
    assert capsys.readouterr().out.count("wrote ") == len(written)


def test_written_files_hold_what_the_core_says(fake, photo, tmp_path):
    run("segment", photo, "--out", tmp_path, "--formats", "csv,ids,overlay", "--score", "0.4")
    opened = panoseg.open_photo(photo)
    segmentation = panoseg.panoptic(fake.predict(opened), panoseg.Thresholds(score=0.4))
    table = pd.read_csv(tmp_path / "holiday-segments.csv")
    assert table.label.tolist() == [segment.label for segment in segmentation.segments]
    with Image.open(tmp_path / "holiday-ids.png") as ids:
        np.testing.assert_array_equal(np.asarray(ids), segmentation.id_map)
    with Image.open(tmp_path / "holiday-overlay.png") as overlay:
        np.testing.assert_array_equal(
            np.asarray(overlay), np.asarray(panoseg.draw_overlay(opened, segmentation))
        )


def test_photos_of_one_name_do_not_overwrite_each_other(fake, tmp_path):
    paths = []
    for folder in "abc":
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "x.png")
        paths[-1].write_bytes(encoded("PNG"))
    assert run("segment", *paths, "--out", tmp_path / "out", "--formats", "ids") == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["x-2-ids.png", "x-3-ids.png", "x-ids.png"]


# --- what goes wrong ---


def only_line(captured):
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    return captured.err


def test_one_bad_photo_does_not_stop_the_others(fake, photo, tmp_path, capsys):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    assert run("segment", bad, photo, tmp_path / "missing.jpg", photo) == 2
    captured = capsys.readouterr()
    assert captured.out.count("5 segments") == 2
    assert re.search(r"“bad\.jpg” is a text file.*\n.*“missing\.jpg” does not exist", captured.err)
    assert captured.err.count("\n") == 2


def test_the_engine_is_chosen(fake, photo):
    assert run("segment", photo) == 0
    assert fake.engine == "auto"
    assert run("segment", photo, "--engine", "torch") == 0
    assert fake.engine == "torch"


def test_without_a_good_photo_no_model_is_loaded(fake, tmp_path, capsys):
    assert run("segment", tmp_path / "missing.jpg") == 2
    assert fake.loads == []
    assert only_line(capsys.readouterr()).startswith("panoseg: “missing.jpg” does not exist.")


def test_a_model_that_cannot_be_loaded_is_reported_once(photo, monkeypatch, capsys):
    def load(name, **_):
        raise panoseg.ModelError(f"There is no model {name!r}.\nTry another.")

    monkeypatch.setattr(panoseg, "load_segmenter", load)
    assert run("segment", photo, photo, "--model", "x") == 2
    assert only_line(capsys.readouterr()) == "panoseg: There is no model 'x'. Try another.\n"


def test_a_photo_that_the_model_fails_on_does_not_stop_the_others(fake, photo, capsys):
    fake.error = panoseg.ModelError("Too little memory.")
    assert run("segment", photo, photo) == 2
    assert fake.calls == 2
    assert capsys.readouterr().err.count("panoseg: Too little memory.\n") == 2


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--score", "1.5"], "score threshold: wanted a number from 0 to 1, got 1.5"),
        (["--mask", "nan"], "mask threshold: wanted a number from 0 to 1, got nan"),
        (["--formats", "csv,gif"], 'wanted some of overlay, csv, ids, cutout, coco, got "gif"'),
        (["--input-size", "big"], 'input_size: wanted "shipped", "paper" or 64 to 2048 pixels, got \'big\''),
        (["--input-size", "4000"], "64 to 2048 pixels, got 4000"),
    ],
    ids=["range", "nan", "format", "no size", "enormous"],
)
def test_wrong_options_are_refused_before_any_work(fake, photo, capsys, options, says):
    assert run("segment", photo, *options) == 2
    assert says in only_line(capsys.readouterr())
    assert fake.loads == []


def test_a_folder_that_cannot_be_made_is_reported(fake, photo, capsys):
    assert run("segment", photo, "--out", photo / "inside") == 2
    assert str(photo) in only_line(capsys.readouterr())


def test_a_label_cannot_drive_the_terminal():
    segmentation, _ = samples.labelled("sky\x1b[2J\nroad")
    photo = panoseg.Photo.from_pixels(np.zeros((1, 1, 3), np.uint8), "dot")
    assert "sky?[2J?road" in cli._table(photo, segmentation, "")


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


# --- the other commands ---


def test_the_page_is_served_on_the_port(monkeypatch):
    commands = []
    monkeypatch.setattr(cli.subprocess, "call", lambda command: commands.append(command) or 0)
    assert run("app", "--port", "7123") == 0
    (command,) = commands
    assert command[:4] == [sys.executable, "-m", "streamlit", "run"]
    assert command[4].endswith("streamlit_app.py")
    assert command[5:] == ["--server.port", "7123"]


def test_a_missing_page_is_reported(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(cli, "_PAGE", tmp_path / "streamlit_app.py")
    assert run("app") == 2
    assert "streamlit_app.py is not beside the package" in only_line(capsys.readouterr())


def test_demo_writes_the_gallery(monkeypatch, tmp_path, capsys):
    names = list(gallery.GALLERY)[:2]
    monkeypatch.setattr(gallery, "GALLERY", {name: gallery.GALLERY[name] for name in names})
    assert run("demo", tmp_path / "scenes") == 0
    assert capsys.readouterr().out.count("wrote ") == 2
    for name in names:
        written = panoseg.open_photo(tmp_path / "scenes" / f"{name}.png")
        np.testing.assert_array_equal(written.pixels, gallery.open_scene(name).pixels)


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


# --- models ---


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


@pytest.mark.parametrize(
    ("options", "things"),
    [([], None), (["--things", "person, car"], ["person", "car"]), (["--things", ""], [])],
)
def test_things_are_passed_on_for_one_run(photo, monkeypatch, options, things):
    given = []
    monkeypatch.setattr(
        panoseg, "load_segmenter", lambda name, things, **_: given.append(things) or FakeSegmenter()
    )
    assert run("segment", photo, *options) == 0
    assert given == [things]


@pytest.mark.parametrize(
    ("option", "size"),
    [([], "shipped"), (["--input-size", "paper"], "paper"), (["--input-size", "640"], 640)],
)
def test_the_input_size_is_passed_on(fake, photo, option, size):
    assert run("segment", photo, *option) == 0
    assert fake.input_sizes == [size]
