"""`panoseg demo`: write the drawn scenes that the demo model knows."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from PIL import Image

from panoseg.errors import InvalidValueError
from panoseg.files import make_writable, write_whole
from panoseg.png import encode_png


def add(commands: Any) -> None:
    """The command and its options."""
    parser = commands.add_parser("demo", help="write the drawn scenes that the demo model knows, as PNG")
    parser.set_defaults(command=write_scenes)
    parser.add_argument(
        "--count",
        type=int,
        metavar="N",
        help="draw N scenes that the model was not trained on, instead of the gallery",
    )
    parser.add_argument(
        "--annotations",
        action="store_true",
        help="with --count: their truth, too, in the COCO panoptic format (annotations/panoptic.json)",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="made if need be")


def write_scenes(options: argparse.Namespace) -> int:
    """Draw the gallery into a folder."""
    if options.count is not None:
        return _write_data_set(options)
    if options.annotations:
        raise InvalidValueError("--annotations: wanted --count with it; the gallery has none.")
    # Imported late, as no other command draws anything.
    from panoseg.demo.gallery import GALLERY, open_scene

    make_writable(options.folder)
    for name in GALLERY:
        target = options.folder / f"{name}.png"
        write_whole(target, encode_png(Image.fromarray(open_scene(name).pixels)))
        print(f"wrote {target}")
    return 0


def _write_data_set(options: argparse.Namespace) -> int:
    from panoseg.demo.annotated import DESCRIPTION
    from panoseg.demo.annotated import write_scenes as write_annotated

    write_annotated(options.folder, options.count, annotations=options.annotations)
    print(f"wrote {options.count} scenes into {options.folder}")
    if options.annotations:
        print(f"wrote {options.folder / DESCRIPTION}")
    return 0
