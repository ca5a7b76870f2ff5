"""Archives whose list alone would take the memory or the time of whoever looks into them."""

import gzip
import io
import tarfile
import tracemalloc
import zipfile

import pytest

from panoseg.errors import SourceError
from panoseg.runs.archive_bounds import ArchiveLimits
from panoseg.runs.archives import members

MB = 2**20


def header(name, size=0, kind=tarfile.REGTYPE, form=tarfile.GNU_FORMAT):
    entry = tarfile.TarInfo(name)
    entry.size, entry.type = size, kind
    return entry.tobuf(form)


def packed(*pieces):
    """A compressed tar archive of a few kilobytes, of pieces that may be large."""
    return b"".join(gzip.compress(piece) for piece in (*pieces, bytes(1024)))


def with_holes(count):
    """A member of which a map says where its bytes are (GNU's sparse format 1.0)."""
    stream = io.BytesIO()
    lines = f"{count}\n".encode() + b"0\n0\n" * count
    lines += bytes(-len(lines) % 512)
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        entry = tarfile.TarInfo("a.png")
        entry.size = len(lines)
        entry.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9"}
        archive.addfile(entry, io.BytesIO(lines))
    return gzip.compress(stream.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        packed(header("././@LongLink", 64 * MB, tarfile.GNUTYPE_LONGNAME), bytes(64 * MB), header("a.png")),
        packed(header("x", 64 * MB, tarfile.XHDTYPE), bytes(64 * MB), header("a.png")),
        with_holes(1_000_000),
    ],
    ids=["name", "attributes", "map of holes"],
)
def test_a_header_without_an_end_takes_no_memory(tmp_path, content):
    path = tmp_path / "a.tgz"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match=r"'a\.tgz' is too large once it is unpacked"):
            members(path)
        assert tracemalloc.get_traced_memory()[1] < 40 * MB
    finally:
        tracemalloc.stop()


def test_strangers_archives_are_unpacked_so_far(tmp_path):
    path = tmp_path / "a.tgz"
    path.write_bytes(packed(header("a.png", 8 * MB), bytes(8 * MB), header("b.png")))
    with pytest.raises(SourceError, match="too large"):
        members(path, ArchiveLimits(unpacked=4 * MB))
    assert members(path, ArchiveLimits(unpacked=16 * MB)) == ["a.png", "b.png"]


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_there_may_be_so_many_files(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for number in range(30):
                archive.writestr(f"{number}.png", b"")
    else:
        path.write_bytes(b"".join(header(f"{number}.png") for number in range(30)) + bytes(1024))
    with pytest.raises(SourceError, match="more than 20 files"):
        members(path, ArchiveLimits(members=20))
    assert len(members(path, ArchiveLimits(members=30))) == 30


def test_the_list_of_a_zip_archive_is_bounded_before_it_is_read(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(100):
            archive.writestr(f"{'x' * 30_000}{number}.png", b"")
    with pytest.raises(SourceError, match="too large"):
        members(path, ArchiveLimits(list_bytes=MB))
    assert len(members(path)) == 100


def test_names_that_are_no_utf8_and_no_names_at_all(tmp_path):
    path = tmp_path / "a.tar"
    names = ["caf\udce9.png", ".", "ok.png"]
    path.write_bytes(b"".join(header(name) for name in names) + bytes(1024))
    assert members(path) == ["caf\ufffd.png", "ok.png"]
