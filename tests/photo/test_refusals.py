"""Files that are no photo: one clear sentence, soon and in little memory."""

import contextlib
import os
import subprocess
import sys
import tracemalloc
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from panoseg.errors import InvalidValueError, PanosegError, PhotoError
from panoseg.photo import PhotoLimits, open_photo
from tests.broken_photos import ACCEPTED, BROKEN_PHOTOS, encoded, png
from tests.photo.pictures import plain, saved


@pytest.mark.parametrize("kind", BROKEN_PHOTOS)
def test_broken_files_are_refused_in_words(kind):
    file_name, make, says = BROKEN_PHOTOS[kind]
    data = make()
    with pytest.raises(PhotoError) as refusal:
        open_photo(data, name=file_name)
    message = str(refusal.value)
    assert message.startswith(f"“{file_name}” ")
    assert says in message
    assert message.endswith(f"{ACCEPTED} of up to 40 MB and 50 megapixels.")
    assert "\n" not in message
    assert isinstance(refusal.value, PanosegError)


@pytest.mark.filterwarnings("default")
def test_pillows_warning_is_no_condition_of_the_refusal():
    with pytest.warns(Image.DecompressionBombWarning), pytest.raises(PhotoError, match="10000 × 10000"):
        open_photo(png(10_000, 10_000))


@pytest.mark.parametrize("kind", ["PNG bomb", "PNG text bomb", "PNG absurd", "GIF bomb", "TIFF bomb"])
def test_bombs_are_refused_before_they_unfold(kind):
    data = BROKEN_PHOTOS[kind].make()
    tracemalloc.start()
    try:
        with pytest.raises(PhotoError):
            open_photo(data)
        assert tracemalloc.get_traced_memory()[1] < len(data) + 4 * 2**20
    finally:
        tracemalloc.stop()


def test_a_text_chunk_after_the_pixels_is_bounded_too():
    text = BROKEN_PHOTOS["PNG text bomb"].make()
    start = text.index(b"zTXt") - 4
    end = text.index(b"IDAT") - 4
    moved = text[:start] + text[end:-12] + text[start:end] + text[-12:]
    with pytest.raises(PhotoError, match="damaged"):
        open_photo(moved)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: folder / "nowhere.jpg", "“nowhere.jpg” does not exist"),
        (lambda folder: folder, "is a folder, not a picture"),
        (lambda folder: "bad\0name.jpg", "does not exist"),
        (lambda folder: "n" * 5000, "cannot be read"),
        (lambda folder: "", "is a folder"),
    ],
    ids=["missing", "folder", "null", "too long", "no name"],
)
def test_paths_that_lead_nowhere_are_refused(tmp_path, make, says):
    with pytest.raises(PhotoError, match=says) as refusal:
        open_photo(make(tmp_path))
    assert ACCEPTED in str(refusal.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_a_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(PhotoError, match="is not an ordinary file"):
        open_photo(tmp_path / "pipe.jpg")


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "private.jpg"
    path.touch()

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PhotoError, match=r"cannot be read \(Permission denied\)"):
        open_photo(path)


def test_a_huge_file_is_refused_by_its_size_on_disk(tmp_path):
    path = tmp_path / "disk.jpg"
    with path.open("wb") as file:
        file.truncate(2 * 2**30)
    with pytest.raises(PhotoError, match="is too large: 2,048 MB"):
        open_photo(path)


def test_other_types_are_refused():
    with pytest.raises(PhotoError, match="not from BytesIO"):
        open_photo(BytesIO(encoded("PNG")))


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (PhotoLimits(max_pixels=64 * 48 - 1), "64 × 48 are 0.1 megapixels"),
        (PhotoLimits(max_bytes=100), "is too large"),
        (PhotoLimits(min_side=49), "each side needs at least 49"),
    ],
    ids=["pixels", "bytes", "side"],
)
def test_limits_can_be_set(limits, says):
    with pytest.raises(PhotoError, match=says):
        open_photo(encoded("PNG"), limits=limits)


def test_what_lies_on_a_limit_is_accepted():
    data = encoded("PNG")
    limits = PhotoLimits(max_bytes=len(data), max_pixels=64 * 48, min_side=48)
    assert open_photo(data, limits=limits).size == (48, 64)
    assert open_photo(encoded("PNG", (8, 8))).size == (8, 8)


def test_the_accepted_sentence_follows_the_limits():
    limits = PhotoLimits(max_bytes=5 * 2**19, max_pixels=1_500_000)
    assert limits.accepted.endswith("of up to 2.5 MB and 1.5 megapixels.")


@pytest.mark.parametrize("field", ["max_bytes", "max_pixels", "min_side"])
def test_limits_check_themselves(field):
    with pytest.raises(InvalidValueError, match=f"{field}: wanted at least 1, got 0"):
        PhotoLimits(**{field: 0})


FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
SOUND = {codec: encoded(codec, (16, 16)) for codec in FORMATS}


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=150, deadline=None)
@given(
    codec=st.sampled_from(FORMATS),
    edits=st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=8)), min_size=1, max_size=5),
    kept=st.floats(0.1, 1),
)
def test_no_bytes_raise_anything_but_a_photo_error(codec, edits, kept):
    data = bytearray(SOUND[codec])
    for position, replacement in edits:
        start = int(position * len(data))
        data[start : start + len(replacement)] = replacement
    with contextlib.suppress(PhotoError):
        photo = open_photo(bytes(data[: int(kept * len(data))]))
        assert photo.pixels.shape == (*photo.size, 3)


def test_truncated_pictures_are_never_filled_up():
    half = BROKEN_PHOTOS["JPEG cut in half"].make()
    with pytest.raises(PhotoError, match="damaged"):
        open_photo(half)


OPEN_IN_LITTLE_MEMORY = """
import resource, sys
from panoseg.photo import PhotoError, open_photo
data = sys.stdin.buffer.read()
pages = int(open("/proc/self/statm").read().split()[0])
_, hard = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 30 * 2**20, hard))
try:
    open_photo(data, name="large")
except PhotoError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded as Linux does it")
@pytest.mark.parametrize("codec", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF"])
def test_too_little_memory_is_called_that(codec):
    data = saved(plain("RGB", "red", (6000, 5000)), codec)
    done = subprocess.run(
        [sys.executable, "-c", OPEN_IN_LITTLE_MEMORY], input=data, capture_output=True, check=True
    )
    assert done.stdout.decode().startswith("There is not enough memory left to open “large”; ")
