"""What a browser may ask of the pictures that its visitor looks at (shown_pictures.py).

    <token>/photo/<digest>.jpg                                  the photo at display size (photo_file.py)
    <token>/photo/<digest>/<level>/<column>-<row>.png or .jpg   a tile of the photo
    <token>/ids/<map>/<level>/<column>-<row>                    the same of the id map
    <token>/pixel/<map>/<x>-<y>                                 what that pixel could be
    <token>/query/<map>/<key>                                   what became of a segment's queries
    <token>/probability/<map>/<key>                             where they are how probable
    <token>/lesson/<map>/queries, /steps or /tasks              how the map comes about (lesson.py)

All lie below `FOLDER`, relative to the page's own address. What is asked for names its content, so that a
browser keeps it; what is not shown any more gives nothing (204), as the browser then hears of something
newer. A token that is nobody's, or a place that is not there, is not found.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from weakref import WeakKeyDictionary

import streamlit as st
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from panoseg.cores import usable_cores
from panoseg.hosting import numbers  # noqa: F401 - "number" in routes
from panoseg.page.shown_pictures import ShownMap, ShownPictures, pictures_of
from panoseg.page.viewer.lesson import LESSON, LessonPart
from panoseg.page.viewer.photo_file import photo_file
from panoseg.page.viewer.pixel_answers import about_pixel, about_queries, probability_bytes
from panoseg.page.viewer.tiles import id_tile, photo_tile

FOLDER = "panoseg/pictures"

_KEPT = {"Cache-Control": "private, max-age=86400, immutable", "X-Content-Type-Options": "nosniff"}
_TILE = "{level:number}/{column:number}-{row:number}"

AT_ONCE = 2
"""Answers that are made for one visitor at the same time."""

_turns_of: WeakKeyDictionary[ShownPictures, CapacityLimiter] = WeakKeyDictionary()

Answer = Callable[[ShownPictures, Request], Response]


def close_up_routes() -> list[Route]:
    """What `st.App` must answer, below the path at which it serves the page."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    answers: dict[str, Answer] = {
        "photo/{digest}.jpg": _photo,
        f"photo/{{digest}}/{_TILE}.{{kind}}": _photo_tile,
        f"ids/{{map}}/{_TILE}": _id_tile,
        "pixel/{map}/{x:number}-{y:number}": _pixel,
        "query/{map}/{key}": _queries,
        "probability/{map}/{key}": _probability,
        **{f"lesson/{{map}}/{name}": partial(_lesson, part) for name, part in LESSON.items()},
    }
    return [
        Route(f"/{base}/{FOLDER}/{{token}}/{path}".replace("//", "/"), _endpoint(answer))
        for path, answer in answers.items()
    ]


def _endpoint(answer: Answer) -> Callable[..., object]:
    async def respond(request: Request) -> Response:
        pictures = pictures_of(request.path_params["token"])
        if pictures is None:
            return _not_found()
        # Tiles are packed, and logits looked at, beside the loop that serves everybody.
        async with _turns(pictures):
            return await to_thread.run_sync(answer, pictures, request, limiter=_threads())

    return respond


@cache
def _threads() -> CapacityLimiter:
    """For all visitors' answers: more threads than cores only keep the loop from its turn."""
    return CapacityLimiter(max(2, usable_cores()))


def _turns(pictures: ShownPictures) -> CapacityLimiter:
    """A visitor's own: whoever asks for a thousand tiles makes nobody else wait for more than two."""
    return _turns_of.setdefault(pictures, CapacityLimiter(AT_ONCE))


def _photo(pictures: ShownPictures, request: Request) -> Response:
    digest = request.path_params["digest"]
    if (pixels := pictures.photo(digest)) is None:
        return _gone()
    return _file(photo_file(digest, pixels), "image/jpeg")


def _photo_tile(pictures: ShownPictures, request: Request) -> Response:
    digest, level, column, row, kind = (
        request.path_params[name] for name in ("digest", "level", "column", "row", "kind")
    )
    if kind not in ("png", "jpg"):
        return _not_found()
    if (pixels := pictures.photo(digest)) is None:
        return _gone()
    content = photo_tile(pixels, level, column, row, kind)
    return _file(content, "image/png" if kind == "png" else "image/jpeg")


def _id_tile(pictures: ShownPictures, request: Request) -> Response:
    shown = _map(pictures, request)
    if shown is None or (id_map := shown.id_map) is None:
        return _gone()
    level, column, row = (request.path_params[name] for name in ("level", "column", "row"))
    return _file(id_tile(id_map, len(shown.segments), level, column, row), "application/octet-stream")


def _pixel(pictures: ShownPictures, request: Request) -> Response:
    shown = _map(pictures, request)
    if shown is None or shown.source is None:
        return _gone()
    x, y = request.path_params["x"], request.path_params["y"]
    height, width = shown.source.prediction.image_size
    if not (x < width and y < height):
        return _not_found()
    return JSONResponse(about_pixel(shown, x, y), headers=_KEPT)


def _queries(pictures: ShownPictures, request: Request) -> Response:
    shown = _map(pictures, request)
    if shown is None or shown.source is None:
        return _gone()
    answer = about_queries(shown, request.path_params["key"])
    return _not_found() if answer is None else JSONResponse(answer, headers=_KEPT)


def _probability(pictures: ShownPictures, request: Request) -> Response:
    shown = _map(pictures, request)
    if shown is None or shown.source is None:
        return _gone()
    return _file(probability_bytes(shown, request.path_params["key"]), "application/octet-stream")


def _lesson(part: LessonPart, pictures: ShownPictures, request: Request) -> Response:
    shown = _map(pictures, request)
    if shown is None or shown.source is None:
        return _gone()
    return JSONResponse(part(shown.source.prediction, shown.source.thresholds), headers=_KEPT)


def _map(pictures: ShownPictures, request: Request) -> ShownMap | None:
    return pictures.map(request.path_params["map"])


def _file(content: bytes | None, kind: str) -> Response:
    return _not_found() if content is None else Response(content, media_type=kind, headers=_KEPT)


def _gone() -> Response:
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _not_found() -> Response:
    return Response("not found", 404, media_type="text/plain", headers={"Cache-Control": "no-store"})
