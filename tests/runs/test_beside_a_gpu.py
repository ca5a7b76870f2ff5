"""What is done otherwise beside a GPU: pictures decoded in processes, passes handed over without a pause."""

import os
import signal
import time
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from panoseg.decoding import network_pictures
from panoseg.decoding.network_pictures import NetworkPictures
from panoseg.decoding.pool import TooMuchError
from panoseg.errors import PhotoError
from panoseg.models.checkpoints.preprocess import FitEdges, InputPolicy
from panoseg.photo import Photo, open_photo
from panoseg.runs import make_run, opening
from panoseg.runs.pipeline import Pipeline
from tests.broken_photos import BROKEN_PHOTOS
from tests.fakes import FakeSegmenter
from tests.runs.gpu_like import GpuLike
from tests.runs.pictures import contents, encoded, ledger_rows, write_pictures

POLICY = InputPolicy(FitEdges(24, 48))


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pictures"
    write_pictures(folder, 10)
    Image.new("RGB", (200, 10)).save(folder / "p03 too long.png")  # for the input that it is padded to
    (folder / "p05 broken.jpg").write_bytes(b"\xff\xd8 and no more")
    (folder / "p06.jpg").write_bytes(encoded(3, "JPEG"))
    return folder


@pytest.fixture
def own():
    """A process of this test's own."""
    made = NetworkPictures(1)
    yield made
    made.close()


def test_a_run_beside_a_gpu_equals_one_on_a_cpu(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "_LARGE_FILE", 0)
    here = make_run(pictures, store=tmp_path / "here", model=GpuLike("cpu"))

    def not_here(*_, **__):
        raise AssertionError("decoded in this process")

    monkeypatch.setattr(opening, "open_image", not_here)
    monkeypatch.setattr(opening, "open_photo", not_here)
    gpu = GpuLike()
    there = make_run(pictures, store=tmp_path / "there", model=gpu)
    assert ledger_rows(tmp_path / "there") == ledger_rows(tmp_path / "here")
    assert {**contents(tmp_path / "there"), "run.json": b""} == {
        **contents(tmp_path / "here"),
        "run.json": b"",
    }
    assert sorted(gpu.passes_of) == [1, 3, 3, 4]  # of one that failed its neighbours only
    assert [name for name, _ in there.failures] == ["p03 too long.png", "p05 broken.jpg"]
    assert "pads pictures to 64×32" in there.failures[0][1]
    assert "is damaged" in here.failures[1][1]


def test_who_keeps_photos_or_brings_a_decoder_has_no_processes(monkeypatch):
    monkeypatch.setattr(opening, "_LARGE_FILE", 0)
    monkeypatch.setattr(opening, "NetworkPictures", None)  # would fail if it were called
    seen = []

    def read(number):
        return encoded(number), "a.png"

    Pipeline(GpuLike(), read, seen.extend, keep_photos=True).run([[0, 1]])
    Pipeline(GpuLike(), read, seen.extend, decode=lambda data, name: open_photo(data)).run([[2]])
    fake = FakeSegmenter()
    fake.device = "cuda"  # asked elsewhere: it takes photos
    Pipeline(fake, read, seen.extend).run([[3]])
    assert [outcome.prediction is not None for outcome in seen] == [True] * 4
    assert [outcome.photo is not None for outcome in seen] == [True, True, False, False]


def test_small_files_are_opened_in_this_process(monkeypatch):
    monkeypatch.setattr(opening, "NetworkPictures", None)  # would fail if it were called
    seen = []
    Pipeline(GpuLike(), lambda n: (encoded(n), "x"), seen.extend).run([[1, 2]])
    assert [outcome.size for outcome in seen] == [(41, 51), (42, 52)]


@pytest.mark.parametrize("fault", ["empty", "text", "JPEG cut in half", "too many bytes", "PNG bomb"])
def test_a_process_says_of_broken_files_what_this_one_says(own_for_all, fault):
    data = BROKEN_PHOTOS[fault].make()
    with pytest.raises(PhotoError) as here:
        open_photo(data, name="x.jpg")
    with pytest.raises(PhotoError) as there:
        own_for_all.open(data, name="x.jpg", policy=POLICY)
    assert str(there.value) == str(here.value)


@pytest.fixture(scope="module")
def own_for_all():
    made = NetworkPictures(1)
    yield made
    made.close()


def test_what_the_network_sees_is_the_same_to_the_last_bit(own_for_all):
    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (90, 70, 4), np.uint8), "RGBA")
    stream = BytesIO()
    image.save(stream, "PNG")
    size, pixels = own_for_all.open(stream.getvalue(), name="x", policy=POLICY)
    assert size == (90, 70)
    wanted = POLICY(open_photo(stream.getvalue()).pixels)
    np.testing.assert_array_equal(POLICY.of_content(pixels, size).values, wanted.values)


def test_a_process_that_was_killed_is_replaced(own):
    assert own.open(encoded(1), name="x", policy=POLICY)[0] == (41, 51)
    [pid] = own.pids()
    os.kill(pid, signal.SIGKILL)
    assert own.open(encoded(2), name="x", policy=POLICY)[0] == (42, 52)
    assert own.pids() != {pid}


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_picture_over_which_a_process_ends_is_tried_once_more(own, monkeypatch, deaths):
    run, calls = own._pool.run, []

    def ends(*arguments):
        calls.append(arguments)
        if len(calls) <= deaths:
            raise TooMuchError
        return run(*arguments)

    monkeypatch.setattr(own._pool, "run", ends)
    if deaths == 1:
        assert own.open(encoded(1), name="x", policy=POLICY)[0] == (41, 51)
    else:
        with pytest.raises(PhotoError, match="“x” is damaged, or takes more memory"):
            own.open(encoded(1), name="x", policy=POLICY)
    assert len(calls) == network_pictures._TRIES


def test_processes_end_with_the_run_also_where_it_fails(tmp_path, monkeypatch):
    made = []

    class Watched(NetworkPictures):
        def __init__(self, count):
            super().__init__(count)
            made.append(self._pool)

    monkeypatch.setattr(opening, "_LARGE_FILE", 0)
    monkeypatch.setattr(opening, "NetworkPictures", Watched)

    def full(outcomes):
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        Pipeline(GpuLike(), lambda n: (encoded(n), "x"), full).run([[n] for n in range(20)])
    assert [pool.pids() for pool in made] == [set()]


def test_seconds_are_those_of_the_network_not_of_waiting_for_it():
    class Slow(GpuLike):
        def predict_prepared(self, prepared, **options):
            with self.one_at_a_time:
                time.sleep(0.01)
            return super().predict_prepared(prepared, **options)

    seen = []
    photo = Photo.from_pixels(np.zeros((20, 20, 3), np.uint8), "x")
    start = time.perf_counter()
    pipeline = Pipeline(Slow(), lambda n: (b"", "x"), seen.extend, decode=lambda *_: photo)
    pipeline.run([[n] for n in range(20)])
    assert 0.2 <= sum(outcome.seconds for outcome in seen) <= time.perf_counter() - start
