"""Photos: every colour model, depth and profile in; sRGB out."""

import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from panoseg import srgb
from panoseg.photo import open_photo
from tests import icc_profiles
from tests.broken_photos import png, png_chunk
from tests.photo.pictures import LOSSLESS, LOSSY, pixels_of, plain, saved


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
