"""Formats for many pictures: one module each, and one table of them.

A new format is a `DataSetWriter` with a way to `encode` a picture, and a line in `RUN_FORMATS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from panoseg.export.data_sets.cityscapes import Cityscapes
from panoseg.export.data_sets.coco_instances import CocoInstances
from panoseg.export.data_sets.coco_panoptic import CocoPanoptic
from panoseg.export.data_sets.csv_table import CsvTable
from panoseg.export.data_sets.cutouts import Cutouts
from panoseg.export.data_sets.cvat import Cvat
from panoseg.export.data_sets.data_set import DataSetWriter, Encoded, Picture, Target
from panoseg.export.data_sets.id_maps import IdMaps
from panoseg.export.data_sets.label_png import LabelPng
from panoseg.export.data_sets.labelme import LabelMe
from panoseg.export.data_sets.overlays import Overlays
from panoseg.export.data_sets.parquet_table import ParquetTable
from panoseg.export.data_sets.pascal_voc import PascalVoc
from panoseg.export.data_sets.yolo import Yolo

__all__ = ["RUN_FORMATS", "DataSetWriter", "Encoded", "Picture", "RunFormat", "Target"]


@dataclass(frozen=True, slots=True)
class RunFormat:
    """A way to write many pictures.

    Attributes:
        title: a few words.
        help: one sentence on what is written, and on what the format cannot hold.
        open: begins an export.
        photos: whether it needs the pictures themselves.
        measures: whether it can hold measurements.
    """

    title: str
    help: str
    open: Callable[[Target], DataSetWriter]
    photos: bool = False
    measures: bool = False


RUN_FORMATS: dict[str, RunFormat] = {
    "coco-panoptic": RunFormat(
        "COCO panoptic",
        "One JSON and a PNG per picture; of instances that overlap, what is on top.",
        CocoPanoptic,
    ),
    "coco-instances": RunFormat(
        "COCO instances",
        "One JSON with a mask per thing, overlaps and holes included; stuff is left out.",
        CocoInstances,
    ),
    "yolo": RunFormat(
        "YOLO segmentation",
        "A text file per picture with a polygon per thing; stuff is left out, holes are filled.",
        Yolo,
    ),
    "voc": RunFormat(
        "Pascal VOC",
        "Class and object maps as PNG; at most 254 of each, of instances that overlap what is on top.",
        PascalVoc,
    ),
    "cityscapes": RunFormat(
        "Cityscapes",
        "labelIds and instanceIds as PNG; instances of labels up to 65 only, what is on top.",
        Cityscapes,
    ),
    "labelme": RunFormat("LabelMe", "A JSON per picture with polygons; holes are filled.", LabelMe),
    "cvat": RunFormat(
        "CVAT for images 1.1", "One XML with a mask per segment, overlaps and holes included.", Cvat
    ),
    "labels": RunFormat(
        "Label PNG",
        "Each pixel's category id in 8 bits with a palette; which instance it is of is lost.",
        LabelPng,
    ),
    "csv": RunFormat("Table CSV", "One table with a row per segment.", CsvTable, measures=True),
    "parquet": RunFormat("Table Parquet", "One table with a row per segment.", ParquetTable, measures=True),
    "ids": RunFormat(
        "Id map PNG", "16-bit grey: each pixel's segment id, 0 for void; what is on top.", IdMaps
    ),
    "cutouts": RunFormat("Cut-outs", "Each segment of each picture, cut out as RGBA.", Cutouts, photos=True),
    "overlay": RunFormat(
        "Overlay PNG", "Each picture with its segments painted over it.", Overlays, photos=True
    ),
}
