"""`panoseg run`, `panoseg runs` and `panoseg export`, with a fake segmenter in the model's place."""

import gc
import io
import itertools
import json
import os
import re
import zipfile

import pandas as pd
import pytest

from panoseg.demo.annotated import write_scenes
from panoseg.errors import RunError
from panoseg.export.sinks import ZipSink
from panoseg.runs import open_run
from panoseg.runs.writer_lock import WriterLock
from tests.cli.shell import only_line, run
from tests.runs.pictures import write_pictures


@pytest.fixture
def pictures(tmp_path):
    write_pictures(tmp_path / "pictures", 4)
    return tmp_path / "pictures"


@pytest.fixture
def store(fake, pictures, tmp_path, capsys):
    assert run("run", pictures, "--store", tmp_path / "store") == 0
    capsys.readouterr()
    return tmp_path / "store"


def test_a_run_is_made(fake, pictures, tmp_path, capsys):
    assert run("run", pictures, "--store", tmp_path / "store") == 0
    captured = capsys.readouterr()
    assert "4 of 4 pictures are done, 0 failed" in captured.out
    assert captured.err == ""
    assert fake.loads == ["demo"]
    with open_run(tmp_path / "store") as made:
        assert len(made) == 4


def test_the_same_command_goes_on_and_says_what_it_skipped(fake, pictures, store, capsys):
    write_pictures(pictures, 6)
    assert run("run", pictures, "--store", store) == 0
    captured = capsys.readouterr()
    assert "going on: 4 of 6 pictures are settled already" in captured.out
    assert "6 of 6 pictures are done" in captured.out
    assert fake.calls == 6


def test_failures_are_listed_at_the_end_and_in_the_log(fake, pictures, tmp_path, capsys):
    (pictures / "p01.png").write_bytes(b"no picture")
    log = tmp_path / "log.jsonl"
    assert run("run", pictures, "--store", tmp_path / "store", "--log", log) == 2
    assert "“p01.png” is a text file" in only_line(capsys.readouterr())
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(line["picture"], line["state"]) for line in lines] == [
        ("p00.png", "done"),
        ("p01.png", "failed"),
        ("p02.png", "done"),
        ("p03.png", "done"),
    ]
    assert run("run", "--store", tmp_path / "store") == 2
    assert "1 failed earlier" in capsys.readouterr().out
    (pictures / "p01.png").write_bytes((pictures / "p00.png").read_bytes())
    assert run("run", "--store", tmp_path / "store", "--retry") == 0


def test_quiet_says_nothing(fake, pictures, tmp_path, capsys):
    assert run("run", pictures, "--store", tmp_path / "store", "--quiet") == 0
    assert capsys.readouterr() == ("", "")


