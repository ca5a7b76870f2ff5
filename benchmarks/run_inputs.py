"""What runs are measured with: pictures, and networks of two sizes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import panoseg
from benchmarks.demo_quality import HELD_OUT
from benchmarks.engines import SIZES, Answering, write_answer, write_checkpoint
from panoseg.demo.world import draw_scene
from panoseg.models.engines.engine import Precision
from panoseg.models.forward_pass import SideBySide
from panoseg.setting_values import EngineName


def write_scenes(folder: Path, count: int, size: tuple[int, int] = (480, 640)) -> list[Path]:
    """JPEGs of drawn scenes, (height, width) pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    small = (size[0] // max(1, size[0] // 480), size[1] // max(1, size[0] // 480))
    paths = []
    for number in range(count):
        path = folder / f"{size[0]}-{number:04d}.jpg"
        image = Image.fromarray(draw_scene(HELD_OUT[number], small).pixels)
        image.resize(size[::-1], Image.Resampling.BICUBIC).save(path, quality=90)
        paths.append(path)
    return paths


def swin(
    folder: Path,
    engine: EngineName,
    side_by_side: SideBySide | None = None,
    device: str = "cpu",
    precision: Precision = "float32",
) -> Any:
    """Swin-T at 384×384, with something to merge in every picture."""
    if not (folder / "Swin-T").exists():
        write_checkpoint("Swin-T", folder / "Swin-T")
        write_answer(folder / "answer.npz", SIZES["384×384"], None)
    segmenter: Any = panoseg.load_segmenter(
        folder / "Swin-T", engine=engine, device=device, precision=precision, side_by_side=side_by_side
    )
    with np.load(folder / "answer.npz") as file:
        segmenter._engine = Answering(segmenter._engine, (file["classes"], file["masks"]))
    return segmenter


def demo(engine: EngineName, side_by_side: SideBySide | None = None) -> Any:
    """The demo model."""
    return panoseg.load_segmenter("demo", engine=engine, side_by_side=side_by_side)
