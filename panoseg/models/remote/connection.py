"""Talking to a model server: what is sent, what may come back, and what each failure is called."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import quote

from panoseg.errors import InvalidValueError, ModelError, ModelServerError, PanosegError, PhotoError
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.models.remote.address import ServerAddress
from panoseg.protocol import (
    MODELS_PATH,
    PREDICTION_TYPE,
    PREDICTIONS,
    REQUEST_HEADER,
    REQUESTS_PATH,
    VERSION,
    VERSION_HEADER,
)
from panoseg.protocol.model_facts import ModelFacts
from panoseg.protocol.prediction_bytes import Precision

if TYPE_CHECKING:
    import httpx2

T = TypeVar("T")

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
"""For a question that a server answers at once."""

SEND_SECONDS = 30.0
"""Without a byte that the server takes."""

RESULT_SECONDS = 600.0
"""For a prediction, which may wait in line; that the server lives meanwhile is asked besides."""

MOST_PREDICTION_BYTES = 1 << 30
MOST_ANSWER_BYTES = 1 << 24
"""Of all but predictions: what is read as JSON takes fifty times as much memory."""

SLOW_SECONDS = 20.0
"""That the body of an answer may take beside what it takes at a tenth of a megabit a second."""

MOST_SENTENCE = 600
_SLOWEST_BYTES = 12_500
_MOST_WAIT = 60.0


class AwayError(ModelServerError):
    """The server cannot be reached, or does not answer any more: it may be there again in a moment."""


class BusyError(ModelServerError):
    """The server takes no more for now.

    Attributes:
        seconds: after which it wants to be asked again.
    """

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class Progress(NamedTuple):
    """Where a request is on the server.

    Attributes:
        known: whether the server has it at all.
        place: 0 in the network, 1 next in line …
        seconds: how long it has been in the network.
        expected_seconds: how long it may take there; None where nobody knows.
    """

    known: bool
    place: int = 0
    seconds: float = 0.0
    expected_seconds: float | None = None


class Connection:
    """A server, asked by any number of threads.

    Args:
        address: of the server; its model is not looked at.
        token: what it asks for, if anything.
    """

    def __init__(self, address: ServerAddress, token: str | None) -> None:
        self.address = address
        self._token = token

    def models(self) -> list[ModelFacts]:
        """Every model that it serves, the first one first.

        Raises:
            ModelServerError: it cannot be reached, refuses, or serves none.
        """
        answer = in_thread(lambda: self._json("GET", MODELS_PATH), f"ask {self.address.host}")
        try:  # a head that drips has no end that its reader would notice
            found = answer.result(CONNECT_SECONDS + ANSWER_SECONDS + SLOW_SECONDS)
        except TimeoutError as error:
            raise self._away() from error
        try:
            models = [ModelFacts.from_json(each) for each in found["models"]]
        except (InvalidValueError, TypeError, LookupError) as error:
            raise self._nonsense() from error
        if not models:
            raise ModelServerError(f"The model server {self.address.host} serves no model.")
        return models

    def predict(
        self, model: str, request: str, picture: bytes, input_size: SizeChoice, precision: Precision
    ) -> bytes:
        """A prediction as a document; waits for it.

        Args:
            model: the model's name.
            request: what to call this request.
            picture: a picture's file.

        Raises:
            PhotoError, ModelError, InvalidValueError: what the server says of picture, model and size.
            AwayError, BusyError: asking again may help.
        """
        return self._ask(
            "POST",
            f"{MODELS_PATH}/{quote(model)}/{PREDICTIONS}",
            {REQUEST_HEADER: request, "Content-Type": "application/octet-stream"},
            params={"input_size": str(input_size), "precision": precision},
            content=picture,
            seconds=RESULT_SECONDS,
            wanted=PREDICTION_TYPE,
        )

    def progress(self, request: str) -> Progress:
        """Where that request is.

        Raises:
            ModelServerError: as `models`.
        """
        found = self._json("GET", f"{REQUESTS_PATH}/{request}")
        try:
            if found["state"] == "unknown":
                return Progress(False)
            expected = found["expected_seconds"]
            return Progress(
                True,
                int(found["place"]),
                float(found["seconds"]),
                None if expected is None else float(expected),
            )
        except (TypeError, ValueError, LookupError, OverflowError) as error:  # JSON has Infinity
            raise self._nonsense() from error

    def withdraw(self, request: str) -> None:
        """Tell the server that nobody wants that any more.

        Raises:
            ModelServerError: as `models`.
        """
        self._ask("DELETE", f"{REQUESTS_PATH}/{request}")

    @cached_property
    def _client(self) -> httpx2.Client:
        import httpx2  # late: it takes a third of a second, and few programs need it

        headers = {VERSION_HEADER: str(VERSION), "Accept-Encoding": "identity"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        # Only the operator chooses the server: where it would send us is not followed.
        client = httpx2.Client(
            base_url=self.address.base,
            headers=headers,
            follow_redirects=False,
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=8, keepalive_expiry=4.0),
        )
        weakref.finalize(self, client.close)  # with who asks, or its sockets are left to the collector
        return client

    def _json(self, method: str, path: str) -> Any:
        import json

        try:
            return json.loads(self._ask(method, path))
        except (ValueError, RecursionError) as error:
            raise self._nonsense() from error

    def _ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        *,
        params: dict[str, str] | None = None,
        content: bytes | None = None,
        seconds: float | None = None,
        wanted: str = "application/json",
    ) -> bytes:
        import httpx2

        limits = httpx2.Timeout(seconds or ANSWER_SECONDS, connect=CONNECT_SECONDS, write=SEND_SECONDS)
        try:
            with self._client.stream(
                method, path, headers=headers, params=params, content=content, timeout=limits
            ) as answer:
                self._check_version(answer)
                is_wanted = answer.headers.get("content-type", "").partition(";")[0] == wanted
                body = self._body(answer, is_prediction=is_wanted and wanted == PREDICTION_TYPE)
        except (httpx2.TransportError, httpx2.StreamError) as error:
            raise self._away() from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise self._nonsense() from error
        if answer.status_code != httpx2.codes.OK:
            raise self._refused(answer.status_code, answer.headers, body)
        if not is_wanted:
            raise self._nonsense()
        return body

    def _body(self, answer: httpx2.Response, *, is_prediction: bool) -> bytes:
        """As it comes, as much as may be, as long as it comes fast enough."""
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise self._nonsense()  # nobody asked for it, and a megabyte of it may be a thousand
        most = MOST_PREDICTION_BYTES if is_prediction else MOST_ANSWER_BYTES
        body = bytearray()
        began = time.monotonic()
        for piece in answer.iter_raw():
            body += piece
            if len(body) > most:
                raise self._nonsense()
            if time.monotonic() - began > SLOW_SECONDS + len(body) / _SLOWEST_BYTES:
                raise self._away()
        return bytes(body)

    def _check_version(self, answer: httpx2.Response) -> None:
        version = answer.headers.get(VERSION_HEADER)
        if version == str(VERSION):
            return
        if version is None:
            # A proxy answers in the place of a server that is not there, or what is left of one that ends.
            if answer.status_code in (500, 502, 503, 504):
                raise AwayError(f"The model server {self.address.host} is not there; try again in a moment.")
            raise ModelServerError(f"At {self.address.host} no server of panoseg's models answers.")
        raise ModelServerError(
            f"The model server {self.address.host} speaks version {version[:20]} of panoseg's protocol, and "
            f"this panoseg version {VERSION}: upgrade the older of the two."
        )

    def _refused(self, status: int, headers: Any, body: bytes) -> PanosegError:
        import json

        try:
            told = str(json.loads(body)["error"])[:MOST_SENTENCE]
        except (ValueError, TypeError, LookupError, RecursionError):
            told = f"The model server {self.address.host} refuses, with status {status}."
        match status:
            case 401:
                return ModelServerError(
                    f"The model server {self.address.host} wants another token than that of PANOSEG_TOKEN."
                    if self._token
                    else f"The model server {self.address.host} wants a token; it belongs in PANOSEG_TOKEN."
                )
            case 400:
                return InvalidValueError(told)
            case 413 | 415 | 422:
                return PhotoError(told)
            case 503:
                return BusyError(told, _seconds(headers.get("retry-after")))
            case 502 | 504:
                return AwayError(told)
        return ModelError(told)

    def _away(self) -> AwayError:
        return AwayError(f"The model server {self.address.host} does not answer; try again in a moment.")

    def _nonsense(self) -> ModelServerError:
        return ModelServerError(f"The model server {self.address.host} answers in a way that makes no sense.")


def in_thread(ask: Callable[[], T], name: str) -> Future[T]:
    """What comes of it, in a thread for which a program that ends does not wait."""
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(ask())
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return outcome


def _seconds(text: str | None) -> float:
    """Of a Retry-After header (RFC 9110): whole seconds, within reason."""
    return min(float(text), _MOST_WAIT) if text and text.isascii() and text.isdecimal() else 1.0
