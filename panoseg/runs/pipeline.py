"""Pictures through a network without letting it wait: reading and decoding run ahead, results are worked
off behind it, and neither holds more than a little.

    sources ──▶ read, decode, prepare (threads) ──▶ network (a thread a pass) ──▶ encode (threads)
                                                                             └──▶ finish (one thread)

On a GPU one thread more calls the network: what comes before a pass and after it is done beside the next.
Results come in the order of the sources. A picture that fails takes nothing else with it.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Generic, TypeVar

from panoseg.cores import usable_cores
from panoseg.errors import MemoryShortError, PanosegError
from panoseg.models import Segmenter
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.patient_threads import give_way
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.runs.opening import Opening
from panoseg.runs.passes import PreparingSegmenter, forward

T = TypeVar("T")
Content = bytes

_MOST_DECODERS = 16
_HELD_PIXELS = 64_000_000
"""Of pictures that are kept until they are finished: 190 MB, or one picture, however large it is."""

_BEHIND = 32
"""Predictions that may wait to be finished, in 2 to 4 batches."""

_ENCODERS = 4
"""On a GPU: a record takes a core 12 ms, in which a large one predicts two pictures. No CPU is that fast."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of one picture in the pipeline.

    Attributes:
        source: what was given.
        sha256, bytes: of the picture's file; empty and 0 if it could not be read.
        size: (H, W) in pixels, once it is decoded.
        content: the file's bytes, where they are kept.
        photo: the picture, where it is kept.
        prediction: where nothing failed, and it is not encoded.
        record: the prediction in bytes, where it is encoded.
        error: what failed.
        seconds: that its share of the forward pass took.
    """

    source: T
    sha256: str = ""
    bytes: int = 0
    size: tuple[int, int] = (0, 0)
    content: Content | None = None
    photo: Photo | None = None
    prediction: Prediction | None = None
    record: Content | None = None
    error: PanosegError | None = None
    seconds: float = 0.0


class Pipeline(Generic[T]):
    """A segmenter with what stands before and behind it.

    Args:
        segmenter: a loaded model.
        read: a source's bytes, and the name to call the picture by.
        finish: called with the outcomes of each batch, in order, in a thread of its own. What it raises
            ends the pipeline.
        input_size: how large the network sees the pictures.
        batch: pictures of one forward pass, where they are of one size; the segmenter's by default.
        keep_photos: whether `finish` gets the decoded pictures.
        keep_content: whether `finish` gets the files' bytes.
        decode: bytes and a name to a photo.
        encode: a prediction to bytes, in several threads where the network is that fast. `finish` gets
            those in the prediction's place.
    """

    def __init__(
        self,
        segmenter: Segmenter,
        read: Callable[[T], tuple[bytes, str]],
        finish: Callable[[list[Outcome[T]]], None],
        *,
        input_size: SizeChoice = "shipped",
        batch: int | None = None,
        keep_photos: bool = False,
        keep_content: bool = False,
        decode: Callable[[bytes, str], Photo] | None = None,
        encode: Callable[[Prediction], bytes] | None = None,
    ) -> None:
        self._segmenter = segmenter
        self._read = read
        self._finish = finish
        self._input_size = input_size
        self._batch = segmenter.batch if batch is None else batch
        self._keep_photos = keep_photos
        self._keep_content = keep_content
        self._decode = decode
        self._encode = encode
        self._pass_ended = 0.0
        self._held = _PixelBudget(_HELD_PIXELS)
        self._tickets = count()
        self._broken = False

    def run(self, groups: Iterable[Sequence[T]]) -> None:
        """Take all groups through, each in forward passes of its own.

        How a group is cut into forward passes depends on its pictures alone: so it makes no difference to a
        prediction whether the groups before it were done today or last week.

        Raises:
            PanosegError, OSError: what `finish` raised, or a model that fails whatever the picture.
        """
        passes = getattr(self._segmenter, "passes", 1)
        cores = usable_cores()
        decoders, encoders = passes, 1
        if self._segmenter.device != "cpu":
            decoders, encoders = cores, min(_ENCODERS, cores)
            # One waits with all that comes before its pass, or does what comes after it, beside another's.
            passes += isinstance(self._segmenter, PreparingSegmenter)
        decoders = min(_MOST_DECODERS, decoders)
        opening = Opening(
            self._segmenter,
            self._input_size,
            self._decode,
            keep_photos=self._keep_photos,
            threads=decoders,
        )
        ahead = decoders + 2
        # They give way to the network, whose passes take longest.
        before = ThreadPoolExecutor(decoders, "decode", initializer=give_way)
        network = ThreadPoolExecutor(passes, "network")
        in_network: deque[Future[list[Outcome[T]]]] = deque()
        encoding = ThreadPoolExecutor(encoders, "encode")
        behind = ThreadPoolExecutor(1, "finish")
        room_behind = threading.Semaphore(max(2, min(4, _BEHIND // self._batch)))
        finished: deque[Future[None]] = deque()

        def hand_on(outcomes: list[Outcome[T]]) -> None:
            """Have a group finished, once there is room; what failed at that before is raised here."""
            room_behind.acquire()
            while finished and finished[0].done():
                finished.popleft().result()
            encoded = [encoding.submit(self._encoded, each) for each in outcomes]
            held = sum(each.size[0] * each.size[1] for each in outcomes if each.photo is not None)
            finished.append(behind.submit(self._finish_group, encoded, held, room_behind))

        try:
            for group in _started(
                groups,
                lambda each: before.submit(self._prepare, each, next(self._tickets), opening),
                ahead,
            ):
                in_network.append(network.submit(self._predict, group))
                if len(in_network) > passes:  # one more than is under way: no pass waits for this thread
                    hand_on(in_network.popleft().result())
            while in_network:
                hand_on(in_network.popleft().result())
            while finished:
                finished.popleft().result()
        finally:
            self._held.open_wide()
            network.shutdown(wait=False, cancel_futures=True)
            before.shutdown(cancel_futures=True)
            opening.close()
            network.shutdown()
            encoding.shutdown()
            behind.shutdown()  # what is predicted is written, also where somebody pressed Ctrl-C

    def _prepare(self, source: T, ticket: int, opening: Opening) -> _Ready[T]:
        outcome: Outcome[T] = Outcome(source)
        pixels = 0
        try:
            content, name = self._read(source)
            outcome = replace(outcome, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
            if self._keep_content:
                outcome = replace(outcome, content=content)
            opened = opening.open(content, name)
            outcome = replace(outcome, size=opened.size, photo=opened.photo)
            if opened.photo is not None:
                pixels = opened.size[0] * opened.size[1]
            return _Ready(outcome, opened.input())
        except PanosegError as error:
            return _Ready(replace(outcome, error=error), None)
        except MemoryError:
            short = MemoryShortError("There is not enough memory to open this picture.")
            return _Ready(replace(outcome, error=short), None)
        finally:
            if self._keep_photos:
                self._held.take(ticket, pixels)

    def _predict(self, futures: list[Future[_Ready[T]]]) -> list[Outcome[T]]:
        group = [future.result() for future in futures]
        outcomes = [each.outcome for each in group]
        sound = [index for index, each in enumerate(group) if each.input is not None]
        for first in range(0, len(sound), self._batch):
            together = sound[first : first + self._batch]
            start = time.perf_counter()
            results = forward(self._segmenter, [group[i].input for i in together], self._input_size)
            share = self._since(start) / len(together)
            for index, result in zip(together, results, strict=True):
                if isinstance(result, PanosegError):
                    outcomes[index] = replace(outcomes[index], error=result)
                else:
                    outcomes[index] = replace(outcomes[index], prediction=result, seconds=share)
        return outcomes

    def _since(self, start: float) -> float:
        """Seconds of a pass; on a GPU without those in which it waited for the one before it."""
        end = time.perf_counter()
        if self._segmenter.device != "cpu":
            start, self._pass_ended = max(start, self._pass_ended), end
        return end - start

    def _encoded(self, outcome: Outcome[T]) -> Outcome[T]:
        if self._encode is None or outcome.prediction is None or self._broken:
            return outcome
        return replace(outcome, prediction=None, record=self._encode(outcome.prediction))

    def _finish_group(self, encoded: list[Future[Outcome[T]]], held: int, room: threading.Semaphore) -> None:
        try:
            outcomes = [each.result() for each in encoded]
            if not self._broken:  # nothing is finished behind a gap
                self._finish(outcomes)
        except BaseException:
            self._broken = True
            raise
        finally:
            self._held.give(held)
            room.release()


@dataclass(frozen=True, slots=True)
class _Ready(Generic[T]):
    """A picture before the network: its input, or None where it has failed."""

    outcome: Outcome[T]
    input: Any


class _PixelBudget:
    """How many pixels may be held at once; one picture always may.

    Tickets 0, 1, 2 … are served in order: a picture never waits for one that stands behind it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._next = 0
        self._wide = False
        self._condition = threading.Condition()

    def take(self, ticket: int, pixels: int) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._wide or (ticket == self._next and self._fits(pixels)))
            self._held += pixels
            self._next = ticket + 1
            self._condition.notify_all()

    def give(self, pixels: int) -> None:
        with self._condition:
            self._held -= pixels
            self._condition.notify_all()

    def open_wide(self) -> None:
        """Nobody has to wait any more: the pipeline ends."""
        with self._condition:
            self._wide = True
            self._condition.notify_all()

    def _fits(self, pixels: int) -> bool:
        return not self._held or self._held + pixels <= self._most


def _started(
    groups: Iterable[Sequence[T]], start: Callable[[T], Future[_Ready[T]]], ahead: int
) -> Iterator[list[Future[_Ready[T]]]]:
    """The groups' futures in order; `ahead` pictures beyond the present group are started already."""
    waiting: deque[list[Future[_Ready[T]]]] = deque()
    source = iter(groups)
    count = 0
    while True:
        while count < ahead or not waiting:
            group = next(source, None)
            if group is None:
                break
            waiting.append([start(each) for each in group])
            count += len(group)
        if not waiting:
            return
        group_now = waiting.popleft()
        count -= len(group_now)
        yield group_now


def in_groups(rows: Iterable[T], key: Callable[[T], int]) -> Iterator[list[T]]:
    """Neighbours of one key together."""
    group: list[T] = []
    for row in rows:
        if group and key(group[0]) != key(row):
            yield group
            group = []
        group.append(row)
    if group:
        yield group
