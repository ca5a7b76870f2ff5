"""What a browser may ask of collections by itself, below a token that each session has.

    GET   runs?own=<id>,<id>              which there are
    GET   run/<id>                        what there is to say of one
    GET   run/<id>/pictures               names of its pictures, by position
    GET   run/<id>/view?…                 what a question leaves, sorted, and its numbers
    GET   run/<id>/marks?…                what the Evaluation tab draws
    GET   run/<id>/segments?…             a page of the table of segments
    GET   run/<id>/photo/<position>.jpg   a small picture
    GET   run/<id>/map/<position>.png?…   its segments, to lie over it
    POST  run/<id>/download               whether a zip archive can be had, and under which name
    GET   run/<id>/download/<name>        that archive (downloads.py)
    POST  new, start, stop, remove; PUT files/<id>/<name>   runs of the visitor's own (own_runs.py)

All lie below `FOLDER`, relative to the page's own address. A token that is nobody's is not found; what cannot
be is one sentence, with status 4xx.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import anyio
import anyio.to_thread
import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from panoseg.collection.told import told
from panoseg.errors import InvalidValueError, PanosegError
from panoseg.hosting.numbers import number
from panoseg.page.collection import downloads, own_runs
from panoseg.page.collection.answers import (
    pictures_answer,
    run_answer,
    runs_answer,
    segments_answer,
    view_answer,
)
from panoseg.page.collection.asked import Asked
from panoseg.page.collection.desk import desk
from panoseg.page.collection.quality import lost_map, marks_answer
from panoseg.page.collection.visitors import visitor_of

FOLDER = "panoseg/collection"

MOST_DRAWN = 2
"""Photos, and maps, that are drawn at the same time: they must not take the server from everybody else."""

MOST_ANSWERED = 4
"""Answers that are made at the same time, for the same reason."""

_NEW = {"Cache-Control": "no-store"}
_KEPT = {"Cache-Control": "private, max-age=86400, immutable"}

Answer = Callable[[Request], Any]


def collection_routes() -> list[Route]:
    """What `st.App` must answer, below the path at which it serves the page."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")

    def route(path: str, endpoint: Any, *methods: str) -> Route:
        full = f"/{base}/{FOLDER}/{{token}}/{path}".replace("//", "/")
        return Route(full, endpoint, methods=list(methods) or ["GET"])

    return [
        route("runs", _json(_runs)),
        route("run/{run}", _json(lambda request: run_answer(desk(), request.path_params["run"]))),
        route("run/{run}/pictures", _json(_pictures)),
        route("run/{run}/view", _json(_view)),
        route("run/{run}/marks", _json(_marks)),
        route("run/{run}/segments", _json(_segments)),
        route("run/{run}/photo/{position:number}.jpg", _drawn(_photo, "image/jpeg")),
        route("run/{run}/map/{position:number}.png", _drawn(_map, "image/png")),
        route("run/{run}/download", guarded(downloads.prepare), "POST"),
        route("run/{run}/download/{download}", guarded(downloads.fetch)),
        route("new", guarded(own_runs.begin), "POST"),
        route("files/{run}/{name}", guarded(own_runs.take_file), "PUT"),
        route("start/{run}", guarded(own_runs.start), "POST"),
        route("stop/{run}", guarded(own_runs.stop), "POST"),
        route("remove/{run}", guarded(own_runs.remove), "POST"),
    ]


def guarded(endpoint: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """The endpoint for visitors who are there; what fails on purpose is a sentence."""

    async def respond(request: Request) -> ASGIApp:
        visitor = visitor_of(request.path_params["token"])
        if visitor is None:
            return PlainTextResponse("This visit is over; load the page again.", 404, _NEW)
        request.state.visitor = visitor
        try:
            response: ASGIApp = await endpoint(request)
        except PanosegError as error:
            return PlainTextResponse(told(error), 409, _NEW)
        return response

    return respond


def _json(answer: Answer) -> Callable[[Request], Any]:
    async def respond(request: Request) -> Response:
        # Numbers are looked at beside the loop that serves everybody.
        try:
            found = await anyio.to_thread.run_sync(answer, request, limiter=_answering())
        except InvalidValueError as error:  # a question that makes no sense is no failure of the page's
            found = {"problem": told(error)}
        return JSONResponse(found, headers=_NEW)

    return guarded(respond)


@cache
def _answering() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(MOST_ANSWERED)


@cache
def _drawing(kind: str) -> anyio.CapacityLimiter:
    """Photos do not wait for maps, nor maps for photos."""
    del kind
    return anyio.CapacityLimiter(MOST_DRAWN)


def _drawn(draw: Callable[[Request], bytes], kind: str) -> Callable[[Request], Any]:
    """An endpoint that draws, a few at a time, and not for those who have scrolled on."""

    async def respond(request: Request) -> Response:
        async with _drawing(kind):
            if await request.is_disconnected():
                return Response(status_code=204, headers=_NEW)
            content = await anyio.to_thread.run_sync(draw, request)
        return Response(content, media_type=kind, headers=_KEPT)

    return guarded(respond)


def _runs(request: Request) -> dict[str, Any]:
    own = [each for each in request.query_params.get("own", "").split(",") if each]
    return runs_answer(desk(), own)


def _pictures(request: Request) -> dict[str, Any]:
    return pictures_answer(desk().open(request.path_params["run"])[1])


def _view(request: Request) -> dict[str, Any]:
    shelved, opened = desk().open(request.path_params["run"])
    return view_answer(desk(), shelved, opened, Asked.read(request.query_params))


def _marks(request: Request) -> dict[str, Any]:
    shelved, opened = desk().open(request.path_params["run"])
    return marks_answer(desk(), shelved, opened, Asked.read(request.query_params))


def _segments(request: Request) -> dict[str, Any]:
    shelved, opened = desk().open(request.path_params["run"])
    asked = request.query_params
    return segments_answer(
        desk(),
        shelved,
        opened,
        Asked.read(asked),
        asked.get("search", ""),
        asked.get("by", "picture"),
        number(asked.get("first", "0")) or 0,
        backward=asked.get("down") == "1",
    )


def _photo(request: Request) -> bytes:
    return desk().open(request.path_params["run"])[1].thumbnail(request.path_params["position"])


def _map(request: Request) -> bytes:
    shelved, opened = desk().open(request.path_params["run"])
    asked = Asked.read(request.query_params)
    position = request.path_params["position"]
    if request.query_params.get("lost"):
        drawn = lost_map(desk(), shelved, opened, position, asked)
        if drawn is not None:
            return drawn
    numbers = map(number, request.query_params.get("lit", "").split("."))
    lit = frozenset(each for each in numbers if each is not None)
    return opened.map(position, asked.thresholds, asked.task, lit or None)
