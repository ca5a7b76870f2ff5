"""A run in the hands of who reads it: a sequence, a table, a notebook."""

from io import BytesIO

import pandas as pd
import pytest
from PIL import Image

import panoseg
from panoseg import Thresholds
from panoseg.errors import InvalidValueError, RunError
from panoseg.runs import make_run, open_run
from tests.fakes import FakeSegmenter
from tests.runs.pictures import write_pictures


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    write_pictures(folder / "pictures", 5)
    return make_run(folder / "pictures", store=folder / "store", model=FakeSegmenter())


def test_it_is_a_sequence(run):
    assert len(run) == 5
    assert run[-1].name == "p04.png"
    assert [item.name for item in run[1:3]] == ["p01.png", "p02.png"]
    assert [item.name for item in run] == [run[index].name for index in range(5)]
    assert run[0] == run[0] != run[1]
    with pytest.raises(IndexError):
        run[5]
    assert run.find("p02.png").size == run[2].size
    with pytest.raises(RunError, match="it is not listed"):
        run.find("p99.png")


def test_items_answer_with_any_thresholds_and_task(run):
    assert len(run[0].segmentation().segments) == 5
    assert len(run[0].segmentation(Thresholds(score=0.4)).segments) == 6
    assert {s.label for s in run[0].segmentation(task="instances").segments} == {"person", "ball"}


def test_the_table_of_all_segments(run):
    frame = run.to_frame(Thresholds(score=0.4))
    assert list(frame.columns) == ["picture", *run[0].segmentation().to_frame().columns]
    one = frame[frame.picture == "p03.png"].drop(columns="picture").reset_index(drop=True)
    pd.testing.assert_frame_equal(one, run[3].segmentation(Thresholds(score=0.4)).to_frame())
    assert len(frame) == 30


def test_the_table_is_computed_once_and_again_when_pictures_came(tmp_path, monkeypatch):
    write_pictures(tmp_path / "pictures", 2)
    run = make_run(tmp_path / "pictures", store=tmp_path / "run", model=FakeSegmenter())
    first = run.to_frame()
    with monkeypatch.context() as patch:
        patch.setattr("panoseg.runs.reading.decode_prediction", None)
        pd.testing.assert_frame_equal(run.to_frame(), first)
    write_pictures(tmp_path / "pictures", 3)
    run = make_run(tmp_path / "pictures", store=tmp_path / "run", model=FakeSegmenter())
    assert run.to_frame().picture.nunique() == 3


def test_a_table_that_was_cut_short_is_written_anew(tmp_path):
    write_pictures(tmp_path / "pictures", 2)
    run = make_run(tmp_path / "pictures", store=tmp_path / "run", model=FakeSegmenter())
    first = run.to_frame()
    (path,) = (tmp_path / "run" / "tables").iterdir()
    path.write_bytes(path.read_bytes()[:-30])
    pd.testing.assert_frame_equal(run.to_frame(), first)


def test_there_is_no_run(tmp_path):
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(RunError, match=r"has no run\.json"):
            open_run(path)


def test_a_ledger_that_is_none_is_one_sentence(tmp_path):
    write_pictures(tmp_path / "pictures", 1)
    make_run(tmp_path / "pictures", store=tmp_path / "run", model=FakeSegmenter()).close()
    (tmp_path / "run" / "ledger.sqlite").write_bytes(b"x" * 5000)
    with pytest.raises(RunError, match=r"ledger .* cannot be used"):
        open_run(tmp_path / "run")
    (tmp_path / "run" / "ledger.sqlite").unlink()
    with pytest.raises(RunError, match=r"has no ledger\.sqlite"):
        open_run(tmp_path / "run")


def test_a_notebook_shows_them(run):
    shown = run._repr_html_()
    assert "demo" in shown
    for thing in (run[0], run[0].segmentation(), run[0].prediction()):
        with Image.open(BytesIO(thing._repr_png_())) as image:
            assert image.format == "PNG"
            assert image.getextrema() != ((0, 0), (0, 0), (0, 0))


def test_a_models_name_is_no_markup(tmp_path):
    write_pictures(tmp_path / "pictures", 1)
    run = make_run(tmp_path / "pictures", store=tmp_path / "run", model=FakeSegmenter("<script>"))
    assert "<script>" not in run._repr_html_()


def test_a_segmentations_picture_shows_its_colours():
    segmentation = make_segmentation()
    with Image.open(BytesIO(segmentation._repr_png_())) as image:
        assert image.getpixel((0, 0)) == (255, 0, 0)
        assert image.getpixel((image.width - 1, 0)) == (0, 0, 0)


def make_segmentation():
    import numpy as np

    segment = panoseg.Segment(1, 0, "a", "stuff", 1.0, 1, (0, 0, 1, 1), color=(255, 0, 0))
    return panoseg.Segmentation(np.array([[1, 0]], np.int32), (segment,))


def test_an_unknown_format_is_refused(run, tmp_path):
    with pytest.raises(InvalidValueError, match=r"formats: wanted some of coco-panoptic, .* got 'gif'"):
        run.export("gif", tmp_path)
