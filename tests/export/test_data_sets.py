"""Formats of data sets, read back by readers that are not ours, and compared with the segmentation."""

import json
import zipfile
from collections import Counter
from io import BytesIO

import numpy as np
import pandas as pd
import pyarrow.parquet as parquet
import pytest
from lxml import etree
from PIL import Image, ImageDraw
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from panoseg import Segment, Segmentation, Vocabulary, draw_overlay, instances
from panoseg.export.data_sets import RUN_FORMATS, Picture, Target
from panoseg.export.measurements import measure
from panoseg.export.sinks import ZipSink
from tests.export.data_set_samples import PICTURES, SIZE, VOCABULARY, export, holed, iou, photo, scene
from tests.fakes import fake_prediction


def test_coco_panoptic_fits_together(tmp_path):
    assert export("coco-panoptic", tmp_path) == {}
    content = json.loads((tmp_path / "panoptic.json").read_text())
    assert [image["file_name"] for image in content["images"]] == ["a/one.jpg", "b/one.jpg"]
    assert {c["id"]: c["name"] for c in content["categories"]} == {187: "sky", 1: "person", 3: "car, red"}
    for annotation, picture in zip(content["annotations"], PICTURES, strict=True):
        with Image.open(tmp_path / "panoptic" / annotation["file_name"]) as image:
            digits = np.asarray(image).astype(int)
        ids = digits @ [1, 256, 65536]
        np.testing.assert_array_equal(ids, picture.segmentation.id_map)
        assert [(s["id"], s["category_id"], s["area"], s["bbox"]) for s in annotation["segments_info"]] == [
            (s.id, VOCABULARY.dataset_ids[s.class_id], s.area, list(s.bbox))
            for s in picture.segmentation.segments
        ]


def test_coco_panoptic_is_read_by_transformers(tmp_path):
    """By what trains DETR on this format."""
    from transformers.models.detr.image_processing_pil_detr import prepare_coco_panoptic_annotation

    export("coco-panoptic", tmp_path)
    content = json.loads((tmp_path / "panoptic.json").read_text())
    for annotation, picture in zip(content["annotations"], PICTURES, strict=True):
        found = prepare_coco_panoptic_annotation(
            picture.photo.pixels, annotation, tmp_path / "panoptic", input_data_format="channels_last"
        )
        segments = picture.segmentation.segments
        assert found["class_labels"].tolist() == [VOCABULARY.dataset_ids[s.class_id] for s in segments]
        assert found["area"].tolist() == [s.area for s in segments]
        assert not found["iscrowd"].any()
        for mask, each in zip(found["masks"].astype(bool), segments, strict=True):
            np.testing.assert_array_equal(mask, picture.segmentation.id_map == each.id)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:pycocotools")
def test_coco_instances_are_read_by_pycocotools(tmp_path, capsys):
    assert export("coco-instances", tmp_path) == {"stuff segments": 2}
    coco = COCO(tmp_path / "instances.json")
    capsys.readouterr()
    assert {c["name"] for c in coco.loadCats(coco.getCatIds())} == {"person", "car, red"}
    for image_id, picture in zip(coco.getImgIds(), PICTURES, strict=True):
        found = coco.loadAnns(coco.getAnnIds(image_id))
        wanted = [s for s in picture.segmentation.segments if s.kind == "thing"]
        assert [a["category_id"] for a in found] == [VOCABULARY.dataset_ids[s.class_id] for s in wanted]
        for annotation, each in zip(found, wanted, strict=True):
            mask = coco.annToMask(annotation).astype(bool)
            np.testing.assert_array_equal(mask, picture.segmentation.id_map == each.id)
            assert coco_mask.area(annotation["segmentation"]) == each.area == annotation["area"]
            assert coco_mask.toBbox(annotation["segmentation"]).tolist() == list(each.bbox)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:pycocotools")
def test_overlapping_instances_are_whole_where_the_format_can_hold_them(tmp_path, capsys):
    prediction = fake_prediction(SIZE)
    found = instances(prediction, 0.05)
    vocabulary = prediction.vocabulary
    # The best on top hides a part of what lies below it.
    masks = [mask.to_mask() for mask in found.masks]
    picture = Picture("x.png", "x", found.flatten(), None, found)
    export("coco-instances", tmp_path, [picture], vocabulary)
    coco = COCO(tmp_path / "instances.json")
    capsys.readouterr()
    for annotation, mask in zip(coco.loadAnns(coco.getAnnIds()), masks, strict=True):
        np.testing.assert_array_equal(coco.annToMask(annotation).astype(bool), mask)


