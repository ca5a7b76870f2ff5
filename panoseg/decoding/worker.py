"""What runs in a worker process: it reads requests, decodes, and writes pixels, until its input ends."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import AvifImagePlugin

from panoseg.annotation import read_annotation
from panoseg.annotation_archive import named_files, unpack
from panoseg.decoding.frames import read_head, read_into, write_head, write_piece
from panoseg.errors import GroundTruthError, ModelError, PanosegError
from panoseg.models.checkpoints.policy_json import policy_from_json
from panoseg.photo import PhotoLimits, decode, open_image, too_little_memory

_THREADS = 2


class _Pipe:
    """A sink that writes pixels as they come."""

    def __init__(self, stream: FileIO) -> None:
        self._stream = stream
        self.begun = False

    def begin(self, height: int, width: int) -> None:
        self.begun = True
        write_head(self._stream, {"size": [height, width]})

    def put(self, top: int, band: NDArray[np.uint8]) -> None:
        write_piece(self._stream, np.ascontiguousarray(band).data.cast("B"))

    def end(self) -> None:
        if self.begun:
            write_piece(self._stream, b"")


def main() -> None:
    """Serve the pipes that stand for input and output."""
    requests = FileIO(os.dup(0), "rb")
    answers = FileIO(os.dup(1), "wb")
    # A library that prints must not write into the answers.
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers
    AvifImagePlugin.DEFAULT_MAX_THREADS = pillow_heif.options.DECODE_THREADS = _THREADS
    _limit_itself(int(sys.argv[1]))
    with suppress(EOFError, BrokenPipeError):
        write_head(answers, {"ready": True})
        while True:
            _answer(requests, answers)


def _answer(requests: FileIO, answers: FileIO) -> None:
    request = read_head(requests)
    payload = bytearray(request["bytes"])
    read_into(requests, memoryview(payload))
    pixels = _Pipe(answers)
    try:
        result = _TASKS[request["task"]](bytes(payload), request, pixels)
        answer: dict[str, Any] = {"result": result}
    except PanosegError as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": str(too_little_memory(request.get("name", "")))}
    pixels.end()
    write_head(answers, answer)


def _photo(data: bytes, request: dict[str, Any], pixels: _Pipe) -> None:
    decode(data, request["name"], PhotoLimits(**request["limits"]), pixels)


def _network_picture(data: bytes, request: dict[str, Any], pixels: _Pipe) -> tuple[int, int]:
    _give_way()
    image = open_image(data, name=request["name"], limits=PhotoLimits(**request["limits"]))
    policy = policy_from_json(request["policy"])
    with suppress(ModelError):  # which whoever asked will find, too: the size is enough for it
        content = policy.shrunk(image)
        pixels.begin(*content.shape[:2])
        pixels.put(0, content)
    return image.height, image.width


@cache
def _give_way() -> None:
    """To whom asks, who has a GPU to keep busy."""
    if hasattr(os, "nice"):
        os.nice(5)


def _annotation(data: bytes, request: dict[str, Any], pixels: _Pipe) -> dict[str, Any]:
    length, name = request["png_bytes"], request["name"]
    height, width = request["size"]
    if length is not None:
        png, description = data[:length], data[length:]
    elif found := unpack(data):
        name, png, description = found
    else:
        raise GroundTruthError("The annotation's ZIP is damaged.")
    annotation = read_annotation(png, description, name, size=(height, width))
    pixels.begin(height, width)
    pixels.put(0, annotation.digits)
    return {
        "segments": [list(segment) for segment in annotation.segments],
        "categories": [[number, *category] for number, category in annotation.categories.items()],
    }


def _archive(data: bytes, request: dict[str, Any], pixels: _Pipe) -> str | None:
    found = unpack(data)
    return found.name if found else None


def _described(data: bytes, request: dict[str, Any], pixels: _Pipe) -> int | None:
    named = named_files(data)
    return next((place for place, name in enumerate(request["names"]) if name in named), None)


_TASKS: dict[str, Callable[[bytes, dict[str, Any], _Pipe], Any]] = {
    "photo": _photo,
    "network_picture": _network_picture,
    "annotation": _annotation,
    "archive": _archive,
    "described": _described,
}


def _limit_itself(memory_bytes: int) -> None:
    """No more memory than that beside what it has, no files, no dumps; as far as the system knows limits.

    Linux counts addresses (RLIMIT_AS). macOS ignores such a limit and Windows has none: there, pictures are
    bounded by their pixels alone.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0}
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        wanted[resource.RLIMIT_AS] = pages * resource.getpagesize() + memory_bytes
    for limit, value in wanted.items():
        with suppress(OSError, ValueError):
            resource.setrlimit(limit, (value, value))
