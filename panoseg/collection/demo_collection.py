"""A collection that is there without any file: drawn scenes with their annotations, and a run of them."""

from __future__ import annotations

from pathlib import Path

from panoseg.collection.jobs import Job
from panoseg.demo.annotated import write_scenes

SCENES = 24
MODEL = "demo"


def demo_job(run: str, folder: Path) -> Job:
    """The job that draws the scenes beside `folder`, annotations included, and makes the run there."""
    scenes = folder.parent / "scenes"
    return Job(run, folder, [scenes], MODEL, before=lambda job: _draw(scenes, job))


def annotation(folder: Path) -> Path:
    """The COCO panoptic JSON of the demo run's pictures."""
    return folder.parent / "scenes" / "annotations" / "panoptic.json"


def _draw(scenes: Path, job: Job) -> None:
    if (scenes / "annotations" / "panoptic.json").exists():  # which is written last
        return

    def wrote(path: Path) -> None:
        del path
        job.check()

    job.words = "Drawing the scenes"
    write_scenes(scenes, SCENES, annotations=True, wrote=wrote)
