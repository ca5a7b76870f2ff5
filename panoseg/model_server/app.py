"""The server's door as plain ASGI: who may come in, what is read, and how each thing is answered."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

from panoseg import events
from panoseg.errors import InvalidValueError
from panoseg.hosting.hosts import OPEN_PATHS
from panoseg.hosting.places import Placed, Places, SlowError
from panoseg.model_server.answers import Asked, Refusal, Replicas
from panoseg.model_server.description import description
from panoseg.model_server.line import FullError, Line, Place
from panoseg.models.checkpoints.size_choice import SizeChoice, read_size_choice
from panoseg.photo import PhotoLimits
from panoseg.protocol import (
    MODELS_PATH,
    PREDICTION_TYPE,
    PREDICTIONS,
    REQUEST_HEADER,
    REQUEST_NAME,
    REQUESTS_PATH,
    VERSION,
    VERSION_HEADER,
)
from panoseg.protocol.prediction_bytes import Precision, read_precision

BODY_SECONDS = 20.0
"""Without a byte of a picture; and a picture at a tenth of a megabit a second is too slow, too."""

MOST_READING = 32
"""Pictures that come in at the same time, as each takes memory before it has a place in line."""

MOST_SENDING = 32
"""Predictions that wait to be taken; the largest have 27 MB each."""

_SLOWEST_BYTES = 12_500
_OPEN = OPEN_PATHS | {"/openapi.json"}
_GIVEN_UP = Refusal(409, "This was given up.")
_TOO_SLOW = Refusal(408, "The picture came too slowly.")
_TOO_MANY_PICTURES = Refusal(503, "Too many pictures are coming in; try again in 1 s.")
_TOO_MANY_ANSWERS = Refusal(503, "Too many answers wait to be taken; try again in 1 s.")
_STOPPING = "The model server is about to stop; try again in a minute."


class _Call:
    """A request that has come, from its head to its answer.

    Attributes:
        place: where it stands, once its picture is there.
        withdrawn: whether it was given up.
    """

    def __init__(self) -> None:
        self.place: Place | None = None
        self.withdrawn = False


class Door:
    """Everything that is asked of the server, and who still waits for what.

    Args:
        replicas: what runs the models.
        limits: of a picture's file, looked at before it is read and before it is decoded.
        most_waiting: pictures in line for one model.
        replicas_per_model: how many share a line.
        ahead: pictures with a replica beside those in its network.

    Attributes:
        closing: the server stops, so that nothing new is taken.
    """

    def __init__(
        self,
        replicas: Replicas,
        *,
        limits: PhotoLimits,
        most_waiting: int,
        replicas_per_model: int = 1,
        ahead: int = 1,
    ) -> None:
        self.closing = False
        self._replicas = replicas
        self._limits = limits
        self._most_waiting = most_waiting
        self._ahead = ahead * replicas_per_model
        self._lines: dict[str, Line] = {}
        self._calls: dict[str, _Call] = {}
        self._reading = Places(MOST_READING)
        self._sending = Places(MOST_SENDING)

    @property
    def busy(self) -> bool:
        """Whether anybody waits for an answer."""
        return bool(self._calls) or any(line.busy for line in self._lines.values())

    @property
    def waiting(self) -> int:
        """How many pictures stand in line."""
        return sum(line.waiting for line in self._lines.values())

    @property
    def why_not(self) -> str:
        """Why nobody should be sent here, in a sentence; empty where they should."""
        return _STOPPING if self.closing else self._replicas.why_not

    def end(self) -> None:
        """Tell all who still wait that the server stops; called in the server's event loop."""
        self.closing = True
        for line in self._lines.values():
            line.end()

    def routes(self) -> list[Route]:
        """What is answered."""
        return [
            Route("/openapi.json", self._describe, methods=["GET"]),
            Route(MODELS_PATH, self._models, methods=["GET"]),
            Route(f"{MODELS_PATH}/{{name:path}}/{PREDICTIONS}", self._predict, methods=["POST"]),
            Route(f"{REQUESTS_PATH}/{{request}}", self._progress, methods=["GET"]),
            Route(f"{REQUESTS_PATH}/{{request}}", self._withdraw, methods=["DELETE"]),
        ]

    async def _describe(self, request: Request) -> Response:
        return JSONResponse(description(self._limits))

    async def _models(self, request: Request) -> Response:
        facts = self._replicas.facts
        if not facts:
            return refused(Refusal(503, self.why_not), 5)
        return JSONResponse({"protocol": VERSION, "models": [each.to_json() for each in facts]})

    async def _predict(self, request: Request) -> ASGIApp:
        if self.closing or not self._replicas.facts:
            return refused(Refusal(503, self.why_not), 5)
        name = request.path_params["name"]
        if name not in {each.name for each in self._replicas.facts}:
            return refused(Refusal(404, "This server has no model of that name."))
        call = request.headers.get(REQUEST_HEADER) or secrets.token_urlsafe(16)
        if not re.fullmatch(REQUEST_NAME, call):
            return refused(Refusal(400, f"{REQUEST_HEADER}: wanted 16 to 64 letters, digits, - and _."))
        if call in self._calls:
            return refused(Refusal(409, f"{REQUEST_HEADER}: another request has that name."))
        try:
            size = read_size_choice(request.query_params.get("input_size", "shipped"))
            precision = read_precision(request.query_params.get("precision", "full"))
        except InvalidValueError as error:
            return refused(Refusal(400, str(error)))
        if not self._reading.has_room():
            return refused(_TOO_MANY_PICTURES, 1)
        self._calls[call] = _Call()  # also while the picture comes: a server that stops lets it end
        try:
            return await self._predict_as(self._calls[call], request, name, size, precision)
        finally:
            del self._calls[call]

    async def _predict_as(
        self, call: _Call, request: Request, name: str, size: SizeChoice, precision: Precision
    ) -> ASGIApp:
        picture = await self._read(request)
        if isinstance(picture, Refusal):
            return refused(picture, 1 if picture is _TOO_MANY_PICTURES else None)
        if call.withdrawn:
            return refused(_GIVEN_UP)
        asked = Asked(hashlib.sha256(picture).hexdigest(), size, precision)
        try:
            call.place = self._line(name).join(asked, picture)
        except FullError as error:
            return refused(Refusal(503, str(error)), error.seconds)
        del picture  # the line has one for all who ask for the same
        return await self._answer(request, call.place)

    async def _answer(self, request: Request, place: Place) -> ASGIApp:
        gone = asyncio.ensure_future(_disconnected(request))
        try:
            both: list[asyncio.Future[Any]] = [place.answer, gone]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            if not place.answer.done():
                place.withdraw()
        if place.answer.cancelled():
            return refused(_GIVEN_UP)
        answer = place.answer.result()
        if isinstance(answer, Refusal):
            return refused(answer, 2 if answer.status == 503 else None)
        sent = Response(answer, media_type=PREDICTION_TYPE)
        return Placed(sent, self._sending, refused(_TOO_MANY_ANSWERS, 1))

    async def _progress(self, request: Request) -> Response:
        call = self._calls.get(request.path_params["request"])
        if call is None or call.place is None:
            return JSONResponse({"state": "unknown"})
        place = call.place
        number = place.number
        return JSONResponse(
            {
                "state": "waiting" if number else "running",
                "place": number,
                "seconds": round(place.seconds, 3),
                "expected_seconds": place.expected_seconds,
            }
        )

    async def _withdraw(self, request: Request) -> Response:
        call = self._calls.get(request.path_params["request"])
        if call is not None:
            call.withdrawn = True
            if call.place is not None:
                call.place.withdraw()
        return JSONResponse({"state": "unknown"})

    def _line(self, name: str) -> Line:
        if name not in self._lines:
            facts = next(each for each in self._replicas.facts if each.name == name)

            async def predict(asked: Asked, picture: bytes) -> Any:
                return await self._replicas.predict(name, asked, picture)

            self._lines[name] = Line(
                predict, passes=facts.lanes, ahead=self._ahead, most_waiting=self._most_waiting
            )
        return self._lines[name]

    async def _read(self, request: Request) -> bytes | Refusal:
        """The picture's bytes, as many as may be, as long as they keep coming."""
        most = self._limits.max_bytes
        too_large = Refusal(413, f"The picture is too large. {self._limits.accepted}")
        told = request.headers.get("content-length", "")
        if told.isdecimal() and int(told) > most:
            return too_large
        body = bytearray()
        loop = asyncio.get_running_loop()
        began = loop.time()
        stream = request.stream().__aiter__()
        try:
            async with self._reading.take() as place:
                if place is None:
                    return _TOO_MANY_PICTURES
                while True:
                    with place.waiting():
                        async with asyncio.timeout(BODY_SECONDS):
                            piece = await anext(stream)
                    place.moved(len(piece))
                    body += piece
                    if len(body) > most:
                        return too_large
                    if loop.time() - began > BODY_SECONDS + len(body) / _SLOWEST_BYTES:
                        return _TOO_SLOW
        except StopAsyncIteration:
            return bytes(body) if body else Refusal(400, "No picture came.")
        except (TimeoutError, SlowError):
            return _TOO_SLOW
        except ClientDisconnect:
            return Refusal(400, "The connection ended before the picture did.")


