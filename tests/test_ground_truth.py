"""Annotations in the COCO panoptic format: read back as they were written, and refused in plain words."""

import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from panoseg import PanosegError, Vocabulary, panoptic
from panoseg.errors import GroundTruthError
from panoseg.export import coco_panoptic
from panoseg.ground_truth import GroundTruth, read_coco_panoptic
from panoseg.models.checkpoints.data_sets import COCO_PANOPTIC
from panoseg.quality import LabelMap, panoptic_quality
from tests.fakes import VOCABULARY, fake_prediction

SAMPLE = Path(__file__).parents[2] / "shared/data/coco-sample"


@pytest.fixture
def segmentation():
    return panoptic(fake_prediction((48, 64)))


@pytest.fixture
def files(segmentation):
    """(PNG, JSON) as panoseg itself writes them."""
    archive = zipfile.ZipFile(io.BytesIO(coco_panoptic("garden.jpg", segmentation, VOCABULARY)))
    return [archive.read(name) for name in sorted(archive.namelist(), reverse=True)]


def test_what_panoseg_writes_matches_itself(segmentation, files):
    truth = read_coco_panoptic(*files, VOCABULARY)
    assert truth.vocabulary == VOCABULARY
    quality = panoptic_quality([(truth.labels, LabelMap.of(segmentation))], VOCABULARY)
    assert quality.all.pq == 1


def test_categories_that_the_model_lacks_are_kept_to_be_missed(files):
    small = Vocabulary(["sky"], [], [187])
    truth = read_coco_panoptic(*files, small)
    assert truth.vocabulary.labels == ("sky", "person", "ball", "grass")  # by the data set's ids
    assert truth.vocabulary.dataset_ids == (187, 1, 37, 193)
    assert {truth.vocabulary.labels[c] for c in truth.vocabulary.things} == {"person", "ball"}


def test_crowds_are_marked(files):
    png, text = files[0], json.loads(files[1])
    text["annotations"][0]["segments_info"][2]["iscrowd"] = 1
    truth = read_coco_panoptic(png, json.dumps(text).encode(), VOCABULARY)
    assert truth.labels.crowds == {text["annotations"][0]["segments_info"][2]["id"]}


def test_an_annotation_becomes_segments(segmentation, files):
    side = read_coco_panoptic(*files, VOCABULARY).to_side()
    assert (side.annotated, side.crowds, side.vocabulary) == (True, frozenset(), VOCABULARY)
    np.testing.assert_array_equal(side.segmentation.id_map, segmentation.id_map)
    for own, predicted in zip(side.segmentation.segments, segmentation.segments, strict=True):
        for name in ("id", "class_id", "label", "kind", "area", "bbox"):
            assert getattr(own, name) == getattr(predicted, name)
    persons = [segment.color for segment in side.segmentation.segments if segment.label == "person"]
    assert persons[0] != persons[1]


def test_large_ids_of_an_annotation_become_small_ones():
    labels = LabelMap(np.array([[0, 9_000_000, 7]]), {9_000_000: 1, 7: 0}, frozenset({9_000_000}))
    side = GroundTruth(labels, VOCABULARY).to_side()
    assert side.segmentation.id_map.tolist() == [[0, 2, 1]]
    assert [segment.label for segment in side.segmentation.segments] == ["sky", "grass"]
    assert side.crowds == {2}


def test_an_annotation_of_nothing_has_no_segments():
    side = GroundTruth(LabelMap(np.zeros((2, 3), int), {}), VOCABULARY).to_side()
    assert side.segmentation.segments == ()
    assert side.segmentation.size == (2, 3)


def test_a_data_set_is_searched_by_file_name(files):
    png, text = files[0], json.loads(files[1])
    (entry,) = text["annotations"]
    text["annotations"] = [{**entry, "file_name": "other.png", "segments_info": []}, entry]
    described = json.dumps(text).encode()
    assert read_coco_panoptic(png, described, VOCABULARY, entry["file_name"]).labels.classes
    with pytest.raises(PanosegError, match=r"describes no picture called “third\.png”"):
        read_coco_panoptic(png, described, VOCABULARY, "third.png")


