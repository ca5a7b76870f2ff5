"""`panoseg segment`: segment photos, list what was found, write files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from panoseg.cli.batch_report import BatchReport, add_report
from panoseg.cli.interrupted_work import InterruptedWork
from panoseg.cli.model_options import add_model, load
from panoseg.cli.path_list import PATHS_HELP, given_paths
from panoseg.cli.task_options import add_task, chosen_formats, thresholds
from panoseg.cli.terminal import aligned, printable
from panoseg.errors import ModelError, PanosegError
from panoseg.export import FORMATS, View
from panoseg.export.origin import Origin
from panoseg.files import make_writable, write_whole
from panoseg.models.checkpoints.size_choice import read_size_choice
from panoseg.models.forward_pass import SideBySide
from panoseg.models.segmenter import exact_revision
from panoseg.photo import Photo, open_photo
from panoseg.runs import Source, find_pictures
from panoseg.runs.pipeline import Outcome, Pipeline
from panoseg.segment_columns import COLUMNS
from panoseg.segmentation import Segmentation
from panoseg.tasks import Task, find

_DEFAULT_FORMATS = "overlay,csv"


def add(commands: Any) -> None:
    """The command and its options."""
    parser = commands.add_parser("segment", help="segment photos, list what was found, write files")
    parser.set_defaults(command=segment)
    parser.add_argument("paths", nargs="+", metavar="PATH", help=PATHS_HELP)
    add_model(parser, model="demo", input_size="shipped")
    add_task(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="write files there (made if need be)")
    parser.add_argument(
        "--formats",
        metavar="LIST",
        help=f"which files, of {','.join(FORMATS)} (default {_DEFAULT_FORMATS}; into . without --out)",
    )
    add_report(parser)


def segment(options: argparse.Namespace) -> int:
    """Segment each photo, list its segments, and write the files that are wanted.

    Interrupted, the same command goes on where it stopped.
    """
    thresholds(options)  # a wrong one is refused before any work
    formats = _formats(options)
    read_size_choice(options.input_size)
    folder = options.out or Path()
    with BatchReport(options) as report:
        sources = list(find_pictures(given_paths(options.paths), lambda error: report.failed("", error)))
        if formats and sources:
            make_writable(folder)  # before the network runs for nothing
        work = InterruptedWork(folder if formats and len(sources) > 1 else None, _decisive(options))
        finished = False
        try:
            _Batch(options, formats, folder, report, work).run(sources)
            finished = True
        except KeyboardInterrupt:
            if work.goes_on:
                print("Stopped. The same command goes on from here.", file=sys.stderr)
            raise
        finally:
            work.close(finished=finished)
    return report.status


class _Batch:
    """One command's pictures on their way."""

    def __init__(
        self,
        options: argparse.Namespace,
        formats: list[str],
        folder: Path,
        report: BatchReport,
        work: InterruptedWork,
    ) -> None:
        self._task = Task(options.task)
        self._thresholds = thresholds(options)
        self._options = options
        self._formats = formats
        self._folder = folder
        self._report = report
        self._work = work
        self._origin: Origin | None = None

    def run(self, sources: list[Source]) -> None:
        named = list(zip(sources, _unused_names(sources), strict=True))
        left = [(source, name) for source, name in named if not self._work.is_done(source)]
        if skipped := len(named) - len(left):
            self._report.say(f"going on: {skipped} of {len(named)} pictures are done already")
        self._report.start(len(named), skipped)
        ahead = iter(left)
        first = self._first_sound(ahead)
        if first is None:
            return
        # One picture has all cores, of many each has one.
        side_by_side = SideBySide(read_size_choice(self._options.input_size)) if len(left) > 1 else None
        try:
            segmenter = load(
                self._options, side_by_side=side_by_side
            )  # once, and not at all if no photo can be opened
        except ModelError as error:
            self._report.failed("", error)
            return  # no other photo would fare better
        if self._formats:
            self._origin = Origin(
                segmenter.name,
                self._task,
                self._thresholds,
                read_size_choice(self._options.input_size),
                exact_revision(segmenter),
            )
        Pipeline[tuple[Source, str]](
            segmenter,
            lambda each: (each[0].read(), PurePosixPath(each[0].name).name),
            self._finish,
            input_size=read_size_choice(self._options.input_size),
            keep_photos=True,
        ).run([each] for each in chain([first], ahead))

    def _first_sound(self, ahead: Iterator[tuple[Source, str]]) -> tuple[Source, str] | None:
        """The first picture that can be opened; those before it are reported."""
        for source, name in ahead:
            try:
                open_photo(source.read(), name=PurePosixPath(source.name).name)
            except PanosegError as error:
                self._report.failed(source.name, error)
            else:
                return source, name
        return None

    def _finish(self, outcomes: list[Outcome[tuple[Source, str]]]) -> None:
        for outcome in outcomes:
            source, name = outcome.source
            if outcome.error is not None or outcome.prediction is None or outcome.photo is None:
                self._report.failed(source.name, outcome.error or ModelError("The model gave no answer."))
                continue
            photo = outcome.photo
            findings = find(self._task, outcome.prediction, self._thresholds)
            self._report.say(table(photo, findings.segmentation, findings.nothing))
            view = View(photo, findings.segmentation, outcome.prediction.vocabulary, origin=self._origin)
            is_whole = True
            for chosen in self._formats:
                target = self._folder / FORMATS[chosen].file_name(name)
                try:
                    write_whole(target, FORMATS[chosen].encode(view))
                except OSError as error:  # the next may have room
                    is_whole = False
                    self._report.failed(source.name, f"{target}: {error.strerror or error}")
                else:
                    self._report.say(f"wrote {target}")
            if is_whole:
                self._work.note(source)
            self._report.succeeded(
                source.name,
                seconds=round(outcome.seconds, 4),
                segments=len(findings.segmentation.segments),
                coverage=round(findings.segmentation.coverage, 4),
            )


