"""Making runs: what is kept, going on, failures, and what is refused."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import panoseg
from panoseg.decoding import Decoders
from panoseg.errors import InvalidValueError, ModelError, RunBusyError, RunError, SourceError
from panoseg.models.forward_pass import SideBySide
from panoseg.runs import make_run, open_run, shards
from panoseg.runs.writer_lock import WriterLock
from tests.fakes import FakeSegmenter, fake_prediction
from tests.runs.pictures import contents, ledger_rows, write_pictures

ROOT = Path(__file__).parents[2]


@pytest.fixture
def pictures(tmp_path):
    write_pictures(tmp_path / "pictures", 6)
    return tmp_path / "pictures"


def test_a_run_holds_what_the_network_said(pictures, tmp_path):
    run = make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    assert [item.name for item in run] == [f"p{n:02d}.png" for n in range(6)]
    assert run.counts == {"done": 6, "failed": 0, "waiting": 0}
    item = run[3]
    photo = panoseg.open_photo(pictures / "p03.png")
    np.testing.assert_array_equal(item.photo().pixels, photo.pixels)
    assert (item.row.sha256, item.size) == (photo.digest, photo.size)
    live = fake_prediction(photo.size)
    kept = item.prediction()
    np.testing.assert_array_equal(kept.class_logits, live.class_logits)
    assert (kept.input_size, kept.content_size, kept.image_size) == (
        live.input_size,
        live.content_size,
        live.image_size,
    )
    np.testing.assert_array_equal(item.segmentation().id_map, panoseg.panoptic(live).id_map)


def test_going_on_predicts_only_what_is_new(pictures, tmp_path):
    make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    write_pictures(pictures, 8)
    fake, seen = FakeSegmenter(), []
    run = make_run(pictures, store=tmp_path / "run", model=fake, progress=seen.append)
    assert fake.calls == 2
    assert (seen[0].skipped, seen[0].total, seen[-1].done) == (6, 8, 8)
    assert len(run) == 8


def test_a_run_that_grew_equals_one_that_was_made_at_once(pictures, tmp_path):
    make_run(pictures, store=tmp_path / "grown", model=FakeSegmenter())
    write_pictures(pictures, 9)
    make_run(pictures, store=tmp_path / "grown", model=FakeSegmenter())
    make_run(pictures, store=tmp_path / "whole", model=FakeSegmenter())
    assert contents(tmp_path / "grown") == contents(tmp_path / "whole")
    assert ledger_rows(tmp_path / "grown") == ledger_rows(tmp_path / "whole")


def test_one_failure_takes_nothing_with_it(pictures, tmp_path):
    (pictures / "p02.png").write_bytes(b"no picture")
    (pictures / "p04.png").write_bytes(b"")
    run = make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    assert run.counts == {"done": 4, "failed": 2, "waiting": 0}
    assert [name for name, _ in run.failures] == ["p02.png", "p04.png"]
    assert "is a text file" in run.failures[0][1]
    assert "is empty" in run.failures[1][1]


def test_failures_are_tried_again_when_asked(pictures, tmp_path):
    sound = (pictures / "p02.png").read_bytes()
    (pictures / "p02.png").write_bytes(b"no picture")
    make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    (pictures / "p02.png").write_bytes(sound)
    fake = FakeSegmenter()
    assert make_run(store=tmp_path / "run", model=fake).counts["failed"] == 1
    assert fake.calls == 0
    run = make_run(store=tmp_path / "run", model=fake, retry=True)
    assert run.counts == {"done": 6, "failed": 0, "waiting": 0}
    assert fake.calls == 1
    assert all(len(item.prediction().labels) == 6 for item in run)


def test_a_model_that_fails_on_a_picture_fails_only_there(pictures, tmp_path):
    class Picky(FakeSegmenter):
        batch = 4

        def __init__(self):
            super().__init__()
            self.batch = 4

        def predict_many(self, photos, **options):
            if any(photo.name == "p01.png" for photo in photos):
                raise ModelError("Not this one.")
            return super().predict_many(photos, **options)

    run = make_run(pictures, store=tmp_path / "run", model=Picky())
    assert run.failures == [("p01.png", "Not this one.")]
    assert run.counts["done"] == 5


def test_batches_are_cut_by_position(pictures, tmp_path):
    class Batching(FakeSegmenter):
        def __init__(self):
            super().__init__()
            self.batch = 4
            self.batches = []

        def predict_many(self, photos, **options):
            self.batches.append([photo.name[1:3] for photo in photos])
            return super().predict_many(photos, **options)

    fake = Batching()
    make_run(sorted(pictures.iterdir())[:2], store=tmp_path / "run", model=fake)
    make_run(pictures, store=tmp_path / "run", model=fake)
    assert fake.batches == [["00", "01"], ["02", "03"], ["04", "05"]]


def test_pictures_are_kept_where_that_is_asked(pictures, tmp_path):
    run = make_run(pictures, store=tmp_path / "run", model=FakeSegmenter(), keep_pictures=True)
    before = [item.photo().digest for item in run]
    shutil.rmtree(pictures)
    assert [item.photo().digest for item in run] == before


def test_pictures_that_moved_keep_their_predictions(pictures, tmp_path):
    make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    pictures.rename(tmp_path / "elsewhere")
    with open_run(tmp_path / "run", pictures=tmp_path / "elsewhere") as run:
        assert run[0].photo().name == "p00.png"
    fake = FakeSegmenter()
    run = make_run(tmp_path / "elsewhere", store=tmp_path / "run", model=fake)
    assert fake.calls == 0
    assert run[0].photo().name == "p00.png"


def test_equal_names_from_two_folders_are_kept_apart(tmp_path):
    write_pictures(tmp_path / "a", 2)
    write_pictures(tmp_path / "b", 2)
    run = make_run([tmp_path / "a", tmp_path / "b"], store=tmp_path / "run", model=FakeSegmenter())
    assert [item.name for item in run] == ["p00.png", "p01.png", "b/p00.png", "b/p01.png"]


def test_a_reader_sees_what_a_writer_adds(pictures, tmp_path):
    run = make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    lengths = []

    def look(progress):
        run.refresh()
        lengths.append(len(run))

    write_pictures(pictures, 8)
    make_run(pictures, store=tmp_path / "run", model=FakeSegmenter(), progress=look)
    assert lengths == [6, 7, 8]


def test_a_run_goes_on_with_as_many_threads_as_it_began_with(pictures, tmp_path):
    wishes = []

    def load(name, side_by_side):
        wishes.append(side_by_side)
        segmenter = FakeSegmenter(name)
        segmenter.threads = 3
        return segmenter

    make_run(pictures, store=tmp_path / "run", load=load, input_size=640)
    make_run(store=tmp_path / "run", load=load)
    assert wishes == [SideBySide(640), SideBySide(640, 3)]
    assert json.loads((tmp_path / "run" / "run.json").read_text())["threads"] == 3


def test_strangers_pictures_are_decoded_elsewhere(pictures, tmp_path):
    decoders = Decoders(1)
    try:
        (pictures / "p02.png").write_bytes(b"no picture")
        run = make_run(
            pictures,
            store=tmp_path / "run",
            model=FakeSegmenter(),
            decode=lambda content, name: decoders.open_photo(content, name=name),
        )
    finally:
        decoders.close()
    make_run(pictures, store=tmp_path / "whole", model=FakeSegmenter())
    assert run.counts["failed"] == 1
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")
    assert ledger_rows(tmp_path / "run") == ledger_rows(tmp_path / "whole")


# --- what is refused ---


def test_a_second_writer_is_told(pictures, tmp_path):
    make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    with WriterLock(tmp_path / "run"), pytest.raises(RunBusyError, match="Another process is writing"):
        make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())


def test_other_weights_are_refused(pictures, tmp_path):
    class Weighed(FakeSegmenter):
        def __init__(self, digest):
            super().__init__()
            self.weights_sha256 = digest

    make_run(pictures, store=tmp_path / "run", model=Weighed("a" * 64))
    before = contents(tmp_path / "run")
    with pytest.raises(RunError, match=r"weights whose sha256 is aaa.*not bbb"):
        make_run(pictures, store=tmp_path / "run", model=Weighed("b" * 64))
    assert contents(tmp_path / "run") == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"input_size": 640}, "the input size shipped, not 640"),
        ({"batch": 3}, "batches of 1, not 3"),
        ({"model": FakeSegmenter("other")}, "the model demo, not other"),
        ({"model": FakeSegmenter(things=[0])}, "5 labels, 3 of them things"),
        ({"keep_pictures": True}, "kept pictures: no, not yes"),
    ],
    ids=["size", "batch", "model", "things", "kept"],
)
def test_going_on_in_another_way_is_refused(pictures, tmp_path, change, says):
    make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    with pytest.raises(RunError, match=says):
        make_run(store=tmp_path / "run", **{"model": FakeSegmenter(), **change})


def test_nothing_is_begun_for_want_of_pictures(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="holds no picture"):
        make_run(tmp_path / "empty", store=tmp_path / "run", model=FakeSegmenter())
    with pytest.raises(RunError, match="no picture to make it of"):
        make_run(store=tmp_path / "run", model=FakeSegmenter())
    assert not (tmp_path / "run").exists()


def test_a_folder_that_holds_something_else_is_left_alone(pictures, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear")
    with pytest.raises(RunError, match="is no run and not empty"):
        make_run(pictures, store=tmp_path / "mine", model=FakeSegmenter())
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["diary.txt"]


def test_a_newer_run_is_not_touched(pictures, tmp_path):
    make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    header = json.loads((tmp_path / "run" / "run.json").read_text())
    (tmp_path / "run" / "run.json").write_text(json.dumps({**header, "panoseg_run": 99}))
    for use in (open_run, lambda store: make_run(store=store, model=FakeSegmenter())):
        with pytest.raises(RunError, match="made by a newer panoseg"):
            use(tmp_path / "run")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"panoseg_run": 1}', '{"panoseg_run": 1, "vocabulary": 3}'])
def test_a_damaged_header_is_one_sentence(pictures, tmp_path, text):
    make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    (tmp_path / "run" / "run.json").write_text(text)
    with pytest.raises(RunError, match=r"run\.json .* is damaged"):
        open_run(tmp_path / "run")


def test_a_batch_of_none_is_refused(pictures, tmp_path):
    with pytest.raises(InvalidValueError, match="batch: wanted at least 1"):
        make_run(pictures, store=tmp_path / "run", model=FakeSegmenter(), batch=0)


def test_a_predicted_picture_that_changed_is_not_shown(pictures, tmp_path):
    run = make_run(pictures, store=tmp_path / "run", model=FakeSegmenter())
    (pictures / "p00.png").write_bytes((pictures / "p01.png").read_bytes())
    with pytest.raises(panoseg.PhotoError, match="has changed since it was predicted"):
        run[0].photo()
    assert run[1].photo().name == "p01.png"


def test_a_row_knows_where_its_bytes_end():
    place = shards.Place(0, 512, 100, "")
    from panoseg.runs.ledger import Row

    row = Row(0, "x", "/x")
    assert row.end == 0
    assert replace(row, record=place).end == 1024
