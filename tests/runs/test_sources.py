"""What is taken from files, folders, patterns and archives of strangers."""

import errno
import os
import tarfile
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from panoseg.errors import PhotoError, SourceError
from panoseg.photo import PhotoLimits
from panoseg.runs.sources import Names, Source, find_pictures
from tests.runs.pictures import encoded, write_pictures


def names(*paths):
    return [source.name for source in find_pictures(paths)]


def write_zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def write_tar(path, members):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
    return path


def test_folders_are_walked_to_their_depths(tmp_path):
    write_pictures(tmp_path / "b" / "deep", 1)
    write_pictures(tmp_path / "a", 2)
    (tmp_path / "a" / "notes.txt").write_text("no picture")
    (tmp_path / "a" / ".hidden.png").write_bytes(b"")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.png").write_bytes(b"")
    assert names(tmp_path) == ["a/p00.png", "a/p01.png", "b/deep/p00.png"]


def test_the_masks_of_an_annotation_are_no_pictures(tmp_path):
    write_pictures(tmp_path, 1)
    write_pictures(tmp_path / "annotations" / "panoptic", 1)
    assert len(names(tmp_path)) == 2
    (tmp_path / "annotations" / "panoptic.json").write_text("{}")
    assert names(tmp_path) == ["p00.png"]


def test_a_file_that_is_named_may_be_called_anything(tmp_path):
    (tmp_path / "x.dat").write_bytes(encoded(0))
    assert names(tmp_path / "x.dat", tmp_path / "missing.jpg") == ["x.dat", "missing.jpg"]


def test_patterns(tmp_path):
    write_pictures(tmp_path, 3)
    assert names(f"{tmp_path}/p0[01].png") == ["p00.png", "p01.png"]
    assert names(f"{tmp_path}/**/*.png") == ["p00.png", "p01.png", "p02.png"]
    with pytest.raises(SourceError, match="Nothing is called"):
        names(f"{tmp_path}/*.jpg")


def test_what_is_not_there_and_no_picture_by_its_name_is_refused(tmp_path):
    for name in ("gone", "gone.zip", "gone.txt"):
        with pytest.raises(SourceError, match=f"{name}' does not exist: wanted a picture, a folder"):
            names(tmp_path / name)
    assert names(tmp_path / "gone.png") == ["gone.png"]


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(tmp_path):
    path = tmp_path / "a[1].png"
    path.write_bytes(encoded(1))
    assert names(path) == ["a[1].png"]


def test_loops_of_links_end(tmp_path):
    write_pictures(tmp_path / "a", 1)
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a")
    assert names(tmp_path) == ["a/p00.png"]


def test_a_link_that_leads_nowhere_is_listed_and_fails_alone(tmp_path):
    (tmp_path / "x.png").symlink_to(tmp_path / "gone.png")
    (source,) = find_pictures([tmp_path])
    with pytest.raises(PhotoError, match="does not exist"):
        source.read()


@pytest.mark.parametrize("write", [write_zip, write_tar], ids=["zip", "tar"])
def test_archives(tmp_path, write):
    path = write(
        tmp_path / f"photos.{'zip' if write is write_zip else 'tar.gz'}",
        {"b/x.png": encoded(2), "a.png": encoded(1), "notes.txt": b"", "b/.y.png": b""},
    )
    sources = {source.name: source for source in find_pictures([path])}
    # A tar archive is read in its own order.
    assert list(sources) == (["a.png", "b/x.png"] if write is write_zip else ["b/x.png", "a.png"])
    assert sources["b/x.png"].read() == encoded(2)
    assert sources["a.png"].read() == encoded(1)


@pytest.mark.parametrize("write", [write_zip, write_tar], ids=["zip", "tar"])
def test_members_that_lead_out_are_left_out(tmp_path, write):
    evil = ["../up.png", "/etc/x.png", "a/../../x.png", "C:/x.png", "..\\x.png"]
    path = write(
        tmp_path / ("e.zip" if write is write_zip else "e.tgz"),
        {**dict.fromkeys(evil, encoded(0)), "ok.png": encoded(0)},
    )
    assert names(path) == ["ok.png"]
    told = []
    assert [source.name for source in find_pictures([path], told.append)] == ["ok.png"]
    assert [str(each) for each in told] == [
        f"“../up.png” leads out of the archive '{path.name}', and so do 4 more: they were left out."
    ]


