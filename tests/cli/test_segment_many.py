"""`panoseg segment` with many pictures: where they come from, and what is done when work is interrupted."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from panoseg.cli.interrupted_work import JOURNAL, InterruptedWork
from panoseg.runs import Source
from tests.cli.shell import only_line, run
from tests.runs.pictures import encoded, write_pictures


@pytest.fixture
def folder(tmp_path):
    write_pictures(tmp_path / "in" / "a", 2)
    write_pictures(tmp_path / "in" / "b", 2)
    return tmp_path / "in"


def written(tmp_path):
    return sorted(path.name for path in (tmp_path / "out").iterdir())


def test_folders_are_walked_and_equal_names_kept_apart(fake, folder, tmp_path):
    assert run("segment", folder, "--out", tmp_path / "out", "--formats", "ids") == 0
    assert written(tmp_path) == ["p00-2-ids.png", "p00-ids.png", "p01-2-ids.png", "p01-ids.png"]


def test_archives_patterns_and_lists(fake, folder, tmp_path, monkeypatch, capsys):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("deep/z.png", encoded(0))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{folder / 'b' / 'p01.png'}\n"))
    assert run("segment", tmp_path / "x.zip", f"{folder}/a/*.png", "-") == 0
    headings = [line.split(":")[0] for line in capsys.readouterr().out.splitlines() if "covered" in line]
    assert headings == ["z.png", "p00.png", "p01.png", "p01.png"]


def test_an_empty_list_is_said(fake, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert run("segment", "-") == 2
    assert "The list on standard input is empty" in only_line(capsys.readouterr())


def test_nothing_is_made_where_there_is_no_picture(fake, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert run("segment", tmp_path / "empty", "--out", tmp_path / "out") == 2
    assert "holds no picture" in only_line(capsys.readouterr())
    assert not (tmp_path / "out").exists()


def test_a_log_and_silence(fake, folder, tmp_path, capsys):
    (folder / "a" / "p00.png").write_bytes(b"")
    assert run("segment", folder, "--quiet", "--log", tmp_path / "log") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "is empty" in only_line(captured)
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [line["state"] for line in lines] == ["failed", "done", "done", "done"]
    assert lines[1]["segments"] == 5


def test_a_log_that_cannot_be_written_is_said_before_any_work(fake, folder, tmp_path, capsys):
    assert run("segment", folder, "--log", tmp_path / "no" / "log") == 2
    assert "--log" in only_line(capsys.readouterr())
    assert fake.loads == []


def interrupt_after(fake, count, monkeypatch):
    predict = type(fake).predict_many

    def stop(photos, **options):
        if fake.calls >= count:
            raise KeyboardInterrupt
        return predict(fake, photos, **options)

    monkeypatch.setattr(fake, "predict_many", stop)


def test_the_same_command_goes_on_where_it_stopped(fake, folder, tmp_path, monkeypatch, capsys):
    command = ["segment", folder, "--out", tmp_path / "out", "--formats", "ids"]
    with monkeypatch.context() as patch:
        interrupt_after(fake, 3, patch)
        assert run(*command) == 130
    assert "goes on from here" in capsys.readouterr().err
    assert fake.calls == 3
    assert run(*command) == 0
    assert "going on: 3 of 4 pictures are done already" in capsys.readouterr().out
    assert fake.calls == 4
    assert len(written(tmp_path)) == 4  # and no journal any more
    assert run(*command) == 0
    assert fake.calls == 8  # it was finished: all is done again


def test_other_options_begin_anew(fake, folder, tmp_path, monkeypatch):
    command = ["segment", folder, "--out", tmp_path / "out", "--formats", "ids"]
    with monkeypatch.context() as patch:
        interrupt_after(fake, 3, patch)
        run(*command)
    assert run(*command, "--score", "0.4") == 0
    assert fake.calls == 7


def test_a_picture_that_changed_is_done_again(fake, folder, tmp_path, monkeypatch):
    command = ["segment", folder, "--out", tmp_path / "out", "--formats", "ids"]
    with monkeypatch.context() as patch:
        interrupt_after(fake, 3, patch)
        run(*command)
    import os

    os.utime(folder / "a" / "p00.png", ns=(1, 1))
    assert run(*command) == 0
    assert fake.calls == 5


def test_many_failures_are_counted(fake, tmp_path, capsys):
    (tmp_path / "in").mkdir()
    for number in range(60):
        (tmp_path / "in" / f"{number:02d}.png").write_bytes(b"")
    assert run("segment", tmp_path / "in", "--quiet") == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 52
    assert lines[-2] == "panoseg: 10 more pictures failed; --log FILE lists them all."
    assert lines[-1] == "panoseg: 60 of 60 pictures failed."


def test_a_journal_that_cannot_be_begun_ends_nothing(fake, folder, tmp_path):
    (tmp_path / "out" / JOURNAL).mkdir(parents=True)
    assert run("segment", folder, "--out", tmp_path / "out", "--formats", "ids") == 0
    assert len(written(tmp_path)) == 1 + 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux alone has a file that is always full")
def test_a_journal_that_cannot_grow_ends_nothing(folder, tmp_path):
    work = InterruptedWork(tmp_path, {})
    work._file.close()
    work._file = Path("/dev/full").open("ab", buffering=0)  # noqa: SIM115
    work.note(Source("a", str(folder)))
    work.close(finished=True)
    assert not (tmp_path / JOURNAL).exists()