@pytest.mark.filterwarnings("ignore")  # of the reader's own
def test_yolo_is_read_by_supervision(tmp_path):
    from supervision.dataset.formats.yolo import load_yolo_annotations

    assert export("yolo", tmp_path) == {"stuff segments": 2}
    for picture in PICTURES:
        path = tmp_path / "images" / f"{picture.stem}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture.photo.pixels).save(path)
        classes, _, annotations = load_yolo_annotations(
            str(path.parent), str(tmp_path / "labels" / picture.stem[0]), str(tmp_path / "data.yaml"), True
        )
        assert classes == ["person", "car, red"]
        (detections,) = annotations.values()
        assert detections.class_id.tolist() == [0, 1]
        for number, mask in zip((2, 3), detections.mask, strict=True):
            assert iou(mask, picture.segmentation.id_map == number) >= 0.98


@pytest.mark.filterwarnings("ignore")  # of the reader's own
def test_labels_of_any_letters_are_read_back_from_yaml(tmp_path):
    from supervision.dataset.formats.yolo import load_yolo_annotations

    labels = ["🙂", "a\x00\x1b\x85\ufffe", "'\"\\", "- x: {{y}} # z"]
    export("yolo", tmp_path, [], Vocabulary(labels, things=range(4)))
    (tmp_path / "none").mkdir()
    classes, _, _ = load_yolo_annotations(
        str(tmp_path / "none"), str(tmp_path / "none"), str(tmp_path / "data.yaml"), True
    )
    assert classes == labels


def test_pascal_voc(tmp_path):
    assert export("voc", tmp_path) == {}
    names = (tmp_path / "labels.txt").read_text().splitlines()
    # As CVAT and Datumaro read it: by colours.
    named = {}
    for line in (tmp_path / "labelmap.txt").read_text().splitlines()[1:]:
        name, color, parts, actions = line.split(":")
        named[tuple(map(int, color.split(",")))] = name
        assert parts == actions == ""
    assert list(named) == [(0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0)]  # the first of the kit's
    for picture in PICTURES:
        with Image.open(tmp_path / "SegmentationClass" / f"{picture.stem}.png") as image:
            colors = np.asarray(image.convert("RGB"))
        for each in picture.segmentation.segments:
            found = np.unique(colors[picture.segmentation.id_map == each.id], axis=0).tolist()
            assert [named[tuple(color)] for color in found] == [each.label]
        maps = []
        for folder in ("SegmentationClass", "SegmentationObject"):
            with Image.open(tmp_path / folder / f"{picture.stem}.png") as image:
                assert image.mode == "P"
                maps.append(np.asarray(image))
        classes, objects = maps
        ids = picture.segmentation.id_map
        for each in picture.segmentation.segments:
            assert {names[value] for value in classes[ids == each.id]} == {each.label}
        assert (classes[ids == 0] == 0).all()
        assert set(objects[ids == 1]) == {0}
        np.testing.assert_array_equal(objects == 1, ids == 2)
        np.testing.assert_array_equal(objects == 2, ids == 3)


def test_cityscapes(tmp_path):
    vocabulary = Vocabulary(VOCABULARY.labels, VOCABULARY.things, [23, 24, 26])
    assert export("cityscapes", tmp_path, vocabulary=vocabulary) == {}
    for picture in PICTURES:
        labels, numbers = (
            np.asarray(Image.open(tmp_path / f"{picture.stem}_gtFine_{kind}.png"))
            for kind in ("labelIds", "instanceIds")
        )
        assert (labels.dtype, numbers.dtype) == (np.uint8, np.uint16)
        ids = picture.segmentation.id_map
        assert [set(labels[ids == n].tolist()) for n in range(4)] == [{255}, {23}, {24}, {26}]
        assert [set(numbers[ids == n].tolist()) for n in range(4)] == [{0}, {23}, {24000}, {26000}]


def test_cityscapes_has_no_label_that_is_void(tmp_path):
    vocabulary = Vocabulary(VOCABULARY.labels, VOCABULARY.things, [1, 0, 7])
    assert export("cityscapes", tmp_path, vocabulary=vocabulary) == {}
    listed = pd.read_csv(tmp_path / "labels.csv").set_index("name")["id"]
    assert listed.to_dict() == dict(zip(vocabulary.labels, [2, 1, 8], strict=True))
    for picture in PICTURES:
        numbers = np.asarray(Image.open(tmp_path / f"{picture.stem}_gtFine_instanceIds.png"))
        ids = picture.segmentation.id_map
        assert [set(numbers[ids == n].tolist()) for n in range(4)] == [{0}, {2}, {1000}, {8000}]


