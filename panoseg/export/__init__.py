"""Files to take home: one module per format, and one table of them.

A new format is a new module and one line in `FORMATS`.

>>> FORMATS["csv"].file_name("holiday.jpg")
'holiday-segments.csv'
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panoseg.comparison import Outcome
from panoseg.drawing import ColorBy
from panoseg.export.coco_panoptic import coco_panoptic
from panoseg.export.cutout_png import cutout_png
from panoseg.export.data_set_of_one import data_set_of_one
from panoseg.export.data_sets import RUN_FORMATS
from panoseg.export.id_map_png import id_map_png
from panoseg.export.masks_zip import masks_zip
from panoseg.export.measurements import PixelSize, measure
from panoseg.export.names import file_name
from panoseg.export.origin import Origin
from panoseg.export.overlay_png import overlay_png
from panoseg.export.table_csv import table_csv
from panoseg.photo import Photo
from panoseg.segmentation import Segmentation
from panoseg.vocabulary import Vocabulary

__all__ = [
    "FORMATS",
    "Format",
    "View",
    "coco_panoptic",
    "cutout_png",
    "file_name",
    "id_map_png",
    "masks_zip",
    "overlay_png",
    "table_csv",
]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A segmentation and how a user looks at it: what the formats choose from.

    Attributes:
        photo: the one that was segmented.
        segmentation: of that photo.
        vocabulary: of the model that segmented it.
        opacity: of the colours over the photo, 0–1.
        visible: ids of the segments that files hold, or None for all.
        outlines: whether visible segments have borders.
        pixel_size: has the table hold measurements; None: none are taken.
        margins: gives the (H, W) margins of `panoseg.margin` for those; None where there are none.
        selected, outline_width, labels, color_by, cutout, outcomes: as in `draw_overlay`.
        origin: what made the segmentation, where that is known.
    """

    photo: Photo
    segmentation: Segmentation
    vocabulary: Vocabulary
    opacity: float = 0.6
    visible: Collection[int] | None = None
    outlines: bool = True
    selected: Collection[int] = ()
    outline_width: int = 1
    labels: bool = False
    color_by: ColorBy = "segment"
    cutout: bool = False
    outcomes: Mapping[int, Outcome] | None = None
    origin: Origin | None = None
    pixel_size: PixelSize | None = None
    margins: Callable[[], NDArray[np.float32]] | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes:
        title: a few words for a button.
        help: one sentence on what is in it.
        suffix: what follows the photo's name, with the file type.
        mime: media type.
        encode: makes the file's bytes.
        usual: whether it is among what is taken home unless one chooses.
    """

    title: str
    help: str
    suffix: str
    mime: str
    encode: Callable[[View], bytes]
    usual: bool = True

    def file_name(self, photo_name: str) -> str:
        """A safe name for the file that carries the photo's."""
        return file_name(photo_name, self.suffix)


def _overlay(view: View) -> bytes:
    return overlay_png(
        view.photo,
        view.segmentation,
        opacity=view.opacity,
        visible=view.visible,
        selected=view.selected,
        outlines=view.outlines,
        outline_width=view.outline_width,
        labels=view.labels,
        color_by=view.color_by,
        cutout=view.cutout,
        outcomes=view.outcomes,
    )


def _cutout(view: View) -> bytes:
    return cutout_png(view.photo, view.segmentation, visible=view.visible)


def _coco(view: View) -> bytes:
    return coco_panoptic(view.photo.name, view.segmentation, view.vocabulary, include=view.visible)


def _masks(view: View) -> bytes:
    return masks_zip(view.photo.name, view.segmentation, include=view.visible)


def _csv(view: View) -> bytes:
    about = view.origin.columns(view.photo.name) if view.origin else None
    numbers = None
    if view.pixel_size is not None:
        margins = None if view.margins is None else view.margins()
        numbers = measure(view.segmentation, view.photo, margins, view.pixel_size)
    return table_csv(view.segmentation, include=view.visible, about=about, measurements=numbers)


def _data_set(name: str, suffix: str) -> Format:
    """A format for many pictures, with one."""

    def encode(view: View) -> bytes:
        return data_set_of_one(name, view.photo, view.segmentation, view.vocabulary, include=view.visible)

    kind = RUN_FORMATS[name]
    return Format(f"{kind.title} ZIP", kind.help, suffix, "application/zip", encode, usual=False)


def _ids(view: View) -> bytes:
    return id_map_png(view.segmentation, include=view.visible)


FORMATS: dict[str, Format] = {
    "overlay": Format(
        "Overlay PNG", "The picture as you see it, at full size.", "overlay.png", "image/png", _overlay
    ),
    "csv": Format(
        "Table CSV", "One row per segment, and where it comes from.", "segments.csv", "text/csv", _csv
    ),
    "ids": Format(
        "Id map PNG",
        "16-bit grey: each pixel's segment id, 0 for void.",
        "ids.png",
        "image/png",
        _ids,
    ),
    "cutout": Format(
        "Cut-out PNG", "The segments on a transparent ground.", "cutout.png", "image/png", _cutout
    ),
    "masks": Format(
        "Masks ZIP", "A black and white PNG for each segment.", "masks.zip", "application/zip", _masks
    ),
    "coco": Format(
        "COCO panoptic ZIP", "PNG and JSON in the COCO panoptic format.", "coco.zip", "application/zip", _coco
    ),
    "coco-instances": _data_set("coco-instances", "coco-instances.zip"),
    "yolo": _data_set("yolo", "yolo.zip"),
    "voc": _data_set("voc", "voc.zip"),
    "cityscapes": _data_set("cityscapes", "cityscapes.zip"),
    "labelme": _data_set("labelme", "labelme.zip"),
    "cvat": _data_set("cvat", "cvat.zip"),
    "labels": _data_set("labels", "labels.zip"),
}
