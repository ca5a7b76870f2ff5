"""Photos: every format, colour model and orientation in; upright sRGB or one clear sentence out."""

import contextlib
import hashlib
import os
import struct
import subprocess
import sys
import tracemalloc
import unicodedata
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from panoseg import photo as photo_module
from panoseg import srgb
from panoseg.errors import InvalidValueError, PanosegError, PhotoError
from panoseg.photo import Photo, PhotoLimits, open_photo
from tests import icc_profiles
from tests.broken_photos import ACCEPTED, BROKEN_PHOTOS, encoded, png, png_chunk

LOSSLESS = {
    "PNG": {},
    "WEBP": {"lossless": True},
    "BMP": {},
    "TIFF": {},
    "AVIF": {"quality": 100, "subsampling": "4:4:4"},
    "HEIF": {"quality": -1, "chroma": 444, "matrix_coefficients": 0},
}
LOSSY = {"JPEG": {"quality": 95, "subsampling": 0}, "GIF": {}}
ORIENTATION = 0x0112


def saved(image, codec, **options):
    stream = BytesIO()
    image.save(stream, codec, **options)
    return stream.getvalue()


def pixels_of(image, codec="PNG", **options):
    return open_photo(saved(image, codec, **options)).pixels


def plain(mode, color, size=(16, 12)):
    return Image.new(mode, size, color)


def corners():
    """48×32: red, green / blue, white quarters, each a multiple of every codec's block."""
    pixels = np.zeros((32, 48, 3), np.uint8)
    pixels[:16, :24, 0] = pixels[:16, 24:, 1] = pixels[16:, :24, 2] = 255
    pixels[16:, 24:] = 255
    return pixels


# --- formats ---


@pytest.mark.parametrize(("codec", "options"), [*LOSSLESS.items(), *LOSSY.items()], ids=str)
def test_every_format_opens(codec, options):
    photo = open_photo(saved(Image.fromarray(corners()), codec, **options), name="corners")
    tolerance = 0 if codec in ("PNG", "WEBP", "BMP", "TIFF", "GIF") else 3
    np.testing.assert_allclose(photo.pixels.astype(int), corners(), atol=tolerance)
    assert photo.pixels.dtype == np.uint8
    assert photo.size == (32, 48)


def test_a_photo_is_frozen_and_knows_its_file():
    data = encoded("PNG")
    photo = open_photo(data, name="x.png")
    assert photo.digest == hashlib.sha256(data).hexdigest()
    with pytest.raises(ValueError, match="read-only"):
        photo.pixels[0, 0] = 0
    with pytest.raises(AttributeError):
        photo.name = "y"


@pytest.mark.parametrize("kind", [str, Path])
def test_a_path_opens_like_its_bytes(tmp_path, kind):
    path = tmp_path / "holiday.png"
    path.write_bytes(encoded("PNG"))
    photo = open_photo(kind(path))
    assert photo.name == "holiday.png"
    assert photo.digest == open_photo(path.read_bytes()).digest
    assert open_photo(path, name="mine").name == "mine"


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_other_kinds_of_bytes_open_too(kind):
    assert open_photo(kind(encoded("PNG"))).size == (48, 64)


def test_the_suffix_does_not_matter(tmp_path):
    path = tmp_path / "really-a-webp.jpg"
    path.write_bytes(encoded("WEBP"))
    assert open_photo(path).size == (48, 64)


