"""`panoseg segment`: what it prints, writes and returns, with a fake segmenter in the model's place."""

import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import panoseg
from panoseg.cli.segment import table
from panoseg.export import FORMATS
from tests.broken_photos import encoded
from tests.cli.shell import only_line, run
from tests.export import samples
from tests.fakes import FakeSegmenter


def test_segments_are_listed(fake, photo, capsys):
    assert run("segment", photo) == 0
    heading, columns, *rows = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"holiday\.png: 64 × 48 pixels, 5 segments, \d\d\.\d% covered", heading)
    assert re.split("  +", columns.strip()) == [
        "No.", "Label", "Kind", "Score", "Quality", "Area, px", "Area, %",
    ]  # fmt: skip
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
    assert set(table.score_threshold) == {0.4}
    assert set(table.photo) == {"holiday.png"}
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
        (["--formats", "csv,gif"], 'got "gif"'),
        (["--input-size", "big"], 'input_size: wanted "shipped", "paper" or 64 to 2048 pixels, got \'big\''),
        (["--input-size", "4000"], "64 to 2048 pixels, got 4000"),
    ],
    ids=["range", "nan", "format", "no size", "enormous"],
)
def test_wrong_options_are_refused_before_any_work(fake, photo, capsys, options, says):
    assert run("segment", photo, *options) == 2
    assert says in only_line(capsys.readouterr())
    assert fake.loads == []


@pytest.mark.parametrize("out", ["holiday.png", "holiday.png/inside"])
def test_a_folder_that_cannot_be_written_is_reported_before_any_work(fake, photo, capsys, out):
    assert run("segment", photo, "--out", photo.parent / out) == 2
    assert str(photo) in only_line(capsys.readouterr())
    assert fake.loads == []


def test_a_file_that_cannot_be_written_leaves_no_part_of_it(fake, photo, tmp_path, capsys):
    (tmp_path / "holiday-segments.csv").mkdir()
    assert run("segment", photo, "--out", tmp_path, "--formats", "csv") == 2
    assert "holiday-segments.csv" in only_line(capsys.readouterr())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["holiday-segments.csv", "holiday.png"]


def test_a_file_that_cannot_be_written_does_not_stop_the_others(fake, photo, tmp_path, capsys):
    (tmp_path / "holiday-segments.csv").mkdir()
    assert run("segment", photo, photo, "--out", tmp_path, "--formats", "csv,overlay") == 2
    captured = capsys.readouterr()
    assert only_line(captured).startswith(f"panoseg: {tmp_path / 'holiday-segments.csv'}: ")
    wrote = [line.rpartition("/")[2] for line in captured.out.splitlines() if line.startswith("wrote ")]
    assert wrote == ["holiday-overlay.png", "holiday-2-segments.csv", "holiday-2-overlay.png"]
    assert all((tmp_path / name).stat().st_size for name in wrote)


def test_a_label_cannot_drive_the_terminal():
    segmentation, _ = samples.labelled("sky\x1b[2J\nroad")
    photo = panoseg.Photo.from_pixels(np.zeros((1, 1, 3), np.uint8), "dot")
    assert "sky?[2J?road" in table(photo, segmentation, "")


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
