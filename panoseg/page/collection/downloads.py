"""A collection's files as a zip archive that grows while it is sent, and is never held as a whole.

Whoever reads slowly keeps nobody from the processor: while a reader is waited for, others are served.
"""

from __future__ import annotations

import asyncio
import json
import queue
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import IO, Any, cast
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import iterate_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from panoseg.collection.opened import OpenedRun
from panoseg.collection.overview import overview
from panoseg.collection.questions import read_question
from panoseg.collection.shelf import Shelved
from panoseg.collection.told import told
from panoseg.errors import CancelledError, InvalidValueError, PanosegError, RunError
from panoseg.export.measurements import PixelSize
from panoseg.export.names import file_name
from panoseg.export.sinks import ZipSink
from panoseg.hosting.numbers import number
from panoseg.hosting.places import Placed, Places
from panoseg.models.downloads.hub import public_name
from panoseg.page.collection.asked import Asked
from panoseg.page.collection.desk import desk
from panoseg.page.collection.quality import look
from panoseg.runs.export_places import BelowSink
from panoseg.runs.exporting import check_formats, export_run
from panoseg.runs.reading import RunItem

MOST_AT_ONCE = 2
"""Archives that are written at the same time; the others' turns come when a reader is waited for."""

MOST_SENT = 6
"""Archives on their way at the same time, among them those whose readers are waited for."""

MOST_OF_A_VISITOR = 2
"""Archives on their way to one visitor, and in line."""

LINE_SECONDS = 50.0
"""How long a download stands in line for its place; proxies wait for a minute."""

_MOST_PREPARED = 4
_BUSY = "Other downloads are being written at the moment; try again in a minute."
_COUNTING_SECONDS = 120.0
"""How long a download waits for exact numbers, which say what the filters leave."""

_WAITING_PIECES = 16
_PATIENCE_SECONDS = 60.0

MOST_COUNTING = 4
"""Visitors whose downloads may wait for exact numbers together: each of them is a thread that waits."""

MOST_BODY = 2 * 2**20
BODY_SECONDS = 30.0
"""Bytes of a download's form, and within which it must have come; most have some hundred bytes."""

_writing = threading.BoundedSemaphore(MOST_AT_ONCE)
_sending = Places(MOST_SENT)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """An archive that is known to be possible.

    Attributes:
        name: of the file.
        opened, asked, positions: what is in it.
        formats, pixel: how.
    """

    name: str
    opened: OpenedRun
    asked: Asked
    positions: list[int]
    formats: list[str]
    pixel: PixelSize | None


