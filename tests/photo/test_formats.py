"""Photos: every format and orientation in, upright out."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from panoseg.errors import InvalidValueError
from panoseg.photo import Photo, open_photo
from tests.broken_photos import encoded
from tests.photo.pictures import LOSSLESS, LOSSY, ORIENTATION, corners, plain, saved


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
