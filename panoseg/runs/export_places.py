"""Where an export goes: a folder, a folder per format, or a zip archive."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from panoseg.cores import usable_cores
from panoseg.export.measurements import PixelSize
from panoseg.export.sinks import FolderSink, Sink, ZipSink
from panoseg.runs.exporting import Exported, check_formats, export_run
from panoseg.runs.reading import RunItem, RunReader
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds


def export_to(
    run: RunReader,
    formats: Sequence[str],
    place: Path,
    thresholds: Thresholds | None = None,
    task: Task = Task.PANOPTIC,
    *,
    pixel_size: PixelSize | None = None,
    items: Iterable[RunItem] | None = None,
    progress: Callable[[RunItem], None] = lambda _: None,
    threads: int | None = None,
) -> Exported:
    """`export_run` into a folder, or into a zip archive where the place is called so.

    Several formats get a folder of their name each. An archive is there when it is whole. By default, as many
    pictures are encoded at a time as there are cores.

    Raises:
        InvalidValueError, OSError: as `export_run`.
    """
    chosen = check_formats(formats)
    threads = threads or usable_cores()
    alone = len(chosen) == 1
    if place.suffix.lower() != ".zip":
        place.mkdir(parents=True, exist_ok=True)
        return export_run(
            run,
            chosen,
            lambda name: FolderSink(place if alone else place / name),
            thresholds,
            task,
            pixel_size=pixel_size,
            items=items,
            progress=progress,
            threads=threads,
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(f".{secrets.token_hex(8)}.new")
    try:
        with new.open("wb") as stream:
            archive = ZipSink(stream)
            try:
                report = export_run(
                    run,
                    chosen,
                    lambda name: archive if alone else BelowSink(archive, name),
                    thresholds,
                    task,
                    pixel_size=pixel_size,
                    items=items,
                    progress=progress,
                    threads=threads,
                )
                archive.close()
            finally:
                archive.give_up()
        os.replace(new, place)
    except OSError as error:
        raise OSError(error.errno, error.strerror, error.filename or str(place)) from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
    return report


class BelowSink:
    """A folder of a sink."""

    def __init__(self, sink: Sink, folder: str) -> None:
        self._sink = sink
        self._folder = folder

    def write(self, path: str, content: bytes) -> None:
        """See `Sink.write`."""
        self._sink.write(f"{self._folder}/{path}", content)

    def write_pieces(self, path: str, pieces: Iterable[bytes]) -> None:
        """See `Sink.write_pieces`."""
        self._sink.write_pieces(f"{self._folder}/{path}", pieces)