def table(photo: Photo, segmentation: Segmentation, nothing: str) -> str:
    """A heading and one aligned row per segment, or why there is none."""
    height, width = photo.size
    count = len(segmentation.segments)
    heading = (
        f"{photo.name}: {width} × {height} pixels, {count} {'segment' if count == 1 else 'segments'}, "
        f"{segmentation.coverage:.1%} covered"
    )
    if not count:
        return f"{heading}\n  {nothing}"
    columns = [column for column in COLUMNS if column.brief]
    rows = [
        [printable(column.text(column.value(each, segmentation.id_map.size))) for column in columns]
        for each in segmentation.segments
    ]
    texts = [index for index, column in enumerate(columns) if column.dtype == "str"]
    lines = aligned([[column.title for column in columns], *rows], left=texts)
    return "\n".join([heading, *(f"  {line}" for line in lines)])


def _formats(options: argparse.Namespace) -> list[str]:
    if options.formats is None and options.out is None:
        return []
    return chosen_formats(options.formats or _DEFAULT_FORMATS, dict(FORMATS))


def _decisive(options: argparse.Namespace) -> dict[str, Any]:
    """The options that decide what a picture's files hold and are called."""
    names = (
        "model",
        "input_size",
        "engine",
        "things",
        "task",
        "score",
        "mask",
        "overlap",
        "formats",
        "paths",
    )
    return {name: getattr(options, name) for name in names}


def _unused_names(sources: Iterable[Source]) -> Iterator[str]:
    """A name for the files of each picture, numbered where another picture has it."""
    stems: set[str] = set()
    for source in sources:
        path = PurePosixPath(source.name)
        stem, count = path.stem, 1
        while (unused := stem if count == 1 else f"{stem}-{count}").casefold() in stems:
            count += 1
        stems.add(unused.casefold())
        yield unused + path.suffix
