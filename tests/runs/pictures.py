"""Small pictures on disk, each of another size, so that the fake sees something else in each."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image


def encoded(number: int, codec: str = "PNG") -> bytes:
    """A picture whose pixels and size are its number's own."""
    size = (40 + number % 7, 50 + number % 5)
    pixels = np.random.default_rng(number).integers(0, 256, (*size, 3), dtype=np.uint8)
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, codec)
    return stream.getvalue()


def write_pictures(folder: Path, count: int) -> list[Path]:
    """p00.png, p01.png … in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"p{number:02d}.png" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(encoded(number))
    return paths


def contents(store: Path) -> dict[str, bytes]:
    """What must be equal between two runs: header and shards, byte for byte."""
    files = [store / "run.json", *sorted((store / "shards").iterdir())]
    return {path.name: path.read_bytes() for path in files}


def ledger_rows(store: Path) -> list[object]:
    """Every row of the ledger without what it took to make."""
    from dataclasses import replace

    from panoseg.runs.ledger import Ledger

    ledger = Ledger(store)
    rows = [replace(row, seconds=0.0) for row in ledger.rows()]
    ledger.close()
    return rows
