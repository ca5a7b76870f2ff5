"""One replica: a model in a process of its own, somewhere in the cluster. It knows nothing of Ray or HTTP."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from panoseg.decoding import Decoders
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.errors import (
    CancelledError,
    InvalidValueError,
    MemoryShortError,
    PanosegError,
    PhotoError,
    UnknownThingsError,
)
from panoseg.model_server.answers import Answer, Asked, Refusal
from panoseg.models import Segmenter, load_segmenter
from panoseg.models.checkpoints.size_choice import LARGEST_EDGE
from panoseg.models.forward_pass import largest_edge
from panoseg.photo import Photo, PhotoLimits
from panoseg.protocol.model_facts import ModelFacts
from panoseg.protocol.prediction_bytes import encode_prediction
from panoseg.serving.model_pool import memory_for_us
from panoseg.serving.prediction_cache import PredictionCache
from panoseg.serving.prediction_queue import PredictionQueue
from panoseg.setting_values import EngineName

_USUAL_WEIGHTS = 400 * 2**20
_USUAL_PHOTOS = PhotoLimits()


@dataclass(frozen=True, slots=True)
class ReplicaOptions:
    """How a model is run.

    Attributes:
        model: a name for `load_segmenter`.
        engine, device: as of `load_segmenter`.
        lanes: pictures that are with a replica at the same time.
        cache_bytes: of predictions that it keeps.
        max_edge: the largest shorter edge of an input; None goes by the machine's memory.
        limits: of a picture's file.
    """

    model: str
    engine: EngineName = "auto"
    device: str | None = None
    lanes: int = 2
    cache_bytes: int = 2**28
    max_edge: int | None = None
    limits: PhotoLimits = _USUAL_PHOTOS


class Replica:
    """A model that is loaded and has looked at a picture once it is made."""

    def __init__(self, options: ReplicaOptions) -> None:
        self._options = options
        segmenter, self._decided = _load(options)
        self._queue = PredictionQueue(
            segmenter, PredictionCache(options.cache_bytes), model=options.model, max_waiting=options.lanes
        )
        memory = memory_for_us()
        edge = largest_edge(_weights_bytes(segmenter), memory and memory.total)
        self._facts = ModelFacts(
            options.model if not os.path.isdir(options.model) else segmenter.name,
            segmenter.revision,
            segmenter.device,
            segmenter.vocabulary,
            self._decided,
            min(LARGEST_EDGE, options.max_edge or edge),
            max(1, segmenter.batch),
            getattr(segmenter, "weights_sha256", ""),
            getattr(segmenter, "engine", ""),
            getattr(segmenter, "precision", ""),
        )
        self._decoders = Decoders()
        self._threads = ThreadPoolExecutor(options.lanes, "picture")
        # What is compiled or converted at the first picture is not left to the first visitor.
        self._queue.submit(open_scene(next(iter(GALLERY)), (96, 128))).result()

    @property
    def facts(self) -> ModelFacts:
        """What it says of its model."""
        return self._facts

    async def predict(self, asked: Asked, picture: bytes) -> Answer:
        """A picture's prediction as a document; cancelled, it leaves the line or stops the network."""
        given_up = False

        def waiting() -> None:
            if given_up:
                raise CancelledError

        loop = asyncio.get_running_loop()
        try:
            self._check_size(asked)
            photo = await loop.run_in_executor(self._threads, self._open, picture, waiting)
            return await self._look_at(photo, asked)
        except asyncio.CancelledError:
            given_up = True
            raise
        except PanosegError as error:
            return refusal(error)

    async def _look_at(self, photo: Photo, asked: Asked) -> Answer:
        ticket = self._queue.submit(photo, asked.input_size)
        loop = asyncio.get_running_loop()
        try:
            prediction = await loop.run_in_executor(self._threads, ticket.result)
        except asyncio.CancelledError:
            ticket.withdraw()
            raise
        return await loop.run_in_executor(self._threads, encode_prediction, prediction, asked.precision)

    def _open(self, picture: bytes, waiting: object) -> Photo:
        return self._decoders.open_photo(
            picture,
            name="",
            limits=self._options.limits,
            waiting=waiting,  # type: ignore[arg-type]
        )

    def _check_size(self, asked: Asked) -> None:
        size, most = asked.input_size, self._facts.largest_edge
        if isinstance(size, int) and size > most:
            raise InvalidValueError(f"input_size: this server looks at up to {most} pixels, got {size}.")

    def close(self) -> None:
        """End its decoders."""
        self._decoders.close()


def refusal(error: PanosegError) -> Refusal:
    """What an error is called on the way to a client."""
    match error:
        case PhotoError():
            return Refusal(422, str(error))
        case InvalidValueError():
            return Refusal(400, str(error))
        case CancelledError():
            return Refusal(409, str(error))
        case MemoryShortError():
            return Refusal(507, str(error))
    return Refusal(500, str(error))


def _load(options: ReplicaOptions) -> tuple[Segmenter, bool]:
    """The model, and whether its things are told from its stuff."""
    try:
        return load_segmenter(options.model, engine=options.engine, device=options.device, steady=True), True
    except UnknownThingsError:
        return load_segmenter(
            options.model, engine=options.engine, device=options.device, steady=True, things=()
        ), False


def _weights_bytes(segmenter: Segmenter) -> int:
    return int(getattr(segmenter, "weights_bytes", _USUAL_WEIGHTS))
