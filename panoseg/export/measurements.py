"""What can be measured of each segment, beyond its area and box; computed only when it is asked for.

Shapes are those of scikit-image's `regionprops`, whose documentation has the formulas; connected parts are
those of SciPy's `label`.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import InvalidValueError
from panoseg.merging import Instances
from panoseg.photo import Photo
from panoseg.segment import Segment
from panoseg.segmentation import Segmentation

Measurements = Mapping[str, Any]
"""The values of one segment under the names of `MEASURES`; None where there was nothing to measure by."""

_SIZE = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*([A-Za-zµμ]{1,8})")


@dataclass(frozen=True, slots=True)
class PixelSize:
    """How large a pixel is.

    Attributes:
        side: of a pixel, in `unit`; pixels are square.
        unit: "px" where nothing else is known.

    Raises:
        InvalidValueError: a side that is not above 0.

    >>> PixelSize.read("0.25mm")
    PixelSize(side=0.25, unit='mm')
    """

    side: float = 1.0
    unit: str = "px"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.side) and self.side > 0):
            raise InvalidValueError(f"pixel size: wanted more than 0, got {self.side!r}.")

    @classmethod
    def read(cls, text: str) -> PixelSize:
        """As people write it: a number and a unit.

        Raises:
            InvalidValueError: it is neither.
        """
        found = _SIZE.fullmatch(text.strip())
        if found is None:
            raise InvalidValueError(
                f"pixel size: wanted a number and a unit, such as 0.25mm, got {text[:40]!r}."
            )
        return cls(float(found[1]), found[2])


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of each segment.

    Attributes:
        name: in data frames and files.
        dtype: pandas' name of its type.
        unit: "length", "area" (in pixels or the pixel size's unit), "degrees", "0–1", "0–255" or "".
        about: one sentence on what it is.
    """

    name: str
    dtype: Literal["int64", "float64", "str", "bool"]
    unit: Literal["length", "area", "degrees", "0–1", "0–255", ""]
    about: str


MEASURES = (
    Measure("unit", "str", "", "Of lengths; areas are in its square."),
    Measure("measured_area", "float64", "area", "Area in that unit."),
    Measure("centroid_x", "float64", "length", "Mean x of its pixels' centres, from the left edge."),
    Measure("centroid_y", "float64", "length", "Mean y of its pixels' centres, from the top edge."),
    Measure("perimeter", "float64", "length", "Length of its outline, holes included (Crofton's formula)."),
    Measure("equivalent_diameter", "float64", "length", "Diameter of a circle of its area."),
    Measure("eccentricity", "float64", "0–1", "Of the ellipse of its moments: 0 is a circle, 1 a line."),
    Measure(
        "orientation", "float64", "degrees", "Of that ellipse's long axis, from the x axis up, −90 to 90."
    ),
    Measure("solidity", "float64", "0–1", "Its share of its convex hull."),
    Measure("parts", "int64", "", "Connected parts, by 8 neighbours."),
    Measure("touches_border", "bool", "", "Whether it reaches an edge of the picture."),
    Measure("mean_red", "float64", "0–255", "Mean of the picture's red inside."),
    Measure("mean_green", "float64", "0–255", "Mean of the picture's green inside."),
    Measure("mean_blue", "float64", "0–255", "Mean of the picture's blue inside."),
    Measure("mean_margin", "float64", "0–1", "Mean margin to the second-best query inside."),
    Measure("least_margin", "float64", "0–1", "Least margin to the second-best query inside."),
)


def measure(
    found: Segmentation | Instances,
    photo: Photo | None = None,
    margins: NDArray[np.float32] | None = None,
    pixel_size: PixelSize = PixelSize(),
) -> tuple[Measurements, ...]:
    """All measures of each segment, in the order of the segments.

    Args:
        found: the segments.
        photo: the picture, for colours.
        margins: (H, W), as of `panoseg.margin`.
        pixel_size: for lengths and areas.

    Raises:
        InvalidValueError: a photo or margins of another size than the segments'.
    """
    for name, size in (
        ("photo", photo and photo.size),
        ("margins", None if margins is None else margins.shape),
    ):
        if size is not None and size != found.size:
            raise InvalidValueError(f"{name}: wanted (height, width) {found.size}, got {size}.")
    return tuple(
        _of_segment(segment, mask, found.size, photo, margins, pixel_size)
        for segment, mask in _boxed_masks(found)
    )


def _boxed_masks(found: Segmentation | Instances) -> Iterator[tuple[Segment, NDArray[np.bool_]]]:
    """Each segment with the part of its mask inside its box."""
    if isinstance(found, Instances):
        for segment, mask in zip(found.segments, found.masks, strict=True):
            yield segment, mask.to_mask()[_box(segment)]
        return
    for segment in found.segments:
        yield segment, found.id_map[_box(segment)] == segment.id


def _box(segment: Segment) -> tuple[slice, slice]:
    left, top, width, height = segment.bbox
    return slice(top, top + height), slice(left, left + width)


def _of_segment(
    segment: Segment,
    mask: NDArray[np.bool_],
    size: tuple[int, int],
    photo: Photo | None,
    margins: NDArray[np.float32] | None,
    pixel_size: PixelSize,
) -> Measurements:
    from scipy.ndimage import label
    from skimage import measure as shapes

    (region,) = shapes.regionprops(mask.astype(np.uint8))  # type: ignore[no-untyped-call]
    left, top, width, height = segment.bbox
    side = pixel_size.side
    row, column = region.centroid
    colors = [None] * 3 if photo is None else photo.pixels[_box(segment)][mask].mean(axis=0).tolist()
    margin = None if margins is None else margins[_box(segment)][mask]
    return {
        "unit": pixel_size.unit,
        "measured_area": segment.area * side**2,
        "centroid_x": float(left + column + 0.5) * side,
        "centroid_y": float(top + row + 0.5) * side,
        "perimeter": float(region.perimeter_crofton) * side,
        "equivalent_diameter": float(region.equivalent_diameter_area) * side,
        "eccentricity": float(region.eccentricity),
        "orientation": _degrees(float(region.orientation)),
        "solidity": _solidity(region),
        "parts": int(label(mask, np.ones((3, 3)))[1]),
        "touches_border": left == 0 or top == 0 or left + width == size[1] or top + height == size[0],
        "mean_red": colors[0],
        "mean_green": colors[1],
        "mean_blue": colors[2],
        "mean_margin": None if margin is None else float(margin.mean(dtype=np.float64)),
        "least_margin": None if margin is None else float(margin.min()),
    }


def _degrees(from_rows: float) -> float:
    """scikit-image counts from the row axis; people from the x axis, y pointing up."""
    angle = math.degrees(math.atan2(-math.cos(from_rows), math.sin(from_rows)))
    return (angle + 90) % 180 - 90


def _solidity(region: Any) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a line without breadth: it is its own hull
        solidity = float(region.solidity)
    return solidity if math.isfinite(solidity) and solidity > 0 else 1.0
