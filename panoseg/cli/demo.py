"""`panoseg demo`: write the drawn scenes that the demo model knows."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from PIL import Image

from panoseg.export.png import encode_png
from panoseg.files import make_writable, write_whole


def add(commands: Any) -> None:
    """The command and its options."""
    parser = commands.add_parser("demo", help="write the drawn scenes that the demo model knows, as PNG")
    parser.set_defaults(command=write_scenes)
    parser.add_argument("folder", type=Path, metavar="DIR", help="made if need be")


def write_scenes(options: argparse.Namespace) -> int:
    """Draw the gallery into a folder."""
    # Imported late, as no other command draws anything.
    from panoseg.demo.gallery import GALLERY, open_scene

    make_writable(options.folder)
    for name in GALLERY:
        target = options.folder / f"{name}.png"
        write_whole(target, encode_png(Image.fromarray(open_scene(name).pixels)))
        print(f"wrote {target}")
    return 0
