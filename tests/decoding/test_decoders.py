"""Files of strangers in worker processes: the same as in this one, and always to be ended."""

import json
import os
import signal
import sys
import threading
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from panoseg import open_photo
from panoseg.annotation import read_annotation
from panoseg.decoding import Decoders, DecodingLimits
from panoseg.decoding import decoders as decoders_module
from panoseg.errors import GroundTruthError, PhotoError
from panoseg.photo import PhotoLimits
from tests import hostile_pictures as hostile
from tests.broken_photos import BROKEN_PHOTOS

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux only")


@pytest.fixture(scope="module")
def decoders():
    pool = Decoders(2)
    yield pool
    pool.close()


@pytest.fixture
def own(request):
    """`own(**limits)`: decoders with one worker."""
    made = []

    def make(**limits):
        made.append(Decoders(1, DecodingLimits(**limits)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def picture(codec="PNG", size=(40, 30), **options):
    stream = BytesIO()
    noise = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), np.uint8)
    Image.fromarray(noise).save(stream, codec, **options)
    return stream.getvalue()


def ready(pool):
    """The same, once its worker has begun to work: on a busy machine its start takes longer than a job."""
    while True:
        with suppress(PhotoError):
            pool.open_photo(picture(), name="a.png")
            return pool


def slow_picture(side=5000):
    """A file within every count that takes seconds: many scans of many pixels."""
    return hostile.jpeg_with_scans(50, (side, side))


def annotation(size=(40, 30)):
    digits = np.zeros((size[1], size[0], 3), np.uint8)
    digits[:, 20:] = 7, 1, 0
    stream = BytesIO()
    Image.fromarray(digits).save(stream, "PNG")
    content = {
        "annotations": [
            {"segments_info": [{"id": 263, "category_id": 44, "iscrowd": 1}], "file_name": "a.png"}
        ],
        "categories": [{"id": 44, "name": "bottle", "isthing": 1}, {"id": 9, "name": "boat"}],
    }
    return stream.getvalue(), json.dumps(content).encode()


@pytest.mark.parametrize("codec", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF"])
def test_a_picture_is_the_one_that_is_opened_here(decoders, codec):
    data = picture(codec, (600, 450))
    there, here = decoders.open_photo(data, name="garden.jpg"), open_photo(data, name="garden.jpg")
    assert np.array_equal(there.pixels, here.pixels)
    assert (there.name, there.digest) == (here.name, here.digest)


@pytest.mark.parametrize("kind", sorted(BROKEN_PHOTOS))
def test_a_refusal_is_the_one_that_is_said_here(decoders, kind):
    name, data = f"{kind}.jpg", BROKEN_PHOTOS[kind].make()
    with pytest.raises(PhotoError) as here:
        open_photo(data, name=name)
    with pytest.raises(PhotoError) as there:
        decoders.open_photo(data, name=name)
    if kind != "warned of by Pillow":  # tests take warnings for errors, workers do not
        assert str(there.value) == str(here.value)


def test_limits_hold_there_too(decoders):
    with pytest.raises(PhotoError, match="too many pixels"):
        decoders.open_photo(picture(), name="a.png", limits=PhotoLimits(max_pixels=1000))
    with pytest.raises(PhotoError, match="is too large: 3 MB"):
        decoders.open_photo(bytes(3 << 20), name="a.png", limits=PhotoLimits(max_bytes=1 << 20))


def test_an_annotation_is_the_one_that_is_read_here(decoders):
    png, description = annotation()
    there = decoders.read_annotation(png, description, "a.png", size=(30, 40))
    here = read_annotation(png, description, "a.png", size=(30, 40))
    assert np.array_equal(there.digits, here.digits)
    assert (there.segments, there.categories) == (here.segments, here.categories)
    assert [segment.id for segment in there.segments] == [263]


def test_an_annotation_of_another_size_is_refused_there_too(decoders):
    with pytest.raises(GroundTruthError, match="is 40×30 pixels and the picture 50×30"):
        decoders.read_annotation(*annotation(), "a.png", size=(30, 50))


def packed(files, method=zipfile.ZIP_DEFLATED):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_an_archive_is_looked_into_and_read_there(decoders):
    png, description = annotation()
    archive = packed({"x/b.png": picture(), "x/a.png": png, "x/a.json": description})
    for data in (archive, packed({"photo.csv": "a", "photo-coco.zip": archive})):
        assert decoders.annotation_in(data) == "a.png"
        found = decoders.read_annotation(None, data, "a.png", size=(30, 40))
        assert [segment.id for segment in found.segments] == [263]


@pytest.mark.parametrize(
    "data",
    [
        packed({"word/document.xml": "<w/>"}),
        packed({"a.json": "{}"}),
        packed({"a.json": "{}", "a.png": "x"}, zipfile.ZIP_LZMA).replace(b"\x05\x00]", b"\x05\x00\xff"),
        packed({"a-coco.zip": packed({"b-coco.zip": packed({"a.json": "{}", "a.png": "x"})})}),
        b"PK\x03\x04" + bytes(100),
    ],
    ids=["other", "half", "damaged", "deep", "cut"],
)
def test_any_other_archive_is_none(decoders, data):
    assert decoders.annotation_in(data) is None
    with pytest.raises(GroundTruthError, match="ZIP is damaged"):
        decoders.read_annotation(None, data, "a.png", size=(30, 40))


def test_which_png_is_described(decoders):
    description = annotation()[1]
    assert decoders.described_by(description, ["b.png", "a.png"]) == 1
    assert decoders.described_by(description, ["b.png"]) is None
    assert decoders.described_by(b"{", ["a.png"]) is None


@LINUX
def test_what_a_json_makes_of_memory_is_a_workers(own):
    resource = pytest.importorskip("resource")
    pool = own(memory_bytes=200 * 2**20)
    bomb = b'{"annotations": [' + b"[]," * 8_000_000 + b"[]]}"  # 24 MB, and half a gigabyte once read
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes
    for ask in (
        lambda: pool.described_by(bomb, ["a.png", "b.png"]),
        lambda: pool.annotation_in(packed({"a.json": bomb, "a.png": "x"})),
        lambda: pool.read_annotation(annotation()[0], bomb, "a.png", size=(30, 40)),
    ):
        with pytest.raises(GroundTruthError, match="memory"):
            ask()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < most + 150 * 1024


def test_what_takes_too_long_is_ended_and_the_next_one_served(own):
    pool = own(seconds=1)
    (before,) = pool.pids()
    with pytest.raises(PhotoError, match=r"“slow\.jpg” takes longer to decode than the 1 s that a picture"):
        pool.open_photo(slow_picture(), name="slow.jpg")
    assert pool.open_photo(picture(), name="a.png", waiting=lambda: None).size == (30, 40)
    assert pool.pids() != {before}


def test_who_leaves_ends_the_work(own):
    pool = ready(own())
    (before,) = pool.pids()
    calls = []

    class Left(BaseException):
        pass

    def leave():
        calls.append(1)
        if len(calls) > 3:
            raise Left

    with pytest.raises(Left):
        pool.open_photo(slow_picture(), name="slow.jpg", waiting=leave)
    assert pool.open_photo(picture(), name="a.png").size == (30, 40)
    assert pool.pids() != {before}
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)


