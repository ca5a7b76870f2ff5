"""Runs: one model's predictions over many pictures, kept on disk (docs/runs.md)."""

from panoseg.runs.coco_results import import_coco_panoptic
from panoseg.runs.making import make_run
from panoseg.runs.reading import RunItem
from panoseg.runs.run import Run, open_run
from panoseg.runs.sources import Source, find_pictures
from panoseg.runs.writing import RunProgress

__all__ = [
    "Run",
    "RunItem",
    "RunProgress",
    "Source",
    "find_pictures",
    "import_coco_panoptic",
    "make_run",
    "open_run",
]