def test_cityscapes_counts_what_does_not_fit(tmp_path):
    vocabulary = Vocabulary(VOCABULARY.labels, VOCABULARY.things, [23, 66, 26])
    assert export("cityscapes", tmp_path, vocabulary=vocabulary) == {
        "instances whose number does not fit into 16 bits": 2
    }


def test_labelme(tmp_path):
    assert export("labelme", tmp_path) == {}
    for picture in PICTURES:
        content = json.loads((tmp_path / f"{picture.stem}.json").read_text())
        assert (content["imageHeight"], content["imageWidth"]) == SIZE
        masks = {}
        for shape in content["shapes"]:
            assert shape["shape_type"] == "polygon"
            image = Image.new("1", SIZE[::-1])
            ImageDraw.Draw(image).polygon([tuple(p) for p in shape["points"]], outline=1, fill=1)
            key = shape["group_id"], shape["label"]
            masks[key] = masks.get(key, False) | np.asarray(image)
        assert set(masks) == {(s.id, s.label) for s in picture.segmentation.segments}
        for (number, _), mask in masks.items():
            assert iou(mask, picture.segmentation.id_map == number) >= 0.98


@pytest.mark.filterwarnings("ignore")  # of the reader's own
def test_labelme_is_read_by_supervision(tmp_path):
    from supervision.dataset.formats.labelme import load_labelme_annotations

    export("labelme", tmp_path)
    for picture in PICTURES:
        folder = (tmp_path / picture.stem).parent
        classes, _, annotations = load_labelme_annotations(str(folder), str(folder))
        (found,) = annotations.values()
        masks = {}
        for label, mask in zip(found.class_id, found.mask, strict=True):
            masks[classes[label]] = masks.get(classes[label], False) | mask
        assert masks.keys() == set(VOCABULARY.labels)
        for each in picture.segmentation.segments:
            assert iou(masks[each.label], picture.segmentation.id_map == each.id) >= 0.98


def test_cvat(tmp_path):
    assert export("cvat", tmp_path, [*PICTURES, Picture("h.png", "h", holed())]) == {}
    root = etree.parse(tmp_path / "annotations.xml").getroot()
    assert root.findtext("version") == "1.1"
    assert [e.text for e in root.iterfind("meta/task/labels/label/name")] == list(VOCABULARY.labels)
    images = root.findall("image")
    assert [image.get("name") for image in images] == ["a/one.jpg", "b/one.jpg", "h.png"]
    for image, wanted in zip(images, [p.segmentation for p in PICTURES] + [holed()], strict=True):
        assert (int(image.get("height")), int(image.get("width"))) == SIZE
        assert [mask.get("label") for mask in image] == [s.label for s in wanted.segments]
        for element, each in zip(image, wanted.segments, strict=True):
            mask = np.zeros(SIZE, bool)
            left, top, width, height = (int(element.get(k)) for k in ("left", "top", "width", "height"))
            runs = [int(run) for run in element.get("rle").split(", ")]
            values = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
            mask[top : top + height, left : left + width] = values.reshape(height, width)
            np.testing.assert_array_equal(mask, wanted.id_map == each.id)


def test_cvat_takes_any_label(tmp_path):
    vocabulary = Vocabulary(['<a b="c">&', "\x00\x1b", "ok"], [1, 2])
    strange = Segment(1, 0, '<a b="c">&', "thing", 1.0, 4, (0, 0, 2, 2))
    picture = Picture('x".png', "x", Segmentation(np.ones((2, 2), np.int32), (strange,)))
    export("cvat", tmp_path, [picture], vocabulary)
    root = etree.parse(tmp_path / "annotations.xml").getroot()
    assert root.find("image/mask").get("label") == '<a b="c">&'
    assert root.find("image").get("name") == 'x".png'


def test_label_png(tmp_path):
    assert export("labels", tmp_path) == {}
    legend = pd.read_csv(tmp_path / "labels.csv")
    assert dict(zip(legend.value, legend.label, strict=True)) == {
        255: "void", 187: "sky", 1: "person", 3: "car, red",
    }  # fmt: skip
    for picture in PICTURES:
        with Image.open(tmp_path / f"{picture.stem}.png") as image:
            assert image.mode == "P"
            values = np.asarray(image)
        ids = picture.segmentation.id_map
        assert [set(values[ids == n].tolist()) for n in range(4)] == [{255}, {187}, {1}, {3}]


def test_label_png_numbers_classes_where_the_data_sets_ids_are_too_large(tmp_path):
    vocabulary = Vocabulary(VOCABULARY.labels, VOCABULARY.things, [1000, 1001, 2])
    export("labels", tmp_path, vocabulary=vocabulary)
    assert pd.read_csv(tmp_path / "labels.csv").value.tolist() == [255, 0, 1, 2]


