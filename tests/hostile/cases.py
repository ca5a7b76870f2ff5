"""One case of each kind: what is made of a seed, and what panoseg does with it."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import numpy as np
from PIL import Image

from panoseg import Vocabulary, open_photo
from panoseg.annotation import read_annotation
from panoseg.annotation_archive import unpack
from panoseg.export import FORMATS
from panoseg.ground_truth import read_coco_panoptic
from panoseg.merging import panoptic
from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.page.address import address, read_address
from panoseg.page.look import Look, view, with_report
from panoseg.photo import Photo, PhotoLimits
from tests import hostile_pictures as slow
from tests.fakes import VOCABULARY, fake_prediction
from tests.hostile import document_cases
from tests.hostile.mutations import NUMBERS, TEXTS, mutated_bytes, mutated_json, strange_value

Case = Callable[[], object]
"""What panoseg is asked to do; what it raises, panoseg raised."""

LIMITS = PhotoLimits(max_pixels=4_000_000)
"""So that what is decoded fits into the memory of a case."""

CODECS: dict[str, dict[str, object]] = {
    "JPEG": {"exif": Image.Exif(), "comment": b"x"},
    "PNG": {},
    "WEBP": {},
    "GIF": {"comment": b"x"},
    "BMP": {},
    "TIFF": {"compression": "tiff_lzw"},
    "AVIF": {},
    "HEIF": {},
}
MODES = {
    "JPEG": ("RGB", "L", "CMYK"),
    "PNG": ("RGB", "RGBA", "L", "P", "I;16", "1"),
    "TIFF": ("RGB", "CMYK", "F"),
}


def picture(chance: random.Random) -> Case:
    """A picture that was changed, or made to be slow."""
    if chance.random() < 0.1:
        data = _slow_picture(chance)
        if chance.random() < 0.5:
            data = mutated_bytes(chance, data, 3)
    else:
        data = mutated_bytes(chance, _sound_picture(*_kind_of_picture(chance)))
    name = chance.choice(TEXTS)
    return lambda: open_photo(data, name=name, limits=LIMITS)


def annotation(chance: random.Random) -> Case:
    """An annotation's files, of which one, the other or both were changed."""
    png, content = _sound_annotation()
    description = json.dumps(mutated_json(chance, json.loads(content))).encode()
    if chance.random() < 0.4:
        png = mutated_bytes(chance, png)
    if chance.random() < 0.2:
        description = mutated_bytes(chance, description)
    vocabulary, name = _vocabulary(chance), chance.choice(("a.png", *TEXTS))
    return lambda: read_coco_panoptic(png, description, vocabulary, name).to_side()


def archive(chance: random.Random) -> Case:
    """A ZIP of an annotation, of which the files, the archive or both were changed."""
    png, content = _sound_annotation()
    files = {"a.png": png, "a.json": json.dumps(mutated_json(chance, json.loads(content))).encode()}
    if chance.random() < 0.3:
        files[chance.choice(("b.png", "b.json", "x/../a.png", "/a.png"))] = chance.choice(
            list(files.values())
        )
    data = packed(files, chance.choice((ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA)))
    if chance.random() < 0.2:
        data = packed({"photo-coco.zip": data}, ZIP_STORED)
    if chance.random() < 0.7:
        data = mutated_bytes(chance, data)

    def look() -> None:
        if found := unpack(data):
            read_annotation(found.png, found.description, found.name)

    return look


def packed(files: dict[str, bytes], method: int) -> bytes:
    """A ZIP of these files."""
    stream = BytesIO()
    with ZipFile(stream, "w", method) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return stream.getvalue()


