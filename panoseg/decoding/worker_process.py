"""One worker process, as the server sees it."""

from __future__ import annotations

import os
import subprocess
import sys
from io import FileIO
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from panoseg.decoding.frames import read_head, read_into, read_length, write_all, write_head

# Not `-m`: what starts the server need not have panoseg installed, so its path goes along.
_START = (
    "import sys; sys.path[:] = sys.argv.pop(1).split('\\n'); from panoseg.decoding.worker import main; main()"
)


class WorkerEndedError(Exception):
    """The process has ended, or talks nonsense."""


class WorkerProcess:
    """A process that decodes one file at a time; whoever has it calls `run`, and anybody `kill`.

    Args:
        memory_bytes: what it may take beside what it has at its start.
    """

    def __init__(self, memory_bytes: int) -> None:
        path = "\n".join(os.path.abspath(entry) for entry in sys.path)
        # One thread and few arenas: addresses count, whether or not anything is in them.
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
        self._ready = False
        self._process = subprocess.Popen(  # noqa: S603 - this very interpreter
            [sys.executable, "-c", _START, path, str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
        )
        # What Popen gives is of these types, as it was asked not to buffer.
        self._requests = cast(FileIO, self._process.stdin)
        self._answers = cast(FileIO, self._process.stdout)

    @property
    def pid(self) -> int:
        """The system's number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Return once it has imported what it needs.

        Raises:
            WorkerEndedError: it has ended before.
        """
        if not self._ready:
            try:
                read_head(self._answers)
            except (OSError, EOFError, ValueError) as error:
                raise WorkerEndedError from error
            self._ready = True

    def run(
        self, request: dict[str, Any], payload: list[bytes], most_pixels: int
    ) -> tuple[NDArray[np.uint8] | None, dict[str, Any]]:
        """Have it do something.

        Args:
            request: what; a task of worker.py with its arguments.
            payload: the files that belong to it.
            most_pixels: more than that are not taken back.

        Returns:
            (H, W, 3) pixels, where there are any, and the last head of the answer.

        Raises:
            WorkerEndedError: it has ended before its answer did, or the answer makes no sense.
        """
        requests, answers = self._requests, self._answers
        try:
            write_head(requests, {**request, "bytes": sum(map(len, payload))})
            for file in payload:
                write_all(requests, file)
            head = read_head(answers)
            if "size" not in head:
                return None, head
            pixels = _read_pixels(answers, head["size"], most_pixels)
            return pixels, read_head(answers)
        except (OSError, EOFError, ValueError, TypeError, RecursionError) as error:
            raise WorkerEndedError from error

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self._process.kill()

    def close(self) -> None:
        """End it, and let go of what the system kept for it."""
        self._process.kill()
        self._process.wait()
        self._requests.close()
        self._answers.close()


def _read_pixels(answers: FileIO, size: list[int], most_pixels: int) -> NDArray[np.uint8] | None:
    height, width = (int(side) for side in size)
    if min(height, width) < 1 or height * width > most_pixels:
        raise ValueError(f"{width}×{height} pixels")
    pixels = np.empty((height, width, 3), np.uint8)
    room = pixels.data.cast("B")
    while length := read_length(answers):
        if length > len(room):
            raise ValueError("more pixels than were announced")
        read_into(answers, room[:length])
        room = room[length:]
    return None if room else pixels  # fewer where something went wrong, which the last head tells