class Token:
    """Lets in who knows the token; anybody, where there is none. Whether the server lives, all may know.

    Args:
        app: what answers.
        token: what has to be known.
    """

    def __init__(self, app: ASGIApp, token: str | None) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As of ASGI."""
        if scope["type"] == "http" and self._token and scope["path"] not in _OPEN:
            given = Request(scope).headers.get("authorization", "")
            if not secrets.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
                events.note("refused", reason="token")
                answer = refused(Refusal(401, "A token is needed, and this is not it."))
                answer.headers["WWW-Authenticate"] = "Bearer"
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Versions:
    """Names the protocol's version in every answer, and refuses who speaks another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As of ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                name, value = VERSION_HEADER.lower().encode(), str(VERSION).encode()
                message["headers"] = [*message["headers"], (name, value), (b"cache-control", b"no-store")]
            await send(message)

        spoken = Request(scope).headers.get(VERSION_HEADER, str(VERSION))
        if spoken != str(VERSION) and scope["path"] not in _OPEN:
            sentence = (
                f"This server speaks version {VERSION} of panoseg's protocol: upgrade the older of the two."
            )
            await refused(Refusal(426, sentence))(scope, receive, with_version)
            return
        await self._app(scope, receive, with_version)


def refused(refusal: Refusal, seconds: int | None = None) -> Response:
    """A sentence as JSON; `seconds` says when to ask again."""
    headers = {} if seconds is None else {"Retry-After": str(seconds)}
    return JSONResponse({"error": refusal.sentence}, refusal.status, headers)


def application(
    routes: list[Route], middleware: list[Any], lifespan: Lifespan[Starlette] | None = None
) -> Starlette:
    """All of it, with an answer for what there is not."""
    return Starlette(
        routes=routes,
        middleware=middleware,
        lifespan=lifespan,
        exception_handlers={404: _nothing, 405: _nothing, 500: _failed},
    )


_Handler = Callable[[Request, Exception], Awaitable[Response]]


async def _nothing(request: Request, error: Exception) -> Response:
    sentence = f"There is nothing here; version {VERSION} of the protocol is described at /openapi.json."
    return refused(Refusal(404, sentence))


async def _failed(request: Request, error: Exception) -> Response:
    events.note("error", where="door", outcome=type(error).__name__, cause=events.cause(error))
    return refused(Refusal(500, "The model server failed; try again in a moment."))


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
