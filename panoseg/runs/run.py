"""A run as people have it in their hands: what `RunReader` reads, as tables, files and in a notebook."""

from __future__ import annotations

import html
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from panoseg.export.measurements import PixelSize
from panoseg.runs.export_places import export_to
from panoseg.runs.exporting import Exported
from panoseg.runs.reading import RunReader
from panoseg.runs.tables import segments_frame
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds

if TYPE_CHECKING:
    import pandas as pd


class Run(RunReader):
    """The finished pictures of a run; see `RunReader`."""

    def to_frame(
        self, thresholds: Thresholds | None = None, task: Task | str = Task.PANOPTIC
    ) -> pd.DataFrame:
        """One row per segment of every picture: the picture's name, then the columns of `Segmentation`.

        What was computed once for these thresholds is kept in the run as a Parquet file and read back.

        Raises:
            RunError: a record cannot be read.
            InvalidValueError: thresholds or a task for a run that holds finished maps.
        """
        return segments_frame(self, thresholds, Task(task))

    def export(
        self,
        formats: str | Sequence[str],
        folder: str | os.PathLike[str],
        thresholds: Thresholds | None = None,
        *,
        task: Task | str = Task.PANOPTIC,
        pixel_size: PixelSize | str | None = None,
    ) -> Exported:
        """Write the run in one or more formats of `panoseg.export.data_sets.RUN_FORMATS`.

        Args:
            formats: one name, or several.
            folder: made if need be; several formats get a folder of their name each. A name that ends in
                ".zip" is an archive, into which the files are streamed.
            thresholds, task: as of `RunItem.segmentation`.
            pixel_size: has tables hold measurements: "0.25mm", or "1px" for pixels.

        Returns:
            How many pictures were written, which were not and why, and what a format could not hold.

        Raises:
            InvalidValueError: no such format or pixel size; thresholds for a run that holds finished maps.
            OSError: the folder cannot be written.
        """
        size = PixelSize.read(pixel_size) if isinstance(pixel_size, str) else pixel_size
        names = [formats] if isinstance(formats, str) else list(formats)
        return export_to(self, names, Path(folder), thresholds, Task(task), pixel_size=size)

    def __repr__(self) -> str:
        return f"<Run of {len(self)} pictures by {self.header.model} in {self.place!r}>"

    def _repr_html_(self) -> str:
        counts = self.counts
        facts = {
            "model": self.header.model,
            "holds": self.header.holds,
            "done": counts["done"],
            "failed": counts["failed"],
            "waiting": counts["waiting"],
            "MB": f"{self.bytes / 1e6:.1f}",
            "labels": len(self.header.vocabulary),
        }
        cells = "".join(
            f"<tr><th style='text-align:left'>{name}</th><td>{html.escape(str(value))}</td></tr>"
            for name, value in facts.items()
        )
        return f"<table>{cells}</table>"


def open_run(store: str | os.PathLike[str], *, pictures: str | os.PathLike[str] | None = None) -> Run:
    """Open a run; a hundred thousand pictures take less than a second.

    Args and errors are those of `RunReader`.
    """
    return Run(store, pictures=pictures)