def test_a_list_on_standard_input(fake, pictures, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{pictures / 'p02.png'}\n\n{pictures / 'p00.png'}\n"))
    assert run("run", "-", "--store", tmp_path / "store") == 0
    with open_run(tmp_path / "store") as made:
        assert [item.name for item in made] == ["p02.png", "p00.png"]


def test_one_empty_folder_does_not_stop_the_others(fake, pictures, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert run("run", tmp_path / "empty", pictures, "--store", tmp_path / "store") == 2
    assert "holds no picture" in only_line(capsys.readouterr())
    with open_run(tmp_path / "store") as made:
        assert len(made) == 4


def test_no_picture_at_all_makes_nothing(fake, tmp_path, capsys):
    assert run("run", tmp_path / "*.png", "--store", tmp_path / "store") == 2
    assert "Nothing is called" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()
    assert fake.loads == []


def test_a_second_writer_is_told(fake, store, pictures, capsys):
    with WriterLock(store):
        assert run("run", pictures, "--store", store) == 2
    assert "Another process is writing" in only_line(capsys.readouterr())


def test_an_interrupted_run_says_how_to_go_on(fake, pictures, tmp_path, capsys):
    fake.error = KeyboardInterrupt()
    assert run("run", pictures, "--store", tmp_path / "store") == 130
    assert only_line(capsys.readouterr()) == "Stopped. The same command goes on from here.\n"
    fake.error = None
    assert run("run", pictures, "--store", tmp_path / "store") == 0


def test_results_of_others_come_in(tmp_path, capsys):
    write_scenes(tmp_path / "scenes", 2, annotations=True)
    json_file = tmp_path / "scenes" / "annotations" / "panoptic.json"
    options = ["--results", json_file, "--pictures", tmp_path / "scenes"]
    assert run("run", "--store", tmp_path / "store", *options) == 0
    assert "2 of 2 pictures are done" in capsys.readouterr().out
    assert run("runs", tmp_path / "store") == 0
    assert "segmentations" in capsys.readouterr().out
    assert run("export", tmp_path / "store", "--formats", "csv", "--out", tmp_path / "out") == 0
    assert pd.read_csv(tmp_path / "out" / "segments.csv").picture.nunique() == 2
    capsys.readouterr()
    out = tmp_path / "out"
    assert run("export", tmp_path / "store", "--formats", "csv", "--out", out, "--score", "0.3") == 2
    assert "no logits" in only_line(capsys.readouterr())
    assert run("run", tmp_path / "scenes", "--store", tmp_path / "store", *options) == 2
    assert "wanted neither PATH nor --model" in only_line(capsys.readouterr())


def test_runs_are_listed(store, tmp_path, capsys):
    assert run("runs", tmp_path) == 0
    heading, row = capsys.readouterr().out.splitlines()
    assert heading.split()[:3] == ["run", "model", "holds"]
    assert row.split()[:6] == [str(store), "demo", "predictions", "shipped", "4", "0"]
    assert run("runs", store, "--json") == 0
    (facts,) = json.loads(capsys.readouterr().out)
    assert (facts["done"], facts["failed"], facts["model"]) == (4, 0, "demo")


def test_what_is_no_run_is_said_and_the_others_listed(store, tmp_path, capsys):
    (tmp_path / "other").mkdir()
    assert run("runs", tmp_path / "other", store) == 2
    captured = capsys.readouterr()
    assert "There is no run" in only_line(captured)
    assert str(store) in captured.out


def test_failed_pictures_are_listed(fake, pictures, tmp_path, capsys):
    (pictures / "p01.png").write_bytes(b"no picture")
    run("run", pictures, "--store", tmp_path / "store")
    capsys.readouterr()
    run("runs", tmp_path / "store", "--failed")
    assert "p01.png: “p01.png” is a text file" in capsys.readouterr().out


def test_a_run_is_exported_without_the_model(fake, store, tmp_path, capsys):
    loads = list(fake.loads)
    out = tmp_path / "out"
    assert run("export", store, "--formats", "csv,yolo,ids", "--out", out, "--score", "0.4") == 0
    captured = capsys.readouterr().out
    assert "wrote 4 pictures as csv, yolo, ids" in captured
    assert "yolo cannot hold stuff segments: 8" in captured
    assert fake.loads == loads
    assert "kite" in set(pd.read_csv(out / "csv" / "segments.csv").label)
    assert len(list((out / "ids").iterdir())) == 4


def test_one_format_goes_right_into_the_folder(store, tmp_path):
    assert run("export", store, "--formats", "coco-panoptic", "--out", tmp_path / "out") == 0
    assert (tmp_path / "out" / "panoptic.json").is_file()


def test_into_a_zip(store, tmp_path):
    assert run("export", store, "--formats", "csv,ids", "--out", tmp_path / "out.zip") == 0
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert sorted(archive.namelist()) == [
            "csv/segments.csv", *(f"ids/p0{n}.png" for n in range(4)),
        ]  # fmt: skip
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.zip", "pictures", "store"]


def test_measurements_are_taken_when_asked_for(store, tmp_path):
    run("export", store, "--formats", "csv", "--out", tmp_path / "plain")
    run("export", store, "--formats", "csv", "--out", tmp_path / "px", "--measure")
    run("export", store, "--formats", "csv", "--out", tmp_path / "mm", "--pixel-size", "0.5mm")
    plain, px, mm = (pd.read_csv(tmp_path / name / "segments.csv") for name in ("plain", "px", "mm"))
    assert "solidity" not in plain
    assert set(px.unit) == {"px"}
    assert set(mm.unit) == {"mm"}
    pd.testing.assert_series_equal(px.measured_area * 0.25, mm.measured_area)
    assert px.least_margin.between(0, 1).all()


def test_a_folder_that_vanished_is_one_sentence_and_no_picture(store, pictures, capsys):
    pictures.rename(pictures.with_name("elsewhere"))
    assert run("run", pictures, "--store", store) == 2
    assert "pictures' does not exist: wanted a picture, a folder" in only_line(capsys.readouterr())
    with open_run(store) as made:
        assert (len(made), made.counts["failed"]) == (4, 0)


def test_a_damaged_shard_says_of_which_picture(store, tmp_path, capsys):
    shard = store / "shards" / "000000.tar"
    content = bytearray(shard.read_bytes())
    content[600] ^= 255
    shard.write_bytes(content)
    assert run("export", store, "--formats", "csv", "--out", tmp_path / "out") == 2
    captured = capsys.readouterr()
    assert only_line(captured).startswith("panoseg: p00.png: The run's shard 000000.tar is damaged")
    assert "wrote 3 pictures as csv" in captured.out


def test_one_picture_is_called_one(fake, tmp_path, capsys):
    write_pictures(tmp_path / "one", 1)
    run("run", tmp_path / "one", "--store", tmp_path / "run")
    run("export", tmp_path / "run", "--formats", "csv", "--out", tmp_path / "out")
    assert "wrote 1 picture as csv" in capsys.readouterr().out


def test_an_archive_that_the_disk_has_no_room_for_is_one_sentence(store, tmp_path, monkeypatch, capsys):
    write, count = ZipSink.write, itertools.count()

    def fill(sink, path, content):
        if next(count) == 2:
            raise OSError(28, "No space left on device")
        write(sink, path, content)

    monkeypatch.setattr(ZipSink, "write", fill)
    assert run("export", store, "--formats", "ids", "--out", tmp_path / "out.zip") == 2
    gc.collect()  # an archive that is forgotten may not write its end
    assert only_line(capsys.readouterr()) == f"panoseg: {tmp_path / 'out.zip'}: No space left on device\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pictures", "store"]


def test_who_reads_no_further_is_told_nothing(store, monkeypatch, capsys):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        monkeypatch.setattr("sys.stdout", stream)
        assert run("runs", store) == 141
    assert capsys.readouterr().err == ""


def test_a_file_where_a_folder_must_be_is_said(store, tmp_path, capsys):
    (tmp_path / "taken").write_bytes(b"")
    assert run("export", store, "--formats", "csv", "--out", tmp_path / "taken") == 2
    assert only_line(capsys.readouterr()).endswith(
        "taken cannot be a folder: there is a file of that name.\n"
    )


def test_pictures_that_are_gone_fail_alone(store, pictures, tmp_path, capsys):
    (pictures / "p02.png").unlink()
    assert run("export", store, "--formats", "overlay", "--out", tmp_path / "out") == 2
    assert re.search(r"“p02\.png” is not in '.*' any more; .*--pictures", only_line(capsys.readouterr()))
    assert len(list((tmp_path / "out").iterdir())) == 3
    pictures.rename(tmp_path / "moved")
    write_pictures(tmp_path / "moved", 4)
    options = ["--pictures", tmp_path / "moved"]
    assert run("export", store, "--formats", "overlay", "--out", tmp_path / "again", *options) == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--formats", "csv,gif"], 'got "gif"'),
        (["--formats", "csv", "--score", "2"], "score threshold: wanted"),
        (["--formats", "csv", "--pixel-size", "big"], "pixel size: wanted a number and a unit"),
    ],
)
def test_wrong_options_are_refused_before_any_work(store, tmp_path, capsys, options, says):
    assert run("export", store, "--out", tmp_path / "out", *options) == 2
    assert says in only_line(capsys.readouterr())
    assert not (tmp_path / "out").exists()


