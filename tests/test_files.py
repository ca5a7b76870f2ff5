"""Files are whole or not there."""

import os
import stat

import pytest

from panoseg.files import make_writable, write_whole


def test_what_is_written_replaces_what_was_there(tmp_path):
    path = tmp_path / "a.txt"
    for content in (b"first", b"second"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_others_may_read_it_as_any_file(tmp_path):
    (tmp_path / "plain").write_text("")
    write_whole(tmp_path / "whole", b"")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "whole")]
    assert modes[0] == modes[1]


def test_a_failure_leaves_what_was_there_and_no_rest(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    write_whole(path, b"first")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(path, b"second")
    assert caught.value.filename == str(path)
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_made_and_left_empty(tmp_path):
    make_writable(tmp_path / "new" / "folder")
    assert list((tmp_path / "new" / "folder").iterdir()) == []


def test_a_folder_that_takes_no_file_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        make_writable(tmp_path / "file" / "inside")

    def fail(*_, **__):
        raise PermissionError(13, "Permission denied", "/some/temporary/name")

    monkeypatch.setattr("panoseg.files.TemporaryFile", fail)
    with pytest.raises(PermissionError) as caught:
        make_writable(tmp_path)
    assert caught.value.filename == str(tmp_path)
