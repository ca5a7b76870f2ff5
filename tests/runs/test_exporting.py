"""What an export writes is the same, whatever the number of threads that encode pictures."""

import pytest

from panoseg.errors import CancelledError
from panoseg.export.data_sets import RUN_FORMATS
from panoseg.export.measurements import PixelSize
from panoseg.runs import make_run
from panoseg.runs.export_places import export_to
from panoseg.tasks import Task
from tests.fakes import FakeSegmenter
from tests.runs.pictures import write_pictures


@pytest.fixture
def run(tmp_path):
    write_pictures(tmp_path / "pictures", 9)
    return make_run(tmp_path / "pictures", store=tmp_path / "store", model=FakeSegmenter())


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("task", [Task.PANOPTIC, Task.INSTANCES])
def test_threads_change_nothing(run, tmp_path, task):
    (tmp_path / "pictures" / "p04.png").unlink()  # fails where the picture itself is needed
    reports = [
        export_to(run, list(RUN_FORMATS), tmp_path / name, task=task, pixel_size=PixelSize(), threads=threads)
        for name, threads in (("one", 1), ("three", 3))
    ]
    assert reports[0] == reports[1]
    assert reports[0].pictures == 8
    assert [name for name, _ in reports[0].failures] == ["p04.png"]
    assert files(tmp_path / "one") == files(tmp_path / "three")


def test_a_picture_that_fails_in_one_format_is_in_none(run, tmp_path):
    (tmp_path / "pictures" / "p04.png").unlink()
    export_to(run, ["csv", "overlay"], tmp_path / "out", threads=2)
    assert b"p03.png" in (tmp_path / "out" / "csv" / "segments.csv").read_bytes()
    assert b"p04.png" not in (tmp_path / "out" / "csv" / "segments.csv").read_bytes()


def test_nobody_wants_it_any_more(run, tmp_path):
    def leave(item):
        raise CancelledError("Nobody downloads this any more.")

    with pytest.raises(CancelledError):
        export_to(run, ["ids"], tmp_path / "out", progress=leave, threads=2)
    assert set(files(tmp_path / "out")) == {"p00.png"}