def test_a_run_that_is_not_there(tmp_path, capsys):
    assert run("export", tmp_path, "--formats", "csv", "--out", tmp_path / "out") == 2
    assert "has no run.json" in only_line(capsys.readouterr())


def test_ray_is_told_the_address_and_the_workers(pictures, tmp_path, monkeypatch):
    pytest.importorskip("ray", reason="Ray is an extra")
    asked = []

    def make(paths, **options):
        asked.append(options)
        raise RunError("That is all.")

    monkeypatch.setattr("panoseg.cli.run.make_run", make)
    common = ["run", str(pictures), "--store", str(tmp_path / "run")]
    assert run(*common, "--ray") == 2
    assert run(*common, "--ray=10.0.0.1:6379", "--workers", "4", "--engine", "torch") == 2
    assert [(each["ray"].address, each["ray"].workers) for each in asked] == [
        ("", None),
        ("10.0.0.1:6379", 4),
    ]
    assert asked[1]["engine"] == "torch"


@pytest.mark.parametrize(
    ("options", "says"),
    [(["--workers", "2"], "wanted --ray with it"), (["--ray", "--workers", "0"], "wanted at least 1")],
)
def test_workers_that_make_no_sense(pictures, tmp_path, capsys, options, says):
    if "--ray" in options:
        pytest.importorskip("ray", reason="Ray is an extra")
    assert run("run", str(pictures), "--store", str(tmp_path / "run"), *options) == 2
    assert says in only_line(capsys.readouterr())


