"""A run → files in the field's formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field

from panoseg.errors import CancelledError, InvalidValueError, PanosegError, sentence_of
from panoseg.export.data_sets import RUN_FORMATS, DataSetWriter, Encoded, Picture, Target
from panoseg.export.measurements import PixelSize, measure
from panoseg.export.names import SafePaths
from panoseg.export.sinks import Sink
from panoseg.merging import margin
from panoseg.merging.parallel import on_one_core
from panoseg.runs.reading import RunItem, RunReader
from panoseg.tasks import Task, find
from panoseg.thresholds import Thresholds
from panoseg.work_ahead import in_order

_HELD_PIXELS = 16_000_000
"""For each thread, of pictures that are worked on or wait to be written, at some 12 bytes a pixel; one may
always be."""


@dataclass(slots=True)
class Exported:
    """What came of an export.

    Attributes:
        pictures: how many were written.
        failures: name and reason of each that could not be.
        losses: format → what it could not hold, in words → how often that happened.
    """

    pictures: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    losses: dict[str, Counter[str]] = field(default_factory=dict)


def check_formats(names: Iterable[str]) -> list[str]:
    """The names, each once.

    Raises:
        InvalidValueError: there is no such format, or none.
    """
    chosen = list(dict.fromkeys(names))
    unknown = [name for name in chosen if name not in RUN_FORMATS]
    if unknown or not chosen:
        raise InvalidValueError(
            f"formats: wanted some of {', '.join(RUN_FORMATS)}, got {unknown[0] if unknown else 'none'!r}."
        )
    return chosen


def export_run(
    run: RunReader,
    formats: Sequence[str],
    sinks: Callable[[str], Sink],
    thresholds: Thresholds | None = None,
    task: Task = Task.PANOPTIC,
    *,
    pixel_size: PixelSize | None = None,
    items: Iterable[RunItem] | None = None,
    progress: Callable[[RunItem], None] = lambda _: None,
    threads: int = 1,
) -> Exported:
    """Write all formats in one pass over the run: each picture is merged once.

    Args:
        run: what is written.
        formats: names of `RUN_FORMATS`.
        sinks: gives each format's name the place for its files.
        thresholds: the paper's by default; None for a run of finished maps.
        task: what is looked for.
        pixel_size: has tables hold measurements; `PixelSize()` for pixels.
        items: some of the run's pictures; all by default.
        progress: called after each picture.
        threads: how many pictures are encoded at a time; files are the same, whatever their number. With one,
            a picture is not begun before the one before it is written.

    Raises:
        InvalidValueError: no such format, or thresholds for a run of finished maps.
        OSError: a file cannot be written.
        CancelledError: nobody wants the files any more, as `sinks` or `progress` said.
    """
    chosen = check_formats(formats)
    if not run.has_thresholds and (thresholds is not None or task is not Task.PANOPTIC):
        run.refuse_thresholds()
    writers: dict[str, DataSetWriter] = {
        name: RUN_FORMATS[name].open(Target(sinks(name), run.header.vocabulary)) for name in chosen
    }
    needs_photo = any(RUN_FORMATS[name].photos for name in chosen)
    measured = pixel_size if any(RUN_FORMATS[name].measures for name in chosen) else None

    def encode(piece: tuple[RunItem, str]) -> list[Encoded]:
        with on_one_core() if threads > 1 else nullcontext():
            picture = _picture(*piece, thresholds, task, measured, needs_photo=needs_photo)
            return [writer.encode(picture) for writer in writers.values()]

    paths, report = SafePaths(), Exported()
    pieces = ((item, paths.of(_without_suffix(item.name))) for item in (run if items is None else items))
    budget = _HELD_PIXELS * threads
    with closing(in_order(encode, pieces, threads, cost=_pixels, most=budget)) as worked:
        for (item, _), encoded in worked:
            try:
                for writer, each in zip(writers.values(), encoded(), strict=True):
                    writer.add(each)
                report.pictures += 1
            except CancelledError:  # no picture has failed: nobody wants any of them
                raise
            except PanosegError as error:
                report.failures.append((item.name, sentence_of(error)))
            progress(item)
    for name, writer in writers.items():
        writer.finish()
        report.losses[name] = +writer.losses
    return report


def _picture(
    item: RunItem,
    stem: str,
    thresholds: Thresholds | None,
    task: Task,
    measured: PixelSize | None,
    *,
    needs_photo: bool,
) -> Picture:
    photo = item.photo() if needs_photo or measured is not None else None
    if not item.run.has_thresholds:
        segmentation = item.segmentation()
        numbers = None if measured is None else measure(segmentation, photo, None, measured)
        return Picture(item.name, stem, segmentation, photo, None, numbers)
    prediction, values = item.prediction(), thresholds or Thresholds()
    findings = find(task, prediction, values)
    numbers = None
    if measured is not None:
        margins = margin(prediction, values) if task is Task.PANOPTIC else None
        numbers = measure(findings.instances or findings.segmentation, photo, margins, measured)
    return Picture(item.name, stem, findings.segmentation, photo, findings.instances, numbers)


def _pixels(piece: tuple[RunItem, str]) -> int:
    height, width = piece[0].size
    return height * width


def _without_suffix(name: str) -> str:
    head, _, last = name.rpartition("/")
    stem, dot, _ = last.rpartition(".")
    return f"{head}/{stem if dot and stem else last}" if head else (stem if dot and stem else last)
