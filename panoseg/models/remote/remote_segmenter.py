"""A `Segmenter` whose network is on a server."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from panoseg.errors import CancelledError, InvalidValueError, ModelServerError, UnknownThingsError
from panoseg.models.checkpoints.size_choice import SizeChoice, read_size_choice
from panoseg.models.engines.engine import Cancelled
from panoseg.models.remote.address import ServerAddress
from panoseg.models.remote.connection import AwayError, BusyError, Connection, Progress, in_thread
from panoseg.models.segmenter import Waiting
from panoseg.photo import Photo, PhotoSource, to_photo
from panoseg.png import encode_png
from panoseg.prediction import Prediction
from panoseg.protocol.model_facts import ModelFacts
from panoseg.protocol.prediction_bytes import Precision, decode_prediction
from panoseg.vocabulary import Vocabulary

POLL_SECONDS = 0.05
"""How often `cancelled` is asked."""

PROGRESS_SECONDS = 1.0
"""How often the server is asked how far it is: many ask at once, and most have their answer before."""

LOST_SECONDS = 20.0
"""A server that answers no such question for so long has lost the request, whatever its connection says."""

AWAY_SECONDS = 90.0
"""How long a server may be away, as it is while it starts anew."""

PATIENCE_SECONDS = 300.0
"""How long a server may be busy."""

_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)


class RemoteSegmenter:
    """A model on a server; a `Segmenter`. Threads may share it.

    Args:
        connection: to the server.
        facts: what the server says of the model.
        vocabulary: what it can name, with its things told from stuff.
        precision: of the mask logits on their way.

    Attributes:
        facts: what the server says of it.
        lanes: how many pictures are worth sending at the same time.
    """

    def __init__(
        self, connection: Connection, facts: ModelFacts, vocabulary: Vocabulary, precision: Precision = "full"
    ) -> None:
        self.facts = facts
        self.lanes = MOST_LANES
        self._connection = connection
        self._vocabulary = vocabulary
        self._precision: Precision = precision

    @property
    def name(self) -> str:
        return self.facts.name

    @property
    def revision(self) -> str | None:
        return self.facts.revision

    @property
    def device(self) -> str:
        return self.facts.device

    @property
    def vocabulary(self) -> Vocabulary:
        return self._vocabulary

    @property
    def batch(self) -> int:
        """As many as the server has at work or makes ready: it sees to its own batches."""
        return self.facts.lanes

    @property
    def weights_sha256(self) -> str:
        """In hexadecimal: of the weights that the server has loaded."""
        return self.facts.weights_sha256

    @property
    def engine(self) -> str:
        """What runs the network there."""
        return self.facts.engine

    @property
    def precision(self) -> str:
        """What it computes in there."""
        return self.facts.precision

    def __repr__(self) -> str:
        return f"<RemoteSegmenter {self.name} at {self._connection.address.base}>"

    def predict(
        self,
        photo: PhotoSource,
        *,
        input_size: SizeChoice = "shipped",
        cancelled: Cancelled = lambda: False,
    ) -> Prediction:
        """As of `Segmenter.predict`.

        A server that is away or busy is asked again, for `AWAY_SECONDS` or `PATIENCE_SECONDS`.

        Raises:
            ModelServerError: it stays so, or refuses.
            PanosegError: as of `Segmenter.predict`.
        """
        return self.predict_in_line(to_photo(photo), input_size, cancelled, lambda waiting: None)

    def predict_many(
        self,
        photos: Sequence[PhotoSource],
        *,
        input_size: SizeChoice = "shipped",
        cancelled: Cancelled = lambda: False,
    ) -> list[Prediction]:
        """As of `Segmenter.predict_many`; the photos are asked about side by side."""
        if len(photos) < 2:
            return [self.predict(each, input_size=input_size, cancelled=cancelled) for each in photos]
        failed = threading.Event()

        def one(photo: PhotoSource) -> Prediction:
            try:
                return self.predict(
                    photo, input_size=input_size, cancelled=lambda: failed.is_set() or cancelled()
                )
            except BaseException:
                failed.set()  # the others' results are not wanted either
                raise

        with ThreadPoolExecutor(min(self.batch, len(photos))) as pool:
            futures = [pool.submit(one, photo) for photo in photos]
        return _results(futures)

    def predict_in_line(
        self,
        photo: Photo,
        input_size: SizeChoice,
        cancelled: Cancelled,
        tell: Callable[[Waiting], object],
    ) -> Prediction:
        """One prediction; `tell` hears again and again what it waits for.

        Raises:
            PanosegError: as `predict`.
        """
        read_size_choice(str(input_size))  # a wrong one need not travel
        picture = file_of(photo)
        began = time.monotonic()
        answered = began
        pauses = iter(_PAUSES)
        while True:
            try:
                document = self._ask_once(picture, input_size, cancelled, tell)
                break
            except AwayError:
                if time.monotonic() - answered > AWAY_SECONDS:
                    raise
                pause = next(pauses, _PAUSES[-1])
                words = "The model server does not answer. Trying again…"
            except BusyError as error:
                answered = time.monotonic()
                if answered - began > PATIENCE_SECONDS:
                    raise
                pause, words = error.seconds, "The model server is busy. Trying again…"
            tell(Waiting(trouble=words))
            _pause(pause, cancelled)
        try:
            prediction = decode_prediction(document, photo.size)
            return Prediction(
                prediction.class_logits,
                prediction.mask_logits,
                prediction.input_size,
                prediction.content_size,
                prediction.image_size,
                self._vocabulary,
            )
        except InvalidValueError as error:
            raise ModelServerError(
                f"The model server {self._connection.address.host} answers in a way that makes no sense."
            ) from error

    def _ask_once(
        self,
        picture: bytes,
        input_size: SizeChoice,
        cancelled: Cancelled,
        tell: Callable[[Waiting], object],
    ) -> bytes:
        """The document; looks meanwhile whether it is still wanted, and whether the server still has it."""
        request = secrets.token_urlsafe(16)
        outcome = in_thread(
            lambda: self._connection.predict(self.name, request, picture, input_size, self._precision),
            f"ask {self.name}",
        )
        heard = asked = time.monotonic()
        progress: Future[Progress] | None = None
        while True:
            try:
                return outcome.result(POLL_SECONDS)
            except TimeoutError:
                if outcome.done():
                    raise
            if cancelled():
                self._withdraw(request)
                raise CancelledError
            now = time.monotonic()
            if progress is None and now - asked >= PROGRESS_SECONDS:
                asked = now
                # Beside all this: a server that takes its time over it keeps nobody from giving up.
                progress = in_thread(lambda: self._connection.progress(request), f"watch {self.name}")
            elif progress is not None and progress.done():
                with suppress(ModelServerError):
                    told = progress.result()
                    # What it does not know is still on its way there, or has just been answered.
                    heard = now
                    if told.known:
                        tell(_waiting(told))
                progress = None
            if now - heard > LOST_SECONDS:
                raise AwayError(f"The model server {self._connection.address.host} does not answer any more.")

    def _withdraw(self, request: str) -> None:
        """Say so without waiting for an answer: who gave it up wants to go on."""
        in_thread(lambda: self._connection.withdraw(request), "withdraw")


MOST_LANES = 32
"""Pictures that one process has a server look at: the line is the server's, which counts everybody's."""


def connect(
    address: ServerAddress,
    token: str | None,
    *,
    things: Iterable[str | int] | None = None,
    precision: Precision = "full",
) -> RemoteSegmenter:
    """A model of a server.

    Args:
        address: of the server and the model.
        token: what it asks for, if anything.
        things: the labels or class ids that are countable things, where the server does not know.
        precision: of mask logits on their way.

    Raises:
        ModelServerError: the server cannot be reached, refuses, or has no such model.
        UnknownThingsError: it has the model, and does not know its things.
        InvalidValueError: a thing that is no label of the model.
    """
    connection = Connection(address, token)
    models = connection.models()
    facts = next((each for each in models if address.model in (None, each.name)), None)
    if facts is None:
        offered = ", ".join(each.name for each in models)
        raise ModelServerError(
            f"The model server {address.host} has no model {str(address.model)[:100]!r}; it has {offered}."
        )
    return RemoteSegmenter(connection, facts, _vocabulary(facts, things), precision)


def file_of(photo: Photo) -> bytes:
    """The photo as a file: the one that it came from, or its pixels as PNG, which loses nothing."""
    if photo.file is not None:
        return photo.file
    from PIL import Image

    return encode_png(Image.fromarray(photo.pixels))


def _vocabulary(facts: ModelFacts, things: Iterable[str | int] | None) -> Vocabulary:
    told = facts.vocabulary
    if things is None:
        if not facts.decided:
            raise UnknownThingsError(
                f"Nothing tells which labels of {facts.name} are countable things; name them with `things`.",
                facts.name,
                told.labels,
            )
        return told
    ids = []
    for thing in things:
        if isinstance(thing, str):
            if thing not in told.labels:
                raise InvalidValueError(f"things: {facts.name} has no label {thing[:80]!r}.")
            ids += [number for number, label in enumerate(told.labels) if label == thing]
        else:
            ids.append(thing)
    return Vocabulary(told.labels, ids, told.dataset_ids)


def _waiting(progress: Progress) -> Waiting:
    return Waiting(progress.place, progress.seconds, progress.expected_seconds)


def _pause(seconds: float, cancelled: Cancelled) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if cancelled():
            raise CancelledError
        time.sleep(min(left, POLL_SECONDS))


def _results(futures: Sequence[Future[Prediction]]) -> list[Prediction]:
    """All results; the error that came first by itself, rather than one that it brought about."""
    errors = [error for future in futures if (error := future.exception()) is not None]
    for error in errors:
        if not isinstance(error, CancelledError):
            raise error
    if errors:
        raise errors[0]
    return [future.result() for future in futures]