def configuration(chance: random.Random) -> Case:
    """A checkpoint's settings, and the input that they ask for."""
    texts = {}
    for name, content in _sound_settings().items():
        texts[name] = json.dumps(mutated_json(chance, json.loads(content))).encode()
        if chance.random() < 0.1:
            texts[name] = mutated_bytes(chance, texts[name])

    def read() -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in texts.items():
                (Path(folder) / name).write_bytes(text)
            policy = Checkpoint.read(Path(folder), "strange").policy
        for size in ((480, 640), (8, 50_000_000 // 8), (7000, 7000)):
            for choice in ("shipped", "paper", 64, 2048):
                policy.at(choice).geometry(size)

    return read


def link(chance: random.Random) -> Case:
    """An address's parameters: what they make of the look leads to the same address again."""
    names = [*address(_everything_unusual()), "selected", "task", "model", chance.choice(TEXTS)]
    parameters = {name: _parameter(chance) for name in names if chance.random() < 0.8}

    def follow() -> None:
        look = read_address(parameters)
        again = read_address(address(look))
        if (again.style, again.thresholds) != (look.style, look.thresholds):
            raise AssertionError(f"{look} became {again}")

    return follow


def message(chance: random.Random) -> Case:
    """A report of the viewer, and the files to take home after it."""
    sound: dict[str, Any] = {
        "number": 3,
        "source": "",
        "hidden": ["class-1"],
        "selected": ["query-2-0"],
        "inspected": 4,
        "style": {"opacity": 0.3, "outlines": True, "outline_width": 2, "color_by": "score", "cutout": False},
        "thresholds": {"score": 0.5, "mask": 0.4, "overlap": 0.8},
    }
    for part in (sound, sound["style"], sound["thresholds"]):
        if chance.random() < 0.5:
            part[chance.choice(list(part))] = strange_value(chance)
    reports = [mutated_json(chance, sound), {**sound, "number": 4}]
    photo = Photo.from_pixels(np.zeros((48, 64, 3), np.uint8), chance.choice(TEXTS))
    form = chance.choice(list(FORMATS.values()))

    def report() -> None:
        look = Look()
        for each in reports:
            look = with_report(look, each)
        json.dumps([asdict(look.style), look.heard])
        segmentation = panoptic(fake_prediction((48, 64)), look.thresholds)
        form.encode(view(photo, segmentation, VOCABULARY, look))

    return report


KINDS: dict[str, Callable[[random.Random], Case]] = {
    each.__name__: each
    for each in (
        *(picture, annotation, archive, configuration, link, message),
        *(document_cases.prediction, document_cases.record, document_cases.animation),
    )
}


def case(kind: str, seed: int) -> Case:
    """The case of that seed; the same one at every time."""
    return KINDS[kind](random.Random(f"{kind} {seed}"))  # noqa: S311 - it has to be the same again


def _kind_of_picture(chance: random.Random) -> tuple[str, str, int]:
    codec = chance.choice(list(CODECS))
    return codec, chance.choice(MODES.get(codec, ("RGB",))), chance.choice((16, 200))


@cache
def _sound_picture(codec: str, mode: str, side: int) -> bytes:
    noise = np.random.default_rng(side).integers(0, 256, (side, side + 8, 3), np.uint8)
    picture = Image.fromarray(noise)
    if mode == "I;16":
        picture = Image.fromarray(noise[..., 0].astype(np.uint16) * 257)
    elif mode != "RGB":
        picture = picture.convert(mode)
    stream = BytesIO()
    picture.save(stream, codec, **CODECS[codec])
    return stream.getvalue()


def _slow_picture(chance: random.Random) -> bytes:
    count = chance.choice((10, 60, 1000, 5000))
    match chance.randrange(6):
        case 0:
            return slow.jpeg_with_scans(min(count, 1000), (600, 600))
        case 1:
            content = (
                b"Exif\0\0" + bytes(8)
                if chance.random() < 0.5
                else bytes(chance.choice((0, 60_000 // count)))
            )
            return slow.jpeg_with_segments(chance.choice((0xE0, 0xE1, 0xE2, 0xFE)), count, content)
        case 2:
            return slow.gif_with_comments(20 * count)
        case 3:
            return slow.png_with_chunks(40 * count)
        case 4:
            return slow.tiff_with_strips(100 * count)
    return slow.tiff_that_names_its_bytes_again(count)


@cache
def _sound_annotation() -> tuple[bytes, str]:
    rng = np.random.default_rng(0)
    ids = np.kron(rng.integers(0, 6, (6, 8)), np.ones((8, 8), int)) * 1000
    digits = np.stack([ids % 256, ids // 256, ids // 65_536], axis=-1).astype(np.uint8)
    stream = BytesIO()
    Image.fromarray(digits).save(stream, "PNG")
    segments = [
        {
            "id": int(i),
            "category_id": int(i) // 1000,
            "area": 9,
            "bbox": [0, 0, 3, 3],
            "iscrowd": int(i == 2000),
        }
        for i in np.unique(ids)
        if i
    ]
    content = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}],
        "annotations": [{"image_id": 1, "file_name": "a.png", "segments_info": segments}],
        "categories": [{"id": n, "name": f"kind {n}", "isthing": n % 2} for n in range(10)],
    }
    return stream.getvalue(), json.dumps(content)


def _vocabulary(chance: random.Random) -> Vocabulary:
    labels = tuple(f"label {n}" for n in range(chance.randint(1, 5)))
    return Vocabulary(labels, frozenset({0}))


@cache
def _sound_settings() -> dict[str, str]:
    config = {
        "model_type": "mask2former",
        "architectures": ["Mask2FormerForUniversalSegmentation"],
        "id2label": {"0": "sky", "1": "cat"},
        "num_queries": 100,
        "hidden_dim": 256,
        "encoder_layers": 6,
        "decoder_layers": 10,
        "backbone_config": {"model_type": "swin", "depths": [2, 2, 6, 2], "embed_dim": 96, "image_size": 384},
        "panoseg_things": [1],
    }
    processor = {
        "image_processor_type": "Mask2FormerImageProcessor",
        "do_resize": True,
        "size": {"shortest_edge": 800, "longest_edge": 1333},
        "size_divisor": 32,
        "resample": 2,
        "rescale_factor": 0.00392,
        "image_mean": [0.48, 0.45, 0.4],
        "image_std": [0.22, 0.22, 0.22],
        "metadata": {"0": "sky", "thing_ids": [1], "class_names": ["sky", "cat"]},
    }
    return {"config.json": json.dumps(config), "preprocessor_config.json": json.dumps(processor)}


def _everything_unusual() -> Look:
    return with_report(
        Look(),
        {
            "number": 1,
            "style": {
                "opacity": 0.1,
                "outlines": False,
                "outline_width": 3,
                "labels": True,
                "color_by": "label",
            },
            "thresholds": {"score": 0.1, "mask": 0.1, "overlap": 0.1},
        },
    )


def _parameter(chance: random.Random) -> str:
    match chance.randrange(3):
        case 0:
            return chance.choice(TEXTS)
        case 1:
            number = chance.choice(NUMBERS)
            return str(number) if not isinstance(number, int) or abs(number) < 10**300 else "9" * 400
    return chance.choice(("0.3", "true", "false", "segment", "score", "class-1 query-2-5"))