@pytest.mark.parametrize("measured", [False, True])
def test_tables(tmp_path, measured):
    pictures = PICTURES
    if measured:
        pictures = [
            Picture(p.name, p.stem, p.segmentation, p.photo, None, measure(p.segmentation, p.photo))
            for p in PICTURES
        ]
    export("csv", tmp_path, pictures)
    export("parquet", tmp_path, pictures)
    frame = pd.read_csv(tmp_path / "segments.csv")
    table = parquet.read_table(tmp_path / "segments.parquet").to_pandas()
    assert list(frame.columns) == list(table.columns)
    assert frame.picture.tolist() == ["a/one.jpg"] * 3 + ["b/one.jpg"] * 3
    for read in (frame, table):
        for name, picture in zip(("a/one.jpg", "b/one.jpg"), PICTURES, strict=True):
            one = read[read.picture == name].reset_index(drop=True)
            wanted = picture.segmentation.to_frame()
            pd.testing.assert_frame_equal(one[list(wanted.columns)], wanted, check_dtype=False)
    assert ("solidity" in frame) == measured


def test_a_table_of_nothing_has_its_columns(tmp_path):
    export("parquet", tmp_path, [])
    export("csv", tmp_path, [])
    assert pd.read_csv(tmp_path / "segments.csv").empty
    assert parquet.read_table(tmp_path / "segments.parquet").num_rows == 0


def test_a_label_in_the_csv_is_no_formula(tmp_path):
    evil = Segment(1, 0, "=1+1", "stuff", 1.0, 4, (0, 0, 2, 2))
    export("csv", tmp_path, [Picture("+x.png", "x", Segmentation(np.ones((2, 2), np.int32), (evil,)))])
    row = pd.read_csv(tmp_path / "segments.csv").iloc[0]
    assert (row.label, row.picture) == ("'=1+1", "'+x.png")


def test_cutouts_hold_the_pictures_own_pixels(tmp_path):
    assert export("cutouts", tmp_path) == {}
    for picture in PICTURES:
        for each in picture.segmentation.segments:
            (path,) = (tmp_path / picture.stem).glob(f"{each.id:03d}-*.png")
            with Image.open(path) as image:
                pixels = np.asarray(image)
            left, top, width, height = each.bbox
            box = slice(top, top + height), slice(left, left + width)
            inside = picture.segmentation.id_map[box] == each.id
            np.testing.assert_array_equal(pixels[..., 3] == 255, inside)
            np.testing.assert_array_equal(pixels[inside, :3], picture.photo.pixels[box][inside])
            assert not pixels[~inside].any()


@pytest.mark.parametrize("name", ["cutouts", "overlay"])
def test_pictures_that_are_gone_are_counted(tmp_path, name):
    lost = Picture("x.png", "x", scene())
    assert export(name, tmp_path, [lost]) == {"pictures that are not where they were": 1}


def test_id_maps_and_overlays(tmp_path):
    export("ids", tmp_path / "ids")
    export("overlay", tmp_path / "overlay")
    for picture in PICTURES:
        with Image.open(tmp_path / "ids" / f"{picture.stem}.png") as image:
            np.testing.assert_array_equal(np.asarray(image), picture.segmentation.id_map)
        with Image.open(tmp_path / "overlay" / f"{picture.stem}.png") as image:
            drawn = draw_overlay(picture.photo, picture.segmentation)
            np.testing.assert_array_equal(np.asarray(image), np.asarray(drawn))


@pytest.mark.parametrize("name", ["yolo", "labelme"])
def test_holes_are_counted(tmp_path, name):
    losses = export(name, tmp_path, [Picture("h.png", "h", holed())])
    assert losses["holes, filled"] == 1


@pytest.mark.parametrize("name", list(RUN_FORMATS))
def test_every_format_takes_an_empty_picture(tmp_path, name):
    empty = Segmentation(np.zeros(SIZE, np.int32), ())
    assert export(name, tmp_path, [Picture("e.png", "e", empty, photo())]) == Counter()


@pytest.mark.parametrize("name", list(RUN_FORMATS))
def test_a_zip_holds_the_same_files(tmp_path, name):
    export(name, tmp_path)
    stream = BytesIO()
    sink = ZipSink(stream)
    writer = RUN_FORMATS[name].open(Target(sink, VOCABULARY))
    for picture in PICTURES:
        writer.add(writer.encode(picture))
    writer.finish()
    sink.close()
    with zipfile.ZipFile(stream) as archive:
        files = {str(p.relative_to(tmp_path)): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
        assert sorted(archive.namelist()) == sorted(files)
        for path in archive.namelist():
            if not path.endswith(".parquet"):
                assert archive.read(path) == files[path]
