"""What is counted in a picture's file before anything is decoded."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from panoseg import open_photo
from panoseg.annotation import read_annotation
from panoseg.errors import GroundTruthError, PhotoError
from panoseg.file_structure import excess, gif, jpeg, png, tiff
from tests import hostile_pictures as hostile

EXIF, COM, APP5 = 0xE1, 0xFE, 0xE5

BEYOND = {
    "scans": hostile.jpeg_with_scans(jpeg.MOST_SCANS),
    "EXIF segments": hostile.jpeg_with_segments(EXIF, jpeg.MOST_EXIF_SEGMENTS + 1, b"Exif\0\0" + bytes(8)),
    "segments of comments": hostile.jpeg_with_segments(COM, jpeg.MOST_SEGMENTS + 1),
    "segments of applications": hostile.jpeg_with_segments(APP5, jpeg.MOST_SEGMENTS + 1),
    "blocks of comments": hostile.gif_with_comments(gif.MOST_BLOCKS),
    "chunks": hostile.png_with_chunks(png.MOST_CHUNKS),
    "strips": hostile.tiff_with_strips(tiff.MOST_PIECES + 1),
    "bytes of values": hostile.tiff_that_names_its_bytes_again(20),
    "tags": hostile.tiff_that_names_its_bytes_again(tiff.MOST_TAGS + 1),
}
WITHIN = {
    "scans": hostile.jpeg_with_scans(20),
    "EXIF segments": hostile.jpeg_with_segments(EXIF, 3, b"Exif\0\0" + bytes(8)),
    "segments of comments": hostile.jpeg_with_segments(COM, 300, bytes(100)),
    "segments of applications": hostile.jpeg_with_segments(APP5, 300, bytes(100)),
    "blocks of comments": hostile.gif_with_comments(1500, bytes(80)),
    "chunks": hostile.png_with_chunks(5000),
    "strips": hostile.tiff_with_strips(26_000),
    "bytes of values": hostile.tiff_that_names_its_bytes_again(1),
    "tags": hostile.tiff_that_names_its_bytes_again(2),
}


@pytest.mark.parametrize("what", BEYOND)
def test_what_is_beyond_reason_is_refused_before_it_is_decoded(what, monkeypatch):
    monkeypatch.setattr(Image, "open", None)
    with pytest.raises(PhotoError, match=f"has more than .* {what.split()[0]}.*, which no camera writes"):
        open_photo(BEYOND[what], name="slow")


@pytest.mark.parametrize("what", WITHIN)
def test_what_real_files_have_is_not(what):
    assert excess(WITHIN[what]) is None


@pytest.mark.parametrize(
    ("codec", "options"),
    [
        ("JPEG", {"progressive": True, "quality": 95}),
        ("JPEG", {"exif": Image.Exif(), "icc_profile": bytes(200_000), "comment": b"!"}),
        ("PNG", {}),
        ("GIF", {"comment": b"x" * 60_000}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw", "tiffinfo": {278: 1}}),
        ("TIFF", {"big_tiff": True}),
        ("WEBP", {}),
        ("BMP", {}),
    ],
)
def test_files_of_ordinary_programs_pass(codec, options):
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8)
    stream = BytesIO()
    Image.fromarray(noise).save(stream, codec, **options)
    assert excess(stream.getvalue()) is None
    assert open_photo(stream.getvalue()).size == (300, 400)


def test_counting_survives_any_cut():
    for data in (*BEYOND.values(), *WITHIN.values()):
        for length in (*range(60), len(data) // 2):
            excess(data[:length])


def test_an_annotations_picture_is_counted_too():
    with pytest.raises(GroundTruthError, match=r"has more than 131,072 chunks, which no program writes\."):
        read_annotation(BEYOND["chunks"], b"{}")
