"""A folder of drawn scenes with their truth in the COCO panoptic format: a data set to try things on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import find_objects

from panoseg.demo.world import WORLD_VOCABULARY, Scene, draw_scene
from panoseg.errors import InvalidValueError
from panoseg.files import make_writable, write_whole
from panoseg.png import encode_png

FIRST_SEED = 600_000
"""The seeds from here on are neither among those that the demo model was trained on nor among those that it
was chosen by."""

MOST_SCENES = 100_000
SIZE = (320, 480)
ANNOTATIONS = Path("annotations")
MASKS = ANNOTATIONS / "panoptic"
DESCRIPTION = ANNOTATIONS / "panoptic.json"


def write_scenes(
    folder: Path, count: int, *, annotations: bool, wrote: Callable[[Path], None] = lambda _: None
) -> None:
    """Draw `count` scenes as scene-00001.png, …; with `annotations`, also panoptic.json and its PNGs.

    The same count gives the same files. Scenes are 480 × 320 pixels.

    Raises:
        InvalidValueError: fewer than 1 or more than 100,000 scenes.
        OSError: they cannot be written.
    """
    if not 1 <= count <= MOST_SCENES:
        raise InvalidValueError(f"count: wanted 1 to {MOST_SCENES:,} scenes, got {count}.")
    make_writable(folder)
    if annotations:
        make_writable(folder / MASKS)
    images: list[dict[str, Any]] = []
    described: list[dict[str, Any]] = []
    for number in range(1, count + 1):
        name = f"scene-{number:05d}.png"
        scene = draw_scene(FIRST_SEED + number, SIZE)
        write_whole(folder / name, encode_png(Image.fromarray(scene.pixels)))
        wrote(folder / name)
        if annotations:
            write_whole(folder / MASKS / name, encode_png(Image.fromarray(_digits(scene.id_map))))
            images.append({"id": number, "file_name": name, "height": SIZE[0], "width": SIZE[1]})
            described.append({"image_id": number, "file_name": name, "segments_info": _segments(scene)})
    if annotations:
        content = {"images": images, "annotations": described, "categories": _categories()}
        write_whole(folder / DESCRIPTION, json.dumps(content, indent=1).encode())
        wrote(folder / DESCRIPTION)


def _digits(id_map: NDArray[np.int32]) -> NDArray[np.uint8]:
    """(H, W, 3) uint8: R + 256 · G + 65536 · B is the id."""
    return np.stack([id_map & 255, id_map >> 8 & 255, id_map >> 16 & 255], axis=-1).astype(np.uint8)


def _segments(scene: Scene) -> list[dict[str, Any]]:
    areas = np.bincount(scene.id_map.ravel()).tolist()
    found = []
    for segment, box in zip(scene.segments, find_objects(scene.id_map), strict=True):
        rows, columns = box
        found.append(
            {
                "id": segment.id,
                "category_id": WORLD_VOCABULARY.dataset_ids[segment.class_id],
                "area": areas[segment.id],
                "bbox": [
                    columns.start,
                    rows.start,
                    columns.stop - columns.start,
                    rows.stop - rows.start,
                ],
                "iscrowd": 0,
            }
        )
    return found


def _categories() -> list[dict[str, Any]]:
    vocabulary = WORLD_VOCABULARY
    return [
        {"id": vocabulary.dataset_ids[c], "name": label, "isthing": int(vocabulary.is_thing(c))}
        for c, label in enumerate(vocabulary.labels)
    ]
