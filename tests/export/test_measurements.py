"""What is measured, of shapes whose measures are known."""

import math

import numpy as np
import pytest

from panoseg import Photo, Segment, Segmentation, instances
from panoseg.errors import InvalidValueError
from panoseg.export.measurements import MEASURES, PixelSize, measure
from tests.fakes import fake_prediction


def one(mask):
    rows, columns = np.nonzero(mask)
    box = (int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
    segment = Segment(1, 0, "a", "thing", 1.0, int(mask.sum()), box)
    return Segmentation(mask.astype(np.int32), (segment,))


def disc(radius=40, size=(120, 160), centre=(60, 80)):
    y, x = np.mgrid[: size[0], : size[1]]
    return (y - centre[0]) ** 2 + (x - centre[1]) ** 2 <= radius**2


def test_a_disc():
    (found,) = measure(one(disc()))
    assert found["centroid_x"] == pytest.approx(80.5)
    assert found["centroid_y"] == pytest.approx(60.5)
    assert found["perimeter"] == pytest.approx(2 * math.pi * 40, rel=0.03)
    assert found["equivalent_diameter"] == pytest.approx(80, rel=0.01)
    assert found["eccentricity"] < 0.05
    assert found["solidity"] > 0.97
    assert (found["parts"], found["touches_border"], found["unit"]) == (1, False, "px")
    assert found["mean_red"] is None
    assert found["mean_margin"] is None


@pytest.mark.parametrize("degrees", [0, 30, 60, -45, 90])
def test_the_long_axis_is_counted_from_the_x_axis_up(degrees):
    y, x = np.mgrid[:200, :200] - 100
    angle = math.radians(degrees)
    along, across = x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)
    (found,) = measure(one((along / 80) ** 2 + (across / 20) ** 2 <= 1))
    difference = (found["orientation"] - degrees + 90) % 180 - 90
    assert abs(difference) < 1
    assert -90 <= found["orientation"] <= 90
    assert found["eccentricity"] == pytest.approx(math.sqrt(1 - (20 / 80) ** 2), abs=0.01)


def test_a_pixel_size_scales_lengths_and_areas_and_nothing_else():
    (pixels,), (units,) = (
        measure(one(disc()), pixel_size=size) for size in (PixelSize(), PixelSize(0.25, "mm"))
    )
    factor = {"length": 0.25, "area": 0.0625}
    for each in MEASURES:
        if each.dtype == "float64" and pixels[each.name] is not None:
            assert units[each.name] == pytest.approx(pixels[each.name] * factor.get(each.unit, 1))
    assert units["unit"] == "mm"


def test_parts_and_borders():
    mask = np.zeros((30, 40), bool)
    mask[0:5, 5:9] = mask[10:14, 10:14] = mask[14:16, 14:16] = True
    (found,) = measure(one(mask))
    assert (found["parts"], found["touches_border"]) == (2, True)
    assert found["solidity"] < 0.7


def test_colours_and_margins():
    mask = np.zeros((10, 12), bool)
    mask[2:4, 3:5] = True
    pixels = np.zeros((10, 12, 3), np.uint8)
    pixels[mask] = [[0, 10, 200], [100, 10, 200], [0, 10, 200], [100, 10, 200]]
    margins = np.ones((10, 12), np.float32)
    margins[mask] = [0.5, 0.25, 0.5, 0.75]
    (found,) = measure(one(mask), Photo.from_pixels(pixels, "x"), margins)
    assert [found[f"mean_{c}"] for c in ("red", "green", "blue")] == [50, 10, 200]
    assert (found["mean_margin"], found["least_margin"]) == (0.5, 0.25)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1)])
def test_shapes_without_breadth(shape):
    mask = np.zeros((12, 12), bool)
    mask[1 : 1 + shape[0], 1 : 1 + shape[1]] = True
    (found,) = measure(one(mask))
    assert found["solidity"] == 1
    assert all(math.isfinite(value) for value in found.values() if isinstance(value, float))


def test_instances_are_measured_whole():
    found = instances(fake_prediction((48, 64)), 0.4)
    measured = measure(found, pixel_size=PixelSize())
    assert [m["measured_area"] for m in measured] == [s.area for s in found.segments]


def test_every_measure_is_there():
    (found,) = measure(one(disc()))
    assert list(found) == [each.name for each in MEASURES]


@pytest.mark.parametrize("text", ["", "mm", "0mm", "-1mm", "1e3mm", "nan mm", "1 mm²", "1"])
def test_what_is_no_pixel_size(text):
    with pytest.raises(InvalidValueError, match="pixel size: wanted"):
        PixelSize.read(text)


def test_a_photo_of_another_size_is_refused():
    photo = Photo.from_pixels(np.zeros((9, 9, 3), np.uint8), "x")
    with pytest.raises(InvalidValueError, match="photo: wanted"):
        measure(one(disc()), photo)
    with pytest.raises(InvalidValueError, match="margins: wanted"):
        measure(one(disc()), None, np.zeros((9, 9), np.float32))


def test_a_pixel_size_is_a_number_and_a_unit():
    assert PixelSize.read(" .5 µm") == PixelSize(0.5, "µm")
