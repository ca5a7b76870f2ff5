import numpy as np
import pytest

from panoseg import InvalidValueError, Photo, Segment, Segmentation, Thresholds, instances, panoptic
from panoseg.segment_columns import COLUMNS
from tests.fakes import fake_prediction


def segment(number=1, **changes):
    arguments = {
        "id": number,
        "class_id": 3,
        "label": "ball",
        "kind": "thing",
        "score": 0.9,
        "area": 2,
        "bbox": (0, 0, 2, 1),
        "queries": (7,),
    }
    return Segment(**(arguments | changes))


def test_thresholds_default_to_the_paper():
    assert Thresholds() == Thresholds(score=0.8, mask=0.5, overlap=0.8)


@pytest.mark.parametrize("name", ["score", "mask", "overlap"])
@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan"), "0.5", None])
def test_thresholds_reject(name, value):
    with pytest.raises(InvalidValueError, match=f"{name} threshold: wanted a number from 0 to 1"):
        Thresholds(**{name: value})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": 0}, "1 or more"),
        ({"kind": "void"}, "thing"),
        ({"area": 0}, "at least 1 pixel"),
        ({"score": 1.5}, "score: wanted 0 to 1"),
        ({"quality": -0.1}, "quality: wanted 0 to 1"),
    ],
)
def test_segment_rejects(changes, message):
    with pytest.raises(InvalidValueError, match=message):
        segment(**changes)


def test_keys_outlive_a_change_of_ids():
    assert segment(4).key == "query-7-3"
    assert segment(5, kind="stuff", queries=(7, 8)).key == "class-3"
    assert segment(6, queries=()).key == "id-6"


def test_frame_mask_and_coverage():
    result = Segmentation(np.array([[1, 1, 0, 2]]), (segment(), segment(2, area=1, bbox=(3, 0, 1, 1))))
    frame = result.to_frame()
    assert list(frame.columns) == [column.name for column in COLUMNS]
    assert frame.iloc[1].to_dict() == {
        "id": 2, "label": "ball", "kind": "thing", "score": 0.9, "quality": 1.0, "area": 1,
        "area_fraction": 0.25, "bbox_x": 3, "bbox_y": 0, "bbox_w": 1, "bbox_h": 1,
    }  # fmt: skip
    assert result.coverage == 0.75
    assert result.mask(1).tolist() == [[True, True, False, False]]
    with pytest.raises(InvalidValueError, match="wanted 1 to 2, got 3"):
        result.mask(3)


def test_an_empty_frame_keeps_its_columns_and_types():
    empty = Segmentation(np.zeros((2, 2)), ()).to_frame()
    full = Segmentation(np.ones((2, 2)), (segment(),)).to_frame()
    assert empty.empty
    assert (empty.dtypes == full.dtypes).all()


def test_columns_say_what_they_hold():
    assert (
        len({column.name for column in COLUMNS}) == len({column.title for column in COLUMNS}) == len(COLUMNS)
    )
    one = segment(area=1234, score=0.98765)
    told = {column.title: column.text(column.value(one, 10_000)) for column in COLUMNS if column.brief}
    assert told == {
        "No.": "1", "Label": "ball", "Kind": "thing", "Score": "0.988", "Quality": "1.000",
        "Area, px": "1,234", "Area, %": "12.3",
    }  # fmt: skip
    for column in COLUMNS:
        assert column.about.endswith(".")
        assert (column.unit == "") == (column.name in ("id", "label", "kind"))


def test_ids_must_count_from_one():
    with pytest.raises(InvalidValueError, match="1 to 2 in order"):
        Segmentation(np.zeros((2, 2)), (segment(2), segment(1)))


def test_the_map_is_read_only():
    with pytest.raises(ValueError, match="read-only"):
        Segmentation(np.zeros((2, 2)), ()).id_map[0, 0] = 1


def test_what_is_shown_in_a_shell_is_one_short_line():
    prediction = fake_prediction((48, 64))
    photo = Photo.from_pixels(np.zeros((48, 64, 3), np.uint8), "night.jpg")
    assert repr(photo) == "<Photo 'night.jpg', 64×48>"
    assert repr(prediction) == "<Prediction of 64×48 pixels: 6 queries, 5 classes, masks of 64×48>"
    assert repr(panoptic(prediction)) == (
        "<Segmentation of 64×48 pixels: 5 segments (2 person, sky, grass, ball)>"
    )
    assert repr(instances(prediction, 0.8)) == "<Instances of 64×48 pixels: 3 segments (2 person, ball)>"
    assert repr(Segmentation(np.zeros((2, 3)), ())) == "<Segmentation of 3×2 pixels: 0 segments>"
    many = tuple(Segment(i, i, "x" * 1000 + str(i), "thing", 1, 1, (0, 0, 1, 1)) for i in range(1, 2000))
    assert len(repr(Segmentation(np.zeros((2, 3)), many))) < 400