def grey_png():
    stream = io.BytesIO()
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("png", "text", "says"),
    [
        (b"", None, "picture cannot be read"),
        (b"\x89PNG\r\n\x1a\n", None, "picture cannot be read"),
        (grey_png(), None, "has no colours"),
        (None, b"", "JSON is damaged"),
        (None, b"[" * 100_000, "JSON is damaged"),
        (None, b"[]", "no “annotations”"),
        (None, b'{"annotations": []}', "describes no picture"),
        (None, b'{"annotations": [{}]}', "lists no segments"),
        (None, b'{"annotations": [{"segments_info": [{"id": 1}]}]}', "lists no segments"),
        (None, b'{"annotations": [{"segments_info": []}]}', "segment 1 is in the PNG but not the JSON"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(files, png, text, says):
    with pytest.raises(PanosegError, match=says) as caught:
        read_coco_panoptic(files[0] if png is None else png, files[1] if text is None else text, VOCABULARY)
    assert "\n" not in str(caught.value)


def test_the_size_is_looked_at_before_anything_else(segmentation, files):
    height, width = segmentation.size
    assert read_coco_panoptic(*files, VOCABULARY, size=(height, width)).labels.classes
    cut = files[0][:60]  # the header alone
    with pytest.raises(GroundTruthError, match="64×48 pixels and the picture 48×64"):
        read_coco_panoptic(cut, b"no JSON", VOCABULARY, size=(width, height))


def test_tens_of_thousands_of_segments_take_little_memory():
    ids = np.kron(np.arange(1, 30_001).reshape(150, 200), np.ones((2, 2), int))
    truth = GroundTruth(LabelMap(ids, dict.fromkeys(range(1, 30_001), 2)), VOCABULARY)
    tracemalloc.start()
    side = truth.to_side()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(side.segmentation.segments) == 30_000
    assert peak < 200e6


def test_names_that_no_file_can_hold_are_mended(files):
    text = json.loads(files[1])
    for category, name in zip(text["categories"], ("\ud800", " ", ["x"], None, 3), strict=True):
        category["name"] = name
    labels = read_coco_panoptic(
        files[0], json.dumps(text).encode(), Vocabulary(["a"], [], [5])
    ).vocabulary.labels
    assert labels == ("a", "category 1", "category 37", "?", "category 193")


@pytest.mark.parametrize("strange", [[1], {"a": 1}, None, True, 1.5, "1", 10**30])
def test_ids_that_are_none(files, strange):
    text = json.loads(files[1])
    text["categories"][0]["id"] = strange  # passed over
    assert read_coco_panoptic(files[0], json.dumps(text).encode(), VOCABULARY).labels.classes
    text["categories"] = strange
    assert read_coco_panoptic(files[0], json.dumps(text).encode(), VOCABULARY).labels.classes
    for key in ("category_id", "id"):
        text = json.loads(files[1])
        text["annotations"][0]["segments_info"][0][key] = strange
        with pytest.raises(GroundTruthError, match="lists no segments with id and category_id"):
            read_coco_panoptic(files[0], json.dumps(text).encode(), VOCABULARY)


def test_a_segment_is_listed_once(files):
    text = json.loads(files[1])
    text["annotations"][0]["segments_info"] *= 2
    with pytest.raises(GroundTruthError, match="more than once"):
        read_coco_panoptic(files[0], json.dumps(text).encode(), VOCABULARY)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the annotated COCO photo is not at hand")
def test_a_real_annotation():
    coco = Vocabulary(COCO_PANOPTIC.labels, COCO_PANOPTIC.things, COCO_PANOPTIC.category_ids)
    png, description = SAMPLE / "000000439180_panoptic.png", SAMPLE / "panoptic.json"
    truth = read_coco_panoptic(png.read_bytes(), description.read_bytes(), coco)
    assert truth.vocabulary == coco
    assert truth.labels.id_map.shape == (360, 640)
    (entry,) = json.loads(description.read_text())["annotations"]
    found = dict(zip(*np.unique(truth.labels.id_map, return_counts=True), strict=True))
    for segment in entry["segments_info"]:
        assert found[segment["id"]] == segment["area"]


def test_more_segments_than_ids_are_refused(files):
    text = json.loads(files[1])
    text["annotations"][0]["segments_info"] = [{"id": n + 1, "category_id": 1} for n in range(65_536)]
    with pytest.raises(GroundTruthError, match="lists 65,536 segments; at most 65,535"):
        read_coco_panoptic(files[0], json.dumps(text).encode(), VOCABULARY)
