"""panoseg from a shell: the same core as the page, without the page."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import get_args

from PIL import Image

import panoseg
from panoseg import cli_models
from panoseg.errors import InvalidValueError, ModelError, PanosegError
from panoseg.export import FORMATS, View
from panoseg.export.png import encode_png
from panoseg.models import Segmenter
from panoseg.models.checkpoints.size_choice import LARGEST_EDGE, SMALLEST_EDGE, read_size_choice
from panoseg.models.engines.choice import EngineName
from panoseg.photo import Photo, open_photo
from panoseg.segmentation import Segmentation, Thresholds
from panoseg.tasks import Task, find
from panoseg.terminal import aligned, printable

OK, FAILED, INTERRUPTED = 0, 2, 130
_DEFAULT_FORMATS = "overlay,csv"
_PAGE = Path(__file__).resolve().parents[1] / "streamlit_app.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what goes wrong is one line on the error stream each, never a traceback.

    Returns:
        0 if all went well, 2 if anything did not, 130 if interrupted.
    """
    # A terminal that lacks a letter shows a question mark rather than ending the run.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    options = build_parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except (PanosegError, OSError) as error:
        return _complain(error)


def build_parser() -> argparse.ArgumentParser:
    """Every command and its options."""
    parser = argparse.ArgumentParser(
        prog="panoseg", description="Explore what Mask2Former sees in a picture."
    )
    parser.add_argument("--version", action="version", version=f"panoseg {panoseg.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    segment = commands.add_parser("segment", help="segment photos, list what was found, write files")
    segment.set_defaults(command=_segment)
    segment.add_argument(
        "photos", nargs="+", metavar="PHOTO", help="JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC"
    )
    segment.add_argument(
        "--model", default="demo", metavar="NAME", help='"demo" (the default), a hub id, or a folder'
    )
    segment.add_argument(
        "--input-size",
        default="shipped",
        metavar="SIZE",
        help=f'how large the model sees a photo: "shipped" (the default), "paper", or the shorter edge in '
        f"pixels, {SMALLEST_EDGE} to {LARGEST_EDGE}; larger is finer and slower",
    )
    segment.add_argument(
        "--engine",
        choices=get_args(EngineName),
        default="auto",
        help="what runs the network; openvino converts it first, once (default auto)",
    )
    segment.add_argument(
        "--things",
        metavar="LIST",
        help="the labels that are countable things, for a checkpoint of an unknown data set; for this run "
        "(panoseg models things remembers them)",
    )
    segment.add_argument(
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
        segment.add_argument(f"--{name}", type=float, default=default, metavar="X", help=help_line)
    segment.add_argument("--out", type=Path, metavar="DIR", help="write files there (made if need be)")
    segment.add_argument(
        "--formats",
        metavar="LIST",
        help=f"which files, of {','.join(FORMATS)} (default {_DEFAULT_FORMATS}; into . without --out)",
    )
    cli_models.add_yes(segment)

    cli_models.add_models(commands)

    app = commands.add_parser("app", help="serve the page")
    app.set_defaults(command=_app)
    app.add_argument("--port", type=int, default=7000, help="default 7000")

    demo = commands.add_parser("demo", help="write the drawn scenes that the demo model knows, as PNG")
    demo.set_defaults(command=_demo)
    demo.add_argument("folder", type=Path, metavar="DIR", help="made if need be")
    return parser


def _segment(options: argparse.Namespace) -> int:
    thresholds = Thresholds(options.score, options.mask, options.overlap)
    formats = _formats(options)
    size_choice = read_size_choice(options.input_size)
    things = _things(options)
    folder = options.out or Path()
    segmenter: Segmenter | None = None
    stems: set[str] = set()
    status = OK
    for path in options.photos:
        try:
            photo = open_photo(path)
            # Loaded once, and not at all if no photo can be opened.
            segmenter = segmenter or cli_models.load(
                options.model, yes=options.yes, things=things, engine=options.engine
            )
            prediction = segmenter.predict(photo, input_size=size_choice)
        except PanosegError as error:
            status = _complain(error)
            if segmenter is None and isinstance(error, ModelError):
                return status  # no other photo would fare better
            continue
        findings = find(Task(options.task), prediction, thresholds)
        print(_table(photo, findings.segmentation, findings.nothing))
        view = View(photo, findings.segmentation, prediction.vocabulary)
        name = _unused(photo.name, stems)
        for chosen in formats:
            target = folder / FORMATS[chosen].file_name(name)
            folder.mkdir(parents=True, exist_ok=True)
            target.write_bytes(FORMATS[chosen].encode(view))
            print(f"wrote {target}")
    return status


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


def _table(photo: Photo, segmentation: Segmentation, nothing: str) -> str:
    """A heading and one aligned row per segment, or why there is none."""
    height, width = photo.size
    count = len(segmentation.segments)
    heading = (
        f"{photo.name}: {width} × {height} pixels, {count} {'segment' if count == 1 else 'segments'}, "
        f"{segmentation.coverage:.1%} covered"
    )
    if not count:
        return f"{heading}\n  {nothing}"
    rows = [("id", "label", "kind", "score", "pixels", "%")]
    for s in segmentation.segments:
        share = 100 * s.area / segmentation.id_map.size
        rows.append((f"{s.id}", printable(s.label), s.kind, f"{s.score:.3f}", f"{s.area:,}", f"{share:.1f}"))
    return "\n".join([heading, *(f"  {line}" for line in aligned(rows, left=(1, 2)))])


def _app(options: argparse.Namespace) -> int:
    if not _PAGE.is_file():
        raise PanosegError(
            f"The page {_PAGE.name} is not beside the package; run panoseg from its repository."
        )
    # Streamlit serves a page in a process of its own, and only panoseg.page may import it.
    command = [sys.executable, "-m", "streamlit", "run", str(_PAGE), "--server.port", str(options.port)]
    return subprocess.call(command)  # noqa: S603


def _demo(options: argparse.Namespace) -> int:
    # Imported late, as no other command draws anything.
    from panoseg.demo.gallery import GALLERY, open_scene

    options.folder.mkdir(parents=True, exist_ok=True)
    for name in GALLERY:
        target = options.folder / f"{name}.png"
        target.write_bytes(encode_png(Image.fromarray(open_scene(name).pixels)))
        print(f"wrote {target}")
    return OK


def _complain(error: Exception) -> int:
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        message = f"{place}{error.strerror or error}"
    else:
        message = str(error)
    print(f"panoseg: {' '.join(message.split())}", file=sys.stderr)
    return FAILED
