"""The table of formats, and the names that files are saved under."""

import json
import zipfile
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from panoseg.export import FORMATS, cutout_png, file_name, id_map_png, masks_zip, overlay_png, table_csv
from tests.export import samples


def test_the_formats_on_offer():
    assert {name: (each.suffix, each.mime) for name, each in FORMATS.items()} == {
        "overlay": ("overlay.png", "image/png"),
        "csv": ("segments.csv", "text/csv"),
        "ids": ("ids.png", "image/png"),
        "cutout": ("cutout.png", "image/png"),
        "masks": ("masks.zip", "application/zip"),
        "coco": ("coco.zip", "application/zip"),
        **{
            name: (f"{name}.zip", "application/zip")
            for name in ("coco-instances", "yolo", "voc", "cityscapes", "labelme", "cvat", "labels")
        },
    }


def test_each_entry_makes_its_own_format():
    view = samples.view(opacity=0.9, visible={1, 2}, outlines=False)
    photo, segmentation = view.photo, view.segmentation
    choices = {"opacity": 0.9, "visible": {1, 2}, "outlines": False}
    assert FORMATS["overlay"].encode(view) == overlay_png(photo, segmentation, **choices)
    style = {"selected": {2}, "outline_width": 3, "labels": True, "color_by": "label", "cutout": True}
    styled = samples.view(**style)
    assert FORMATS["overlay"].encode(styled) == overlay_png(photo, segmentation, **style)
    compared = {"color_by": "outcome", "outcomes": {1: "left", 2: "match"}}
    coloured = samples.view(**compared)
    assert FORMATS["overlay"].encode(coloured) == overlay_png(photo, segmentation, **compared)
    assert FORMATS["csv"].encode(view) == table_csv(segmentation, include={1, 2})
    assert FORMATS["ids"].encode(view) == id_map_png(segmentation, include={1, 2})
    assert FORMATS["masks"].encode(view) == masks_zip(photo.name, segmentation, include={1, 2})
    assert FORMATS["cutout"].encode(view) == cutout_png(photo, segmentation, visible={1, 2})
    assert FORMATS["coco"].encode(view).startswith(b"PK")


def test_every_format_holds_what_the_view_does_and_nothing_else():
    """One rule for all: a map, a table and a picture of the same choice agree pixel by pixel."""
    view = samples.view(visible={1, 5})
    ids = view.segmentation.id_map
    kept = np.isin(ids, [1, 5])
    files = {name: each.encode(view) for name, each in FORMATS.items()}
    assert list(pd.read_csv(BytesIO(files["csv"]))["id"]) == [1, 5]
    np.testing.assert_array_equal(np.asarray(Image.open(BytesIO(files["ids"]))), np.where(kept, ids, 0))
    np.testing.assert_array_equal(np.asarray(Image.open(BytesIO(files["cutout"])))[..., 3] == 255, kept)
    with zipfile.ZipFile(BytesIO(files["masks"])) as archive:
        masks = {int(name.split("-")[-2]): archive.read(name) for name in archive.namelist()}
    assert sorted(masks) == [1, 5]
    for segment_id, data in masks.items():
        np.testing.assert_array_equal(np.asarray(Image.open(BytesIO(data))), ids == segment_id)
    with zipfile.ZipFile(BytesIO(files["coco"])) as archive:
        png, text = sorted(archive.namelist(), reverse=True)
        colors = np.asarray(Image.open(BytesIO(archive.read(png)))).astype(int)
        (annotation,) = json.loads(archive.read(text))["annotations"]
    np.testing.assert_array_equal(colors @ [1, 256, 65536], np.where(kept, ids, 0))
    assert [info["id"] for info in annotation["segments_info"]] == [1, 5]
    plain = overlay_png(view.photo, view.segmentation, visible=())
    overlay = np.asarray(Image.open(BytesIO(files["overlay"])))
    untouched = (overlay == np.asarray(Image.open(BytesIO(plain)))).all(axis=2)
    assert untouched[~kept].mean() > 0.9  # all but outlines


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if not each.usual])
def test_a_format_for_many_pictures_holds_the_one_and_what_is_chosen(name):
    view = samples.view(visible={3, 5})
    with zipfile.ZipFile(BytesIO(FORMATS[name].encode(view))) as archive:
        files = {path: archive.read(path) for path in archive.namelist()}
    maps = {path: np.asarray(Image.open(BytesIO(data))) for path, data in files.items() if ".png" in path}
    kept = np.isin(view.segmentation.id_map, [3, 5])
    match name:
        case "voc":
            np.testing.assert_array_equal(maps["SegmentationObject/holiday.png"] > 0, kept)
        case "cityscapes":
            np.testing.assert_array_equal(maps["holiday_gtFine_labelIds.png"] != 255, kept)
        case "labels":
            np.testing.assert_array_equal(maps["holiday.png"] != 255, kept)
        case "coco-instances":
            assert [a["area"] for a in json.loads(files["instances.json"])["annotations"]] == [
                view.segmentation.segments[i - 1].area for i in (3, 5)
            ]
        case "yolo":
            assert files["labels/holiday.txt"].count(b"\n") == 2
        case "labelme":
            assert {s["group_id"] for s in json.loads(files["holiday.json"])["shapes"]} == {3, 5}
        case "cvat":
            assert files["annotations.xml"].count(b"<mask ") == 2


def test_a_view_shows_everything_by_default():
    view = samples.view()
    with Image.open(BytesIO(FORMATS["cutout"].encode(view))) as image:
        np.testing.assert_array_equal(np.asarray(image)[..., 3] == 255, view.segmentation.id_map > 0)


@pytest.mark.parametrize(
    ("photo_name", "stem"),
    [
        ("holiday.jpg", "holiday"),
        ("IMG_0042.HEIC", "IMG_0042"),
        ("two.dots.tiff", "two.dots"),
        ("no suffix", "no suffix"),
        ("version 1.2", "version 1.2"),
        ("/home/me/holiday.jpg", "holiday"),
        (r"C:\photos\holiday.jpg", "holiday"),
        ("../../etc/passwd", "passwd"),
        ("..", "photo"),
        (".jpg", "photo"),
        (".hidden.png", "hidden"),
        ("=cmd|'/C calc'!A0.jpg", "C calc'-A0"),
        ("-rf.jpg", "rf"),
        ("@home +1.jpg", "home +1"),
        ("a\r\nb\x00c.jpg", "a--b-c"),
        ("evil\u202egpj.exe", "evil-gpj.exe"),
        ('<a href="x">.png', "a href--x"),
        ("CON.png", "CON"),
        ("写真.jpg", "写真"),
        ("हिन्दी.jpg", "हिन्दी"),
        ("été (2).jpeg", "été (2)"),
        ("x" * 300, "x" * 120),
        ("写" * 300, "写" * 40),
        ("", "photo"),
        ("   ", "photo"),
        ("???.png", "photo"),
        ("ends in dots....jpg", "ends in dots"),
    ],
)
def test_file_names_carry_the_photos(photo_name, stem):
    assert file_name(photo_name, "overlay.png") == f"{stem}-overlay.png"


@given(st.text(max_size=300))
def test_file_names_are_safe(photo_name):
    name = file_name(photo_name, "ids.png")
    assert name.endswith("-ids.png")
    assert len(name.encode()) <= 255
    assert name.isprintable()
    assert not set(name) & set('<>:"/\\|?*=')
    assert name[0] not in "-. +@'"
