"""`panoseg segment`: segment photos, list what was found, write files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, get_args

import panoseg
from panoseg.cli.download_question import add_yes, question
from panoseg.cli.progress_bar import ProgressBar
from panoseg.cli.terminal import aligned, complain, printable
from panoseg.errors import InvalidValueError, ModelError, PanosegError
from panoseg.export import FORMATS, View
from panoseg.files import make_writable, write_whole
from panoseg.models import Segmenter
from panoseg.models.checkpoints.size_choice import LARGEST_EDGE, SMALLEST_EDGE, read_size_choice
from panoseg.photo import Photo, open_photo
from panoseg.segmentation import COLUMNS, Segmentation
from panoseg.settings import EngineName
from panoseg.tasks import Task, find
from panoseg.thresholds import Thresholds

_DEFAULT_FORMATS = "overlay,csv"


def add(commands: Any) -> None:
    """The command and its options."""
    parser = commands.add_parser("segment", help="segment photos, list what was found, write files")
    parser.set_defaults(command=segment)
    parser.add_argument(
        "photos", nargs="+", metavar="PHOTO", help="JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC"
    )
    _add_model(parser)
    parser.add_argument(
        "--task", choices=[task.value for task in Task], default="panoptic", help="default panoptic"
    )
    paper = Thresholds()
    for name, help_line in (
        ("score", "least probability of a segment's label"),
        ("mask", "least mask probability of its pixels"),
        ("overlap", "least share of its mask that is left to it"),
    ):
        default = getattr(paper, name)
        help_line += f", 0 to 1 (default {default}, the paper's)"
        parser.add_argument(f"--{name}", type=float, default=default, metavar="X", help=help_line)
    parser.add_argument("--out", type=Path, metavar="DIR", help="write files there (made if need be)")
    parser.add_argument(
        "--formats",
        metavar="LIST",
        help=f"which files, of {','.join(FORMATS)} (default {_DEFAULT_FORMATS}; into . without --out)",
    )
    add_yes(parser)


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model", default="demo", metavar="NAME", help='"demo" (the default), a hub id, or a folder'
    )
    parser.add_argument(
        "--input-size",
        default="shipped",
        metavar="SIZE",
        help=f'how large the model sees a photo: "shipped" (the default), "paper", or the shorter edge in '
        f"pixels, {SMALLEST_EDGE} to {LARGEST_EDGE}; larger is finer and slower",
    )
    parser.add_argument(
        "--engine",
        choices=get_args(EngineName),
        default="auto",
        help="what runs the network; openvino converts it first, once (default auto)",
    )
    parser.add_argument(
        "--things",
        metavar="LIST",
        help="the labels that are countable things, for a checkpoint of an unknown data set; for this run "
        "(panoseg models things remembers them)",
    )


def segment(options: argparse.Namespace) -> int:
    """Segment each photo, list its segments, and write the files that are wanted."""
    thresholds = Thresholds(options.score, options.mask, options.overlap)
    formats = _formats(options)
    size_choice = read_size_choice(options.input_size)
    folder = options.out or Path()
    if formats:
        make_writable(folder)  # before the network runs for nothing
    segmenter: Segmenter | None = None
    stems: set[str] = set()
    status = 0
    for path in options.photos:
        try:
            photo = open_photo(path)
            # Loaded once, and not at all if no photo can be opened.
            segmenter = segmenter or _load(options)
            prediction = segmenter.predict(photo, input_size=size_choice)
        except PanosegError as error:
            status = complain(error)
            if segmenter is None and isinstance(error, ModelError):
                return status  # no other photo would fare better
            continue
        findings = find(Task(options.task), prediction, thresholds)
        print(table(photo, findings.segmentation, findings.nothing))
        view = View(photo, findings.segmentation, prediction.vocabulary)
        name = _unused(photo.name, stems)
        for chosen in formats:
            target = folder / FORMATS[chosen].file_name(name)
            try:
                write_whole(target, FORMATS[chosen].encode(view))
            except OSError as error:
                status = complain(error)  # which names the file; the next may have room
            else:
                print(f"wrote {target}")
    return status


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


def _load(options: argparse.Namespace) -> Segmenter:
    """As a person at a terminal wants it: asked before a download, with a bar."""
    with ProgressBar() as bar:
        return panoseg.load_segmenter(
            options.model,
            engine=options.engine,
            things=_things(options),
            progress=bar,
            ask=question(yes=options.yes),
        )


def _things(options: argparse.Namespace) -> list[str] | None:
    if options.things is None:
        return None
    return [name.strip() for name in options.things.split(",") if name.strip()]


def _formats(options: argparse.Namespace) -> list[str]:
    if options.formats is None and options.out is None:
        return []
    names = [name.strip() for name in (options.formats or _DEFAULT_FORMATS).split(",")]
    unknown = [name for name in names if name not in FORMATS]
    if unknown:
        raise InvalidValueError(f'--formats: wanted some of {", ".join(FORMATS)}, got "{unknown[0]}".')
    return list(dict.fromkeys(names))


def _unused(name: str, stems: set[str]) -> str:
    """The photo's name, numbered where another photo of this run has it."""
    stem, count = Path(name).stem, 1
    while (unused := stem if count == 1 else f"{stem}-{count}").casefold() in stems:
        count += 1
    stems.add(unused.casefold())
    return unused + Path(name).suffix