def test_object_storage_without_ray_is_refused(pictures, capsys):
    assert run("run", str(pictures), "--store", "s3://bucket/run") == 2
    assert "is on object storage" in only_line(capsys.readouterr())


@pytest.fixture
def odd_names(pictures):
    """The folder, with a picture and a file that is none whose names are no UTF-8."""
    folder = os.fsencode(pictures)
    try:
        os.rename(folder + b"/p00.png", folder + b"/caf\xe9.png")
    except OSError:
        pytest.skip("The system has no such names.")
    os.mkdir(folder + b"/d\xff")
    with open(folder + b"/d\xff/none\xe9.png", "wb") as file:
        file.write(b"no picture")
    return pictures


@pytest.mark.parametrize("listed", [False, True])
def test_file_names_that_are_no_utf8_end_no_run(fake, odd_names, tmp_path, monkeypatch, capsys, listed):
    paths = [odd_names]
    if listed:
        found = b"\n".join(os.fsencode(path) for path in sorted(odd_names.rglob("*.png")))
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(found), "utf-8"))
        paths = ["-"]
    log = tmp_path / "log"
    assert run("run", *paths, "--store", tmp_path / "store", "--log", log) == 2
    assert "4 of 5 pictures are done, 1 failed" in capsys.readouterr().out
    with open_run(tmp_path / "store") as made:
        assert "caf\ufffd.png" in {item.name for item in made}
    assert len(log.read_text("utf-8").splitlines()) == 5
    assert run("run", odd_names, "--store", tmp_path / "store") == 2
    assert "going on: 5 of 5" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["segment", "run"])
def test_a_missing_file_whose_name_is_no_utf8_is_one_sentence(fake, tmp_path, capsys, command):
    options = ["--store", tmp_path / "store"] if command == "run" else ["--out", tmp_path / "out"]
    missing = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png")
    assert run(command, missing, *options) == 2
    assert "caf\ufffd.png” does not exist" in only_line(capsys.readouterr())