def test_who_leaves_the_line_ends_nobody_elses_work(own):
    pool = own()
    opened, at_work = [], threading.Event()

    def open_first():
        opened.append(pool.open_photo(slow_picture(), name="slow.jpg", waiting=at_work.set))

    first = threading.Thread(target=open_first)
    first.start()
    assert at_work.wait(30)

    def leave():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pool.open_photo(picture(), name="a.png", waiting=leave)
    first.join()
    assert opened[0].size == (5000, 5000)


@LINUX
def test_what_takes_too_much_memory_is_refused(own):
    pool = own(memory_bytes=40 * 2**20)
    with pytest.raises(PhotoError, match="memory"):
        pool.open_photo(hostile.jpeg((6000, 6000)), name="large.jpg")
    assert pool.open_photo(picture(), name="a.png").size == (30, 40)


@pytest.mark.parametrize("when", ["idle", "at work"])
def test_a_worker_that_is_killed_is_replaced(own, when):
    pool = own()
    (before,) = pool.pids()
    if when == "idle":
        os.kill(before, signal.SIGTERM)
        os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    else:
        with pytest.raises(PhotoError, match="is damaged, or takes more memory"):
            pool.open_photo(slow_picture(), name="x.jpg", waiting=lambda: os.kill(before, signal.SIGTERM))
    assert pool.open_photo(picture(), name="a.png").size == (30, 40)
    assert pool.pids() != {before}


def test_a_line_that_is_full_or_too_slow_says_so(own):
    pool = ready(own(patience=0.2))
    at_work = threading.Event()

    def open_slowly():
        pool.open_photo(slow_picture(), name="slow.jpg", waiting=at_work.set)

    slow = threading.Thread(target=open_slowly)
    slow.start()
    assert at_work.wait(30)
    with pytest.raises(PhotoError, match="Too many pictures are being opened"):
        pool.open_photo(picture(), name="a.png")
    slow.join()
    with pytest.raises(PhotoError, match="Too many pictures are being opened"):
        own(most_waiting=0).open_photo(picture(), name="a.png")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"\xff\xff\xff\x7f",
        b"\x02\0\0\0[]",
        b"\x10\0\0\0" + b'{"size": [1e30]}',
        b"\x14\0\0\0" + b'{"size":[9999,9999]}',
        b"\x0e\0\0\0" + b'{"size":[1,1]}' + b"\x10\0\0\0" + bytes(16),
        b"\x0e\0\0\0" + b'{"size":[1,1]}' + b"\0\0\0\0" + b"\x02\0\0\0{}",
    ],
)
def test_what_a_worker_answers_is_not_believed(own, monkeypatch, answer):
    ready = "sys.stdout.buffer.write(b'\\2\\0\\0\\0{}'); sys.stdout.flush();"
    script = (
        f"import sys; {ready} sys.stdin.buffer.read(100); sys.stdout.buffer.write(bytes.fromhex(sys.argv[3]))"
    )
    monkeypatch.setattr(decoders_module.DecodingPool, "_start", _impostor(script, answer))
    with pytest.raises(PhotoError, match=r"damaged|could not be read"):
        own().open_photo(picture(), name="a.png")


def _impostor(script, answer):
    from panoseg.decoding import worker_process

    def start(pool):
        usual, worker_process._START = worker_process._START, script
        popen = worker_process.subprocess.Popen

        def with_answer(command, **options):
            return popen([*command, answer.hex()], **options)

        worker_process.subprocess.Popen = with_answer
        try:
            worker = worker_process.WorkerProcess(2**30)
        finally:
            worker_process._START, worker_process.subprocess.Popen = usual, popen
        with pool._lock:
            pool._workers.add(worker)
        return worker

    return start


@LINUX
def test_a_worker_writes_no_files(own):
    pool = own()
    pool.open_photo(picture(), name="a.png")  # by then it has limited itself
    (pid,) = pool.pids()
    limits = Path(f"/proc/{pid}/limits").read_text("ascii").splitlines()
    assert [line.split()[3:5] for line in limits if line.startswith("Max file size")] == [["0", "0"]]