async def prepare(request: Request) -> Response:
    """See whether an archive can be written; the id under which the browser then fetches it.

    The form has `formats` (several, separated by commas), `which` (all, left or ticked), `positions` of those
    that are ticked, `pixel` (a pixel size; measurements where there is one), and what `Asked` reads.

    Raises:
        RunError: others are downloading, there is nothing in it, or the form does not come.
        InvalidValueError: no such format or pixel size.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BODY:
        raise InvalidValueError("Too many pictures are ticked for one download.")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await request.body()
    except (ClientDisconnect, TimeoutError):
        raise RunError("What is to be downloaded did not come.") from None
    visitor = request.state.visitor
    if visitor.is_preparing:
        raise RunError(_BUSY)
    visitor.is_preparing = True
    try:
        # Two megabytes of a form take most of a second: not of the loop that serves everybody.
        asked = await to_thread.run_sync(_read_form, body, limiter=_reading())
        # Whoever waits for exact numbers keeps only others from it who do.
        waits = _counting() if asked.get("which") == "left" else None
        prepared = await to_thread.run_sync(_prepare, request.path_params["run"], asked, limiter=waits)
    finally:
        visitor.is_preparing = False
    if visitor.downloads >= MOST_OF_A_VISITOR:
        raise RunError(_BUSY)
    visitor.prepared = dict([*visitor.prepared.items()][1 - _MOST_PREPARED :])
    name = secrets.token_urlsafe(9)
    visitor.prepared[name] = prepared
    return JSONResponse({"id": name}, headers={"Cache-Control": "no-store"})


async def fetch(request: Request) -> ASGIApp:
    """The archive.

    Raises:
        RunError: it was fetched already, or others are downloading.
    """
    if request.method == "HEAD":  # an archive would be made that nobody takes, and as fast as it can be
        return Response(status_code=405, headers={"Allow": "GET"})
    visitor = request.state.visitor
    prepared = visitor.prepared.pop(request.path_params["download"], None)
    if not isinstance(prepared, Prepared):
        raise RunError("This download was fetched already; ask for it again.")
    if visitor.downloads >= MOST_OF_A_VISITOR:
        raise RunError(_BUSY)
    busy = PlainTextResponse(_BUSY, 409, {"Cache-Control": "no-store"})

    async def send_archive(scope: Scope, receive: Receive, send: Send) -> None:
        pieces = _Pieces()
        threading.Thread(target=_write, args=[prepared, pieces], name="download", daemon=True).start()
        try:
            answer = StreamingResponse(
                iterate_in_threadpool(pieces),
                media_type="application/zip",
                headers={
                    "Content-Disposition": f'attachment; filename="{prepared.name}"',
                    "Cache-Control": "no-store",
                },
            )
            await answer(scope, receive, send)
        finally:
            pieces.leave()

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        visitor.downloads += 1
        try:
            await Placed(send_archive, _sending, busy, LINE_SECONDS)(scope, receive, send)
        finally:
            visitor.downloads -= 1

    return counted


@cache
def _reading() -> CapacityLimiter:
    return CapacityLimiter(1)


@cache
def _counting() -> CapacityLimiter:
    return CapacityLimiter(MOST_COUNTING)


def _read_form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _prepare(run: str, asked: dict[str, str]) -> Prepared:
    shelved, opened = desk().open(run)
    formats = check_formats([name for name in asked.get("formats", "").split(",") if name])
    pixel = PixelSize.read(asked["pixel"]) if asked.get("pixel") else None
    positions = _positions(shelved, opened, asked)
    if not positions:
        raise RunError("There is no picture to download.")
    name = file_name(f"{shelved.title}-{formats[0] if len(formats) == 1 else 'files'}", "panoseg.zip")
    return Prepared(name, opened, Asked.read(asked), positions, formats, pixel)


def _positions(shelved: Shelved, opened: OpenedRun, asked: dict[str, str]) -> list[int]:
    match asked.get("which"):
        case "ticked":
            ticked = set(map(number, asked.get("positions", "").split(",")))
            return [position for position in opened.positions if position in ticked]
        case "left":
            wanted = Asked.read(asked)
            conditions = read_question(wanted.question, opened.labels)
            found = desk().surveys.get(opened, wanted.thresholds, wanted.task).look()
            looked = look(desk(), shelved, opened, wanted, conditions)
            started = time.monotonic()
            while conditions and not (found.exact == len(found.positions) and looked.is_whole):
                if time.monotonic() - started > _COUNTING_SECONDS:
                    raise RunError("The numbers of this collection are still being counted; try again later.")
                time.sleep(0.1)
                found = desk().surveys.get(opened, wanted.thresholds, wanted.task).look()
                looked = look(desk(), shelved, opened, wanted, conditions)
            lost = looked.lost_in(found.positions)
            folded, labels = found.outline.folded, opened.labels
            order = overview(found.table, folded, labels, conditions, lost=lost).order
            return sorted(found.positions[at] for at in order.tolist())
        case _:
            return list(opened.positions)


def _write(prepared: Prepared, pieces: _Pieces) -> None:
    opened, asked, formats = prepared.opened, prepared.asked, prepared.formats
    _writing.acquire()
    try:
        archive = ZipSink(cast("IO[bytes]", pieces))
        alone = len(formats) == 1
        report = export_run(
            opened.run,
            formats,
            lambda name: archive if alone else BelowSink(archive, name),
            asked.thresholds if opened.has_thresholds else None,
            asked.task,
            pixel_size=prepared.pixel,
            items=_items(opened, prepared.positions),
        )
        about: dict[str, Any] = {
            "model": public_name(opened.run.header.model),
            "weights_sha256": opened.run.header.weights_sha256,
            "pictures": report.pictures,
            "failures": [{"name": name, "error": told(error)} for name, error in report.failures],
            "left_out": {name: dict(losses) for name, losses in report.losses.items()},
        }
        if opened.has_thresholds:
            moved = {name: getattr(asked.thresholds, name) for name in asked.task.thresholds}
            about |= {"task": asked.task.value, "thresholds": moved}
        archive.write("run.json", json.dumps(about, indent=1, ensure_ascii=False).encode())
        archive.close()
        pieces.end(whole=True)
    except (CancelledError, PanosegError, OSError):
        pieces.end(whole=False)
    except BaseException:
        pieces.end(whole=False)
        raise
    finally:
        _writing.release()


def _items(opened: OpenedRun, positions: list[int]) -> Iterator[RunItem]:
    for position in positions:
        with suppress(RunError):  # it was taken away meanwhile
            yield opened.item(position)


class _Pieces:
    """A stream from the thread that writes to the one that sends; what is not sent yet is bounded."""

    def __init__(self) -> None:
        self._queue: queue.Queue[bytes | None] = queue.Queue(_WAITING_PIECES)
        self._gone = False
        self._ended = False
        self._whole = False
        self._at = 0

    def write(self, content: bytes) -> int:
        """Wait for room, and not for ever.

        Raises:
            CancelledError: whoever downloads has gone, or takes nothing any more.
        """
        if self._ended:  # an archive that is given up still writes its end when it is forgotten
            return len(content)
        if self._gone:
            raise CancelledError("Nobody downloads this any more.")
        data = bytes(content)
        for start in range(0, len(data), 2**16):
            self._put(data[start : start + 2**16])
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        """Bytes that were written."""
        return self._at

    def flush(self) -> None:
        """There is nothing to do."""

    def end(self, *, whole: bool) -> None:
        """Nothing comes after this."""
        self._whole = whole
        self._ended = True
        with suppress(CancelledError):
            self._put(None)

    def leave(self) -> None:
        """Nobody takes anything any more."""
        self._gone = True

    def __iter__(self) -> Iterator[bytes]:
        while (piece := self._queue.get()) is not None:
            yield piece
        if not self._whole:
            raise RuntimeError("The archive could not be written.")  # the browser sees that it is cut short

    def _put(self, piece: bytes | None) -> None:
        with suppress(queue.Full):
            self._queue.put_nowait(piece)
            return
        # Nothing is computed until the reader has taken something: somebody else may.
        _writing.release()
        try:
            self._wait_and_put(piece)
        finally:
            _writing.acquire()

    def _wait_and_put(self, piece: bytes | None) -> None:
        waited = 0.0
        while not self._gone and waited < _PATIENCE_SECONDS:
            with suppress(queue.Full):
                self._queue.put(piece, timeout=0.5)
                return
            waited += 0.5
        raise CancelledError("Nobody downloads this any more.")
