"""Cases of what travels between machines and lies on disks, and of pictures that are many in one file."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

from panoseg import open_photo
from panoseg.photo import PhotoLimits
from panoseg.protocol import prediction_bytes
from panoseg.runs import finished_maps, records
from panoseg.runs.finished_maps import MapSegment
from tests.fakes import VOCABULARY, fake_prediction
from tests.hostile.mutations import NUMBERS, TEXTS, mutated_bytes

SIZE = (48, 64)
LIMITS = PhotoLimits(max_pixels=4_000_000)
_LENGTH_BYTES = 8
_PNG_HEAD = 33  # the signature and IHDR


def prediction(chance: random.Random) -> Callable[[], object]:
    """What a model server answers."""
    sound = prediction_bytes.encode_prediction(fake_prediction(SIZE), chance.choice(("full", "half")))
    document = _mutated_document(chance, sound)
    return lambda: prediction_bytes.decode_prediction(document, SIZE)


def record(chance: random.Random) -> Callable[[], object]:
    """A picture of a run, with logits or as a finished map."""
    logits, finished = _sound_records()
    if chance.random() < 0.5:
        document = _mutated_document(chance, logits)
        return lambda: records.decode_prediction(document, VOCABULARY)
    document = _mutated_document(chance, finished)
    return lambda: finished_maps.decode_segmentation(document, VOCABULARY)


def animation(chance: random.Random) -> Callable[[], object]:
    """Many pictures in one file, or a picture with much beside it."""
    data = _many_in_one(chance)
    if chance.random() < 0.7:
        data = mutated_bytes(chance, data, 4)
    name = chance.choice(TEXTS)
    return lambda: open_photo(data, name=name, limits=LIMITS)


def _mutated_document(chance: random.Random, sound: bytes) -> bytes:
    """A safetensors document of which the head says something else, or the bytes are others."""
    if chance.random() < 0.4:
        return mutated_bytes(chance, sound)
    length = int.from_bytes(sound[:_LENGTH_BYTES], "little")
    head, body = json.loads(sound[_LENGTH_BYTES : _LENGTH_BYTES + length]), sound[_LENGTH_BYTES + length :]
    for _ in range(chance.choice((0, 1, 1, 2))):
        tensor = head[chance.choice([name for name in head if name != "__metadata__"])]
        match chance.randrange(5):
            case 0:
                tensor["shape"] = [chance.choice(NUMBERS) for _ in tensor["shape"]]
            case 1:
                tensor["shape"] = [*tensor["shape"], chance.choice((0, 1))] * chance.choice((1, 20))
            case 2:
                tensor["dtype"] = chance.choice(("F64", "U8", "I64", "BOOL", "F8_E4M3", "F4", "x", 3))
            case 3:
                tensor["data_offsets"] = [chance.choice((0, 1, 2**63)), chance.choice((0, len(body), 2**64))]
            case 4:
                head[chance.choice(TEXTS).replace("\ud800", "")] = dict(tensor)
    if chance.random() < 0.2:
        head["__metadata__"] = {"version": "1", "vocabulary": chance.choice((*TEXTS[:5], "[" * 5000, "{}"))}
    said = json.dumps(head).encode()
    length = len(said)
    if chance.random() < 0.3:
        length = chance.choice((0, 2**40, length - 1))
    if chance.random() < 0.5:  # other numbers, as many
        place = chance.randrange(len(body))
        body = body[:place] + chance.randbytes(min(16, len(body) - place)) + body[place + 16 :]
    return length.to_bytes(_LENGTH_BYTES, "little") + said + body


@cache
def _sound_records() -> tuple[bytes, bytes]:
    stream = BytesIO()
    Image.fromarray(np.kron([[1, 2], [3, 0]], np.ones((24, 32))).astype(np.uint8)).convert("RGB").save(
        stream, "PNG"
    )
    segments = [MapSegment(n * 0x010101, n % len(VOCABULARY), 0.5) for n in (1, 2, 3)]
    return records.encode_prediction(fake_prediction(SIZE)), finished_maps.encode_map(
        stream.getvalue(), segments
    )


def _many_in_one(chance: random.Random) -> bytes:
    match chance.randrange(5):
        case 0:
            return _frames("GIF", chance.choice((2, 60)), chance.choice((1, 30)))
        case 1:
            return _frames("WEBP", chance.choice((2, 12)), 30)
        case 2:
            return _frames("PNG", chance.choice((2, 40)), 30)
        case 3:
            return _frames("TIFF", chance.choice((2, 100)), 16)
    return _png_with(chance)


@cache
def _packed_contents() -> tuple[bytes, ...]:
    """Zeros by the megabyte, a profile that says what it is, one with much behind it, a text."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    contents = (bytes(40_000_000), profile, profile + bytes(3_000_000), b"x" * 100)
    return tuple(zlib.compress(content, 1) for content in contents)


@cache
def _frames(codec: str, count: int, side: int) -> bytes:
    noise = np.random.default_rng(count).integers(0, 256, (count, side, side, 3), np.uint8)
    pictures = [Image.fromarray(each) for each in noise]
    stream = BytesIO()
    pictures[0].save(stream, codec, save_all=True, append_images=pictures[1:])
    return stream.getvalue()


def _png_with(chance: random.Random) -> bytes:
    """A PNG with a profile or a text that is large once it is unpacked."""
    stream = BytesIO()
    Image.new("RGB", (64, 48), (9, 99, 199)).save(stream, "PNG")
    kind, before = chance.choice(((b"iCCP", b"p\0\0"), (b"zTXt", b"t\0\0"), (b"iTXt", b"t\0\1\0\0\0")))
    chunk = before + chance.choice(_packed_contents())
    whole = len(chunk).to_bytes(4, "big") + kind + chunk + zlib.crc32(kind + chunk).to_bytes(4, "big")
    data = stream.getvalue()
    return data[:_PNG_HEAD] + whole * chance.choice((1, 1, 10)) + data[_PNG_HEAD:]