def test_links_in_a_tar_are_no_pictures(tmp_path):
    path = tmp_path / "links.tar"
    with tarfile.open(path, "w") as archive:
        link = tarfile.TarInfo("secret.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with pytest.raises(SourceError, match="holds no picture"):
        names(path)


def test_a_bomb_is_read_no_further_than_a_picture_may_be(tmp_path):
    path = write_zip(tmp_path / "bomb.zip", {"bomb.png": bytes(30 << 20)})
    assert path.stat().st_size < 100_000
    (source,) = find_pictures([path])
    tracemalloc.start()
    with pytest.raises(PhotoError, match="too large once it is unpacked"):
        source.read(PhotoLimits(max_bytes=1 << 20))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 << 20


def test_a_member_that_lies_about_its_size(tmp_path):
    path = write_zip(tmp_path / "lie.zip", {"x.png": bytes(5 << 20)})
    data = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # where the unpacked size stands
        start = data.index(signature)
        data[start + at : start + at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    (source,) = find_pictures([path])
    with pytest.raises(PhotoError):
        source.read()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04junk", encoded(0)], ids=["empty", "cut", "a picture"])
def test_no_archive_at_all(tmp_path, content):
    for name in ("x.zip", "x.tar"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SourceError, match=r"is damaged|holds no picture"):
            names(tmp_path / name)


def test_an_encrypted_member_fails_alone(tmp_path):
    path = write_zip(tmp_path / "locked.zip", {"x.png": encoded(0)})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    (source,) = find_pictures([path])
    with pytest.raises(PhotoError, match="damaged or encrypted"):
        source.read()


def test_an_archive_that_was_replaced_is_read_anew(tmp_path):
    path = write_zip(tmp_path / "x.zip", {"x.png": encoded(0)})
    (source,) = find_pictures([path])
    assert source.read() == encoded(0)
    write_zip(path, {"y.png": encoded(1), "z.png": encoded(2)})
    with pytest.raises(PhotoError, match="not in the archive"):
        source.read()


def test_an_empty_folder_is_one_sentence_and_the_rest_is_done(tmp_path):
    (tmp_path / "empty").mkdir()
    write_pictures(tmp_path / "full", 1)
    problems = []
    found = list(find_pictures([tmp_path / "empty", tmp_path / "full"], problems.append))
    assert [source.name for source in found] == ["p00.png"]
    assert "holds no picture" in str(problems[0])
    with pytest.raises(SourceError):
        names(tmp_path / "empty")


def test_an_unreadable_file_is_one_sentence(tmp_path, monkeypatch):
    (path,) = write_pictures(tmp_path, 1)
    path.chmod(0)

    def refuse(*_, **options):  # what root is spared
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PhotoError, match=r"cannot be read \(Permission denied\)"):
        Source("x", str(path)).read()


def test_an_archive_without_a_picture_is_one_sentence(tmp_path):
    write_zip(tmp_path / "notes.zip", {"a.txt": b"words", "b/": b""})
    with pytest.raises(SourceError, match=r"archive .*notes\.zip' holds no picture"):
        names(tmp_path / "notes.zip")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    (source,) = find_pictures([tmp_path])
    with pytest.raises(PhotoError, match="not an ordinary file"):
        source.read()


def test_names_are_unique_whatever_the_case():
    names = Names(["taken.png"])
    given = [
        names.of(Source("x.png", "/a/x.png")),
        names.of(Source("X.PNG", "/b/X.PNG")),
        names.of(Source("x.png", "/c/b/x.png")),
        names.of(Source("x.png", "/d/b/x.png")),
        names.of(Source("taken.png", "/taken.png")),
        names.of(Source("x.png", "/z/photos.zip", "x.png")),
    ]
    assert given == ["x.png", "b/X.PNG", "x-2.png", "x-3.png", "taken-2.png", "photos/x.png"]