@pytest.mark.parametrize("codec", ["GIF", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_of_several_frames_the_first_is_taken(codec):
    frames = [plain("RGB", color, (32, 32)) for color in ("red", "lime", "blue")]
    photo = open_photo(saved(frames[0], codec, save_all=True, append_images=frames[1:]))
    np.testing.assert_allclose(photo.pixels[16, 16].astype(int), (255, 0, 0), atol=3)


def test_a_phone_jpeg_with_a_second_picture_inside_opens():
    frames = [plain("RGB", color, (32, 32)) for color in ("red", "blue")]
    photo = open_photo(saved(frames[0], "MPO", save_all=True, append_images=frames[1:]))
    np.testing.assert_allclose(photo.pixels[16, 16].astype(int), (255, 0, 0), atol=3)


@pytest.mark.parametrize("codec", ["AVIF", "HEIF"])
def test_the_neutral_brand_is_either_format(codec):
    data = bytearray(encoded(codec))
    data[8:12] = b"mif1"
    assert open_photo(bytes(data)).size == (48, 64)


# --- orientation ---

TURNS = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: a.transpose(1, 0, 2)[:, ::-1],
    7: lambda a: a.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda a: a.transpose(1, 0, 2)[::-1],
}


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("codec", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_every_orientation_is_turned_upright_once(codec, orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options = LOSSLESS.get(codec) or LOSSY.get(codec) or {}
    photo = open_photo(saved(Image.fromarray(corners()), codec, exif=exif.tobytes(), **options))
    np.testing.assert_allclose(photo.pixels.astype(int), TURNS[orientation](corners()), atol=3)


def test_heic_is_turned_by_its_own_property_alone():
    """ISO 23008-12 has readers ignore what EXIF says; phones write both, and one turn is right."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    # Given as an object, the encoder stores the EXIF tag but no rotation property.
    data = saved(Image.fromarray(corners()), "HEIF", exif=exif, **LOSSLESS["HEIF"])
    assert b"irot" not in data
    np.testing.assert_allclose(open_photo(data).pixels.astype(int), corners(), atol=3)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_metadata_that_cannot_be_read_is_no_obstacle():
    data = saved(Image.fromarray(corners()), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(40))
    assert open_photo(data).size == (32, 48)


@pytest.mark.parametrize("codec", ["PNG", "WEBP"])
def test_metadata_of_another_kind_is_no_obstacle(codec):
    data = saved(Image.fromarray(corners()), codec, exif=b"Exif\0\0no metadata", **LOSSLESS[codec])
    np.testing.assert_array_equal(open_photo(data).pixels, corners())


# --- colour ---


@pytest.mark.parametrize(
    ("mode", "color", "codec", "expected"),
    [
        ("1", 1, "PNG", (255, 255, 255)),
        ("1", 0, "TIFF", (0, 0, 0)),
        ("L", 77, "PNG", (77, 77, 77)),
        ("L", 77, "JPEG", (77, 77, 77)),
        ("L", 77, "BMP", (77, 77, 77)),
        ("RGB", (1, 2, 3), "TIFF", (1, 2, 3)),
        ("P", 0, "PNG", (0, 0, 0)),
        ("CMYK", (255, 0, 0, 0), "JPEG", (0, 255, 255)),
        ("CMYK", (255, 0, 0, 0), "TIFF", (0, 255, 255)),
        ("CMYK", (0, 0, 0, 255), "JPEG", (0, 0, 0)),
        ("CMYK", (0, 0, 0, 0), "JPEG", (255, 255, 255)),
        ("YCbCr", (255, 128, 128), "TIFF", (255, 255, 255)),
        ("LAB", (255, 128, 128), "TIFF", (255, 255, 255)),
        ("LAB", (0, 128, 128), "TIFF", (0, 0, 0)),
    ],
)
def test_colour_models_become_rgb(mode, color, codec, expected):
    np.testing.assert_allclose(pixels_of(plain(mode, color), codec)[5, 5].astype(int), expected, atol=1)


def test_palettes_become_their_colours():
    image = plain("P", 0)
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.putpixel((1, 0), 1)
    pixels = pixels_of(image)
    assert pixels[0, :2].tolist() == [[10, 20, 30], [200, 100, 50]]


def test_lab_keeps_its_hues():
    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    original = plain("RGB", (200, 60, 30))
    pixels = pixels_of(to_lab.apply(original), "TIFF")
    np.testing.assert_allclose(pixels[0, 0].astype(int), (200, 60, 30), atol=3)


def over_white(color, alpha):
    return [int(np.rint((alpha * c + (255 - alpha) * 255) / 255)) for c in color]


@pytest.mark.parametrize("codec", ["PNG", "WEBP", "TIFF"])
def test_transparency_is_laid_over_white_exactly(codec):
    rng = np.random.default_rng(1)
    rgba = rng.integers(0, 256, (16, 256, 4), dtype=np.uint8)
    rgba[..., 3] = np.arange(256)
    pixels = pixels_of(Image.fromarray(rgba), codec, **LOSSLESS[codec], exact=True)
    color, alpha = rgba[..., :3].astype(float), rgba[..., 3:].astype(float)
    np.testing.assert_array_equal(pixels, np.rint((alpha * color + (255 - alpha) * 255) / 255))


@pytest.mark.parametrize(
    ("mode", "color", "codec"),
    [
        ("LA", (80, 100), "PNG"),
        ("LA", (80, 100), "TIFF"),
        ("PA", (0, 100), "TIFF"),
        ("RGBA", (80, 80, 80, 100), "HEIF"),
    ],
)
def test_other_alpha_is_laid_over_white_too(mode, color, codec):
    image = plain(mode, color)
    if mode == "PA":
        image.putpalette([80, 80, 80])
    tolerance = 3 if codec == "HEIF" else 0
    expected = over_white((80, 80, 80), 100)
    np.testing.assert_allclose(pixels_of(image, codec)[3, 3].astype(int), expected, atol=tolerance)


def test_premultiplied_grey_is_laid_over_white():
    data = saved(plain("LA", (40, 128)), "TIFF")
    # ExtraSamples 2 is plain alpha, 1 premultiplied: the stored 40 is then half of 80.
    entry = struct.pack("<HHI", 338, 3, 1)
    assert entry + b"\2" in data
    pixels = open_photo(data.replace(entry + b"\2", entry + b"\1")).pixels
    np.testing.assert_allclose(pixels[0, 0].astype(int), over_white((80, 80, 80), 128), atol=1)


@pytest.mark.parametrize("codec", ["PNG", "GIF"])
def test_a_transparent_palette_entry_is_white(codec):
    image = plain("P", 0)
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.paste(1, (0, 0, 16, 6))
    pixels = pixels_of(image, codec, transparency=1)
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[11, 0].tolist() == [10, 20, 30]


@pytest.mark.parametrize(("mode", "clear"), [("L", 80), ("RGB", (80, 80, 80)), ("1", 0)])
def test_a_transparent_colour_is_white(mode, clear):
    assert pixels_of(plain(mode, clear), transparency=clear)[0, 0].tolist() == [255, 255, 255]


def test_a_transparent_16_bit_grey_is_white():
    grey = np.full((16, 16), 5140, np.uint16)
    grey[0] = 5141
    header = png_chunk(b"tRNS", struct.pack(">H", 5140))
    data = saved(Image.fromarray(grey), "PNG")
    pixels = open_photo(data[:33] + header + data[33:]).pixels
    assert pixels[5, 5].tolist() == [255, 255, 255]
    assert pixels[0, 0].tolist() == [20, 20, 20]


# --- depth ---


@pytest.mark.parametrize(
    ("codec", "mode"), [("PNG", "I;16"), ("TIFF", "I;16"), ("TIFF", "I;16B")], ids=" ".join
)
def test_16_bit_grey_is_scaled_exactly(codec, mode):
    values = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    image = Image.frombytes(mode, (256, 256), values.astype(">u2" if mode == "I;16B" else "<u2").tobytes())
    pixels = pixels_of(image, codec)
    np.testing.assert_array_equal(pixels, np.rint(values / 257)[..., None].repeat(3, axis=2))


def test_16_bit_rgb_keeps_its_eight_high_bits():
    samples = np.zeros((8, 8, 3), ">u2")
    samples[..., 0], samples[..., 1], samples[..., 2] = 0xFFFF, 0x80FF, 0x00FF
    rows = b"".join(b"\0" + row.tobytes() for row in samples)
    data = bytearray(png(8, 8, pixels=rows))
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 16, 2, 0, 0, 0))
    data[8 : 8 + len(header)] = header
    assert open_photo(bytes(data)).pixels[0, 0].tolist() == [255, 128, 0]


@pytest.mark.parametrize(
    ("mode", "values", "expected"),
    [
        ("F", [0, 0.5, 1], [0, 128, 255]),
        ("F", [-3, 127.4, 255], [0, 127, 255]),
        ("F", [0, 257, 65535], [0, 1, 255]),
        ("F", [0, 5e8, 1e9], [0, 128, 255]),
        ("F", [np.nan, np.inf, 1], [0, 255, 255]),
        ("F", [np.nan, -np.inf, np.inf], [0, 0, 255]),
        ("I", [0, 128, 255], [0, 128, 255]),
        ("I", [-7, 257, 65535], [0, 1, 255]),
    ],
)
def test_32_bit_grey_is_scaled_to_its_white(mode, values, expected):
    array = np.resize(np.array(values, np.float32 if mode == "F" else np.int32), (9, 9))
    pixels = pixels_of(Image.fromarray(array), "TIFF")
    assert pixels[0, :3, 0].tolist() == expected


@pytest.mark.parametrize(
    ("mode", "codec", "options"),
    [("RGBA", "PNG", {"icc_profile": icc_profiles.swapped()}), ("I;16", "PNG", {}), ("F", "TIFF", {})],
)
def test_pictures_are_converted_band_by_band_without_seams(monkeypatch, mode, codec, options):
    rng = np.random.default_rng(2)
    if mode == "RGBA":
        values = rng.integers(0, 256, (31, 17, 4), dtype=np.uint8)
    else:
        values = rng.uniform(0, 65535, (31, 17)).astype(np.float32 if mode == "F" else np.uint16)
    data = saved(Image.fromarray(values), codec, **options)
    at_once = open_photo(data).pixels
    monkeypatch.setattr(srgb, "_BAND_PIXELS", 40)
    np.testing.assert_array_equal(open_photo(data).pixels, at_once)


# --- embedded profiles ---


@pytest.mark.parametrize("codec", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_embedded_profiles_are_applied(codec):
    options = LOSSLESS.get(codec) or LOSSY.get(codec) or {}
    image = plain("RGB", (255, 0, 0), (32, 32))
    pixels = pixels_of(image, codec, icc_profile=icc_profiles.swapped(), **options)
    np.testing.assert_allclose(pixels[16, 16].astype(int), (0, 255, 0), atol=4)


@pytest.mark.parametrize(
    ("profile", "mode", "color", "codec", "expected"),
    [
        ("srgb", "RGB", (200, 100, 50), "PNG", (200, 100, 50)),
        ("display_p3", "RGB", (234, 51, 35), "PNG", (255, 0, 0)),  # sRGB's red, as Display P3 writes it
        ("display_p3", "RGB", (128, 128, 128), "PNG", (128, 128, 128)),
        ("display_p3", "L", 128, "PNG", (128, 128, 128)),
        ("swapped", "P", 0, "PNG", (20, 10, 30)),
        ("swapped", "RGBA", (255, 0, 0, 255), "PNG", (0, 255, 0)),
        ("swapped", "YCbCr", (76, 85, 255), "TIFF", (0, 255, 0)),
        ("linear_grey", "L", 55, "PNG", (128, 128, 128)),  # 128 is the sRGB value of 21.6 % light
        ("linear_grey", "LA", (55, 255), "PNG", (128, 128, 128)),
        ("linear_grey", "I;16", 55 * 257, "PNG", (128, 128, 128)),
        ("grey_press", "CMYK", (255, 0, 0, 0), "JPEG", (162, 162, 162)),  # L* = 66.7
        ("grey_press", "CMYK", (255, 0, 0, 0), "TIFF", (162, 162, 162)),
        ("grey_press", "CMYK", (0, 0, 0, 255), "TIFF", (0, 0, 0)),
    ],
)
def test_profiles_of_every_colour_model(profile, mode, color, codec, expected):
    image = plain(mode, color)
    if mode == "P":
        image.putpalette([10, 20, 30])
    pixels = pixels_of(image, codec, icc_profile=getattr(icc_profiles, profile)())
    np.testing.assert_allclose(pixels[5, 5].astype(int), expected, atol=2)


def test_a_profile_acts_before_the_white_paper():
    pixels = pixels_of(plain("RGBA", (255, 0, 0, 100)), icc_profile=icc_profiles.swapped())
    np.testing.assert_allclose(pixels[0, 0].astype(int), over_white((0, 255, 0), 100), atol=1)


@pytest.mark.parametrize(
    ("profile", "mode", "color", "codec", "expected"),
    [
        (b"no profile at all", "RGB", (9, 8, 7), "PNG", (9, 8, 7)),
        (icc_profiles.swapped()[:200], "RGB", (9, 8, 7), "PNG", (9, 8, 7)),
        (icc_profiles.linear_grey(), "RGB", (9, 8, 7), "PNG", (9, 8, 7)),
        (icc_profiles.grey_press(), "RGB", (9, 8, 7), "PNG", (9, 8, 7)),
        (icc_profiles.swapped(), "CMYK", (255, 0, 0, 0), "JPEG", (0, 255, 255)),
    ],
    ids=["words", "truncated", "grey on RGB", "CMYK on RGB", "RGB on CMYK"],
)
def test_profiles_that_do_not_fit_are_ignored(profile, mode, color, codec, expected):
    pixels = pixels_of(plain(mode, color), codec, icc_profile=profile)
    np.testing.assert_allclose(pixels[0, 0].astype(int), expected, atol=1)


# --- refusals ---


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


# --- names ---


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("holiday.jpg", "holiday.jpg"),
        ("/home/me/holiday.jpg", "holiday.jpg"),
        (r"C:\Users\me\holiday.jpg", "holiday.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\x00\x1b[31m.png", "a b [31m.png"),
        ("evil\u202egnp.exe", "evil gnp.exe"),
        ("Bildschirmfoto 10.30\u202fUhr.png", "Bildschirmfoto 10.30 Uhr.png"),
        ("Cafe\u0301.png", "Café.png"),
        ("写真.jpg", "写真.jpg"),
        ("x" * 500, "x" * 100),
        ("x" * 500 + ".jpeg", "x" * 95 + ".jpeg"),
        ("x" * 97 + ".tiff", "x" * 95 + ".tiff"),
        ("x" * 500 + ". a.b", "x" * 98 + ".b"),
        ("", "photo"),
        ("\n\t", "photo"),
        ("///", "photo"),
    ],
)
def test_names_are_fit_to_show(name, shown):
    assert open_photo(SOUND["PNG"], name=name).name == shown


def test_no_more_of_a_name_is_normalised_than_is_shown(monkeypatch):
    """Normalising 100,000 marks on one letter takes seconds."""
    lengths = []

    def normalize(form, text):
        lengths.append(len(text))
        return unicodedata.normalize(form, text)

    monkeypatch.setattr(photo_module, "unicodedata", SimpleNamespace(normalize=normalize))
    name = open_photo(SOUND["PNG"], name="a" + "\u0301\u0327" * 50_000 + ".png").name
    assert name.startswith("\u00e1")
    assert len(name) <= 100
    assert max(lengths) < 1000


def test_no_name_is_photo():
    assert open_photo(SOUND["PNG"]).name == "photo"
    with pytest.raises(PhotoError, match=r"^The file is empty"):
        open_photo(b"")


# --- made photos ---


def test_made_photos_differ_by_pixels_and_shape():
    dark = Photo.from_pixels(np.zeros((10, 20, 3), np.uint8), "dark")
    assert dark.name == "dark"
    assert dark.size == (10, 20)
    assert dark.digest == Photo.from_pixels(np.zeros((10, 20, 3), np.uint8), "other").digest
    assert dark.digest != Photo.from_pixels(np.zeros((20, 10, 3), np.uint8), "dark").digest
    assert dark.digest != Photo.from_pixels(np.ones((10, 20, 3), np.uint8), "dark").digest


def test_a_made_photo_leaves_its_array_alone():
    pixels = np.zeros((10, 20, 3), np.uint8)
    Photo.from_pixels(pixels[:, ::-1], "mirrored")
    Photo.from_pixels(pixels, "plain")
    assert pixels.flags.writeable


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3)),
        np.zeros((0, 4, 3), np.uint8),
    ],
    ids=["grey", "RGBA", "float", "empty"],
)
def test_pixels_of_another_kind_are_refused(pixels):
    with pytest.raises(InvalidValueError, match=r"wanted uint8 of shape \(H, W, 3\)"):
        Photo.from_pixels(pixels, "x")
